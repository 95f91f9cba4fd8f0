"""EmotionSpace: where emotions lie as offsets from a speaker's neutral speech."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from emotts.emotion.affect_map import AffectMap
from emotts.emotion.emotion import MAX_INTENSITY, Emotion
from emotts.emotion.neutrality import Neutrality
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

Calibration = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class EmotionSpace:
    """An embedding space of speech, seen from neutral.

    projection: (dim, dim), removes the speaker subspace (see `emotts.emotion.directions`).
    neutral_centre: (dim,), mean embedding of all speakers' neutral speech.
    directions: category → (dim,), the offset of that emotion acted strongly.
    calibration: category → (levels (k,), gains (k,)): g is linear between the levels and held
    outside; α·g(α) must not fall, so that more intensity is never less emotion. A category
    without one has g = 1.
    unsupervised: category → (dim,), directions found without levels (see
    `emotts.emotion.unsupervised`), as long as the supervised ones; may be empty.
    neutrality: how far real neutral speech lies from its mean; affect: which mixes are heard where
    in the valence–arousal plane; both None where nobody measured it.
    Raises EmottsError for shapes that do not fit and for NaN.
    """

    projection: np.ndarray
    neutral_centre: np.ndarray
    directions: Mapping[str, np.ndarray]
    calibration: Mapping[str, Calibration] = field(default_factory=dict)
    unsupervised: Mapping[str, np.ndarray] = field(default_factory=dict)
    neutrality: Neutrality | None = None
    affect: AffectMap | None = None

    def __post_init__(self) -> None:
        centre = _array("neutral_centre", self.neutral_centre, (None,))
        dim = centre.shape[0]
        object.__setattr__(self, "neutral_centre", centre)
        object.__setattr__(self, "projection", _array("projection", self.projection, (dim, dim)))
        _check_names(self.directions)
        _check_names(self.calibration)
        directions = {k: _array(f"direction {k}", d, (dim,)) for k, d in self.directions.items()}
        object.__setattr__(self, "directions", directions)
        calibration = {k: _calibration(k, *c) for k, c in self.calibration.items()}
        object.__setattr__(self, "calibration", calibration)
        _check_names(self.unsupervised)
        others = {
            k: _array(f"unsupervised direction {k}", d, (dim,))
            for k, d in self.unsupervised.items()
        }
        object.__setattr__(self, "unsupervised", others)
        if self.affect is not None:
            for name in self.affect.names:
                self._direction(name)

    @property
    def dim(self) -> int:
        """Length of an offset."""
        return self.neutral_centre.shape[0]

    @property
    def emotions(self) -> tuple[str, ...]:
        """The categories that can be asked for, in the vocabulary's order; always neutral."""
        return tuple(k for k in CATEGORIES if k == "neutral" or k in self.directions)

    def offset(self, z: np.ndarray, neutral_z: np.ndarray | None = None) -> np.ndarray:
        """Return e = P (z − z̄), float32 of z's shape.

        z: (..., dim) embeddings. neutral_z: (dim,) or (clips, dim) of the same speaker's neutral
        speech, averaged; without it the centre of everyone's neutral speech stands in.
        """
        z = _array("the embedding", z, (*np.shape(z)[:-1], self.dim))
        if neutral_z is None:
            neutral = self.neutral_centre
        else:
            rows = np.atleast_2d(np.asarray(neutral_z, dtype=np.float32))
            neutral = _array("the neutral embedding", rows, (None, self.dim)).mean(axis=0)
        return (z - neutral) @ self.projection.T

    def gain(self, name: str, intensity: float) -> float:
        """Return g(intensity) of a category."""
        if name not in self.calibration:
            return 1.0
        levels, gains = self.calibration[name]
        return float(np.interp(intensity, levels, gains))

    def vector(self, emotion: Emotion) -> np.ndarray:
        """Return α·g(α)·d of shape (dim,); exact zeros for neutral and for intensity 0."""
        if emotion.is_neutral:
            return np.zeros(self.dim, dtype=np.float32)
        radius = emotion.intensity * self.gain(emotion.name, emotion.intensity)
        return np.float32(radius) * self._direction(emotion.name)

    def measure(self, e: np.ndarray, name: str) -> float:
        """Return the intensity (0…1.5) at which a category's vector reaches as far as e does.

        e: (dim,). The way back of `vector`, by the length of e along the category's direction.
        """
        if name == "neutral":
            return 0.0
        direction = self._direction(name)
        e = _array("the offset", e, (self.dim,))
        radius = float(e @ direction) / max(float(direction @ direction), 1e-12)
        levels = np.linspace(0.0, MAX_INTENSITY, 301)
        reached = [level * self.gain(name, level) for level in levels]
        return float(np.interp(radius, reached, levels))

    def _direction(self, name: str) -> np.ndarray:
        if name not in self.directions:
            choices = ", ".join(self.emotions)
            raise EmottsError(f"this emotion space has no {name!r}; choose from {choices}")
        return self.directions[name]

    @property
    def config(self) -> dict[str, Any]:
        """What `from_tensors` needs beside the tensors, as JSON values."""
        return {
            "dim": self.dim,
            "emotions": [k for k in CATEGORIES if k in self.directions],
            "calibrated": [k for k in CATEGORIES if k in self.calibration],
            "unsupervised": [k for k in CATEGORIES if k in self.unsupervised],
            "neutrality": self.neutrality is not None,
            "affect": list(self.affect.names) if self.affect is not None else [],
        }

    def to_tensors(self) -> dict[str, np.ndarray]:
        """Return float32 arrays by flat names, for a checkpoint."""
        tensors = {"projection": self.projection, "neutral_centre": self.neutral_centre}
        for name, direction in self.directions.items():
            tensors[f"direction.{name}"] = direction
        for name, (levels, gains) in self.calibration.items():
            tensors[f"calibration.{name}.levels"] = levels
            tensors[f"calibration.{name}.gains"] = gains
        for name, direction in self.unsupervised.items():
            tensors[f"unsupervised.{name}"] = direction
        if self.neutrality is not None:
            kept = self.neutrality.to_tensors()
            tensors |= {f"neutrality.{name}": array for name, array in kept.items()}
        if self.affect is not None:
            tensors["affect"] = self.affect.rays.astype(np.float32)
        return tensors

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Any], config: Mapping[str, Any]) -> "EmotionSpace":
        """Build a space from `to_tensors` and `config`; arrays and CPU torch tensors will do.

        Raises EmottsError naming what is missing or does not fit.
        """
        try:
            space = cls(
                tensors["projection"],
                tensors["neutral_centre"],
                {k: tensors[f"direction.{k}"] for k in config["emotions"]},
                {
                    k: (tensors[f"calibration.{k}.levels"], tensors[f"calibration.{k}.gains"])
                    for k in config["calibrated"]
                },
                {k: tensors[f"unsupervised.{k}"] for k in config.get("unsupervised", ())},
                _neutrality(tensors) if config.get("neutrality") else None,
                _affect(tensors, config.get("affect")),
            )
            expected = config["dim"]
        except KeyError as error:
            raise EmottsError(f"the emotion space's checkpoint lacks {error.args[0]!r}") from error
        if space.dim != expected:
            raise EmottsError(f"the emotion space has {space.dim} dimensions, not {expected}")
        return space


def _neutrality(tensors: Mapping[str, Any]) -> Neutrality:
    return Neutrality.from_tensors({k: tensors[f"neutrality.{k}"] for k in ("whitening", "limits")})


def _affect(tensors: Mapping[str, Any], names: list[str] | None) -> AffectMap | None:
    return AffectMap(tuple(names), np.asarray(tensors["affect"])) if names else None


def _array(name: str, values: Any, shape: tuple[int | None, ...]) -> np.ndarray:
    array = np.asarray(values, dtype=np.float32)
    fits = len(array.shape) == len(shape) and all(
        wanted is None or size == wanted for size, wanted in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = tuple("any" if size is None else size for size in shape)
        raise EmottsError(f"{name} has shape {array.shape} where {wanted} is needed")
    if not np.isfinite(array).all():
        raise EmottsError(f"{name} holds values that are not finite numbers")
    return array


def _check_names(names: Mapping[str, Any]) -> None:
    for name in names:
        if name not in CATEGORIES[1:]:
            choices = ", ".join(CATEGORIES[1:])
            raise EmottsError(f"{name!r} cannot be a direction from neutral; choose from {choices}")


def _calibration(name: str, levels: Any, gains: Any) -> Calibration:
    levels = _array(f"calibration levels of {name}", levels, (None,))
    gains = _array(f"calibration gains of {name}", gains, levels.shape)
    if levels.size == 0 or levels[0] < 0 or (np.diff(levels) <= 0).any() or (gains <= 0).any():
        raise EmottsError(
            f"calibration of {name}: levels must rise from 0 or more, gains be above 0"
        )
    slope = np.diff(gains) / np.diff(levels)
    # The derivative of α·g(α) is g + α·g′, linear within a segment: its ends decide.
    ends = np.concatenate([gains[:-1] + levels[:-1] * slope, gains[1:] + levels[1:] * slope])
    if (ends < -1e-3).any():
        raise EmottsError(f"calibration of {name}: more intensity must not be less emotion")
    return levels, gains
