"""report.html: a row a line, to be heard and sorted, from nothing but the job's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emotts.dubbing.folder import ORIGINALS, TAKES, put
from emotts.dubbing.page import render
from emotts.dubbing.report import Summary, shift_of, summary, warnings_of
from emotts.dubbing.store import JobStore, Row

COLUMNS = (
    "line", "start s", "character", "text", "state", "slot s", "length s", "stretch", "late s",
    "asked", "heard", "as asked", "LUFS", "warnings",
)  # fmt: skip
AS_HEARD = "as the original"


def write_review(store: JobStore) -> Path:
    """Write report.html; its players link to the takes beside it."""
    return put(store.folder, "report.html", review(summary(store)).encode("utf-8"))


def review(job: Summary) -> str:
    """The page of a job; nothing in it asks another host for anything."""
    rows = [
        {
            "number": row.number,
            "sound": f"{TAKES}/{row.key}.wav" if row.facts else "",
            "original": _original(row),
            "cells": [_cell(value) for value in _values(row, job.mix)],
        }
        for row in job.rows
    ]
    return render(
        "review.html", title="emotts dub", facts=_facts(job), notes=job.warnings,
        track=job.mix.get("track", ""), columns=COLUMNS, rows=rows,
    )  # fmt: skip


def _facts(job: Summary) -> list[tuple[str, str]]:
    facts = [(state, str(count)) for state, count in job.counts.items()]
    if job.mix.get("track"):
        facts.append(("length", f"{job.mix['seconds']:.1f} s"))
        for name, key, unit in (
            ("loudness", "lufs", "LUFS"), ("true peak", "true_peak_db", "dBTP"),
        ):  # fmt: skip
            if job.mix[key] is not None:
                facts.append((name, f"{job.mix[key]:.2f} {unit}"))
    return facts


def _values(row: Row, mix: dict[str, Any]) -> list[Any]:
    """Values of `COLUMNS`."""
    line, facts = row.line, row.facts or {}
    emotion = line["emotion"] or "neutral"
    intensity = line["intensity"]
    if facts.get("emotion_from") == "original":
        emotion, intensity = AS_HEARD, None
    heard = facts.get("heard") or {}
    warnings = [row.reason] if row.reason else warnings_of(row, mix)
    slot = None if line["end"] is None else line["end"] - line["start"]
    return [
        row.number, line["start"], line["character"] or None, line["text"], row.state, slot,
        facts["samples"] / facts["rate"] if facts else None, facts.get("stretch"),
        shift_of(row, mix), emotion if intensity is None else f"{emotion} {intensity:g}",
        f"{heard['emotion']} {heard['probability']:.0%}" if heard else None,
        None if not heard or emotion == AS_HEARD
        else "yes" if heard["emotion"] in emotion else "no",
        facts.get("lufs"), "; ".join(warnings) or None,
    ]  # fmt: skip


def _original(row: Row) -> str:
    """The file of what the actor said, "" where nothing was made of it."""
    key = (row.facts or {}).get("original")
    return f"{ORIGINALS}/{key}.wav" if key else ""


def _cell(value: Any) -> dict[str, str]:
    """A text, and the number that sorts it, if it is one."""
    if value is None:
        return {"text": "–", "sort": ""}
    if isinstance(value, float):
        return {"text": f"{value:.2f}", "sort": repr(value)}
    return {"text": str(value), "sort": str(value) if isinstance(value, int) else ""}
