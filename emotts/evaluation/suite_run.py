"""Runs entries one after another and writes the report after each; a stopped run goes on."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError
from emotts.evaluation.entries import ENTRIES
from emotts.evaluation.report import (
    Report,
    machine,
    markdown,
    read_rows,
    write_report,
    write_rows,
)
from emotts.evaluation.sets import NoControl
from emotts.evaluation.suite import Absent, Entry, Options, seen_from
from emotts.evaluation.suite_bench import Bench
from emotts.evaluation.suite_judges import folder_hash

FORMAT = 1
PACKAGES = (
    "emotts", "numpy", "torch", "scipy", "swift-f0", "opensmile", "faster-whisper", "jiwer",
    "distillmos", "speechmos", "resemblyzer", "piper-tts",
)  # fmt: skip
CODE = ("audio", "emotion", "models", "synthesis", "text")
MADE_BY = "made_by.txt"

Show = Callable[[str], None]


def choose(only: str | None) -> list[str]:
    """Entries by a comma-separated choice, in the suite's order; None is all of them."""
    if only is None:
        return list(ENTRIES)
    wanted = {name.strip() for name in only.split(",") if name.strip()}
    if not wanted or wanted - set(ENTRIES):
        raise EmottsError(
            f"no entry {', '.join(sorted(wanted - set(ENTRIES))) or 'was named'}; choose from "
            f"{', '.join(ENTRIES)}"
        )
    return [name for name in ENTRIES if name in wanted]


def run_suite(
    options: Options, chosen: Sequence[str] | None = None, bench: Bench | None = None,
    show: Show = lambda sentence: None,
) -> Report:  # fmt: skip
    """Score the chosen entries that are not finished yet and return the report.

    show: called with a sentence when an entry begins or must be skipped. What is absent stands in
    the report: `complete` says whether all that was chosen was scored.
    """
    chosen = list(ENTRIES if chosen is None else chosen)
    options.output.mkdir(parents=True, exist_ok=True)
    bench = bench or Bench(options)
    report, rows = _begin(options, bench)
    for name in chosen:
        if name in report["entries"] and not report["notes"].get(name):
            show(f"{name}: finished before")
            continue
        show(f"{name} …")
        entry, notes = _score(name, bench)
        report["skipped"].pop(name, None)
        report["notes"].pop(name, None)
        if entry is None:
            report["skipped"][name] = notes[0]
            report["entries"].pop(name, None)
        else:
            report["entries"][name] = entry.report(options.output)
            if notes:
                report["notes"][name] = notes
        for note in notes:
            show(f"{name}: {note}")
        kept = entry.rows if entry else []
        rows = [row for row in rows if row["entry"] != name] + [
            {"entry": name, **row, "path": seen_from(options.output, row["path"])} for row in kept
        ]
        _write(options.output, report, rows, bench)
    _write(options.output, report, rows, bench)
    _html(options.output, show)
    return report


def complete(report: Report, chosen: Sequence[str]) -> bool:
    """Whether every chosen entry was scored with nothing absent from it."""
    return all(name in report["entries"] and not report["notes"].get(name) for name in chosen)


def _score(name: str, bench: Bench) -> tuple[Entry | None, list[str]]:
    """An entry and what it had to leave out, or None and the sentence that says why."""
    bench.notes = []
    try:
        entry = ENTRIES[name](bench)
    except (Absent, NoControl) as error:
        return None, [" ".join(str(error).split()).rstrip(".")]
    return entry, [" ".join(note.split()).rstrip(".") for note in dict.fromkeys(bench.notes)]


def _begin(options: Options, bench: Bench) -> tuple[Report, list[dict]]:
    """The report so far: a kept one if it was made with the same things, or an empty one."""
    here = Path(__file__).resolve().parents[1]
    code = "".join(folder_hash(here / part, "*.py") for part in CODE)
    head = {
        "format": FORMAT,
        "checkpoint": bench.checkpoint,
        "seed": options.seed,
        "seeds": bench.seeds,
        "quick": options.quick,
        "machine": machine(),
        "versions": _versions(),
        "hashes": {
            "checkpoint": bench.checkpoint,
            "ser_b": folder_hash(options.judge, "ser_b.safetensors"),
            "code": sha256(code.encode()).hexdigest()[:12],
        },
    }
    _warn_of_old_audio(bench.folder, head["hashes"]["code"])
    path = options.output / "report.json"
    kept = _read(path)
    if kept is not None and _key(kept) == _key(head):
        left = {k: kept.get(k, {}) for k in ("skipped", "notes", "entries")}
        rows = read_rows(options.output / "rows.jsonl")
        head["judges"] = kept["judges"]
        return {**head, **left}, [row for row in rows if row["entry"] in left["entries"]]
    return {**head, "judges": {}, "skipped": {}, "notes": {}, "entries": {}}, []


def _key(report: Report) -> list:
    """What kept entries hold for; a change of code is warned of instead."""
    hashes = report.get("hashes", {})
    same = [report.get(name) for name in ("format", "seed", "seeds", "quick")]
    return [*same, hashes.get("checkpoint"), hashes.get("ser_b")]


def _read(path: Path) -> Report | None:
    if not path.is_file():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise EmottsError(f"{path} is no report of the suite; move it away") from error
    return kept if isinstance(kept, dict) and isinstance(kept.get("entries"), dict) else None


def _warn_of_old_audio(folder: Path, code: str) -> None:
    note = folder / MADE_BY
    if note.is_file() and note.read_text(encoding="utf-8").strip() != code:
        warnings.warn(
            f"audio in {folder} was made by other code than this; --again makes it anew",
            stacklevel=3,
        )
    elif not note.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(f"{code}\n", encoding="utf-8")


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _write(folder: Path, report: Report, rows: list[dict], bench: Bench) -> None:
    before = report["judges"] or {"used": [], "absent": {}}
    used = {name for name, judge in bench.judges.used.items() if judge is not None}
    used |= set(before["used"])
    absent = {k: v for k, v in before["absent"].items() if k not in used} | bench.judges.absent
    report["judges"] = {"used": sorted(used - set(absent)), "absent": absent}
    report["entries"] = {n: report["entries"][n] for n in ENTRIES if n in report["entries"]}
    write_rows(folder / "rows.jsonl", rows)
    write_report(folder / "report.json", report)
    (folder / "report.md").write_text(markdown(report), encoding="utf-8")


def _html(folder: Path, show: Show) -> None:
    try:
        from emotts.evaluation.report_html import write_html
    except ImportError as error:
        show(f"no report.html: {error}")
        return
    write_html(folder)


@contextmanager
def shown_progress(bench: Bench) -> Iterator[Any]:
    """A bar on stderr for each set that is made or judged; yields what prints a sentence."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

        def steps(items: list, what: str = "") -> Iterator[Any]:
            items = list(items)
            if not items:
                return
            task = progress.add_task(what, total=len(items))
            try:
                for item in items:
                    yield item
                    progress.advance(task)
            finally:
                progress.remove_task(task)

        bench.steps = steps
        yield lambda sentence: progress.console.print(sentence, markup=False, highlight=False)
