"""`emotts analyze`: a recording's level, F0, activity, emotion over time and voice, drawn."""

from pathlib import Path

import typer

from emotts.errors import EmottsError


def analyze(
    files: list[Path] = typer.Argument(help="Recordings: wav, flac, ogg, opus, mp3."),
    out: Path = typer.Option(..., "--out", "-o", help="Folder to write to; made where missing."),
    neutral: list[Path] = typer.Option(
        [], help="A neutral recording of the same speaker; may be given more than once."
    ),
    window: float = typer.Option(1.5, help="Length of the emotion track's windows, seconds."),
    hop: float = typer.Option(0.25, help="Step of the emotion track, seconds."),
    picture: bool = typer.Option(True, "--picture/--no-picture", help="Draw a PNG."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:
    """Look at recordings: level, F0, speech, emotion over time.

    Writes NAME.png, NAME.json, NAME.csv (emotion, a row a window) and
    NAME.frames.csv (level, F0 and activity, a row a frame), and prints a row a
    recording: its emotion, pitch, pace, level and likely sex.

    \b
    Examples:
      emotts analyze speech.wav -o out/
      emotts analyze angry.flac --neutral plain.flac -o out/
      emotts analyze talk.mp3 -o out/ --window 3 --hop 1 --no-picture
    """
    for file in [*files, *neutral]:
        if not file.is_file():
            raise EmottsError(f"there is no audio file {file}")
    _check_names(files)

    from emotts.cli.tables import print_table
    from emotts.evaluation.analyze import analyze as analyze_one
    from emotts.evaluation.analyze_emotion import check_windows
    from emotts.synthesis.recognizer import Recognizer

    check_windows(window, hop)
    recognizer = Recognizer.from_pretrained(checkpoint)
    _make_folder(out)
    rows = []
    for file in files:
        found = analyze_one(
            file, list(neutral) or None, window_seconds=window, hop_seconds=hop,
            recognizer=recognizer,
        )  # fmt: skip
        found.to_json(out / f"{file.stem}.json")
        found.to_csv(out / f"{file.stem}.csv")
        found.to_csv(out / f"{file.stem}.frames.csv", frames=True)
        if picture:
            found.plot(out / f"{file.stem}.png")
        rows.append(_row(file, found))
    print_table(COLUMNS, rows)


COLUMNS = ("file", "emotion", "intensity", "valence", "arousal", "dominance", "speech s",
           "F0 Hz", "F0 std", "jitter %", "shimmer dB", "syllables/s", "level dBFS", "sex",
           "sure")  # fmt: skip


def _row(file: Path, found) -> list:
    voice, whole = found.voice, found.whole
    values = [
        *(whole.affect[name] for name in ("valence", "arousal", "dominance")),
        voice.speech_seconds, voice.f0_mean_hz, voice.f0_std_hz,
        None if voice.jitter is None else 100 * voice.jitter, voice.shimmer_db,
        voice.articulation_rate, voice.level_dbfs,
    ]  # fmt: skip
    numbers = ["–" if value is None else float(value) for value in values]
    sure = "–" if voice.sex_probability is None else f"{voice.sex_probability:.0%}"
    return [str(file), whole.emotion, float(whole.intensity), *numbers, voice.sex or "–", sure]


def _check_names(files: list[Path]) -> None:
    """Two recordings of one name would write over each other."""
    seen: dict[str, Path] = {}
    for file in files:
        other = seen.setdefault(file.stem, file)
        if other is not file:
            raise EmottsError(f"{other} and {file} would both be written as {file.stem}.json")


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmottsError(f"the folder {out} cannot be made: {error.strerror}") from error
