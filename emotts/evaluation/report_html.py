"""report.html: a report folder as one page that asks no other host for anything."""

from __future__ import annotations

import json
import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError, model_validator

from emotts.errors import EmottsError
from emotts.evaluation.page import render, write_page
from emotts.evaluation.report_clips import ClipShelf, f0_series
from emotts.evaluation.report_figures import Series, line_chart, matrix_table, number

FORMAT = 1
ROW_LIMIT = 1000
FIRST_COLUMNS = ("entry", "set", "voice", "emotion", "intensity", "ser_b", "ser_a", "text")


class Table(BaseModel):
    """A table of an entry."""

    title: str = ""
    head: list[Any]
    rows: list[list[Any]]


class Line(BaseModel):
    """A line of a chart, with its band where low and high are given."""

    name: str = ""
    x: list[float | None]
    y: list[float | None]
    low: list[float | None] = Field(default_factory=list)
    high: list[float | None] = Field(default_factory=list)

    @model_validator(mode="after")
    def _as_long(self) -> Line:
        lengths = {len(self.x), len(self.y)} | {len(v) for v in (self.low, self.high) if v}
        if len(lengths) > 1:
            raise ValueError(f"x, y, low and high of {self.name!r} differ in length")
        return self


class Curve(BaseModel):
    """A chart of an entry."""

    title: str = ""
    x_label: str = ""
    y_label: str = ""
    series: list[Line]


class Matrix(BaseModel):
    """A confusion matrix of an entry, asked down and heard across."""

    title: str = ""
    classes: list[str]
    counts: list[list[float]]

    @model_validator(mode="after")
    def _square(self) -> Matrix:
        if {len(self.counts), *map(len, self.counts)} != {len(self.classes)}:
            raise ValueError(f"the counts are no square over the {len(self.classes)} classes")
        return self


class ExampleClip(BaseModel):
    """A clip of an example; its path is relative to the report's folder."""

    path: str
    label: str = ""


class Example(BaseModel):
    """Clips to be heard and seen beside each other."""

    title: str = ""
    clips: list[ExampleClip]


class Entry(BaseModel):
    """What one entry of the suite found; whatever is absent is left out of the page."""

    title: str = ""
    about: str = ""
    figures: dict[str, Any] = Field(default_factory=dict)
    tables: list[Table] = Field(default_factory=list)
    curves: list[Curve] = Field(default_factory=list)
    matrices: list[Matrix] = Field(default_factory=list)
    examples: list[Example] = Field(default_factory=list)


def write_html(
    folder: str | Path, limit_megabytes: float = 8.0, row_limit: int = ROW_LIMIT
) -> Path:
    """Write folder/report.html from report.json, rows.jsonl and the clips they name.

    limit_megabytes: most that embedded clips and mel strips may take; the clips beyond it are
    linked relatively. row_limit: most rows of rows.jsonl that the page shows. What cannot be read
    is named on the page. Raises EmottsError where report.json is missing or is no report.
    """
    _check_packages()
    folder = Path(folder)
    report, entries = _read_report(folder / "report.json")
    rows, notes = _read_rows(folder / "rows.jsonl")
    shelf = ClipShelf(folder, int(limit_megabytes * 1e6))
    shown = [_show_entry(name, entry, shelf) for name, entry in entries.items()]
    table = _show_rows(rows[:row_limit], shelf)
    if len(rows) > row_limit:
        notes.append(f"the first {row_limit} of {len(rows)} rows are shown; all are in rows.jsonl")
    if shelf.linked:
        notes.append(
            f"{shelf.linked} clips beyond the limit of {limit_megabytes:g} MB are linked: "
            "they play while the page lies in its report folder"
        )
    html = render(
        "report.html",
        facts=_facts(report),
        judges=_judges(report),
        entries=shown,
        rows=table,
        notes=_notes(report) + notes + shelf.problems,
    )
    return write_page(folder / "report.html", html)


def _check_packages() -> None:
    missing = [name for name in ("jinja2", "matplotlib") if find_spec(name) is None]
    if missing:
        raise EmottsError(f"report.html needs {' and '.join(missing)}: pip install 'emotts[eval]'")


def _read_report(path: Path) -> tuple[dict[str, Any], dict[str, Entry]]:
    if not path.is_file():
        raise EmottsError(
            f"there is no {path}; `emotts evaluate suite -o {path.parent}` writes one"
        )
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise EmottsError(f"{path} is no JSON ({error})") from error
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        found = report.get("format") if isinstance(report, dict) else None
        raise EmottsError(f"{path} is no report of format {FORMAT} (its format is {found!r})")
    entries = report.get("entries", {})
    if not isinstance(entries, dict):
        raise EmottsError(f"the entries of {path} must be an object of name and entry")
    return report, {name: _entry(path, name, entry) for name, entry in entries.items()}


def _entry(path: Path, name: str, values: Any) -> Entry:
    try:
        return Entry.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in ("entries", name, *first["loc"]))
        raise EmottsError(f"{where} of {path} is wrong: {first['msg']}") from error


def _read_rows(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows, and what was wrong with the lines that are none."""
    if not path.is_file():
        return [], ["there is no rows.jsonl, so no utterances are listed"]
    rows, notes = [], []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for line_number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            notes.append(f"line {line_number} of rows.jsonl is no JSON object and was left out")
    return rows, notes


def _facts(report: dict[str, Any]) -> list[tuple[str, str]]:
    """What a figure is worth nothing without: checkpoint, seeds, machine, versions, hashes."""
    left_out = {"format", "entries", "judges", "notes", "skipped", "problems"}
    return [
        (name, number(value))
        for name, value in report.items()
        if name not in left_out and value not in (None, {}, [])
    ]


def _notes(report: dict[str, Any]) -> list[str]:
    """What the report itself says was absent, left out or wrong with the files."""
    skipped = report.get("skipped") or {}
    said = report.get("notes") or {}
    notes = [f"{name} was skipped: {skipped[name]}" for name in skipped]
    notes += [f"{name}: {note}" for name in said for note in said[name]]
    for problem in report.get("problems") or []:
        rows = number(problem.get("rows") or [])
        notes.append(f"{problem.get('what')} (row {rows}): {problem.get('why')}")
    return notes


def _judges(report: dict[str, Any]) -> list[tuple[str, str]]:
    judges = report.get("judges")
    if not isinstance(judges, dict):
        return []
    absent = judges.get("absent") or {}
    used = [(str(name), "used") for name in judges.get("used") or []]
    return used + [(str(name), f"absent: {number(absent[name])}") for name in absent]


def _show_entry(name: str, entry: Entry, shelf: ClipShelf) -> dict[str, Any]:
    curves = [
        line_chart(
            curve.title, curve.x_label, curve.y_label,
            [Series.of(s.name, s.x, s.y, s.low, s.high) for s in curve.series],
        )
        for curve in entry.curves
    ]  # fmt: skip
    return {
        "title": entry.title or name,
        "about": entry.about,
        "figures": _figures(entry.figures),
        "tables": [_table(table) for table in entry.tables],
        "curves": [curve for curve in curves if curve],
        "empty_curves": [c.title for c, d in zip(entry.curves, curves, strict=True) if not d],
        "matrices": [matrix_table(m.title, m.classes, m.counts) for m in entry.matrices],
        "examples": [_show_example(example, shelf) for example in entry.examples],
    }


def _figures(figures: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and value; `x_low` and `x_high` are shown as the interval of `x`."""
    shown = []
    for name, value in figures.items():
        stem = name.removesuffix("_low").removesuffix("_high")
        if stem != name and {stem, f"{stem}_low", f"{stem}_high"} <= set(figures):
            continue
        text = number(value)
        if {f"{name}_low", f"{name}_high"} <= set(figures):
            low, high = figures[f"{name}_low"], figures[f"{name}_high"]
            text += f" [{number(low)}, {number(high)}]"
        shown.append((name, text))
    return shown


def _table(table: Table) -> dict[str, Any]:
    """Rows as wide as the head, so that no value stands under a wrong name."""
    width = max([len(table.head), *map(len, table.rows)])
    head = [str(name) for name in table.head] + [""] * (width - len(table.head))
    rows = [[number(v) for v in row] + ["–"] * (width - len(row)) for row in table.rows]
    return {"title": table.title, "head": head, "rows": rows}


def _show_example(example: Example, shelf: ClipShelf) -> dict[str, Any]:
    clips, f0 = [], []
    for clip in example.clips:
        label = clip.label or Path(clip.path).name
        samples = shelf.samples(clip.path)
        player = shelf.player(clip.path, label, samples)
        strip = ""
        if samples is not None:
            strip = shelf.strip(samples)
            f0.append(f0_series(samples, label))
        clips.append({"player": player, "strip": strip})
    overlay = line_chart(
        f"F0: {example.title}", "time (s)", "F0 (Hz)", f0, hertz=True, points=False
    )
    return {"title": example.title, "clips": clips, "f0": overlay}


def _show_rows(rows: list[dict[str, Any]], shelf: ClipShelf) -> dict[str, Any]:
    """Columns in a fixed order, then the metrics as they come; the clip is a player."""
    names = list(dict.fromkeys(name for row in rows for name in row if name != "path"))
    columns = [name for name in FIRST_COLUMNS if name in names]
    columns += [name for name in names if name not in columns]
    shown = []
    for row in rows:
        path = row.get("path")
        player = shelf.player(path, str(row.get("text") or path)) if path else None
        cells = [_cell(row.get(name)) for name in columns]
        shown.append({"player": player, "path": path or "", "cells": cells})
    return {"columns": columns, "rows": shown}


def _cell(value: Any) -> dict[str, str]:
    """A text, and the number that sorts it, if it is one."""
    is_number = isinstance(value, int | float) and math.isfinite(value)
    return {"text": number(value), "sort": repr(float(value)) if is_number else ""}
