"""A blind listening test: one page for listeners, and a key that stays with whoever asks.

The page holds sounds under random names and nothing else about them; which system made which
sound stands in key.json only. Kinds: AB (which one?), ABX (is X A or B?) and a MUSHRA-like test
(sliders, an open and a hidden reference, an anchor; ITU-R BS.1534-3).
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from emotts.audio.constants import NEUTRAL_LEVEL_DBFS, SAMPLE_RATE
from emotts.errors import EmottsError
from emotts.evaluation.listen_sources import Item
from emotts.evaluation.page import data_uri, render, write_page

FORMAT = 1
QUESTIONS = {
    "ab": "Which of the two do you prefer?",
    "abx": "Is X the same as A or as B?",
    "mushra": "How good is each sound beside the reference?",
}
FORMATS = {"flac": "audio/flac", "ogg": "audio/ogg", "wav": "audio/wav", "mp3": "audio/mpeg"}
ANCHOR = "anchor: low-pass 3.5 kHz"
ANCHOR_HZ = 3500.0


@dataclass(frozen=True)
class Plan:
    """What kind of test is wanted.

    question: asked at every trial; {emotion} and {text} stand for the item's. reference and
    anchor: names of systems, for mushra; without an anchor the reference below 3.5 kHz is one.
    match_level: bring every clip to the same root mean square. format: one of `FORMATS`.
    """

    kind: str = "ab"
    question: str | None = None
    seed: int = 0
    reference: str | None = None
    anchor: str | None = None
    match_level: bool = False
    format: str = "flac"

    def __post_init__(self) -> None:
        if self.kind not in QUESTIONS:
            raise EmottsError(f"unknown test {self.kind!r}; choose from {', '.join(QUESTIONS)}")
        if self.format not in FORMATS:
            raise EmottsError(f"unknown format {self.format!r}; choose from {', '.join(FORMATS)}")
        if self.kind == "mushra" and not self.reference:
            raise EmottsError("a mushra test needs a reference; name one of the systems")
        if self.kind != "mushra" and (self.reference or self.anchor):
            raise EmottsError(f"a reference and an anchor belong to mushra, not to {self.kind}")


@dataclass
class Test:
    """The two halves of a test: `page` for everyone, `key` for whoever scores it."""

    page: dict[str, Any]
    key: dict[str, Any]
    _names: random.Random = field(repr=False, default_factory=random.Random)

    __test__ = False  # pytest collects classes of this name


def build_test(items: Sequence[Item], plan: Plan) -> Test:
    """Read and blind the clips of the items.

    Raises EmottsError for a reference or anchor that is no system, and clips that cannot be read.
    """
    _check_systems(items, plan)
    test = Test(
        {"audio": {}, "trials": []}, {"stimuli": {}, "trials": {}}, random.Random(plan.seed)
    )
    for item in items:
        for systems in _trials_of(item, plan):
            _add_trial(test, item, systems, plan)
    test.page["trials"].sort(key=lambda trial: trial["id"])
    test.page["audio"] = dict(sorted(test.page["audio"].items()))
    digest = hashlib.sha256(json.dumps([test.page, test.key], sort_keys=True).encode()).hexdigest()
    facts = {"format": FORMAT, "test": digest[:16], "kind": plan.kind, "seed": plan.seed}
    test.page = facts | test.page
    test.key = facts | {"question": _question(None, plan)} | test.key
    return test


def write_test(test: Test, folder: str | Path) -> tuple[Path, Path]:
    """Write folder/listen.html and folder/key.json; returns both paths.

    Raises EmottsError where the folder holds the key of another test, whose results would be lost.
    """
    folder = Path(folder)
    key = folder / "key.json"
    if key.is_file() and read_key(key)["test"] != test.key["test"]:
        raise EmottsError(f"{key} is the key of another test; choose another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmottsError(f"{folder} cannot be made: {error.strerror or error}") from error
    write_page(key, json.dumps(test.key, indent=1, ensure_ascii=False) + "\n")
    return write_page(folder / "listen.html", render("listen.html", test=test.page)), key


def read_key(path: str | Path) -> dict[str, Any]:
    """Read what `write_test` wrote for the scorer."""
    path = Path(path)
    if not path.is_file():
        raise EmottsError(f"there is no key {path}; it was written beside the page as key.json")
    try:
        key = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise EmottsError(f"{path} is no JSON ({error})") from error
    needed = {"test", "kind", "stimuli", "trials"}
    if not isinstance(key, dict) or not needed <= set(key) or key["kind"] not in QUESTIONS:
        raise EmottsError(f"{path} is no key of a listening test; it needs {sorted(needed)}")
    return key


def _check_systems(items: Sequence[Item], plan: Plan) -> None:
    if not items:
        raise EmottsError("a test needs at least one item")
    systems = sorted(items[0].systems)
    for what, name in (("reference", plan.reference), ("anchor", plan.anchor)):
        if name and name not in systems:
            raise EmottsError(f"the {what} {name!r} is no system; choose from {', '.join(systems)}")
    if plan.reference and plan.reference == plan.anchor:
        raise EmottsError(f"{plan.reference!r} cannot be both the reference and the anchor")


def _trials_of(item: Item, plan: Plan) -> list[tuple[str, ...]]:
    """The systems that stand beside each other: all at once for mushra, pair by pair otherwise."""
    systems = sorted(item.systems)
    return [tuple(systems)] if plan.kind == "mushra" else list(combinations(systems, 2))


def _add_trial(test: Test, item: Item, systems: Sequence[str], plan: Plan) -> None:
    trial = _new_name(test, "t")
    sounds = {system: _read(item.systems[system], plan) for system in systems}
    names = [
        _add_sound(test, trial, sound, plan, system, _role(system, plan))
        for system, sound in sounds.items()
    ]
    asked = _question(item, plan)
    question = asked.replace("{text}", item.text)
    shown = {"id": trial, "text": item.text, "question": question}
    if plan.kind == "mushra":
        reference = sounds[plan.reference]
        if not plan.anchor:
            low = _low_pass(reference)
            names.append(_add_sound(test, trial, low, plan, ANCHOR, "anchor"))
        # A sound of its own, so that the hidden one has another name.
        shown["reference"] = _add_sound(test, trial, reference, plan, plan.reference, "open")
    shown["sounds"] = sorted(names)
    test.page["trials"].append(shown)
    test.key["trials"][trial] = {
        "item": item.name, "emotion": item.emotion, "question": asked,
        "files": {system: item.systems[system].name for system in systems},
    }  # fmt: skip


def _role(system: str, plan: Plan) -> str:
    return {plan.reference: "reference", plan.anchor: "anchor"}.get(system, "system")


def _add_sound(
    test: Test, trial: str, samples: np.ndarray, plan: Plan, system: str, role: str
) -> str:
    from emotts.audio.io import encode_audio

    name = _new_name(test, "s")
    # No tags: they would say how the sound was made.
    data = encode_audio(samples, SAMPLE_RATE, plan.format)
    test.page["audio"][name] = data_uri(data, FORMATS[plan.format])
    test.key["stimuli"][name] = {"trial": trial, "system": system, "role": role}
    return name


def _new_name(test: Test, letter: str) -> str:
    """Sorting by these names tells nothing of the order in which they were given."""
    return f"{letter}{test._names.getrandbits(48):012x}"


def _question(item: Item | None, plan: Plan) -> str:
    question = (item and item.question) or plan.question or QUESTIONS[plan.kind]
    if item:
        question = question.replace("{emotion}", item.emotion or "neutral")
    return question


def _read(path: Path, plan: Plan) -> np.ndarray:
    from emotts.audio.io import read_audio

    samples = read_audio(path, SAMPLE_RATE)
    level = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
    if level == 0:
        raise EmottsError(f"{path} is silent; a listener could say nothing about it")
    if plan.match_level:
        samples = samples * (10 ** (NEUTRAL_LEVEL_DBFS / 20) / level)
    return samples / max(1.0, float(np.abs(samples).max()))


def _low_pass(samples: np.ndarray) -> np.ndarray:
    """The anchor of ITU-R BS.1534-3: nothing above 3.5 kHz, and no delay."""
    from scipy.signal import butter, sosfiltfilt

    sections = butter(8, ANCHOR_HZ, fs=SAMPLE_RATE, output="sos")
    padding = min(len(samples) - 1, SAMPLE_RATE // 10)
    low = sosfiltfilt(sections, samples, padlen=padding)
    return (low / max(1.0, float(np.abs(low).max()))).astype(np.float32)
