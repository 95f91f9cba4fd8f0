"""`emotts dub`: a script with times, voices and emotions becomes a finished track."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from emotts.cli.options import check_device


class _Scripts(TyperGroup):
    """`emotts dub episode.srt` is `emotts dub run episode.srt`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first and first not in self.commands and first not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


dub = typer.Typer(
    cls=_Scripts,
    help="Make a script's track: emotts dub SCRIPT --cast CAST -o FOLDER.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@dub.command()
def run(
    script: Path = typer.Argument(help="An srt, vtt, ass, ssa, csv, tsv or jsonl file."),
    folder: Path = typer.Option(..., "--output", "-o", help="Folder of the job and its track."),
    cast: Path = typer.Option(None, "--cast", help="Who speaks with which voice (YAML)."),
    workers: int = typer.Option(1, help="Processes that make lines; best one a core."),
    engine: str = typer.Option("local", help="local, or ray for a Ray cluster."),
    overflow: str = typer.Option(
        "shift", help="Lines longer than their slots: shift, overlap, trim-silence or fail."
    ),
    only: str = typer.Option(None, help="Make only these lines: 12,40-55."),
    retake: str = typer.Option(None, help="Make these lines again, with another seed."),
    seed: int = typer.Option(None, help="Seed of retakes; without them, of all lines."),
    bed: Path = typer.Option(None, help="Sound that lies under the lines."),
    duck: float = typer.Option(12.0, help="Decibels that the bed is lowered by under lines."),
    stems: bool = typer.Option(False, "--stems", help="Also write a file for each character."),
    video: Path = typer.Option(None, help="Also write a copy of this film with the track."),
    like: Path = typer.Option(
        None, help="The original actors' lines, a recording or a folder: say them like these."
    ),
    convert: bool = typer.Option(False, "--convert", help="Convert the originals of --like."),
    loudness: float = typer.Option(-23.0, help="Of the track in LUFS (EBU R 128)."),
    rate: int = typer.Option(48000, "--sample-rate", help="Of the track: 24000, 44100 or 48000."),
    format: str = typer.Option("wav", help="Of the track: wav or flac, 24 bits."),
    device: str = typer.Option("cpu", help="cpu, cuda, cuda:0, … or mps."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:  # fmt: skip
    """Make a script's track, or go on with it.

    The same command again makes only what changed; a stopped or killed run goes
    on where it was. Lines that cannot be made are named, the others are mixed,
    and the exit status is 1.

    \b
    Examples:
      emotts dub episode.srt --cast cast.yaml -o out --workers 2
      emotts dub episode.srt --cast cast.yaml -o out --retake 12 --seed 7
      emotts dub lines.csv -o out --bed music.wav --duck 12 --stems --video in.mp4
      emotts dub episode.srt --cast cast.yaml -o out --like original.wav
      emotts dub status out
    """
    check_device(device)
    from emotts.dubbing.job import DubOptions, read_numbers
    from emotts.dubbing.job import dub as make
    from emotts.dubbing.worker import Models

    options = DubOptions(
        workers=workers, engine=engine, overflow=overflow,
        only=read_numbers(only) if only is not None else None,
        retake=read_numbers(retake) if retake is not None else frozenset(),
        seed=seed, bed=bed, duck=duck, stems=stems, video=video, loudness=loudness, rate=rate,
        format=format, like=like, convert=convert,
    )  # fmt: skip
    try:
        with _progress() as progress:
            job = make(script, folder, cast, options, Models(checkpoint, device), progress)
    except KeyboardInterrupt:
        typer.echo("emotts: stopped; the same command goes on from here", err=True)
        raise typer.Exit(130) from None
    for warning in job.warnings:
        typer.echo(f"emotts: warning: {warning}", err=True)
    _tell(job, err=True)


@dub.command()
def status(folder: Path = typer.Argument(help="Folder of the job.")) -> None:
    """Say what is done, what failed and why; 1 if anything failed."""
    from emotts.dubbing.report import summary
    from emotts.dubbing.store import JobStore

    with JobStore.read(folder) as store:
        _tell(summary(store), err=False)


@dub.command()
def report(folder: Path = typer.Argument(help="Folder of the job.")) -> None:
    """Write report.html anew from the job's table."""
    from emotts.dubbing.review import write_review
    from emotts.dubbing.store import JobStore

    with JobStore.read(folder) as store:
        typer.echo(f"{write_review(store)}: written", err=True)


@dub.command()
def clean(folder: Path = typer.Argument(help="Folder of the job.")) -> None:
    """Remove takes that no line uses any more."""
    from emotts.dubbing.store import JobStore

    with JobStore.existing(folder) as store:
        typer.echo(f"{folder}: {store.clean()} files removed", err=True)


def _tell(job: Any, err: bool) -> None:
    for sentence in job.sentences():
        typer.echo(sentence, err=err)
    if job.failed:
        raise typer.Exit(1)


@contextmanager
def _progress() -> Iterator[Callable[[int, int, float], None]]:
    """A bar on stderr with the time left; yields what moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.fields[done]} of {task.fields[lines]} lines"), BarColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = None

        def moved(done: int, lines: int, share: float) -> None:
            nonlocal task
            if task is None:
                task = shown.add_task("lines", total=1.0, done=0, lines=lines)
            shown.update(task, completed=share, done=done, lines=lines)

        yield moved
