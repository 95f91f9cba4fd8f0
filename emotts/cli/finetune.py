"""`emotts finetune`: a set goes on learning from recordings of one's own."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from emotts.cli.options import check_number
from emotts.errors import EmottsError

finetune = typer.Typer(
    help="Tune a set to recordings of your own: a voice, an emotion, a language.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _request(
    data: Path = typer.Option(..., "--data", "-d", help="A folder of recordings and their texts."),
    output: Path = typer.Option(
        ..., "--output", "-o", help="Where the whole set goes, for --checkpoint."
    ),
    name: str = typer.Option(..., help="The new voice's name, such as anna."),
    consent: str = typer.Option(None, help='Who agreed, and when: "Anna Nowak, 2026-03-01".'),
    sex: str = typer.Option("unknown", help="female or male, for the table of voices."),
    checkpoint: str = typer.Option(
        None, help="The set to tune: a folder or hub id; default: the one that ships."
    ),
    full: bool = typer.Option(False, "--full", help="Tune all weights, not adapters."),
    rank: int = typer.Option(16, help="Size of the adapters (LoRA): 1 to 128."),
    steps: int = typer.Option(
        None, help="Training steps of each network; default: 400, of a voice fewer under 400 s."
    ),
    batch_size: int = typer.Option(8, help="Crops or clips of a step: 1 to 256."),
    learning_rate: float = typer.Option(None, help="Default: 0.001, with --full 0.0001."),
    minutes: float = typer.Option(None, help="Stop training after so long."),
    replay: Path = typer.Option(
        None, help="A folder of 'emotts prepare' that the set was trained on; else it says lines."
    ),
    run: Path = typer.Option(None, help="Features and state; default: runs/finetune-NAME."),
    seed: int = typer.Option(0, help="Another seed, another run."),
    restart: bool = typer.Option(False, "--restart/--resume", help="Begin anew, or go on."),
) -> dict[str, Any]:
    """The options that all commands have, checked, as a `VoiceRequest` takes them."""
    if not full:
        check_number("--rank", rank, 1, 128)
    if steps is not None:
        check_number("--steps", steps, 1, 100_000)
    check_number("--batch-size", batch_size, 1, 256)
    if sex not in ("unknown", "female", "male"):
        raise EmottsError(f"--sex is female, male or unknown, not {sex!r}")
    return dict(
        data=data, output=output, name=name, consent=consent or "", sex=sex, base=checkpoint,
        rank=0 if full else rank, steps=steps, batch_size=batch_size, learning_rate=learning_rate,
        minutes=minutes, replay=replay, run=run, seed=seed, restart=restart,
    )  # fmt: skip


def _tuning(command: Callable) -> Callable:
    """A command with the options of `_request` after its own, which are given to it as `asked`."""
    shared = inspect.signature(_request).parameters
    own = {k: p for k, p in inspect.signature(command).parameters.items() if k != "asked"}

    @functools.wraps(command)
    def run(**given: Any) -> None:
        asked = _request(**{k: given.pop(k) for k in shared})
        command(asked=asked, **given)

    parameters = [p.replace(kind=p.KEYWORD_ONLY) for p in (own | shared).values()]
    run.__signature__ = inspect.Signature(parameters)
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    return run


_LANGUAGE = typer.Option("en-us", "--language", "-l", help="What is spoken.")


@finetune.command()
@_tuning
def voice(asked: dict, language: str = _LANGUAGE) -> None:
    """Give a set a new voice that keeps all emotions, and check that its old voices stay.

    The folder holds clips of 0.5 to 30 s and a table metadata.csv with the
    columns file,text (and if wished emotion, level), or a .txt beside each
    clip. Clips without text are heard instead of read, which is worth less.
    Exit status 1: the set is written, but an old voice has become worse.

    \b
    Examples:
      emotts finetune voice --data my_voice/ -o my_set/ --name anna \\
        --consent "Anna Nowak, in writing, 2026-03-01"
      emotts say "Hello." --voice anna --emotion happy --checkpoint my_set/
      emotts finetune voice --data my_voice/ -o my_set/ --name jan -l pl \\
        --consent "Jan Nowak, 2026-03-01" --full --replay runs/data
    """
    _tune_voice(asked, language)


@finetune.command()
@_tuning
def emotion(
    asked: dict,
    emotion: str = typer.Argument(help="A category that recordings are labelled with: angry."),
    language: str = _LANGUAGE,
) -> None:
    """Tune a set to how one speaker acts an emotion.

    As 'finetune voice', with recordings that the table labels with the
    emotion beside neutral ones. An emotion that is none of the categories
    needs no tuning: 'emotts learn-emotion' places it from 1 to 50 examples.

    \b
    Examples:
      emotts finetune emotion angry --data acted/ -o my_set/ --name anna \\
        --consent "Anna Nowak, in writing, 2026-03-01"
    """
    from emotts.emotion.vocabulary import CATEGORIES
    from emotts.training.finetune.recordings import read_recordings

    data = asked["data"]
    if emotion not in CATEGORIES[1:]:
        raise EmottsError(
            f"{emotion!r} is none of the categories that a set is trained on "
            f"({', '.join(CATEGORIES[1:])}); an emotion of your own is learnt without tuning: "
            f"emotts learn-emotion NAME --examples {data}"
        )
    if not any(r.emotion == emotion for r in read_recordings(data)):
        raise EmottsError(
            f"no recording in {data} is labelled {emotion}; name it in the column emotion of the "
            "table, beside neutral recordings of the same speaker"
        )
    _tune_voice(asked, language)


@finetune.command()
@_tuning
def language(
    asked: dict,
    code: str = typer.Argument(help="An espeak-ng code, such as de: 'emotts phonemes --languages'"),
) -> None:
    """Teach a set a language by a voice that speaks it, and check that its old voices stay.

    As 'finetune voice', with two minutes of speech or more, all with text.
    Phones that the set has never heard begin as those that are said most
    alike, and the command says which. Exit status 1: the set is written, but
    an old voice has become worse.

    \b
    Examples:
      emotts finetune language de --data german/ -o my_set/ --name greta \\
        --consent "Greta Braun, in writing, 2026-03-01"
      emotts say "Guten Morgen." --voice greta --checkpoint my_set/
    """
    from emotts.text.espeak import find_language
    from emotts.training.finetune.language import finetune_language
    from emotts.training.finetune.voice import VoiceRequest

    request = VoiceRequest(**asked, language=find_language(code))
    report = finetune_language(request)
    begun = ", ".join(f"{new} as {old}" for new, old in report.begun.items())
    typer.echo(f"new to the set, and what they began as: {begun or 'no phone'}")
    for what, losses in (("content", report.content), ("prosody", report.prosody)):
        typer.echo(f"{what} loss of {request.name}'s dev clips: {_change(losses)}")
    typer.echo(f"old lines sound {report.drift:.3f} nepers different on average")
    _tell(report.voice, request)


def _tune_voice(asked: dict, language: str) -> None:
    """Tune to a voice, print, and tell what was lost."""
    from emotts.text.espeak import find_language

    find_language(language)
    from emotts.training.finetune.voice import VoiceRequest, finetune_voice

    request = VoiceRequest(**asked, language=language)
    _tell(finetune_voice(request), request)


def _change(losses: tuple[float, float] | None) -> str:
    if losses is None:
        return "no clip is kept for dev"
    return f"{losses[0]:.4f} -> {losses[1]:.4f}"


def _tell(report: Any, request: Any) -> None:
    """Before and after, voice by voice, and which old voices became worse: exit status 1."""
    from emotts.cli.tables import print_table

    rows = []
    for name, was in report.before.items():
        now = report.after[name]
        shown = f"{name} (new)" if name == request.name else name
        pairs = ((was.similarity, now.similarity), (was.emotion, now.emotion))
        rows.append([shown, *(f"{a:.3f} -> {b:.3f}" for a, b in pairs)])
    print_table(["voice", "similarity", "emotion heard"], rows)
    typer.echo(
        f"flow loss of {request.name}'s dev clips: {_change(report.flow)}; {report.seconds:g} s of "
        f"speech, {report.parameters:,} numbers trained"
    )
    if report.degraded:
        lost = ", ".join(report.degraded)
        typer.echo(
            f"emotts: old voices became worse: {lost}; the set is in {request.output}, but try "
            "fewer --steps, a smaller --rank, or --replay",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo(
        f"{request.output}: {request.name} after {report.steps} steps; use it with --checkpoint",
        err=True,
    )
