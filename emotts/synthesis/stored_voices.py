"""Voices of a user's own, made of recordings: one safetensors file each, with who agreed, when."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.checkpoints.files import replace_file
from emotts.errors import EmottsError
from emotts.synthesis.voices import Voice

if TYPE_CHECKING:
    from emotts.synthesis.converter import Converter

FORMAT = "emotts stored voice 1"
MOST_BYTES = 1 << 20
SHORTEST_SECONDS, LONGEST_SECONDS = 5.0, 600.0
TENSORS = ("embedding", "spectrum", "neutral")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class StoredVoices:
    """A folder of voices; made when something is saved."""

    def __init__(self, folder: str | Path | None = None):
        """folder: where they are kept; None for the user's own, beside the learnt emotions."""
        if folder is None:
            from emotts.emotion.learned import default_folder

            folder = default_folder().parent / "voices"
        self.folder = Path(folder)

    def names(self) -> tuple[str, ...]:
        """The names, sorted."""
        found = self.folder.glob("*.safetensors") if self.folder.is_dir() else ()
        return tuple(sorted(path.stem for path in found if _NAME.fullmatch(path.stem)))

    def load(self, name: str) -> tuple[Voice, dict, np.ndarray]:
        """A voice; its card, with `consent`, `created`, `seconds` and `checkpoint`; and the mean
        emotion embedding (64,) of its neutral speech. Raises EmottsError naming all."""
        if name not in self.names():
            known = ", ".join(self.names()) or "none; make one with 'emotts add-voice'"
            raise EmottsError(f"there is no stored voice {name!r}; there are: {known}")
        return read_voice(self.folder / f"{name}.safetensors")

    def voices(self, mark: str | None = None) -> dict[str, Voice]:
        """All of them by name.

        mark: of the speaker encoder in use (`speaker_mark`); voices measured with another one are
        left out with a warning.
        """
        out = {}
        for name in self.names():
            voice, card, _ = self.load(name)
            if mark is not None and card["checkpoint"] != mark:
                said = f"the voice {name} was measured with other checkpoints; add it anew"
                warnings.warn(said, stacklevel=2)
                continue
            out[name] = voice
        return out

    def save(self, voice: Voice, card: dict, neutral: np.ndarray, replace: bool = False) -> Path:
        """Keep a voice; an existing one of that name only with `replace`."""
        path = self.folder / f"{checked_voice_name(voice.name)}.safetensors"
        if path.exists() and not replace:
            raise EmottsError(f"there is a voice {voice.name} already; --replace makes it anew")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EmottsError(f"cannot make the folder {self.folder}: {error.strerror}") from error
        from safetensors.numpy import save

        numbers = ("log_f0", "pitch_deviation", "energy", "tempo")
        facts = voice.model_dump(mode="json") | {n: getattr(voice, n) for n in numbers}
        tensors = {
            "embedding": np.asarray(voice.embedding, np.float32), "spectrum": voice.spectrum(),
            "neutral": np.asarray(neutral, np.float32),
        }  # fmt: skip
        told = {
            "format": FORMAT, "voice": json.dumps(facts, ensure_ascii=False),
            "card": json.dumps(card, ensure_ascii=False),
        }  # fmt: skip
        data = save(tensors, told)
        replace_file(path, lambda part: part.write_bytes(data))
        return path

    def delete(self, name: str) -> None:
        """Forget a voice."""
        self.load(name)
        (self.folder / f"{name}.safetensors").unlink()


def checked_voice_name(name: str, taken: Sequence[str] = ()) -> str:
    """Return a name that a voice may have; raises EmottsError for others, and for one in `taken`,
    the voices that ship."""
    if not _NAME.fullmatch(name) or len(name) > 40 or name in ("source", "speaker"):
        raise EmottsError(
            f"{name[:60]!r} cannot be a voice's name; use up to 40 letters a-z, digits and "
            "hyphens, a letter first, and not 'source' or 'speaker'"
        )
    if name in taken:
        raise EmottsError(f"{name} is a voice that ships; choose another name")
    return name


def checked_consent(consent: str | None) -> str:
    """Return the consent line; raises EmottsError where there is none."""
    line = " ".join((consent or "").split())
    if len(line) < 4:
        raise EmottsError(
            "a voice belongs to a person: give --consent with who agreed, and when, such as "
            "'Anna Nowak, in writing, 2026-03-01'"
        )
    return line


def speaker_mark(folder: str | Path) -> str:
    """First letters of the SHA-256 of a set's speaker encoder, which stored voices depend on."""
    index = json.loads((Path(folder) / "index.json").read_text(encoding="utf-8"))
    return index["files"]["speaker.safetensors"]["sha256"][:10]


def make_voice(
    converter: Converter, name: str, recordings: Sequence[str | Path], consent: str,
    language: str = "en-us", sex: str = "unknown",
) -> tuple[Voice, dict, np.ndarray]:  # fmt: skip
    """Measure a voice on 5 s to 10 minutes of neutral speech; what `StoredVoices.save` takes.

    Raises EmottsError for no consent, too little speech, and a name that is taken.
    """
    from emotts.synthesis.conversion_reading import open_recording

    checked_voice_name(name, tuple(converter.models.voices))
    line, parts = checked_consent(consent), []
    for recording in recordings:
        with open_recording(recording) as recorded:
            parts += recorded.speech(LONGEST_SECONDS)
    total = sum(len(part) for part in parts) / 24000
    if total < SHORTEST_SECONDS:
        raise EmottsError(
            f"{total:.1f} s of speech are too few for a voice; give {SHORTEST_SECONDS:g} s or more"
        )
    voice = converter.measure(
        parts, name, language=language, sex=sex, corpus="stored", licence=f"consent: {line}"
    )
    neutral = converter.conversion.recognizer.hear_neutral(parts)
    card = {
        "consent": line, "created": date.today().isoformat(), "seconds": round(total, 1),
        "checkpoint": speaker_mark(converter.models.folder),
        "files": [os.path.basename(str(r)) for r in recordings],
    }  # fmt: skip
    return voice, card, neutral.embedding


def read_voice(path: str | Path) -> tuple[Voice, dict, np.ndarray]:
    """Read one stored voice's file; raises EmottsError for any other file."""
    from pydantic import ValidationError
    from safetensors import SafetensorError, safe_open

    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise EmottsError(f"{path} is too large for a stored voice")
        with safe_open(path, framework="numpy") as file:
            told = file.metadata() or {}
            found = {name: file.get_tensor(name) for name in TENSORS}
        if told.get("format") != FORMAT or not all(np.isfinite(v).all() for v in found.values()):
            raise EmottsError(f"{path} is no stored voice")
        facts = json.loads(told["voice"])
        voice = Voice(
            **facts, embedding=found["embedding"].tolist(), mel_mean=found["spectrum"].tolist()
        )
        return voice, json.loads(told["card"]), found["neutral"]
    except OSError as error:
        raise EmottsError(f"cannot read {path}: {error.strerror or error}") from error
    except (SafetensorError, KeyError, TypeError, ValidationError, json.JSONDecodeError) as error:
        raise EmottsError(f"{path} is no stored voice: {error}") from error


def stored_voices(source_folder: str | Path, folder: str | Path | None = None) -> dict[str, Voice]:
    """A user's voices that fit the checkpoints in `source_folder`, by name."""
    store = StoredVoices(folder)
    return store.voices(speaker_mark(source_folder)) if store.names() else {}
