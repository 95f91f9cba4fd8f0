"""`emotts evaluate files`: any system's audio, scored."""

from pathlib import Path

import typer

from emotts.errors import EmottsError


def files(
    manifest: Path = typer.Argument(help="A CSV or JSONL file with a row a file; see below."),
    output: Path = typer.Option(Path("report"), "--output", "-o", help="Where the report goes."),
    only: str = typer.Option(
        None, help="Only these metrics, separated by commas: wer, dnsmos, mcd, ser_b, prosody, …"
    ),
    limit: int = typer.Option(None, help="Score only the first so many rows."),
    ser_b: Path = typer.Option(None, help="Folder of another SER B than the one that ships."),
    judge: list[str] = typer.Option(
        [], help="An external judge too: NAME or NAME=FOLDER; may be given more than once."
    ),
    checkpoint: str = typer.Option(
        None, help="SER A's folder or hub id; default: the set that ships."
    ),
) -> None:
    """Score audio files of any system, or recordings.

    The manifest's columns: path; and, where known, text, reference (a recording
    to compare with), voice, emotion, intensity, language, neutral (1 marks what
    emotions are heard against), system, seed. Paths start at its folder.

    What cannot be scored is named with its row and left out: then the exit
    status is 1, and 2 when nothing can be scored. Run it again to go on.

    \b
    Examples:
      emotts evaluate files manifest.csv -o report
      emotts evaluate files manifest.jsonl --only wer,dnsmos --limit 20
      emotts evaluate files manifest.csv --judge utmos=models/utmos
    """
    if limit is not None and limit < 1:
        raise EmottsError(f"--limit must be 1 or more, not {limit}")
    names = [name.strip() for name in only.split(",") if name.strip()] if only else None
    judges = {name: source or None for name, _, source in (j.partition("=") for j in judge)}

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from emotts.evaluation.files import evaluate_files

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("reading the manifest", total=None)

        def moved(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what)

        found = evaluate_files(
            manifest, output, names, limit, ser_b, checkpoint, judges, progress=moved
        )
    _tell(found)
    if not found.complete:
        raise typer.Exit(1)


def _tell(found) -> None:
    from emotts.cli.tables import print_table

    figures = found.report["entries"]["files"]["figures"]
    rows = [
        [name, value, figures[f"{name}_low"], figures[f"{name}_high"]]
        for name, value in figures.items()
        if f"{name}_low" in figures
    ]
    print_table(["metric", "mean", "from", "to"], rows)
    for problem in found.problems:
        typer.echo(f"emotts: {'' if problem.left_out else 'note: '}{problem}", err=True)
    count = len(found.rows)
    typer.echo(f"{found.folder}: {count} file{'s' * (count != 1)} scored", err=True)
