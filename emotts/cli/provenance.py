"""`emotts provenance`: how a file was made."""

from __future__ import annotations

import json
from pathlib import Path

import typer


def provenance(
    files: list[Path] = typer.Argument(help="Audio files."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object a line."),
) -> None:
    """Tell how files were made, if emotts made them and they say so.

    \b
    Examples:
      emotts provenance angry.wav
      emotts provenance *.mp3 --json
    """
    from emotts.audio.provenance import read_provenance

    for path in files:
        found = read_provenance(path)
        if as_json:
            typer.echo(json.dumps({"file": str(path), "provenance": found}, ensure_ascii=False))
        elif found is None:
            typer.echo(f"{path}: does not say that emotts made it")
        else:
            typer.echo(f"{path}: " + ", ".join(f"{k} {v}" for k, v in found.items()))
