"""`emotts say`: text in, emotional speech out."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from emotts.cli.options import check_device, check_number
from emotts.errors import EmottsError

LONG_TEXT = 300  # characters; beyond them a wait is long enough to want to see something move
# The synthesizer's own ranges (a test compares them), here so that help needs none of its imports.
RANGES = {
    "rate": (0.5, 2.0),
    "pitch": (-12.0, 12.0),
    "energy": (-20.0, 20.0),
    "steps": (1, 100),
    "guidance": (0.0, 10.0),
}
SEEDS = (0, 2**32 - 1)


def _range(name: str) -> str:
    lowest, highest = RANGES[name]
    return f"{lowest:g} to {highest:g}"


def say(
    text: str = typer.Argument(None, help="What to say; - reads standard input."),
    file: Path = typer.Option(None, "--file", "-f", help="Read the text from this file."),
    output: str = typer.Option(
        "speech.wav", "--output", "-o",
        help="Where to write: .wav, .flac, .ogg or .mp3; - is wav on standard output.",
    ),
    voice: str = typer.Option("kathleen", "--voice", "-v", help="See: emotts voices."),
    emotion: str = typer.Option(
        "neutral", "--emotion", "-e", help="A name or name:intensity. See: emotts emotions."
    ),
    intensity: float = typer.Option(
        None, "--intensity", "-i", help="0 (neutral) to 1.5; 1 is a strong emotion (default)."
    ),
    language: str = typer.Option(None, "--language", "-l", help="Default: the voice's own."),
    rate: float = typer.Option(1.0, help=f"Tempo: {_range('rate')} times the usual."),
    pitch: float = typer.Option(0.0, help=f"Semitones: {_range('pitch')}."),
    energy: float = typer.Option(0.0, help=f"Decibels: {_range('energy')}."),
    seed: int = typer.Option(0, help="Another number gives another take; the same, the same."),
    steps: int = typer.Option(None, help=f"Solver steps: {_range('steps')}; fewer are faster."),
    guidance: float = typer.Option(None, help=f"Push towards the emotion: {_range('guidance')}."),
    device: str = typer.Option("cpu", help="cpu, cuda, cuda:0, … or mps."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:  # fmt: skip
    """Say a text with an emotion.

    \b
    Examples:
      emotts say "The meeting starts at nine." --emotion happy --intensity 0.8 -o happy.wav
      emotts say "You came back." --voice lj --emotion surprised:1.2 -o surprised.mp3
      emotts say --file story.txt --voice kathleen -o story.ogg
      echo "Hello." | emotts say - -o - > hello.wav
    """
    from emotts.emotion.emotion import Emotion

    wishes = dict(rate=rate, pitch=pitch, energy=energy, steps=steps, guidance=guidance)
    for name, value in wishes.items():
        check_number(f"--{name}", value, *RANGES[name])
    check_number("--seed", seed, *SEEDS)
    wanted = Emotion.of(emotion, intensity)
    _check_output(output)
    check_device(device)
    if language is not None:
        from emotts.text.espeak import find_language

        find_language(language)
    words = _read_text(text, file)

    from emotts.synthesis.synthesizer import Synthesizer

    synthesizer = Synthesizer.from_pretrained(checkpoint, device=device)
    with _progress(len(words) > LONG_TEXT) as progress:
        speech = synthesizer.synthesize(
            words, voice=voice, emotion=wanted, language=language, seed=seed, progress=progress,
            **wishes,
        )  # fmt: skip
    speech.save(output)
    if output != "-":
        typer.echo(f"{output}: {speech.seconds:.1f} s, {voice}, {wanted}", err=True)


def _check_output(output: str) -> None:
    from emotts.audio.io import check_target

    if output != "-":
        check_target(output)
    elif sys.stdout.isatty():
        raise EmottsError("standard output is a terminal; send it to a file or name one with -o")


def _read_text(text: str | None, file: Path | None) -> str:
    """Return the text from where the user has it, checked for what cannot be said."""
    from emotts.text.phonemes import check_text

    if (text is None) == (file is None):
        raise EmottsError("give the text either as TEXT, with --file FILE, or as - on stdin")
    if text == "-" or str(file) == "-":
        words = _decoded(sys.stdin.buffer.read(), "standard input")
    elif file is not None:
        try:
            words = _decoded(file.read_bytes(), str(file))
        except OSError as error:
            raise EmottsError(f"the text file {file} cannot be read: {error.strerror}") from error
    else:
        words = text
    words = words.strip()
    check_text(words)
    if not any(character.isalnum() for character in words):
        raise EmottsError("nothing in the text can be pronounced; it needs at least one word")
    return words


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EmottsError(f"the text of {where} is not UTF-8 (byte {error.start + 1})") from error


@contextmanager
def _progress(shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on stderr, while shown; yields what moves it, called with sentences done and in all."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("speaking"), BarColumn(), MofNCompleteColumn(), TextColumn("sentences"))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("speaking", total=None)

        def moved(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield moved
