"""Manifests: utterances as JSON lines, checked when read; and the guard around training."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError


def describe_invalid(error: ValidationError) -> str:
    """Say the first problem of a validation in one clause: "seconds: Input should be …"."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    cause = first.get("ctx", {}).get("error")
    message = str(cause) if cause is not None else first["msg"]
    return f"{field}: {message}" if field else message


def read_manifest(path: str | Path) -> list[Utterance]:
    """Read a manifest of one JSON object a line.

    Raises EmottsError naming the line for text that is not JSON, a field that is missing,
    unknown or out of range, or an id that occurs twice.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EmottsError(f"the manifest {path} cannot be read: {error}") from error
    rows: list[Utterance] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = _parse(line, f"{path}, line {number}")
        if row.id in seen:
            raise EmottsError(
                f"{path}, line {number}: id {row.id!r} is also on line {seen[row.id]}"
            )
        seen[row.id] = number
        rows.append(row)
    return rows


def _parse(line: str, where: str) -> Utterance:
    try:
        return Utterance.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise EmottsError(f"{where}: not JSON: {error.msg}") from error
    except ValidationError as error:
        raise EmottsError(f"{where}: {describe_invalid(error)}") from error


def write_manifest(path: str | Path, rows: Iterable[Utterance]) -> Path:
    """Write rows as JSON lines; the file appears whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(row.model_dump_json() + "\n" for row in rows)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def training_rows(rows: Iterable[Utterance]) -> list[Utterance]:
    """Keep what may be trained on: the rows of the train split, in their order."""
    return [row for row in rows if row.split == "train"]


def assert_no_leak(rows: Iterable[Utterance], manifest: Iterable[Utterance] = ()) -> None:
    """Raise EmottsError if a training set holds anything that dev or test must not have heard.

    rows: what is about to be trained on. manifest: every row of the corpora; with it a clip
    wrongly marked "train" is found too, by its id, its speaker or its sentence (held-out
    speakers and sentences are counted per corpus).
    """
    rows, manifest = list(rows), list(manifest)
    unseen = [row for row in [*manifest, *rows] if row.split != "train"]
    clips = {row.id for row in unseen}
    speakers = {(row.corpus, row.speaker) for row in unseen if row.held_out == "speaker"}
    sentences = {
        (row.corpus, spoken_words(row.text)) for row in unseen if row.held_out == "sentence"
    }
    for row in rows:
        if row.split != "train" or row.id in clips:
            raise EmottsError(f"training data holds {row.id!r}, a clip of dev or test")
        if (row.corpus, row.speaker) in speakers:
            raise EmottsError(f"training data holds {row.id!r} of held-out speaker {row.speaker!r}")
        if (row.corpus, spoken_words(row.text)) in sentences:
            raise EmottsError(f"training data holds {row.id!r} with held-out text {row.text!r}")


def spoken_words(text: str) -> tuple[str, ...]:
    """A sentence without case, spacing and punctuation, so that a comma hides nothing."""
    kept = (letter if letter.isalnum() else " " for letter in text.casefold())
    return tuple("".join(kept).split())
