"""TESS, Toronto Emotional Speech Set: two actresses, 200 words in a carrier phrase, seven emotions.

Licence: CC BY-NC-ND 4.0. https://doi.org/10.5683/SP2/E8H2MF (Pichora-Fuller, Dupuis 2020). OAF is
64, YAF is 26 years old; "ps" is pleasant surprise.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, code, name_parts, relative
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "OAF_angry/OAF_back_angry.wav, or all files in one folder"
NAME = re.compile(r"(?P<speaker>OAF|YAF|OA)_(?P<word>[A-Za-z]+)_(?P<emotion>[A-Za-z]+)")
EMOTIONS = {"angry": "angry", "disgust": "disgust", "fear": "fear", "happy": "happy",
            "neutral": "neutral", "ps": "pleasant surprise", "sad": "sad"}  # fmt: skip
AGES = {"OAF": "64", "YAF": "26"}


def read(root: Path) -> Iterator[Recording]:
    """Every recording of TESS; a sentence is named by its word's first letter.

    One file is called OA_bite_neutral.wav, without the F.
    """
    for path in audio_files(root, "**/OA*_*_*.wav", "**/YAF_*_*.wav", layout=LAYOUT):
        parts = name_parts(path, NAME, "OAF_back_angry.wav")
        speaker, word = parts["speaker"][:2] + "F", parts["word"]
        yield Recording(
            relative(path, root), speaker,
            code(EMOTIONS, parts["emotion"].lower(), "emotion", path),
            f"Say the word {word.lower()}.", sentence=word[0].lower(), sex="female",
            age=AGES[speaker],
        )  # fmt: skip


CORPUS = Corpus(
    name="tess",
    title="TESS",
    licence="CC BY-NC-ND 4.0",
    link="https://doi.org/10.5683/SP2/E8H2MF",
    language="English",
    hours=1.6,
    emotions="neutral, angry, disgust, fearful, happy, sad, surprised",
    layout=LAYOUT,
    obtain="download from Borealis (Scholars Portal), unpack",
    splits=Splits(
        "two speakers only, so by word: those that begin with w dev, with t test; the carrier "
        "phrase is the same everywhere",
        dev_sentences={"w"},
        test_sentences={"t"},
    ),
    read=read,
)
