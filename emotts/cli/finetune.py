"""`emotts finetune`: a set goes on learning from recordings of one's own."""

from __future__ import annotations

from pathlib import Path

import typer

from emotts.cli.options import check_number
from emotts.errors import EmottsError

finetune = typer.Typer(
    help="Tune a set to recordings of your own: a voice, an emotion, a language.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_DATA = typer.Option(..., "--data", "-d", help="A folder of recordings, with a table of texts.")
_OUTPUT = typer.Option(..., "--output", "-o", help="Where the whole set goes, for --checkpoint.")
_CONSENT = typer.Option(None, help='Who agreed, and when: "Anna Nowak, 2026-03-01".')
_BASE = typer.Option(None, help="The set to tune: a folder or hub id; default: the one that ships.")


_NAME = typer.Option(..., help="The new voice's name, such as anna.")
_LANGUAGE = typer.Option("en-us", "--language", "-l", help="What is spoken.")
_SEX = typer.Option("unknown", help="female or male, for the table of voices.")
_FULL = typer.Option(False, "--full", help="Tune all weights of the decoder.")
_RANK = typer.Option(16, help="Size of the adapters (LoRA): 1 to 128.")
_STEPS = typer.Option(400, help="Training steps: 1 to 100000.")
_BATCH_SIZE = typer.Option(8, help="Crops of a step: 1 to 256.")
_LEARNING_RATE = typer.Option(None, help="Default: 0.001, with --full 0.0001.")
_MINUTES = typer.Option(None, help="Stop training after so long.")
_REPLAY = typer.Option(
    None, help="A folder of 'emotts prepare' that the set was trained on; else it says lines."
)
_RUN = typer.Option(None, help="Features and state; default: runs/finetune-NAME.")
_SEED = typer.Option(0, help="Another seed, another run.")
_RESTART = typer.Option(False, "--restart/--resume", help="Begin anew, or go on.")


@finetune.command()
def voice(
    data: Path = _DATA,
    output: Path = _OUTPUT,
    name: str = _NAME,
    consent: str = _CONSENT,
    language: str = _LANGUAGE,
    sex: str = _SEX,
    checkpoint: str = _BASE,
    full: bool = _FULL,
    rank: int = _RANK,
    steps: int = _STEPS,
    batch_size: int = _BATCH_SIZE,
    learning_rate: float = _LEARNING_RATE,
    minutes: float = _MINUTES,
    replay: Path = _REPLAY,
    run: Path = _RUN,
    seed: int = _SEED,
    restart: bool = _RESTART,
) -> None:
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
    _tune(dict(
        data=data, output=output, name=name, consent=consent or "", language=language, sex=sex,
        base=checkpoint, run=run, replay=replay, rank=0 if full else rank or -1, steps=steps,
        batch_size=batch_size, learning_rate=learning_rate, minutes=minutes, seed=seed,
        restart=restart,
    ))  # fmt: skip


@finetune.command()
def emotion(
    emotion: str = typer.Argument(help="A category that recordings are labelled with: angry."),
    data: Path = _DATA,
    output: Path = _OUTPUT,
    name: str = _NAME,
    consent: str = _CONSENT,
    language: str = _LANGUAGE,
    sex: str = _SEX,
    checkpoint: str = _BASE,
    full: bool = _FULL,
    rank: int = _RANK,
    steps: int = _STEPS,
    batch_size: int = _BATCH_SIZE,
    minutes: float = _MINUTES,
    replay: Path = _REPLAY,
    run: Path = _RUN,
    restart: bool = _RESTART,
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
    _tune(dict(
        data=data, output=output, name=name, consent=consent or "", language=language, sex=sex,
        base=checkpoint, run=run, replay=replay, rank=0 if full else rank or -1, steps=steps,
        batch_size=batch_size, minutes=minutes, restart=restart,
    ))  # fmt: skip


@finetune.command()
def language(
    code: str = typer.Argument(help="An espeak-ng code, such as de."),
    data: Path = _DATA,
    output: Path = _OUTPUT,
) -> None:
    """Say how a set learns another language: not by tuning (always exit status 2).

    \b
    Examples:
      emotts finetune language de --data german/ -o my_set/
    """
    raise EmottsError(
        f"a language is not learnt by tuning: the networks that turn phones into sound and rhythm "
        f"have never heard those of {code}, and minutes of speech do not teach them; with an hour "
        "or more of transcribed speech train them anew, beside the corpora that act emotions: "
        "'emotts prepare', 'emotts align', then 'emotts train' with the recipes content, prosody, "
        "acoustic and recording (docs/finetuning.md)"
    )


def _tune(asked: dict) -> None:
    """Check what was asked for, tune, print, and tell what was lost."""
    from emotts.text.espeak import find_language

    if asked["rank"]:
        check_number("--rank", asked["rank"], 1, 128)
    check_number("--steps", asked["steps"], 1, 100_000)
    check_number("--batch-size", asked["batch_size"], 1, 256)
    if asked["sex"] not in ("unknown", "female", "male"):
        raise EmottsError(f"--sex is female, male or unknown, not {asked['sex']!r}")
    find_language(asked["language"])
    from emotts.training.finetune.voice import VoiceRequest, finetune_voice

    report = finetune_voice(VoiceRequest(**asked))
    name, output = asked["name"], asked["output"]
    _print(report, name)
    if report.degraded:
        lost = ", ".join(report.degraded)
        typer.echo(
            f"emotts: old voices became worse: {lost}; the set is in {output}, but try fewer "
            "--steps, a smaller --rank, or --replay",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo(f"{output}: {name} after {report.steps} steps; use it with --checkpoint", err=True)


def _print(report, new: str) -> None:
    """Before and after, voice by voice."""
    from emotts.cli.tables import print_table

    rows = []
    for name, was in report.before.items():
        now = report.after[name]
        shown = f"{name} (new)" if name == new else name
        pairs = ((was.similarity, now.similarity), (was.emotion, now.emotion))
        rows.append([shown, *(f"{a:.3f} -> {b:.3f}" for a, b in pairs)])
    print_table(["voice", "similarity", "emotion heard"], rows)
    flow = "no clip is kept for dev" if report.flow is None else "{:.4f} -> {:.4f}".format(
        *report.flow
    )  # fmt: skip
    typer.echo(
        f"flow loss of {new}'s dev clips: {flow}; {report.seconds:g} s of speech, "
        f"{report.parameters:,} numbers trained"
    )
