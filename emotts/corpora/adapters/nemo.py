"""nEMO: nine Polish actors, ninety sentences, six emotions.

Licence: CC BY-NC-SA 4.0. https://github.com/amu-cai/nEMO (Christop 2024). File names are
speaker_emotion_sentence.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import needed, numbers, read_table, sex_of
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "data.tsv and samples/SK0_anger_01.wav"
COLUMNS = ("file_id", "emotion", "raw_text", "speaker_id", "gender", "age")


def read(root: Path) -> Iterator[Recording]:
    """Every recording of nEMO; a sentence is named by its number, such as 1."""
    table = needed(root, "data.tsv", layout=LAYOUT)
    for row in read_table(table, COLUMNS, delimiter="\t", quotes=False):
        stem = row["file_id"].removesuffix(".wav")
        number = re.sub(r"^.*_0*", "", stem)
        yield Recording(
            f"samples/{stem}.wav", row["speaker_id"], row["emotion"], row["raw_text"],
            sentence=number, sex=sex_of(row["gender"]), age=row["age"], language="pl",
        )  # fmt: skip


CORPUS = Corpus(
    name="nemo",
    title="nEMO",
    licence="CC BY-NC-SA 4.0",
    link="https://github.com/amu-cai/nEMO",
    language="Polish",
    hours=3.1,
    emotions="neutral, angry, fearful, happy, sad, surprised",
    layout=LAYOUT,
    obtain="git clone",
    splits=Splits(
        "MK0 and TP0 test; of the others sentences 81–85 dev and 86–90 test, as the shipped "
        "models have it",
        test_speakers={"MK0", "TP0"},
        dev_sentences=numbers(81, 85),
        test_sentences=numbers(86, 90),
    ),
    read=read,
)
