"""The suite's report as files: report.json, rows.jsonl and report.md."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Report = dict[str, Any]
DASH = "–"


def machine() -> str:
    """The processor, cores and versions that a figure was made with."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        name = names[0].split(":", 1)[1].strip() if names else name
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _write_whole(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def write_report(path: str | Path, report: Report) -> None:
    """Write the report as JSON, whole or not at all."""
    _write_whole(Path(path), json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False))


def write_rows(path: str | Path, rows: Iterable[Report]) -> None:
    """Write one JSON object a line, whole or not at all."""
    lines = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows]
    _write_whole(Path(path), "".join(f"{line}\n" for line in lines))


def read_rows(path: str | Path) -> list[Report]:
    """Read what `write_rows` wrote; no file is no rows."""
    path = Path(path)
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _cell(value: Any) -> str:
    if value is None:
        return DASH
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 100 else f"{value:.0f}"
    return str(value).replace("|", "\\|")


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A markdown table; a column headed "low" and its "high" join the number before them."""
    columns = _columns(head)
    lines = [[head[i] for i, _ in columns]]
    for row in rows:
        cells = []
        for i, ends in columns:
            text = _cell(row[i])
            if ends and row[i + 1] is not None:
                text += f" [{_cell(row[i + 1])}, {_cell(row[i + 2])}]"
            cells.append(text)
        lines.append(cells)
    shown = ["| " + " | ".join(cells) + " |" for cells in lines]
    return "\n".join([shown[0], "|" + "---|" * len(columns), *shown[1:]])


def _columns(head: Sequence[str]) -> list[tuple[int, bool]]:
    """Each shown column's place, and whether the two after it are its interval."""
    out, i = [], 0
    while i < len(head):
        ends = list(head[i + 1 : i + 3]) == ["low", "high"]
        out.append((i, ends))
        i += 3 if ends else 1
    return out


def _entry(name: str, entry: Report, notes: Sequence[str]) -> list[str]:
    parts = [f"## {entry['title']}", entry["about"]]
    parts += [f"Left out: {note}." for note in notes]
    for table in entry.get("tables", []):
        parts += [f"### {table['title']}", markdown_table(table["head"], table["rows"])]
    for curve in entry.get("curves", []):
        head = [curve["x_label"], *[one["name"] for one in curve["series"]]]
        points = curve["series"][0]["x"]
        rows = [[x, *[one["y"][i] for one in curve["series"]]] for i, x in enumerate(points)]
        parts += [f"### {curve['title']}: {curve['y_label']}", markdown_table(head, rows)]
    for matrix in entry.get("matrices", []):
        head = ["asked \\ heard", *matrix["classes"]]
        rows = [[c, *r] for c, r in zip(matrix["classes"], matrix["counts"], strict=True)]
        parts += [f"### {matrix['title']}", markdown_table(head, rows)]
    for example in entry.get("examples", []):
        links = [f"[{clip['label']}]({clip['path']})" for clip in example["clips"]]
        parts.append(f"{example['title']}: {' · '.join(links)}")
    return parts


def markdown(report: Report) -> str:
    """The whole report: what it was made with, what was absent, and every entry."""
    hashes = ", ".join(f"{k} {v}" for k, v in report.get("hashes", {}).items() if v)
    judges = report.get("judges", {})
    parts = [
        "# Evaluation",
        f"Checkpoint {report.get('checkpoint')} · seeds {report.get('seeds')} · "
        f"{report.get('machine')}" + (f" · hashes: {hashes}" if hashes else ""),
        f"Judges used: {', '.join(judges.get('used', [])) or DASH}. Intervals are bootstrap 95 %.",
    ]
    absent = [f"- {name}: {reason}" for name, reason in judges.get("absent", {}).items()]
    parts += ["Absent:\n\n" + "\n".join(absent)] if absent else []
    skipped = [f"- {name}: {why}" for name, why in report.get("skipped", {}).items()]
    parts += ["Entries not scored:\n\n" + "\n".join(skipped)] if skipped else []
    notes = report.get("notes", {})
    for name, entry in report.get("entries", {}).items():
        parts += _entry(name, entry, notes.get(name, []))
    return "\n\n".join(parts) + "\n"
