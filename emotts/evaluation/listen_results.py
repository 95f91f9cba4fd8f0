"""What listeners sent back: result files of the page, JSON or CSV, held against the key."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError

CSV_COLUMNS = ("test", "kind", "listener", "trial", "stimulus", "x", "value")


@dataclass(frozen=True)
class Answer:
    """One trial of one listener.

    values: stimulus → 1 for the chosen one and 0 for the other, or a rating from 0 to 100.
    x: the stimulus that was X, for abx.
    """

    listener: str
    trial: str
    values: dict[str, float]
    x: str = ""

    @property
    def chosen(self) -> str:
        """The stimulus with the highest value."""
        return max(self.values, key=self.values.__getitem__)


@dataclass
class _Sheet:
    test: str
    kind: str
    listener: str
    answers: list[Answer] = field(default_factory=list)


def read_results(paths: Sequence[str | Path], key: dict[str, Any]) -> list[Answer]:
    """Read the answers of result files of the page that the key belongs to.

    Raises EmottsError for a file that is missing, broken, of another page, empty, or that repeats
    a listener.
    """
    if not paths:
        raise EmottsError("give the result files that listeners saved")
    answers: list[Answer] = []
    seen: dict[str, Path] = {}
    for path in map(Path, paths):
        sheet = _read_sheet(path)
        _check_sheet(sheet, path, key)
        if sheet.listener in seen:
            raise EmottsError(
                f"{path} repeats the listener {sheet.listener!r} of {seen[sheet.listener]}; "
                "give one file a listener"
            )
        seen[sheet.listener] = path
        answers += sheet.answers
    return answers


def _read_sheet(path: Path) -> _Sheet:
    if not path.is_file():
        raise EmottsError(f"there is no result file {path}")
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _from_csv(text) if path.suffix.lower() == ".csv" else _from_json(text)
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise EmottsError(
            f"{path} is no result file of a listening test ({type(error).__name__}: {error})"
        ) from error


def _from_json(text: str) -> _Sheet:
    result = json.loads(text)
    sheet = _Sheet(str(result["test"]), str(result["kind"]), str(result["listener"]))
    for answer in result["answers"]:
        values = {str(name): float(value) for name, value in answer["values"].items()}
        x = str(answer.get("x") or "")
        sheet.answers.append(Answer(sheet.listener, str(answer["trial"]), values, x))
    return sheet


def _from_csv(text: str) -> _Sheet:
    rows = list(csv.DictReader(text.splitlines()))
    if not rows:
        raise ValueError("it has no rows")
    heads = {(row["test"], row["kind"], row["listener"]) for row in rows}
    if len(heads) > 1:
        raise ValueError(f"it holds {len(heads)} listeners or tests")
    sheet = _Sheet(*heads.pop())
    trials: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        trials.setdefault(row["trial"], []).append(row)
    for trial, part in trials.items():
        values = {row["stimulus"]: float(row["value"]) for row in part}
        sheet.answers.append(Answer(sheet.listener, trial, values, part[0]["x"]))
    return sheet


def _check_sheet(sheet: _Sheet, path: Path, key: dict[str, Any]) -> None:
    if (sheet.test, sheet.kind) != (key["test"], key["kind"]):
        raise EmottsError(
            f"{path} belongs to another page ({sheet.kind} test {sheet.test}) than the key "
            f"({key['kind']} test {key['test']})"
        )
    if not sheet.answers:
        raise EmottsError(f"{path} holds no answers")
    for answer in sheet.answers:
        _check_answer(answer, path, key)
    if len({answer.trial for answer in sheet.answers}) < len(sheet.answers):
        raise EmottsError(f"{path} answers a trial twice")


def _check_answer(answer: Answer, path: Path, key: dict[str, Any]) -> None:
    """What the page cannot have written was changed by hand."""
    known = {
        name
        for name, sound in key["stimuli"].items()
        if sound["trial"] == answer.trial and sound["role"] != "open"
    }
    whole = set(answer.values) == known and bool(known)
    if key["kind"] == "mushra":
        valid = whole and all(0 <= value <= 100 for value in answer.values.values())
    else:
        valid = whole and sorted(answer.values.values()) == [0, 1]
        valid = valid and (key["kind"] != "abx" or answer.x in known)
    if not valid:
        raise EmottsError(f"the answer to trial {answer.trial!r} in {path} is none of this page")
