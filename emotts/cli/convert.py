"""`emotts convert`: speech in, the same words with another emotion or voice out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import typer

from emotts.cli.feeling import Asked, read_pairs
from emotts.cli.options import check_device, check_number
from emotts.errors import EmottsError

# The converter's own ranges (a test compares them), here so that help needs none of its imports.
RANGES = {
    "scale_emotion": (0.0, 3.0), "pitch_blend": (0.0, 1.0), "keep": (0.0, 1.0),
    "pitch": (-24.0, 24.0), "steps": (1, 100), "temperature": (0.0, 1.5), "guidance": (0.0, 10.0),
    "negative_guidance": (0.0, 5.0), "voice_guidance": (0.0, 5.0),
}  # fmt: skip
FORMATS = ("wav", "flac", "ogg", "mp3")


@dataclass(frozen=True)
class Task:
    """What every process that converts must know; plain values only."""

    asked: Asked | None
    intensity: float | None
    voice: str | None
    speaker: Path | None
    neutral: tuple[Path, ...]
    options: tuple[tuple[str, object], ...]
    provenance: bool
    device: str
    checkpoint: str | None


def convert(
    source: Path = typer.Argument(
        help="A recording, a folder of them, or a manifest (.jsonl .tsv .csv .txt)."
    ),
    output: Path = typer.Option(
        ..., "--output", "-o", help="A file for a recording, a folder for many."
    ),
    emotion: str = typer.Option(
        None, "--emotion", "-e", help='A name, "happy:0.6+sad:0.4", neutral; default: as it is.'
    ),
    intensity: float = typer.Option(
        None, "--intensity", "-i", help="0 (neutral) to 1.5; 1 is a strong emotion (default)."
    ),
    curve: str = typer.Option(None, help='In time: "0%:neutral, 60%:happy:0.5, 100%:happy:1.2".'),
    smooth: bool = typer.Option(False, help="Ease the curve in and out of its knots."),
    affect: str = typer.Option(None, help="valence=0.6,arousal=-0.3,dominance=0.1; any of them."),
    reference: Path = typer.Option(None, help="Another recording whose emotion is taken."),
    reference_track: bool = typer.Option(False, help="Follow that recording's emotion in time."),
    reference_neutral: Path = typer.Option(None, help="Its speaker speaking neutrally."),
    suppress: str = typer.Option(None, help="Take emotions out: angry:0.8,sad:0.5."),
    negative_guidance: float = typer.Option(None, help="Push away from what is suppressed."),
    scale_emotion: float = typer.Option(None, help="Times what is felt in it, 0 to 3."),
    neutral: list[Path] = typer.Option([], help="The same speaker speaking neutrally."),
    voice: str = typer.Option(None, "--voice", "-v", help="Another voice; see: emotts voices."),
    speaker: Path = typer.Option(None, help="A recording of whoever is to speak."),
    transcript: str = typer.Option(None, help="The words that are said, if you know them."),
    language: str = typer.Option(None, help="Of the transcript: en-us (default), pl, …"),
    rhythm: str = typer.Option("keep", help="keep (the same length) or convert."),
    pitch: float = typer.Option(None, help="Semitones besides, -24 to 24."),
    pitch_blend: float = typer.Option(
        None, help="0 keeps the melody, 1 makes one anew (needs a transcript)."
    ),
    keep: float = typer.Option(None, help="How much of the recording's own sound is kept, 0 to 1."),
    mixing: str = typer.Option(None, help="embedding (default), velocity or prototype."),
    directions: str = typer.Option(None, help="supervised (default) or unsupervised."),
    calibrated: bool = typer.Option(True, help="Bend intensities so that they sound even."),
    guidance: float = typer.Option(None, help="Push towards the emotion: 0 to 10."),
    voice_guidance: float = typer.Option(
        None, help="Push towards another voice: 0 to 5; 1 is none, default 2."
    ),
    steps: int = typer.Option(None, help="Solver steps; fewer are faster."),
    temperature: float = typer.Option(None, help="Of the decoder: 0 to 1.5."),
    seed: int = typer.Option(0, help="The same number gives the same samples."),
    format: str = typer.Option("wav", help="Of many files: wav, flac, ogg or mp3."),
    overwrite: bool = typer.Option(False, "--overwrite", help="Make again what is there."),
    workers: int = typer.Option(1, help="Processes for many files."),
    provenance: bool = typer.Option(True, help="Write into the file how it was made."),
    device: str = typer.Option("cpu", help="cpu, cuda, cuda:0, … or mps."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:  # fmt: skip
    """Say a recording's words with another emotion or in another voice.

    Of many files, those whose output is there already are passed over, so
    that a run that was stopped goes on where it was. Manifests may give rows
    an output, emotion, intensity and voice of their own.

    \b
    Examples:
      emotts convert in.wav --emotion angry --intensity 0.9 -o angry.wav
      emotts convert in.wav --suppress angry:0.8 -o calmer.wav
      emotts convert in.wav --scale-emotion 1.5 --neutral plain.wav -o more.wav
      emotts convert in.wav --voice kathleen -e "happy:0.6+sad:0.4" -o other.wav
      emotts convert clips --emotion sad --rhythm convert --workers 2 -o sad_clips
    """
    wishes = dict(
        scale_emotion=scale_emotion, pitch_blend=pitch_blend, keep=keep, pitch=pitch, steps=steps,
        temperature=temperature, guidance=guidance, negative_guidance=negative_guidance,
        voice_guidance=voice_guidance,
    )  # fmt: skip
    for name, value in wishes.items():
        check_number(f"--{name.replace('_', '-')}", value, *RANGES[name])
    check_number("--seed", seed, 0, 2**32 - 1)
    check_number("--workers", workers, 1, 256)
    check_device(device)
    if format not in FORMATS:
        raise EmottsError(f"unknown format {format!r}; choose from {', '.join(FORMATS)}")
    if emotion == "auto":
        raise EmottsError("auto reads an emotion from a text; a recording needs one named")
    felt = emotion is not None or curve or affect or reference
    asked = Asked(emotion or "neutral", intensity, curve, smooth, affect, reference,
                  reference_track, reference_neutral)  # fmt: skip
    asked.check()
    for path in [*neutral, *([speaker] if speaker else [])]:
        if not path.is_file():
            raise EmottsError(f"there is no recording {path}")
    options = {k: v for k, v in wishes.items() if v is not None} | dict(
        mixing=mixing, directions=directions, calibrated=calibrated, rhythm=rhythm, seed=seed,
        transcript=transcript, language=language,
        suppress=read_pairs(suppress, "--suppress") if suppress else None,
    )  # fmt: skip
    task = Task(
        asked if felt else None, intensity, voice, speaker, tuple(neutral),
        tuple((k, v) for k, v in options.items() if v is not None), provenance, device, checkpoint,
    )  # fmt: skip
    _run(source, output, task, format, overwrite, workers)


def _run(source: Path, output: Path, task: Task, ending: str, overwrite: bool, workers: int):
    from emotts.synthesis.conversion_files import FileJob, check_job, plan
    from emotts.synthesis.conversion_manifest import ENDINGS
    from emotts.synthesis.conversion_options import ConversionOptions

    ConversionOptions.of(dict(task.options))
    many = source.is_dir() or source.suffix.lower() in ENDINGS
    if not many:
        check_job(source, output)
        _report_one(make_work(task, _progress), FileJob(source, output, {}))
        return
    if output.is_file():
        raise EmottsError(f"{output} is a file; many recordings need a folder")
    _report_many(plan(source, output, ending), task, overwrite, workers)


def make_work(task: Task, progress=None):
    """What converts one file; called once in every process."""
    from emotts.emotion.learned import LearnedEmotions
    from emotts.synthesis.conversion_jobs import file_work
    from emotts.synthesis.conversion_options import ConversionOptions
    from emotts.synthesis.converter import Converter
    from emotts.synthesis.stored_voices import stored_voices

    converter = Converter.from_pretrained(task.checkpoint, device=task.device)
    converter.learned |= LearnedEmotions().directions(converter.mark)
    converter.stored |= stored_voices(converter.models.folder)
    options = dict(task.options)
    emotion = None
    if task.asked is not None:
        palette = converter.palette(ConversionOptions.of(options))
        emotion = task.asked.compile(converter, palette, "", "")
    target = converter.measure(task.speaker, "speaker") if task.speaker else task.voice
    wishes = options | dict(
        emotion=emotion, intensity=task.intensity, voice=target,
        neutral=list(task.neutral) or None,
    )  # fmt: skip
    return file_work(converter, wishes, task.provenance, progress)


def _report_one(work, job) -> None:
    done = work(job)
    typer.echo(f"{job.target}: {done.seconds:.1f} s", err=True)


def _report_many(jobs, task: Task, overwrite: bool, workers: int) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from emotts.synthesis.conversion_jobs import run_jobs

    columns = (TextColumn("converting"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    failed = skipped = 0
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("converting", total=len(jobs))
        for done in run_jobs(jobs, make_work, (task,), workers, overwrite):
            for line in (*done.warned, *([done.problem] if done.problem else [])):
                progress.console.print(f"emotts: {line}", markup=False, soft_wrap=True)
            failed, skipped = failed + bool(done.problem), skipped + done.skipped
            progress.advance(bar)
    said = f"{len(jobs) - failed - skipped} converted, {skipped} were there, {failed} failed"
    typer.echo(said, err=True)
    if failed:
        raise EmottsError(f"{failed} of {len(jobs)} recordings were not converted")


def _progress(done: float, total: float) -> None:
    """A line of a long file on stderr."""
    if total > 60:
        typer.echo(f"\r{done:.0f} of {total:.0f} s", nl=done >= total, err=True)
