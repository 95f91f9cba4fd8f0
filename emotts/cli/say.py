"""`emotts say`: text in, emotional speech out."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from emotts.cli.feeling import Asked, read_pairs
from emotts.cli.options import check_device, check_number
from emotts.errors import EmottsError

LONG_TEXT = 300  # characters; beyond them a wait is long enough to want to see something move
# The synthesizer's own ranges (a test compares them), here so that help needs none of its imports.
RANGES = {
    "rate": (0.5, 2.0), "pitch": (-12.0, 12.0), "pitch_range": (0.0, 3.0),
    "energy": (-20.0, 20.0), "seconds": (0.1, 3600.0), "steps": (1, 100),
    "guidance": (0.0, 10.0), "classifier_guidance": (0.0, 20.0),
    "negative_guidance": (0.0, 5.0), "temperature": (0.0, 1.5), "variety": (0.0, 1.5),
    "best_of": (1, 64),
}  # fmt: skip
SEEDS = (0, 2**32 - 1)
MIXINGS = ("embedding", "velocity", "prototype")
DIRECTIONS = ("supervised", "unsupervised")


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
        "neutral", "--emotion", "-e",
        help='A name, "happy:0.6+sad:0.4", "very angry", or auto to read it from the text.',
    ),
    intensity: float = typer.Option(
        None, "--intensity", "-i", help="0 (neutral) to 1.5; 1 is a strong emotion (default)."
    ),
    curve: str = typer.Option(
        None, help='Emotion in time: "0%:neutral, 60%:happy:0.5, 100%:happy:1.2" or in seconds.'
    ),
    smooth: bool = typer.Option(False, help="Ease the curve in and out of its knots."),
    affect: str = typer.Option(None, help="valence=0.6,arousal=-0.3,dominance=0.1; any of them."),
    reference: Path = typer.Option(None, help="A recording whose emotion is taken."),
    reference_track: bool = typer.Option(False, help="Follow the recording's emotion in time."),
    reference_neutral: Path = typer.Option(None, help="The same speaker speaking neutrally."),
    suppress: str = typer.Option(None, help="Take emotions out: angry:0.7,sad:0.5."),
    negative_guidance: float = typer.Option(None, help="Push away from what is suppressed."),
    mixing: str = typer.Option(None, help="embedding (default), velocity or prototype."),
    directions: str = typer.Option(None, help="supervised (default) or unsupervised."),
    calibrated: bool = typer.Option(True, help="Bend intensities so that they sound even."),
    plan: Path = typer.Option(
        None, help="With --emotion auto: write what was chosen here, or read it if it is there."
    ),
    emotion_model: Path = typer.Option(None, help="With auto: a text classifier's folder."),
    language: str = typer.Option(None, "--language", "-l", help="Default: the voice's own."),
    rate: float = typer.Option(None, help=f"Tempo: {_range('rate')} times the usual."),
    pitch: float = typer.Option(None, help=f"Semitones: {_range('pitch')}."),
    pitch_range: float = typer.Option(None, help=f"Melody: {_range('pitch_range')} times."),
    energy: float = typer.Option(None, help=f"Decibels: {_range('energy')}."),
    seconds: float = typer.Option(None, help="Say it in exactly so many seconds."),
    seed: int = typer.Option(0, help="Another number gives another take; the same, the same."),
    takes: int = typer.Option(1, help="Write so many takes: speech-1.wav, speech-2.wav, …"),
    best_of: int = typer.Option(None, help="Keep the best of so many takes of every sentence."),
    variety: float = typer.Option(None, help=f"How much takes differ: {_range('variety')}."),
    temperature: float = typer.Option(None, help=f"Of the decoder: {_range('temperature')}."),
    steps: int = typer.Option(None, help=f"Solver steps: {_range('steps')}; fewer are faster."),
    guidance: float = typer.Option(None, help=f"Push towards the emotion: {_range('guidance')}."),
    classifier_guidance: float = typer.Option(None, help="Push by a classifier."),
    markup: bool = typer.Option(True, help="Read [tags], *emphasis* and SSML in the text."),
    device: str = typer.Option("cpu", help="cpu, cuda, cuda:0, … or mps."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:  # fmt: skip
    """Say a text with an emotion.

    \b
    Examples:
      emotts say "The meeting starts at nine." --emotion happy --intensity 0.8 -o happy.wav
      emotts say "I [angry 0.9]never[/] said *that*." --voice lj -o never.mp3
      emotts say "You came back." --emotion "happy:0.6+sad:0.4" --best-of 8 --takes 3
      emotts say "It was fine." --curve "0%:neutral, 100%:angry" --seconds 3.2
      emotts say --file story.txt --emotion auto --plan plan.yaml -o story.ogg
      echo "Hello." | emotts say - -o - > hello.wav
    """
    wishes = dict(
        rate=rate, pitch=pitch, pitch_range=pitch_range, energy=energy, seconds=seconds,
        steps=steps, guidance=guidance, classifier_guidance=classifier_guidance,
        negative_guidance=negative_guidance, temperature=temperature, variety=variety,
        best_of=best_of,
    )  # fmt: skip
    for name, value in wishes.items():
        check_number(f"--{name.replace('_', '-')}", value, *RANGES[name])
    check_number("--seed", seed, *SEEDS)
    check_number("--takes", takes, 1, 99)
    asked = Asked(emotion, intensity, curve, smooth, affect, reference, reference_track,
                  reference_neutral, plan, emotion_model)  # fmt: skip
    asked.check()
    targets = _targets(output, takes)
    for target in targets:
        _check_output(target)
    check_device(device)
    if language is not None:
        from emotts.text.espeak import find_language

        find_language(language)
    words = _read_text(text, file)
    options = {k: v for k, v in wishes.items() if v is not None} | dict(
        language=language, mixing=_choice("--mixing", mixing, MIXINGS),
        directions=_choice("--directions", directions, DIRECTIONS), calibrated=calibrated,
        suppress=read_pairs(suppress, "--suppress") if suppress else None, markup=markup,
    )  # fmt: skip

    from emotts.emotion.learned import LearnedEmotions
    from emotts.synthesis.options import Options
    from emotts.synthesis.stored_voices import stored_voices
    from emotts.synthesis.synthesizer import Synthesizer

    synthesizer = Synthesizer.from_pretrained(checkpoint, device=device)
    if voice not in synthesizer.voices:
        synthesizer.stored |= stored_voices(synthesizer.models.folder)
    synthesizer.learned |= LearnedEmotions().directions(synthesizer.mark)
    palette = synthesizer.palette(Options.of(options))
    spoken_language = language or synthesizer.voice(voice).language
    felt = asked.compile(synthesizer, palette, words, spoken_language)
    for number, target in enumerate(targets):
        begun = time.monotonic()
        with _progress(len(words) > LONG_TEXT) as progress:
            speech = synthesizer.synthesize(
                words, voice=voice, emotion=felt, intensity=intensity, progress=progress,
                seed=(seed + number) % 2**32, **options,
            )  # fmt: skip
        speech.save(target)
        if target != "-":
            chosen = speech.provenance.get("best_of")
            spent = time.monotonic() - begun
            of = f", best of {chosen} takes a sentence in {spent:.1f} s" if chosen else ""
            typer.echo(f"{target}: {speech.seconds:.1f} s, {voice}, {asked}{of}", err=True)


def _choice(option: str, value: str | None, choices: tuple[str, ...]) -> str | None:
    if value is not None and value not in choices:
        raise EmottsError(f"unknown {option} {value!r}; choose from {', '.join(choices)}")
    return value


def _targets(output: str, takes: int) -> list[str]:
    """Where the takes go: a number before the ending where there are several."""
    if takes == 1:
        return [output]
    if output == "-":
        raise EmottsError("several takes cannot go to standard output; name a file with -o")
    path = Path(output)
    return [str(path.with_name(f"{path.stem}-{n}{path.suffix}")) for n in range(1, takes + 1)]


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
