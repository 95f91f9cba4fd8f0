"""EmoV-DB, Emotional Voices Database: four actors read CMU ARCTIC prompts in five styles.

Licence: free, for non-commercial use. https://www.openslr.org/115/ (Adigwe et al. 2018). The
texts are not in it: put https://www.festvox.org/cmu_arctic/cmuarctic.data into the folder.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import (
    audio_files,
    code,
    name_parts,
    needed,
    numbers,
    prompts,
    read_text,
    relative,
)
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = "cmuarctic.data and bea_Amused/amused_1-15_0001.wav (or bea/Amused/…)"
NAME = re.compile(r"(?P<emotion>[A-Za-z]+)_\d+-\d+_(?P<number>\d{4})")
SPEAKERS = {"bea": "female", "jenie": "female", "josh": "male", "sam": "male"}
EMOTIONS = {
    "amused": "Amused", "anger": "Angry", "angry": "Angry", "disgust": "Disgusted",
    "disgusted": "Disgusted", "neutral": "Neutral", "sleepiness": "Sleepy", "sleepy": "Sleepy",
}  # fmt: skip


def _speaker(path: Path, root: Path) -> str:
    """From the folder: bea_Amused as OpenSLR packs it, or bea/Amused as its sorted version."""
    for part in path.relative_to(root).parts[:-1]:
        name = part.lower().split("_")[0]
        if name in SPEAKERS:
            return name
    raise EmottsError(f"{path} lies in no folder of {', '.join(SPEAKERS)}; {LAYOUT}")


def read(root: Path) -> Iterator[Recording]:
    """Every recording of EmoV-DB; a sentence is named by its ARCTIC number, such as 0001."""
    paths = audio_files(root, "**/*_*-*_*.wav", layout=LAYOUT)
    texts = dict(prompts(read_text(needed(root, "cmuarctic.data", layout=LAYOUT))))
    for path in paths:
        parts = name_parts(path, NAME, "amused_1-15_0001.wav")
        speaker, number = _speaker(path, root), parts["number"]
        yield Recording(
            relative(path, root), speaker,
            code(EMOTIONS, parts["emotion"].lower(), "emotion", path),
            texts.get(f"arctic_a{number}", ""), sentence=number, sex=SPEAKERS[speaker],
        )  # fmt: skip


CORPUS = Corpus(
    name="emovdb",
    title="EmoV-DB",
    licence="non-commercial",
    link="https://www.openslr.org/115/",
    language="English",
    hours=7.0,
    emotions="neutral, amused, angry, disgust, sleepy",
    layout=LAYOUT,
    obtain="download the archives of OpenSLR 115, unpack; add cmuarctic.data",
    splits=Splits(
        "josh test; of the others ARCTIC sentences 0501–0520 dev and 0521–0593 test",
        test_speakers={"josh"},
        dev_sentences=numbers(501, 520, "{:04d}"),
        test_sentences=numbers(521, 593, "{:04d}"),
    ),
    read=read,
)
