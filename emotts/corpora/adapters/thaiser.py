"""THAI-SER: 200 Thai actors in a studio or over Zoom, scripted and improvised, five emotions.

Licence: CC BY-SA 4.0. https://github.com/vistec-AI/dataset-releases (Wongpithayadisai et al. 2025,
arXiv 2507.09618). The label is the crowd's majority; votes are theirs. No texts lie beside the
audio: with a `transcripts.tsv` (path and text) it can be trained on.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from emotts.corpora.labels import category
from emotts.corpora.layout import (
    audio_files,
    name_parts,
    needed,
    numbers,
    read_json,
    relative,
    sex_of,
    transcripts,
)
from emotts.corpora.recording import Corpus, Recording, Splits

LAYOUT = (
    "emotion_label.json, actor_demography.json and studio001/con/s001_con_actor001_impro1_1.flac"
)
NAME = re.compile(
    r"(?P<place>[sz]\d{3})_(?P<microphone>[a-z]+)_actor(?P<actor>\d{3})_(?P<session>\w+?)_(?P<take>\d+)"
)
FORM = "s001_con_actor001_impro1_1.flac"
MOST_VOTES = 0.5  # of all that were given: below it the crowd did not agree


def _actors(root: Path) -> dict[str, tuple[str, str]]:
    """Sex and age by the actor's three digits."""
    rows = read_json(needed(root, "actor_demography.json", layout=LAYOUT))["data"]
    return {
        str(row["Actor's ID"]).zfill(3): (sex_of(str(row["Sex"])), str(row.get("Age", "")))
        for row in rows
    }


def _labels(root: Path) -> dict[str, dict]:
    """What the crowd said, by file name without its microphone, which all microphones share."""
    table = read_json(needed(root, "emotion_label.json", layout=LAYOUT))
    return {_shared(name): judged[0] for name, judged in table.items() if judged}


def _shared(name: str) -> str:
    parts = name_parts(Path(name), NAME, FORM)
    return "{place} {actor} {session} {take}".format(**parts)


def _votes(label: dict) -> dict[str, int]:
    """`annotated` lists every answer: [emotion, share of it, …] or emotions alone."""
    words = [a[0] if isinstance(a, list) else a for a in label.get("annotated", [])]
    return dict(Counter(category(w) for w in words if isinstance(w, str) and w != "Other"))


def read(root: Path) -> Iterator[Recording]:
    """Every labelled recording, from one microphone of each place: con in studios, mic in Zoom."""
    paths = audio_files(root, "**/*_actor*_*.flac", "**/*_actor*_*.wav", layout=LAYOUT)
    actors, labels, texts = _actors(root), _labels(root), transcripts(root)
    for path in paths:
        parts = name_parts(path, NAME, FORM)
        label = labels.get(_shared(path.name))
        if label is None or parts["microphone"] not in ("con", "mic"):
            continue
        sex, age = actors.get(parts["actor"], ("", ""))
        agreed = float(label.get("agreement", 1.0)) >= MOST_VOTES
        word = label.get("majority_emo") or ""
        name = relative(path, root)
        yield Recording(
            name, f"thaiser{parts['actor']}", word if agreed and word != "Other" else "",
            texts.get(name, ""), sentence=parts["session"], sex=sex, age=age, language="th",
            votes=_votes(label),
        )  # fmt: skip


CORPUS = Corpus(
    name="thaiser",
    title="THAI-SER",
    licence="CC BY-SA 4.0",
    link="https://github.com/vistec-AI/dataset-releases",
    language="Thai",
    hours=41.6,
    emotions="neutral, angry, frustrated, happy, sad; votes",
    layout=LAYOUT,
    obtain="download the archives of its release, unpack into one folder",
    splits=Splits(
        "actors 161–180 dev, 181–200 test: two act together, and their numbers follow each other",
        dev_speakers=numbers(161, 180, "thaiser{:03d}"),
        test_speakers=numbers(181, 200, "thaiser{:03d}"),
    ),
    read=read,
)
