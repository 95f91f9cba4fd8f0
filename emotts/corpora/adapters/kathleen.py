"""Kathleen: one American woman reads the CMU ARCTIC prompts, many of them in several takes.

Licence: CC0 1.0. https://github.com/rhasspy/dataset-voice-kathleen (Rhasspy 2020). A name is the
prompt and the time of recording, such as arctic_a0001_1592748574; a text file lies beside it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, name_parts, numbers, prompts, read_text, relative
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = "arctic_a0001_1592748574.wav with arctic_a0001_1592748574.txt, or with cmuarctic.data"
NAME = re.compile(r"(?:arctic_)?(?P<prompt>[ab]\d{4})(?:_\d+)?")


def read(root: Path) -> Iterator[Recording]:
    """Every recording, all neutral; a sentence is named by its prompt, such as a0001."""
    table = root / "cmuarctic.data"
    texts = dict(prompts(read_text(table))) if table.is_file() else {}
    for path in audio_files(root, "**/*[ab][0-9][0-9][0-9][0-9]*.wav", layout=LAYOUT):
        prompt = name_parts(path, NAME, "arctic_a0001_1592748574.wav")["prompt"]
        spoken = path.with_suffix(".txt")
        yield Recording(
            relative(path, root), "kathleen", "neutral",
            read_text(spoken) if spoken.is_file() else texts.get(f"arctic_{prompt}", ""),
            sentence=prompt, sex="female", age="50-70",
        )  # fmt: skip


CORPUS = Corpus(
    name="kathleen",
    title="Kathleen",
    licence="CC0 1.0",
    link="https://github.com/rhasspy/dataset-voice-kathleen",
    language="English",
    hours=1.4,
    emotions="neutral (reading)",
    layout=LAYOUT,
    obtain="git clone",
    splits=Splits(
        "prompts b0470–b0489 dev, b0500–b0539 test, as the shipped models have it",
        dev_sentences=numbers(470, 489, "b{:04d}"),
        test_sentences=numbers(500, 539, "b{:04d}"),
    ),
    read=read,
)
