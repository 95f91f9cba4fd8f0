"""The report of `evaluate files`: report.json's entry, and its tables as markdown."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from emotts.evaluation.bootstrap import Interval, bootstrap
from emotts.evaluation.confusion import confusion_matrix, uar_interval
from emotts.evaluation.files_manifest import Problem

Record = dict[str, Any]
# Of these a mean is told, in this order.
AVERAGED = (
    "wer", "cer", "distill_mos", "dnsmos", "spk_similarity", "mcd", "f0rmse", "f0corr",
    "log_f0_rmse", "log_f0_corr", "vuv_error", "f0_mean_semitones", "f0_spread_semitones",
    "f0_span_semitones", "f0_shift_semitones", "voiced_share", "level_dbfs", "level_span_db",
    "peak_dbfs", "ser_a_intensity", "seconds",
)  # fmt: skip
NOT_AVERAGED = ("row", "intensity", "seed", "word_errors", "word_count")
JUDGES = {
    "ser_b": "SER B, relative to neutral",
    "ser_b_absolute": "SER B, absolute",
    "ser_b_whisper": "SER B with Whisper, relative to neutral",
    "ser_a": "SER A",
}
PACKAGES = (
    "emotts", "numpy", "torch", "faster-whisper", "jiwer", "distillmos", "speechmos", "onnxruntime",
    "resemblyzer", "opensmile", "pyworld", "librosa", "swift-f0",
)  # fmt: skip
EXAMPLES = 3


def build_report(
    rows: Sequence[Record], manifest: Path, used: list[str], absent: dict[str, str],
    problems: Sequence[Problem],
) -> Record:  # fmt: skip
    """report.json of scored rows; figures are means with 95 % intervals over sentences."""
    from emotts.evaluation.report import machine

    return {
        "format": 1,
        "checkpoint": None,
        "seed": 0,
        "seeds": sorted({row["seed"] for row in rows}),
        "machine": machine(),
        "versions": versions(),
        "hashes": {"manifest": hashlib.sha256(manifest.read_bytes()).hexdigest()},
        "judges": {"used": used, "absent": absent},
        "problems": [
            {"rows": list(p.rows), "what": p.what, "why": p.why, "left_out": p.left_out}
            for p in problems
        ],
        "entries": {"files": entry(rows, problems)},
    }


def versions() -> dict[str, str]:
    """Of the packages that made the figures, where they are installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def entry(rows: Sequence[Record], problems: Sequence[Problem]) -> Record:
    """The one entry: figures over all rows, tables by system, voice and emotion, matrices."""
    figures: dict[str, float | None] = {"rows": len(rows)}
    for name, interval in means(rows).items():
        figures |= {
            name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high,
        }  # fmt: skip
    tables = [_group_table(rows, column) for column in ("set", "voice", "emotion")]
    return {
        "title": "Files",
        "about": f"Metrics of {len(rows)} audio files, with 95 % bootstrap intervals over texts.",
        "figures": figures,
        "tables": [*filter(None, tables), *_problem_tables(problems)],
        "matrices": _matrices(rows),
        "examples": _examples(rows),
    }


def means(rows: Sequence[Record]) -> dict[str, Interval]:
    """Each metric's mean and interval over the rows that have it; WER is weighted by words."""
    found = {}
    others = (name for row in rows for name in row if name not in (*AVERAGED, *NOT_AVERAGED))
    for name in dict.fromkeys((*AVERAGED, *others)):
        having = [row for row in rows if _is_number(row.get(name))]
        if not having:
            continue
        values = np.array([row[name] for row in having], dtype=np.float64)
        weights = np.ones(len(having))
        if name in ("wer", "cer"):
            weights = np.array([row.get("word_count", 1) for row in having], dtype=np.float64)

        def mean(drawn: np.ndarray, values=values, weights=weights) -> float:
            return float(np.average(values[drawn], weights=weights[drawn]))

        found[name] = bootstrap(mean, len(having), _texts(having))
    for judge in JUDGES:
        asked, heard, classes = _asked_and_heard(rows, judge)
        if asked:
            texts = _texts([row for row in rows if _can_be_right(row, judge)])
            found[f"{judge}_uar"] = uar_interval(asked, heard, classes, texts)
    return found


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def _texts(rows: Sequence[Record]) -> list[str]:
    """What bootstrap draws: sentences hang together; a file without a text stands alone."""
    return [row["text"] or f"row {row['row']}" for row in rows]


def _can_be_right(row: Record, judge: str) -> bool:
    """Whether the asked emotion is one that the judge could have heard."""
    return asked_emotion(row) in (row.get(f"{judge}_probability") or {})


def asked_emotion(row: Record) -> str:
    """The emotion asked of a row; at intensity 0 it is neutral."""
    return "neutral" if row.get("intensity") == 0 and row["emotion"] else row["emotion"]


def _asked_and_heard(rows: Sequence[Record], judge: str) -> tuple[list, list, list]:
    known = [row for row in rows if _can_be_right(row, judge)]
    asked = [asked_emotion(row) for row in known]
    heard = [row[judge] for row in known]
    classes = list(dict.fromkeys(name for r in known for name in r[f"{judge}_probability"]))
    return asked, heard, classes


def _matrices(rows: Sequence[Record]) -> list[Record]:
    matrices = []
    for judge, title in JUDGES.items():
        asked, heard, classes = _asked_and_heard(rows, judge)
        if asked:
            counts = confusion_matrix(asked, heard, classes).tolist()
            matrices.append({"title": title, "classes": classes, "counts": counts})
    return matrices


def _group_table(rows: Sequence[Record], column: str) -> Record | None:
    """Metrics down and systems, voices or emotions across; None where the column says nothing."""
    names = list(dict.fromkeys(row[column] for row in rows))
    if column != "set" and len(names) < 2:
        return None
    by_name = {name: means([row for row in rows if row[column] == name]) for name in names}
    metrics = list(dict.fromkeys(metric for found in by_name.values() for metric in found))
    body = [["files", *(sum(row[column] == name for row in rows) for name in names)]]
    body += [[m, *(_cell(found.get(m)) for found in by_name.values())] for m in metrics]
    title = {"set": "By system", "voice": "By voice", "emotion": "By emotion"}[column]
    return {"title": title, "head": ["metric", *(name or "–" for name in names)], "rows": body}


def _cell(interval: Interval | None) -> str:
    return "–" if interval is None else str(interval)


def _problem_tables(problems: Sequence[Problem]) -> list[Record]:
    tables = []
    for left_out, title in ((True, "Left out"), (False, "Noted")):
        rows = [[", ".join(map(str, p.rows)), p.what, p.why] for p in problems
                if p.left_out == left_out]  # fmt: skip
        if rows:
            tables.append({"title": title, "head": ["rows", "what", "why"], "rows": rows})
    return tables


def _examples(rows: Sequence[Record]) -> list[Record]:
    """The files that most deserve an ear: worst words, least natural."""
    examples = []
    for metric, title, sign in (
        ("wer", "Most word errors", -1),
        ("distill_mos", "Least natural (DistillMOS)", 1),
        ("mcd", "Furthest from their reference (MCD)", -1),
    ):
        having = [row for row in rows if _is_number(row.get(metric))]
        worst = sorted(having, key=lambda row: sign * row[metric])[:EXAMPLES]
        clips = [
            {"path": row["path"], "label": f"row {row['row']}: {metric} {row[metric]:.2f}"}
            for row in worst
        ]
        if clips:
            examples.append({"title": title, "clips": clips})
    return examples


def markdown(report: Record) -> str:
    """The tables and matrices of every entry, and which judges were used and absent."""
    parts = []
    for one in report["entries"].values():
        parts += [f"# {one['title']}", one["about"]]
        judges = report["judges"]
        parts.append(f"Used: {', '.join(judges['used']) or 'none'}. Machine: {report['machine']}.")
        parts += [f"Absent: {name} ({why})." for name, why in judges["absent"].items()]
        parts += [_markdown_table(t["title"], t["head"], t["rows"]) for t in one["tables"]]
        for matrix in one["matrices"]:
            rows = [
                [name, *counts]
                for name, counts in zip(matrix["classes"], matrix["counts"], strict=True)
            ]
            head = ["asked \\ heard", *matrix["classes"]]
            parts.append(_markdown_table(matrix["title"], head, rows))
    return "\n\n".join(parts) + "\n"


def _markdown_table(title: str, head: Sequence, rows: Sequence[Sequence]) -> str:
    def line(cells: Sequence) -> str:
        clean = (" ".join(str(cell).replace("|", "\\|").split()) for cell in cells)
        return "| " + " | ".join(clean) + " |"

    return "\n".join([f"## {title}", "", line(head), "|" + "---|" * len(head), *map(line, rows)])
