"""The cast of a script: who speaks with which voice, and how each of them usually sounds."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from emotts.emotion.emotion import MAX_INTENSITY
from emotts.emotion.parse import parse_emotion, plain
from emotts.errors import EmottsError
from emotts.synthesis.options import RANGES

RATE_LIMITS = (0.8, 1.25)
WIDEST_LIMITS = (0.4, 2.5)  # what `emotts.synthesis.timing` can do
_RATE, _PITCH, _ENERGY = (dict(zip(("ge", "le"), RANGES[k], strict=True))
                          for k in ("rate", "pitch", "energy"))  # fmt: skip


class Character(BaseModel):
    """voice: a name from `emotts voices`. emotion and intensity: of lines that name none. rate:
    usual tempo, a factor; rate_limits: how much slower and faster than that a line may be said to
    fit its slot. pitch: semitones; energy: level in dB; language: None for the voice's own.
    aliases: other names in scripts; case, hyphens and underscores do not matter. neutral: a
    recording of the original actor speaking neutrally, beside the cast's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    voice: str = Field(min_length=1)
    emotion: str | None = None
    intensity: float | None = Field(default=None, ge=0, le=MAX_INTENSITY)
    rate: float = Field(default=1.0, **_RATE)
    rate_limits: tuple[float, float] = RATE_LIMITS
    pitch: float = Field(default=0.0, **_PITCH)
    energy: float = Field(default=0.0, **_ENERGY)
    language: str | None = None
    aliases: tuple[str, ...] = ()
    neutral: Path | None = None

    @field_validator("rate_limits")
    @classmethod
    def _check_limits(cls, limits: tuple[float, float]) -> tuple[float, float]:
        return check_limits(limits)

    @model_validator(mode="after")
    def _check_intensity(self) -> Character:
        if self.intensity is not None and self.emotion is None:
            raise EmottsError("an intensity needs an emotion")
        return self


class Cast(BaseModel):
    """characters: by name; default: who speaks lines that name nobody, or nobody known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    characters: dict[str, Character] = Field(min_length=1)
    default: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _unfold(cls, given: Any) -> Any:
        """`anna: kathleen` is short for `anna: {voice: kathleen}`."""
        if not isinstance(given, dict) or not isinstance(given.get("characters"), dict):
            return given
        written = given["characters"].items()
        unfolded = {k: {"voice": v} if isinstance(v, str) else v for k, v in written}
        return {**given, "characters": unfolded}

    @model_validator(mode="after")
    def _check_names(self) -> Cast:
        owners: dict[str, str] = {}
        for name, character in self.characters.items():
            for written in (name, *character.aliases):
                if not plain(written):
                    raise EmottsError(f"an empty name or alias of {name or 'a character'}")
                owner = owners.setdefault(plain(written), name)
                if owner != name:
                    raise EmottsError(f"{written!r} names both {owner} and {name}")
        if self.default is not None and plain(self.default) not in owners:
            raise EmottsError(
                f"the default {self.default!r} is no character; choose from "
                f"{', '.join(self.characters)}"
            )
        return self

    @classmethod
    def load(cls, path: str | Path) -> Cast:
        """Read a YAML file. Raises EmottsError naming the file and everything that is wrong."""
        try:
            given = yaml.load(Path(path).read_text(encoding="utf-8-sig"), Loader=_StrictLoader)
        except UnicodeDecodeError:
            raise EmottsError(f"the cast {path} is not UTF-8; save it as UTF-8") from None
        except OSError as error:
            raise EmottsError(f"the cast {path} cannot be read: {error.strerror}") from error
        except yaml.YAMLError as error:
            reason = " ".join(str(error).split())
            raise EmottsError(f"the cast {path} is not valid YAML: {reason}") from None
        if not isinstance(given, dict):
            raise EmottsError(f"the cast {path} must be a mapping with the key characters")
        try:
            return cls.model_validate(given)._beside(Path(path).parent)
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, e['loc'])) or 'cast'}: "
                f"{e['msg'].removeprefix('Value error, ')}"
                for e in error.errors()
            )
            raise EmottsError(f"the cast {path} is wrong at {problems}") from None

    def _beside(self, folder: Path) -> Cast:
        """With the paths of recordings seen from the folder that the cast lies in."""
        found = {
            name: c if c.neutral is None else c.model_copy(update={"neutral": folder / c.neutral})
            for name, c in self.characters.items()
        }
        return self.model_copy(update={"characters": found})

    @cached_property
    def _names(self) -> dict[str, str]:
        """Plain spelling → name."""
        return {
            plain(written): name
            for name, character in self.characters.items()
            for written in (name, *character.aliases)
        }

    def name_of(self, written: str) -> str | None:
        """The character that a script means, None if there is none of that name."""
        return self._names.get(plain(written))

    def find(self, written: str) -> tuple[str, Character]:
        """Name and character for what a script says; the default for "" and unknown names.

        Raises EmottsError naming the choices where there is no default.
        """
        name = self.name_of(written) or (self.name_of(self.default) if self.default else None)
        if name is None:
            wrong = f"unknown character {written!r}" if written else "no character is named"
            raise EmottsError(
                f"{wrong}; choose from {', '.join(self.characters)}, or give the cast a default"
            )
        return name, self.characters[name]

    def check(self, voices: Collection[str], emotions: Collection[str]) -> None:
        """Raise EmottsError, naming the character, for a voice or an emotion that there is not.

        emotions: what can be named beside the eight categories (`Palette.names`).
        """
        for name, character in self.characters.items():
            if character.voice not in voices:
                raise EmottsError(
                    f"{name} of the cast has the unknown voice {character.voice!r}; choose from "
                    f"{', '.join(voices)}"
                )
            if character.emotion is not None:
                try:
                    parse_emotion(character.emotion, emotions)
                except EmottsError as error:
                    raise EmottsError(f"{name} of the cast: {error}") from None


def check_limits(limits: tuple[float, float]) -> tuple[float, float]:
    """Rate limits as given; EmottsError unless slowest ≤ 1 ≤ fastest, inside WIDEST_LIMITS."""
    slowest, fastest = limits
    if not WIDEST_LIMITS[0] <= slowest <= 1 <= fastest <= WIDEST_LIMITS[1]:
        raise EmottsError(
            f"rate limits are the slowest rate, {WIDEST_LIMITS[0]} to 1, and the fastest, 1 to "
            f"{WIDEST_LIMITS[1]}, not {slowest:g} and {fastest:g}"
        )
    return limits


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key that is given twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key} is given twice", key_node.start_mark
                )
            seen.add(key if isinstance(key, str) else None)
        return super().construct_mapping(node, deep)
