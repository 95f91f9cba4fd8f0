"""EMO-DB, Berlin Database of Emotional Speech: ten actors, ten sentences, seven emotions.

Licence: free, CC0 in its newest release. http://emodb.bilderbar.info/ (Burkhardt et al. 2005).
A name such as 03a01Fa is speaker 03, text a01, F (Freude), version a.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, code, name_parts, relative
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "wav/03a01Fa.wav"
NAME = re.compile(r"(?P<speaker>\d\d)(?P<text>[ab]\d\d)(?P<emotion>[A-Z])(?P<version>[a-f])")
EMOTIONS = {"W": "Ärger", "L": "Langeweile", "E": "Ekel", "A": "Angst", "F": "Freude",
            "T": "Trauer", "N": "neutral"}  # fmt: skip
SPEAKERS = {"03": "male 31", "08": "female 34", "09": "female 21", "10": "male 32",
            "11": "male 26", "12": "male 30", "13": "female 32", "14": "female 35",
            "15": "male 25", "16": "female 31"}  # fmt: skip
TEXTS = {
    "a01": "Der Lappen liegt auf dem Eisschrank.",
    "a02": "Das will sie am Mittwoch abgeben.",
    "a04": "Heute abend könnte ich es ihm sagen.",
    "a05": "Das schwarze Stück Papier befindet sich da oben neben dem Holzstück.",
    "a07": "In sieben Stunden wird es soweit sein.",
    "b01": "Was sind denn das für Tüten, die da unter dem Tisch stehen?",
    "b02": "Sie haben es gerade hochgetragen und jetzt gehen sie wieder runter.",
    "b03": "An den Wochenenden bin ich jetzt immer nach Hause gefahren und habe Agnes besucht.",
    "b09": "Ich will das eben wegbringen und dann mit Karl was trinken gehen.",
    "b10": "Die wird auf dem Platz sein, wo wir sie immer hinlegen.",
}


def read(root: Path) -> Iterator[Recording]:
    """Every recording of EMO-DB; a sentence is named by its code, such as a01."""
    for path in audio_files(root, "wav/*.wav", "*.wav", layout=LAYOUT):
        parts = name_parts(path, NAME, "03a01Fa.wav")
        sex, age = code(SPEAKERS, parts["speaker"], "speaker", path).split()
        yield Recording(
            relative(path, root), f"emodb{parts['speaker']}",
            code(EMOTIONS, parts["emotion"], "emotion", path),
            code(TEXTS, parts["text"], "text", path), sentence=parts["text"], sex=sex, age=age,
            language="de",
        )  # fmt: skip


CORPUS = Corpus(
    name="emodb",
    title="EMO-DB",
    licence="CC0 1.0",
    link="http://emodb.bilderbar.info/",
    language="German",
    hours=0.4,
    emotions="neutral, angry, bored, disgust, fearful, happy, sad",
    layout=LAYOUT,
    obtain="download.zip on its page, unpack",
    splits=Splits(
        "speakers 12 and 14 dev, 15 and 16 test: a man and a woman each",
        dev_speakers={"emodb12", "emodb14"},
        test_speakers={"emodb15", "emodb16"},
    ),
    read=read,
)
