"""`emotts recognize`: the emotion heard in recordings."""

import json
from pathlib import Path
from typing import Any

import typer

from emotts.errors import EmottsError


def recognize(
    files: list[Path] = typer.Argument(help="Recordings: wav, flac, ogg, opus, mp3."),
    neutral: list[Path] = typer.Option(
        [], help="A neutral recording of the same speaker; may be given more than once."
    ),
    voice: str = typer.Option(None, help="For speech that emotts made: the voice that speaks."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON instead of a table."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
) -> None:
    """Tell the emotion of recordings.

    Prints probabilities, intensity and affect. With a neutral recording of the
    speaker, or the name of the voice that made the speech, emotion is heard
    relative to neutral, which is surer.

    \b
    Examples:
      emotts recognize a.wav b.wav
      emotts recognize angry.flac --neutral plain.flac --json
      emotts recognize happy.wav --voice kathleen
    """
    if voice and neutral:
        raise EmottsError("--neutral and --voice exclude each other: one neutral is heard against")
    for file in [*files, *neutral]:
        if not file.is_file():
            raise EmottsError(f"there is no audio file {file}")

    from emotts.synthesis.recognizer import Recognizer

    recognizer = Recognizer.from_pretrained(checkpoint)
    against: Any = neutral or None
    if voice:
        from emotts.synthesis.spoken_neutral import spoken_neutral
        from emotts.synthesis.stored_voices import stored_voices
        from emotts.synthesis.synthesizer import Synthesizer

        synthesizer = Synthesizer.from_pretrained(checkpoint)
        synthesizer.stored |= stored_voices(synthesizer.models.folder)
        against = spoken_neutral(synthesizer, recognizer, voice)
    records = []
    for file in files:
        heard = recognizer.recognize(file, neutral=against)
        records.append(
            {
                "file": str(file),
                "emotion": heard.emotion,
                "intensity": float(heard.intensity),
                "affect": {name: float(value) for name, value in heard.affect.items()},
                "probabilities": {name: float(p) for name, p in heard.probabilities.items()},
            }
        )
    if as_json:
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
    else:
        _print(records)


def _print(records: list[dict[str, Any]]) -> None:
    from emotts.cli.tables import print_table

    affect, categories = list(records[0]["affect"]), list(records[0]["probabilities"])
    rows = [
        [r["file"], r["emotion"], r["intensity"], *r["affect"].values(), *_percent(r)]
        for r in records
    ]
    print_table(["file", "emotion", "intensity", *affect, *categories], rows)


def _percent(record: dict[str, Any]) -> list[str]:
    return [f"{probability:.0%}" for probability in record["probabilities"].values()]
