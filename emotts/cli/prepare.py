"""`emotts prepare`: recordings to features."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from emotts.cli.options import check_number
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.corpora.own import Report

Progress = Callable[[int, int, str], None]
MOST_SHOWN = 60


def prepare(
    folder: Path = typer.Argument(
        help="A packed corpus folder with its manifest.tsv, a corpus as distributed (with "
        "--corpus), or recordings of your own (with --csv)."
    ),
    output: Path = typer.Option(Path("runs/data"), "--output", "-o", help="Where features go."),
    corpora: str = typer.Option(
        None, help="Only these corpora of the manifest, separated by commas."
    ),
    corpus: str = typer.Option(
        None, help="The folder is this corpus as distributed; names: 'emotts corpus list'."
    ),
    csv: Path = typer.Option(
        None, help="A table of your own recordings in the folder: path, text and more."
    ),
    speaker: str = typer.Option("me", help="With --csv: who speaks where the table says none."),
    language: str = typer.Option("en-us", help="With --csv: language where the table says none."),
    further: bool = typer.Option(
        False, "--further", help="Keep categories beyond the eight, such as amused."
    ),
    check: bool = typer.Option(
        False, "--check", help="With --csv: only say what to fix; extract nothing."
    ),
    workers: int = typer.Option(2, help="Processes at work: 1 to 64."),
) -> None:
    """Extract features from recordings.

    Run it again to go on where it stopped. With --csv every recording is first
    measured, and a table says what to fix: sample rate, clipping, silence,
    noise, and whether text and audio go together. What cannot be used is left
    out; it ends with status 2 where nothing can.

    \b
    Examples:
      emotts prepare ../shared/data -o runs/data
      emotts prepare ../shared/data -o runs/lj --corpora lj,kathleen --workers 1
      emotts prepare corpora/ESD --corpus esd -o runs/esd
      emotts prepare my_voice --csv my_voice/table.csv --check
    """
    check_number("--workers", workers, 1, 64)
    if not folder.is_dir():
        raise EmottsError(f"there is no corpus folder {folder}")
    if output.exists() and not output.is_dir():
        raise EmottsError(f"the output {output} is a file; name a folder")
    given = [n for n, v in (("--corpora", corpora), ("--corpus", corpus), ("--csv", csv)) if v]
    if len(given) > 1:
        raise EmottsError(f"{' and '.join(given)} do not go together; give one of them")
    if check and csv is None:
        raise EmottsError("--check goes with --csv; 'emotts corpus check' looks at a corpus")

    if given in ([], ["--corpora"]):
        from emotts.corpora.prepare import prepare as prepare_corpora

        chosen = [n.strip() for n in corpora.split(",") if n.strip()] if corpora else None
        with shown_progress() as moved:
            prepare_corpora(folder, output, corpora=chosen, workers=workers, progress=moved)
    else:
        if csv is not None:
            rows = _own(folder, csv, speaker, language, further, workers)
        else:
            rows = _distributed(folder, corpus, further)
        if check:
            return
        from emotts.corpora.prepare import prepare_rows

        with shown_progress() as moved:
            prepare_rows(rows, folder, output, workers=workers, progress=moved)
    typer.echo(f"{output}: ready to train", err=True)


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A bar on standard error; what it yields is called with (done, in all, what is done)."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("reading the manifest", total=None)

        def moved(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what)

        yield moved


def _distributed(folder: Path, name: str, further: bool) -> list:
    """Rows of a corpus as distributed; what is left out is counted on standard error."""
    from emotts.corpora.clips import read_corpus, usable
    from emotts.corpora.registry import corpus_named

    made = corpus_named(name)
    with shown_progress() as moved:
        clips = read_corpus(made, folder, moved)
    rows, left_out = usable(clips, further)
    for reason, count in left_out.most_common():
        typer.echo(f"left out {count} of {len(clips)} clips: {reason}", err=True)
    if not rows:
        raise EmottsError(f"nothing in {folder} can be used: {_counted(left_out)}")
    return rows


def _own(
    folder: Path, table: Path, speaker: str, language: str, further: bool, workers: int
) -> list:
    """Rows of one's own table, after saying what to fix."""
    from emotts.corpora.own import look_through, own_corpus

    corpus = own_corpus(table, speaker, language)
    with shown_progress() as moved:
        report = look_through(corpus, folder, further, workers, moved)
    _print_report(report)
    if not report.rows:
        fatal = Counter(f.advice for f in report.found if f.fatal)
        raise EmottsError(f"nothing in {table} can be used: {_counted(fatal)}")
    if all(row.split != "train" for row in report.rows):
        raise EmottsError(f"nothing that can be used in {table} is for training; see its splits")
    return report.rows


def _counted(counts: Counter) -> str:
    return ", ".join(f"{what} ({count})" for what, count in counts.most_common())


def _print_report(report: "Report") -> None:
    from emotts.cli.tables import print_table

    found = sorted(report.found, key=lambda f: not f.fatal)
    if found:
        print_table(
            ("clip", "what", "use", "what to do"),
            [(f.clip, f.what, "no" if f.fatal else "yes", f.advice) for f in found[:MOST_SHOWN]],
        )
    if len(found) > MOST_SHOWN:
        typer.echo(f"… and {len(found) - MOST_SHOWN} more")
    minutes = sum(row.seconds for row in report.rows) / 60
    typer.echo(
        f"{len(report.rows)} of {len(report.clips)} clips can be used, {minutes:.1f} minutes; "
        f"{len({f.clip for f in found if not f.fatal})} of them could be better"
    )
