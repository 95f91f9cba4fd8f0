"""VCTK: 110 speakers of English in many accents, some 400 sentences each.

Licence: CC BY 4.0. https://doi.org/10.7488/ds/2645 (Yamagishi, Veaux, MacDonald 2019, v0.92).
Both microphones recorded the same; the first is read. p315 has no texts, and is left out.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, name_parts, read_text, relative, sex_of
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "wav48_silence_trimmed/p225/p225_001_mic1.flac, txt/p225/p225_001.txt and speaker-info.txt"
NAME = re.compile(r"(?P<speaker>[ps]\d+)_(?P<sentence>\d{3})(?:_mic(?P<microphone>[12]))?")


def _speakers(root: Path) -> dict[str, tuple[str, str]]:
    """Sex and age by speaker: columns by spaces, the first three are id, age, sex."""
    path = root / "speaker-info.txt"
    rows = (line.split() for line in read_text(path).splitlines()) if path.is_file() else ()
    known = {row[0]: (sex_of(row[2]), row[1]) for row in rows if len(row) > 2}
    return {name if name[0] in "ps" else f"p{name}": about for name, about in known.items()}


def read(root: Path) -> Iterator[Recording]:
    """Every recording of the first microphone, all neutral."""
    speakers = _speakers(root)
    for path in audio_files(root, "wav48_silence_trimmed/*/*.flac", "wav48/*/*.wav", layout=LAYOUT):
        parts = name_parts(path, NAME, "p225_001_mic1.flac")
        if parts["microphone"] == "2":
            continue
        speaker, number = parts["speaker"], parts["sentence"]
        text = root / "txt" / speaker / f"{speaker}_{number}.txt"
        sex, age = speakers.get(speaker, ("", ""))
        yield Recording(
            relative(path, root), speaker, "neutral", read_text(text) if text.is_file() else "",
            sentence=number, sex=sex, age=age, language="en-gb",
        )  # fmt: skip


CORPUS = Corpus(
    name="vctk",
    title="VCTK",
    licence="CC BY 4.0",
    link="https://doi.org/10.7488/ds/2645",
    language="English, many accents",
    hours=44.0,
    emotions="neutral (reading)",
    layout=LAYOUT,
    obtain="download VCTK-Corpus-0.92.zip, unpack",
    splits=Splits(
        "p225, p226, p227 and p228 dev, p229, p230, p232 and p237 test: two women and two men each",
        dev_speakers={"p225", "p226", "p227", "p228"},
        test_speakers={"p229", "p230", "p232", "p237"},
    ),
    read=read,
)
