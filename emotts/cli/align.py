"""`emotts align`: phones and their durations for a prepared folder."""

from pathlib import Path

import typer


def align(
    data: Path = typer.Argument(Path("runs/data"), help="A folder made by 'emotts prepare'."),
    passes: int = typer.Option(10, min=1, help="Viterbi training passes."),
    workers: int = typer.Option(2, min=1, help="Threads."),
) -> None:
    """Align the texts of a prepared folder with its speech (trains on the train split).

    \b
    Examples:
      emotts align runs/data
      emotts align runs/data --passes 12 --workers 1
    """
    from emotts.corpora.shards_store import open_store
    from emotts.training.alignment.corpus import align_store

    def report(language: str, number: int, total: int, fit: float) -> None:
        typer.echo(f"{language}: pass {number} of {total}, log-likelihood {fit:.2f}", err=True)

    typer.echo(align_store(open_store(data), passes, workers, report))
