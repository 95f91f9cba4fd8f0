"""SEMAINE voices: four British characters, each with a temper, for speech synthesis.

Licence: CC BY-NC-SA 4.0. https://github.com/marytts/dfki-semaine-data (DFKI 2009). Each voice is
one FLAC file, with a YAML list of its utterances: prompt, text, start and end in seconds.
"""

from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.layout import audio_files, read_text, relative
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.errors import EmottsError

LAYOUT = "poppy/poppy.flac and poppy/poppy.yaml (whatever their names: one of each a voice)"
CHARACTERS = {"poppy": ("female", "cheerful"), "obadiah": ("male", "gloomy"),
              "prudence": ("female", "pragmatic"), "spike": ("male", "argumentative")}  # fmt: skip
DIGITS = "0123456789"


def _voice(path: Path) -> str:
    for name in CHARACTERS:
        if name in path.name.lower() or name == path.parent.name.lower():
            return name
    raise EmottsError(f"{path} belongs to none of the voices {', '.join(CHARACTERS)}")


def _utterances(path: Path) -> list[dict]:
    import yaml

    try:
        rows = yaml.load(read_text(path), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise EmottsError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(rows, list) or not all(
        {"prompt", "text", "start", "end"} <= set(r) for r in rows
    ):
        raise EmottsError(f"{path} is no list of utterances with prompt, text, start and end")
    return rows


def read(root: Path) -> Iterator[Recording]:
    """Every utterance of the four voices; a sentence is named by its prompt's last digit."""
    for path in audio_files(root, "**/*.flac", layout=LAYOUT):
        voice = _voice(path)
        lists = sorted([*path.parent.glob("*.yaml"), *path.parent.glob("*.yml")])
        mine = [p for p in lists if _voice(p) == voice]
        if not mine:
            raise EmottsError(f"{path.parent} lacks the YAML list of {voice}; {LAYOUT}")
        sex, temper = CHARACTERS[voice]
        for row in _utterances(mine[0]):
            last = str(row["prompt"])[-1:]
            yield Recording(
                f"{relative(path, root)}#t={float(row['start']):g},{float(row['end']):g}",
                f"semaine_{voice}", temper, str(row["text"]),
                sentence=last if last in DIGITS else "", sex=sex, language="en-gb",
            )  # fmt: skip


CORPUS = Corpus(
    name="semaine",
    title="SEMAINE voices",
    licence="CC BY-NC-SA 4.0",
    link="https://github.com/marytts/dfki-semaine-data",
    language="British English",
    hours=9.8,
    emotions="cheerful, gloomy, pragmatic, argumentative: a voice each",
    layout=LAYOUT,
    obtain="download the releases of its page, unpack",
    splits=Splits(
        "a temper is a voice, so by sentence: prompts whose number ends in 8 dev, in 9 test",
        dev_sentences={"8"},
        test_sentences={"9"},
    ),
    read=read,
)
