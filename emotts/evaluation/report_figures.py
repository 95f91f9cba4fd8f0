"""Geometry of the report's charts: numbers in, positions and labels for page/figures.html out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# The drawing's own units; the page scales it to its width, so letters stay readable on a phone.
WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 12, 46
COLOURS = 8  # series colours in page.css; later series repeat them dashed
HERTZ_TICKS = (50, 75, 100, 150, 200, 300, 400, 600, 800)


def number(value: Any) -> str:
    """Return a figure as people read it; what is missing or not finite is a dash."""
    if value is None or isinstance(value, float) and not math.isfinite(value):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}" if value == 0 or 1e-3 <= abs(value) < 1e6 else f"{value:.3g}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {number(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(number(part) for part in value)
    return str(value)


@dataclass(frozen=True)
class Series:
    """One line of a chart: x and y (n,), NaN where it is broken; low and high (n,) or nothing."""

    name: str
    x: np.ndarray
    y: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None

    @classmethod
    def of(cls, name: str, x: Sequence, y: Sequence, low: Sequence = (), high: Sequence = ()):
        """From lists in which None stands for a missing value."""
        band = len(low) and len(high)
        return cls(
            name, _array(x), _array(y), _array(low) if band else None,
            _array(high) if band else None,
        )  # fmt: skip


def _array(values: Sequence) -> np.ndarray:
    array = np.array([math.nan if v is None else v for v in values], dtype=np.float64)
    return np.where(np.isfinite(array), array, math.nan)


def line_chart(
    title: str,
    x_label: str,
    y_label: str,
    series: Sequence[Series],
    hertz: bool = False,
    points: bool = True,
) -> dict[str, Any] | None:
    """Return what page/figures.html draws: lines with bands, ticks, a legend, a table of numbers.

    hertz: y is logarithmic with the ticks of a voice. points: mark every value (and list it in
    the table). None where no series has a finite value.
    """
    series = [one for one in series if np.isfinite(one.x + one.y).any()]
    if not series:
        return None
    x_axis = _Axis(np.concatenate([one.x for one in series]), LEFT, WIDTH - RIGHT)
    heights = [part for s in series for part in (s.y, s.low, s.high) if part is not None]
    y_axis = _Axis(np.concatenate(heights), HEIGHT - BOTTOM, TOP, hertz)
    return {
        "title": title,
        "x_label": x_label,
        "y_label": y_label,
        "x_ticks": x_axis.ticks(),
        "y_ticks": y_axis.ticks(),
        "frame": {"left": LEFT, "right": WIDTH - RIGHT, "top": TOP, "bottom": HEIGHT - BOTTOM,
                  "width": WIDTH, "height": HEIGHT},
        "lines": [_line(i, one, x_axis, y_axis, points) for i, one in enumerate(series)],
        "table": _numbers(x_label, series) if points else None,
        "summary": "; ".join(_in_words(one) for one in series),
    }  # fmt: skip


class _Axis:
    """Where a value lies between two positions of the drawing."""

    def __init__(self, values: np.ndarray, start: float, end: float, hertz: bool = False):
        from matplotlib.ticker import MaxNLocator

        self.start, self.end, self.hertz = start, end, hertz
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        if hertz:
            self.low, self.high = low / 1.06, high * 1.06
            inside = [tick for tick in HERTZ_TICKS if self.low <= tick <= self.high]
            self.values = inside or [round(math.sqrt(low * high))]
            return
        if low == high:
            low, high = low - 0.5, high + 0.5
        ticks = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        self.values = [float(tick) for tick in ticks]
        self.low, self.high = self.values[0], self.values[-1]

    def place(self, values: np.ndarray | float) -> np.ndarray:
        if self.hertz:
            share = np.log(np.asarray(values) / self.low) / math.log(self.high / self.low)
        else:
            share = (np.asarray(values) - self.low) / (self.high - self.low)
        return np.round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[dict[str, Any]]:
        return [{"at": float(self.place(v)), "label": f"{v:.6g}"} for v in self.values]


def _line(index: int, one: Series, x_axis: _Axis, y_axis: _Axis, points: bool) -> dict[str, Any]:
    x, y = x_axis.place(one.x), y_axis.place(one.y)
    drawn = {"colour": index % COLOURS, "dashed": index >= COLOURS, "name": one.name}
    drawn["paths"] = [_polyline(x[run], y[run]) for run in _runs(x + y)]
    drawn["bands"] = []
    if one.low is not None and one.high is not None:
        low, high = y_axis.place(one.low), y_axis.place(one.high)
        for run in _runs(x + low + high):
            edge = np.concatenate([x[run], x[run][::-1]])
            drawn["bands"].append(_polyline(edge, np.concatenate([low[run], high[run][::-1]])))
    drawn["dots"] = [
        {"x": float(x[i]), "y": float(y[i]), "label": f"{one.name}: {_at(one, i)}"}
        for i in np.flatnonzero(np.isfinite(x + y))
        if points
    ]
    return drawn


def _runs(values: np.ndarray) -> list[np.ndarray]:
    """Indices of each unbroken stretch of finite values."""
    known = np.flatnonzero(np.isfinite(values))
    return [run for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1) if len(run)]


def _polyline(x: np.ndarray, y: np.ndarray) -> str:
    return " ".join(f"{a:g},{b:g}" for a, b in zip(x, y, strict=True))


def _value(one: Series, i: int) -> str:
    text = number(float(one.y[i]))
    if one.low is None or one.high is None or not np.isfinite(one.low[i] + one.high[i]):
        return text
    return f"{text} [{number(float(one.low[i]))}, {number(float(one.high[i]))}]"


def _at(one: Series, i: int) -> str:
    return f"{_value(one, i)} at {number(float(one.x[i]))}"


def _in_words(one: Series) -> str:
    """What an ear needs of a line: where it starts and ends, and its lowest and highest value."""
    known = np.flatnonzero(np.isfinite(one.x + one.y))
    first, last = known[0], known[-1]
    low, high = float(np.min(one.y[known])), float(np.max(one.y[known]))
    return (
        f"{one.name} runs from {_at(one, first)} to {_at(one, last)}, "
        f"lowest {number(low)}, highest {number(high)}"
    )


def _numbers(x_label: str, series: Sequence[Series]) -> dict[str, Any]:
    """The chart as a table: a row an x, a column a series."""
    rows: dict[float, list[str]] = {}
    for column, one in enumerate(series):
        for i in np.flatnonzero(np.isfinite(one.x)):
            row = rows.setdefault(float(one.x[i]), ["–"] * len(series))
            row[column] = _value(one, i)
    return {
        "head": [x_label, *(one.name for one in series)],
        "rows": [[number(x), *rows[x]] for x in sorted(rows)],
    }


def matrix_table(
    title: str, classes: Sequence[str], counts: Sequence[Sequence[float]]
) -> dict[str, Any]:
    """Return a confusion matrix for page/figures.html: counts, and shares of each row.

    counts: (asked, heard). A row that was never asked for has no shares.
    """
    rows = []
    for name, row in zip(classes, counts, strict=True):
        total = sum(row)
        cells = [
            {"count": number(n), "share": round(100 * n / total) if total else None} for n in row
        ]
        rows.append({"name": name, "total": number(total), "cells": cells})
    return {"title": title, "classes": list(classes), "rows": rows}
