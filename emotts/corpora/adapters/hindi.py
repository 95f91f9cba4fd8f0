"""Hindi emotional speech, labelled as EmoInHindi is: sixteen emotions or neutral, intensity 1 to 3.

Licence: that of the recordings. EmoInHindi (Singh et al. 2022, https://arxiv.org/abs/2205.13908)
is text; EmoReg (https://arxiv.org/abs/2412.20359) converts Hindi speech in four emotions that it
does not publish. Whoever records or licenses such speech lays it out like this.
"""

from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import needed, read_table, sex_of
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = "metadata.csv with file, text, speaker, gender, emotion, intensity, dialogue; wavs/*.wav"
COLUMNS = ("file", "text", "speaker", "gender", "emotion", "intensity", "dialogue")
LEVELS = {"": "", "0": "", "1": "weak", "2": "normal", "3": "strong"}


def read(root: Path) -> Iterator[Recording]:
    """Every recording of the table; a sentence is named by its dialogue's last digit."""
    table = needed(root, "metadata.csv", layout=LAYOUT)
    for number, row in enumerate(read_table(table, COLUMNS), start=2):
        if row["intensity"] not in LEVELS:
            raise EmottsError(f"{table}, line {number}: intensity is 0, 1, 2 or 3")
        file = row["file"] if "/" in row["file"] else f"wavs/{row['file']}"
        yield Recording(
            file, f"hindi_{row['speaker']}", row["emotion"], row["text"],
            sentence=row["dialogue"][-1:], sex=sex_of(row["gender"]), language="hi",
            level=LEVELS[row["intensity"]],
        )  # fmt: skip


CORPUS = Corpus(
    name="hindi",
    title="Hindi, EmoInHindi-style",
    licence="that of the recordings",
    link="https://arxiv.org/abs/2205.13908",
    language="Hindi",
    hours=0.0,
    emotions="sixteen or neutral; weak, normal, strong",
    layout=LAYOUT,
    obtain="record or license speech; EmoReg's is not published",
    splits=Splits(
        "dialogues whose number ends in 8 dev, in 9 test",
        dev_sentences={"8"},
        test_sentences={"9"},
    ),
    read=read,
)
