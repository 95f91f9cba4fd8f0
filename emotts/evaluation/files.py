"""Score any system's audio, or recordings, with whatever judges the machine has."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError
from emotts.evaluation.files_audio import Sound, examine, odd_rates
from emotts.evaluation.files_emotion import EmotionA, EmotionB, EmotionBWhisper
from emotts.evaluation.files_judges import (
    JudgeAbsent,
    Metric,
    NotGiven,
    Prosody,
    Table,
    Words,
    opinions,
)
from emotts.evaluation.files_manifest import Manifest, Problem, Row, read_manifest
from emotts.evaluation.files_references import External, Reference, Speaker
from emotts.evaluation.files_report import build_report, markdown
from emotts.evaluation.score_cache import ScoreCache

Progress = Callable[[int, int, str], None]
OPTIONAL_COLUMNS = ("reference", "neutral")  # a row may lack these though others have them


@dataclass
class FilesReport:
    """What was scored: the rows as written to rows.jsonl, and the report as in report.json."""

    folder: Path
    rows: list[dict[str, Any]]
    report: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        return not any(problem.left_out for problem in self.problems)


def all_metrics(
    ser_b: str | Path | None = None,
    checkpoint: str | None = None,
    judges: Mapping[str, str | None] | None = None,
) -> list[Metric]:
    """Every metric, in the order of the report; nothing is loaded before it is asked.

    judges: external judges by name, with their sources, as `emotts.evaluation.judges` takes them.
    """
    record = EmotionB(ser_b)
    emotion: list[Metric] = [record, EmotionBWhisper(record), EmotionA(checkpoint)]
    external = [External(name, source) for name, source in (judges or {}).items()]
    return [Words(), *opinions(), Speaker(), Reference(), *emotion, *external, Prosody()]


def choose(metrics: Sequence[Metric], only: Sequence[str] | None) -> list[Metric]:
    """The metrics that have, or are, one of the names; all for None.

    Raises EmottsError for a name that is none.
    """
    if only is None:
        return list(metrics)
    known = {name for metric in metrics for name in (metric.name, *metric.fields)}
    unknown = sorted(set(only) - known)
    if unknown or not only:
        raise EmottsError(
            f"Unknown metric {', '.join(unknown) or '(none)'}; choose from "
            f"{', '.join(sorted(known))}."
        )
    return [m for m in metrics if set(only) & {m.name, *m.fields}]


def evaluate_files(
    manifest: str | Path,
    output: str | Path,
    only: Sequence[str] | None = None,
    limit: int | None = None,
    ser_b: str | Path | None = None,
    checkpoint: str | None = None,
    judges: Mapping[str, str | None] | None = None,
    metrics: Sequence[Metric] | None = None,
    progress: Progress = lambda done, total, what: None,
) -> FilesReport:
    """Score the files of a CSV or JSONL manifest and write a report folder.

    output: gets rows.jsonl, report.json, report.md, report.html, and scores.jsonl, which a second
    run takes its scores from wherever a file's content is the same. only: names of metrics or of
    their figures. limit: how many rows are scored; the rest still serves as neutral speech.
    ser_b: SER B's folder, checkpoint: SER A's set; None is the shipped one. judges: external judges
    and their sources. metrics: other metrics than `all_metrics`. What is left out is in
    `problems`, with its rows. Raises EmottsError for a manifest of which nothing can be scored,
    and for unknown names.
    """
    chosen = choose(all_metrics(ser_b, checkpoint, judges) if metrics is None else metrics, only)
    if limit is not None and limit < 1:
        raise EmottsError(f"The limit must be one row or more, not {limit}.")
    listed = read_manifest(manifest)
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise EmottsError(f"The output {folder} is a file; name a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    problems = list(listed.problems)
    table = _listen(listed, folder, problems, progress)
    rows = table.rows[:limit]
    figures: dict[int, dict[str, Any]] = {row.number: {} for row in rows}
    absent: dict[str, str] = {}
    for i, metric in enumerate(chosen):
        for j, row in enumerate(rows):
            progress(i * len(rows) + j, len(chosen) * len(rows), metric.name)
            found, problem = _score(metric, row, table, absent, listed, only is not None)
            figures[row.number] |= found
            problems += [problem] if problem else []
    progress(len(chosen) * len(rows), len(chosen) * len(rows), "done")
    problems = merged(problems)
    records = [_record(r, table.sounds[r.number], folder) | figures[r.number] for r in rows]
    used = [m.name for m in chosen if m.name not in absent]
    report = build_report(records, listed.path, used, absent, problems)
    _write(folder, records, report)
    return FilesReport(folder, records, report, problems)


def _listen(listed: Manifest, folder: Path, problems: list[Problem], progress: Progress) -> Table:
    """The rows whose files hold sound; the others, and what is odd, go to `problems`."""
    rows: list[Row] = []
    sounds: dict[int, Sound] = {}
    for done, row in enumerate(listed.rows):
        progress(done, len(listed.rows), "reading")
        try:
            sounds[row.number] = examine(row.path)
        except EmottsError as error:
            problems.append(Problem((row.number,), "the row", str(error)))
            continue
        rows.append(row)
    if not rows:
        first = f" ({problems[0]})" if problems else ""
        raise EmottsError(f"No row of {listed.path} can be scored{first}.")
    rates = odd_rates([sounds[row.number].rate for row in rows])
    for row, rate in zip(rows, rates, strict=True):
        flags = [*sounds[row.number].flags, *([rate] if rate else [])]
        for flag in flags:
            kind = flag.split(" (")[0]
            problems.append(Problem((row.number,), "the file", kind, left_out=False))
    return Table(rows, sounds, ScoreCache(folder / "scores.jsonl"))


def _score(
    metric: Metric, row: Row, table: Table, absent: dict[str, str], listed: Manifest, asked: bool
) -> tuple[dict[str, Any], Problem | None]:
    """The figures of one row, and what went wrong with them."""
    try:
        return metric.score(row, table), None
    except NotGiven as missing:
        given = missing.column in listed.columns and missing.column not in OPTIONAL_COLUMNS
        problem = Problem((row.number,), metric.name, str(missing), left_out=asked or given)
        return missing.figures, problem
    except (JudgeAbsent, ImportError) as error:
        absent.setdefault(metric.name, str(error))
        return {}, Problem((row.number,), metric.name, f"the judge is absent: {error}")
    except Exception as error:  # a foreign judge may raise anything; the other rows still count
        return {}, Problem((row.number,), metric.name, str(error) or type(error).__name__)


def merged(problems: Sequence[Problem]) -> list[Problem]:
    """One problem for all the rows that share it, in the order of the first."""
    rows: dict[tuple[str, str, bool], list[int]] = {}
    for p in problems:
        rows.setdefault((p.what, p.why, p.left_out), []).extend(p.rows)
    return [Problem(tuple(sorted(set(n))), *key) for key, n in rows.items()]


def _placed(path: Path, folder: Path) -> str:
    """Relative to the report's folder, as its readers take it; elsewhere only where it must."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _record(row: Row, sound: Sound, folder: Path) -> dict[str, Any]:
    return {
        "row": row.number, "entry": "files", "set": row.system or "files",
        "path": _placed(row.path, folder), "text": row.text, "voice": row.voice,
        "emotion": row.emotion or ("neutral" if row.neutral else ""), "intensity": row.intensity,
        "seed": row.seed, "language": row.language, "neutral": row.neutral,
        "reference": _placed(row.reference, folder) if row.reference else None,
        "sha256": row.sha256, "seconds": sound.seconds, "flags": list(sound.flags),
    }  # fmt: skip


def _write(folder: Path, records: list[dict[str, Any]], report: dict[str, Any]) -> None:
    lines = [json.dumps(record, ensure_ascii=False, allow_nan=False) for record in records]
    for name, text in (
        ("rows.jsonl", "\n".join(lines) + "\n"),
        ("report.json", json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False)),
        ("report.md", markdown(report)),
    ):
        temporary = folder / f"{name}.part"
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, folder / name)
    from emotts.evaluation.report_html import write_html

    write_html(folder)
