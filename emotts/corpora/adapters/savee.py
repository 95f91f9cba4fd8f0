"""SAVEE, Surrey Audio-Visual Expressed Emotion: four men, 120 sentences each, seven emotions.

Licence: for research, after registration. http://kahlan.eps.surrey.ac.uk/savee/ (Haq, Jackson
2009). No texts lie beside the audio: with a `transcripts.tsv` (path and text) it can be trained on.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, code, name_parts, relative, transcripts
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = "AudioData/DC/a01.wav (or DC_a01.wav in one folder)"
NAME = re.compile(r"(?:(?P<speaker>DC|JE|JK|KL)_)?(?P<emotion>sa|su|[adfhn])(?P<number>\d\d)")
EMOTIONS = {"a": "anger", "d": "disgust", "f": "fear", "h": "happiness", "n": "neutral",
            "sa": "sadness", "su": "surprise"}  # fmt: skip
SPEAKERS = ("DC", "JE", "JK", "KL")


def read(root: Path) -> Iterator[Recording]:
    """Every recording of SAVEE; a sentence is named like its file, such as a01."""
    texts = transcripts(root)
    for path in audio_files(root, "**/*[0-9][0-9].wav", layout=LAYOUT):
        parts = name_parts(path, NAME, "a01.wav or DC_a01.wav")
        speaker = parts["speaker"] or path.parent.name
        if speaker not in SPEAKERS:
            raise EmottsError(f"{path} lies in no folder of {', '.join(SPEAKERS)}; {LAYOUT}")
        name = relative(path, root)
        yield Recording(
            name, speaker, code(EMOTIONS, parts["emotion"], "emotion", path),
            texts.get(name, ""), sentence=parts["emotion"] + parts["number"], sex="male",
            language="en-gb",
        )  # fmt: skip


CORPUS = Corpus(
    name="savee",
    title="SAVEE",
    licence="research only, registration needed",
    link="http://kahlan.eps.surrey.ac.uk/savee/",
    language="British English",
    hours=0.5,
    emotions="neutral, angry, disgust, fearful, happy, sad, surprised",
    layout=LAYOUT,
    obtain="register on its page, unpack AudioData.zip",
    splits=Splits("JK dev, KL test", dev_speakers={"JK"}, test_speakers={"KL"}),
    read=read,
)
