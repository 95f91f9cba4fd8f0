"""EMNS, Emotive Narrative Storytelling: one British woman, eight emotions, levels, descriptions.

Licence: Apache 2.0. https://www.openslr.org/136/ (Noriy, Yang, Zhang 2023). `level` 1 to 10 is how
expressive a clip is; `description` says in words how it is spoken, emphasised words included.
"""

from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import needed, numbers, read_table, relative, sex_of
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = "metadata.csv (columns by |) and cleaned_webm/*.webm, raw_webm/*.webm or wavs/*.wav"
COLUMNS = ("id", "user_id", "gender", "age", "level", "audio_recording", "utterance",
           "description", "emotion")  # fmt: skip
FOLDERS = ("cleaned_webm", "wavs", "raw_webm", ".")
WEAK, NORMAL = 3, 7


def _level(word: str, where: Path) -> str:
    """1–3 weak, 4–7 normal, 8–10 strong."""
    try:
        number = float(word)
    except ValueError as error:
        raise EmottsError(f"{where}: the level {word!r} is no number from 1 to 10") from error
    return "weak" if number <= WEAK else "normal" if number <= NORMAL else "strong"


def _audio(root: Path, name: str) -> Path:
    """The table names wavs/….webm; the archives unpack to other folders, some people convert."""
    stem = Path(name).stem
    for folder in FOLDERS:
        for ending in (".webm", ".wav"):
            path = root / folder / f"{stem}{ending}"
            if path.is_file():
                return path
    return root / name


def read(root: Path) -> Iterator[Recording]:
    """Every recording of EMNS; a sentence is named by the last digit of its number."""
    table = needed(root, "metadata.csv", layout=LAYOUT)
    for row in read_table(table, COLUMNS, delimiter="|"):
        yield Recording(
            relative(_audio(root, row["audio_recording"]), root), f"emns{row['user_id']}",
            row["emotion"], row["utterance"], sentence=row["id"][-1:], sex=sex_of(row["gender"]),
            age=row["age"], language="en-gb",
            level="" if row["emotion"].lower() == "neutral" else _level(row["level"], table),
            description=row["description"],
        )  # fmt: skip


CORPUS = Corpus(
    name="emns",
    title="EMNS",
    licence="Apache 2.0",
    link="https://www.openslr.org/136/",
    language="British English",
    hours=1.9,
    emotions="neutral, angry, disgust, excited, happy, sad, sarcastic, surprised; ten levels",
    layout=LAYOUT,
    obtain="download metadata.csv and cleaned_webm.tar.xz of OpenSLR 136, unpack",
    splits=Splits(
        "one speaker, so by sentence: ids that end in 8 dev, in 9 test",
        dev_sentences=numbers(8, 8),
        test_sentences=numbers(9, 9),
    ),
    read=read,
)
