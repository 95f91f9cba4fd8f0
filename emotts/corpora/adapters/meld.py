"""MELD: 1433 dialogues of the series Friends, as films, seven emotions.

Licence: GPL 3.0 for the annotations; the films are the studio's. https://github.com/declare-lab/MELD
(Poria et al. 2019). Laughter of the audience and music are in the sound.
"""

from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import needed, read_table
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = (
    "train_sent_emo.csv with train_splits/dia0_utt0.mp4, dev_sent_emo.csv with "
    "dev_splits_complete/, test_sent_emo.csv with output_repeated_splits_test/"
)
FOLDERS = {"train": "train_splits", "dev": "dev_splits_complete",
           "test": "output_repeated_splits_test"}  # fmt: skip
COLUMNS = ("Utterance", "Speaker", "Emotion", "Dialogue_ID", "Utterance_ID")
SEXES = {"Rachel": "female", "Monica": "female", "Phoebe": "female", "Joey": "male",
         "Chandler": "male", "Ross": "male"}  # fmt: skip
# The tables hold the typographic apostrophes of another encoding.
APOSTROPHES = str.maketrans({"\x92": "'", "\x91": "'", "\x93": '"', "\x94": '"', "\x85": "…",
                             "\x97": "—", "\x96": "–"})  # fmt: skip


def read(root: Path) -> Iterator[Recording]:
    """Every utterance of the three tables, in the corpus's own splits."""
    found = False
    for split, folder in FOLDERS.items():
        if not (root / f"{split}_sent_emo.csv").is_file():
            continue
        found = True
        for row in read_table(root / f"{split}_sent_emo.csv", COLUMNS):
            yield Recording(
                f"{folder}/dia{row['Dialogue_ID']}_utt{row['Utterance_ID']}.mp4",
                f"meld_{row['Speaker']}", row["Emotion"], row["Utterance"].translate(APOSTROPHES),
                sex=SEXES.get(row["Speaker"], ""), split=split,
            )  # fmt: skip
    if not found:
        if not root.is_dir():
            raise EmottsError(f"there is no corpus folder {root}")
        needed(root, *(f"{split}_sent_emo.csv" for split in FOLDERS), layout=LAYOUT)


CORPUS = Corpus(
    name="meld",
    title="MELD",
    licence="GPL 3.0 (annotations)",
    link="https://github.com/declare-lab/MELD",
    language="English",
    hours=12.0,
    emotions="neutral, angry, disgust, fearful, happy, sad, surprised",
    layout=LAYOUT,
    obtain="download MELD.Raw.tar.gz of its page, unpack it and the archives in it",
    splits=Splits(
        "its own by dialogue; the six friends speak in all three, so sentences are held out: a "
        "train clip that says what dev or test say is left out",
        official="sentence",
    ),
    read=read,
)
