"""The `emotts` command: its subcommands, and how errors reach people."""

import warnings
from typing import Any

import typer
from typer.core import TyperGroup

from emotts.cli.add_voice import add_voice
from emotts.cli.align import align
from emotts.cli.analyze import analyze
from emotts.cli.calibrate import calibrate
from emotts.cli.convert import convert
from emotts.cli.corpus import corpus
from emotts.cli.demo import demo
from emotts.cli.dub import dub
from emotts.cli.emotions import emotions
from emotts.cli.evaluate import evaluate
from emotts.cli.export import export
from emotts.cli.finetune import finetune
from emotts.cli.import_vocoder import import_vocoder
from emotts.cli.learn_emotion import learn_emotion, learned
from emotts.cli.phonemes import phonemes
from emotts.cli.prepare import prepare
from emotts.cli.provenance import provenance
from emotts.cli.recognize import recognize
from emotts.cli.runs import runs
from emotts.cli.say import say
from emotts.cli.serve import serve
from emotts.cli.train import train
from emotts.cli.voices import voices
from emotts.errors import EmottsError


class _Commands(TyperGroup):
    """Commands whose EmottsError ends as one sentence on stderr and exit status 2."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except EmottsError as error:
            typer.echo(f"emotts: {' '.join(str(error).split())}", err=True)
            raise typer.Exit(2) from error


app = typer.Typer(
    cls=_Commands,
    help="Emotional speech: type a sentence and an emotion, and hear it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (
    say, convert, voices, add_voice, emotions, learn_emotion, recognize, analyze, provenance,
    phonemes, prepare, align, train, calibrate, export, import_vocoder, demo, serve,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
app.add_typer(evaluate, name="evaluate")
app.add_typer(learned, name="learned")
app.add_typer(dub, name="dub")
app.add_typer(corpus, name="corpus")
app.add_typer(finetune, name="finetune")
app.add_typer(runs, name="runs")


def _version(wanted: bool) -> None:
    if wanted:
        from emotts import __version__

        typer.echo(f"emotts {__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and leave."
    ),
) -> None:
    """Emotional speech: type a sentence and an emotion, and hear it."""


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    typer.echo(f"emotts: warning: {message}", err=True)


def run() -> None:
    """The console script: warnings and errors are sentences, never tracebacks."""
    warnings.showwarning = _show_warning
    app()
