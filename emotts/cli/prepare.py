"""`emotts prepare`: recordings to features."""

from pathlib import Path

import typer

from emotts.cli.options import check_number
from emotts.errors import EmottsError


def prepare(
    folder: Path = typer.Argument(help="A packed corpus folder, with its manifest.tsv."),
    output: Path = typer.Option(Path("runs/data"), "--output", "-o", help="Where features go."),
    corpora: str = typer.Option(
        None, help="Only these corpora of the manifest, separated by commas."
    ),
    workers: int = typer.Option(2, help="Processes at work: 1 to 64."),
) -> None:
    """Extract features from recordings.

    Run it again to go on where it stopped.

    \b
    Examples:
      emotts prepare ../shared/data -o runs/data
      emotts prepare ../shared/data -o runs/lj --corpora lj,kathleen --workers 1
    """
    check_number("--workers", workers, 1, 64)
    if not folder.is_dir():
        raise EmottsError(f"there is no corpus folder {folder}")
    if output.exists() and not output.is_dir():
        raise EmottsError(f"the output {output} is a file; name a folder")
    chosen = [name.strip() for name in corpora.split(",") if name.strip()] if corpora else None

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from emotts.corpora.prepare import prepare as prepare_corpora

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("reading the manifest", total=None)

        def moved(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what)

        prepare_corpora(folder, output, corpora=chosen, workers=workers, progress=moved)
    typer.echo(f"{output}: ready to train", err=True)
