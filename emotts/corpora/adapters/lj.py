"""LJ Speech: one American woman reads non-fiction, 13 100 clips.

Licence: public domain. https://keithito.com/LJ-Speech-Dataset/ (Ito, Johnson 2017). The table holds
id, text and normalised text, by bars.
"""

from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import needed, numbers, read_text
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = "metadata.csv and wavs/LJ001-0001.wav"


def read(root: Path) -> Iterator[Recording]:
    """Every recording of LJ Speech, all neutral; a sentence is named by its id."""
    table = needed(root, "metadata.csv", layout=LAYOUT)
    for number, line in enumerate(read_text(table).splitlines(), start=1):
        cells = line.split("|")
        if len(cells) != 3:
            raise EmottsError(f"{table}, line {number}: a line is id|text|normalised text")
        yield Recording(f"wavs/{cells[0]}.wav", "lj", "neutral", cells[2] or cells[1],
                        sentence=cells[0], sex="female")  # fmt: skip


CORPUS = Corpus(
    name="lj",
    title="LJ Speech",
    licence="public domain",
    link="https://keithito.com/LJ-Speech-Dataset/",
    language="English",
    hours=23.9,
    emotions="neutral (reading)",
    layout=LAYOUT,
    obtain="download LJSpeech-1.1.tar.bz2, unpack",
    splits=Splits(
        "LJ002-0155–0169 dev, LJ002-0170–0199 test, as the shipped models have it",
        dev_sentences=numbers(155, 169, "LJ002-{:04d}"),
        test_sentences=numbers(170, 199, "LJ002-{:04d}"),
    ),
    read=read,
)
