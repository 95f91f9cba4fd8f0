"""LibriTTS and LibriTTS-R: 2456 readers of audiobooks.

Licence: CC BY 4.0. https://www.openslr.org/60/ and https://www.openslr.org/141/ (Zen et al. 2019,
Koizumi et al. 2023).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, code, name_parts, read_text, relative, sex_of
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = (
    "speakers.tsv and train-clean-100/103/1240/103_1240_000000_000001.wav with "
    "103_1240_000000_000001.normalized.txt"
)
NAME = re.compile(r"(?P<speaker>\d+)_(?P<chapter>\d+)_\d+_\d+")
PARTS = {"train-clean-100": "train", "train-clean-360": "train", "train-other-500": "train",
         "dev-clean": "dev", "dev-other": "dev", "test-clean": "test",
         "test-other": "test"}  # fmt: skip


def _sexes(root: Path) -> dict[str, str]:
    """By reader: speakers.tsv by tabs, SPEAKERS.txt by bars; the second column is the sex."""
    for name, mark in (("speakers.tsv", "\t"), ("SPEAKERS.txt", "|")):
        if (root / name).is_file():
            rows = (line.split(mark) for line in read_text(root / name).splitlines())
            return {
                r[0].strip(): sex_of(r[1]) for r in rows if len(r) > 1 and r[0].strip().isdigit()
            }
    return {}


def read(root: Path) -> Iterator[Recording]:
    """Every recording of the parts that are there, all neutral, in the corpus's own splits."""
    sexes = _sexes(root)
    for path in audio_files(root, *(f"{part}/*/*/*.wav" for part in PARTS), layout=LAYOUT):
        speaker = name_parts(path, NAME, "103_1240_000000_000001.wav")["speaker"]
        text = path.with_suffix(".normalized.txt")
        part = path.relative_to(root).parts[0]
        yield Recording(
            relative(path, root), f"libritts{speaker}", "neutral",
            read_text(text) if text.is_file() else "", sex=sexes.get(speaker, ""),
            split=code(PARTS, part, "part", path),
        )  # fmt: skip


CORPUS = Corpus(
    name="libritts",
    title="LibriTTS, LibriTTS-R",
    licence="CC BY 4.0",
    link="https://www.openslr.org/141/",
    language="English",
    hours=585.0,
    emotions="neutral (reading)",
    layout=LAYOUT,
    obtain="download the parts wanted of OpenSLR 60 or 141, unpack",
    splits=Splits("its own by reader: dev-* and test-*", official="speaker"),
    read=read,
)
