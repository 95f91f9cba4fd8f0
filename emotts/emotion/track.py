"""EmotionTrack: the emotion of every moment, which every control compiles to."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from emotts.errors import EmottsError

Unit = Literal["fraction", "seconds"]
Interpolation = Literal["linear", "smooth"]


@dataclass(frozen=True, eq=False)
class EmotionTrack:
    """Offsets from neutral at knots, interpolated between them and held outside.

    positions: (k,) not falling, at most two alike: two are a jump, and the later one counts
    there. They are fractions of the utterance (0…1) or seconds from its start.
    vectors: (k, dim) float32. interpolation: straight lines, or eased in and out of every knot
    (smoothstep: no overshoot). Raises EmottsError for anything else.
    """

    positions: np.ndarray
    vectors: np.ndarray
    unit: Unit = "fraction"
    interpolation: Interpolation = "linear"

    def __post_init__(self) -> None:
        positions = np.array(self.positions, dtype=np.float64)
        vectors = np.array(self.vectors, dtype=np.float32)
        for name, value, kind in (
            ("unit", self.unit, Unit),
            ("interpolation", self.interpolation, Interpolation),
        ):
            if value not in get_args(kind):
                raise EmottsError(
                    f"a track's {name} is one of {', '.join(get_args(kind))}, not {value!r}"
                )
        _check_knots(positions, vectors, self.unit)
        for name, array in (("positions", positions), ("vectors", vectors)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @classmethod
    def constant(cls, vector: np.ndarray) -> "EmotionTrack":
        """One emotion, (dim,), from beginning to end."""
        return cls(np.zeros(1), np.asarray(vector, dtype=np.float32)[None])

    @property
    def dim(self) -> int:
        """Length of an offset."""
        return self.vectors.shape[1]

    @property
    def is_neutral(self) -> bool:
        """True if every moment is the origin."""
        return not self.vectors.any()

    def at(self, positions: np.ndarray | float) -> np.ndarray:
        """Return (..., dim) at positions (...) in the track's unit; exact at the knots."""
        return self._values(np.asarray(positions, dtype=np.float64), "right")

    def sample(self, frames: int, frame_rate: float) -> np.ndarray:
        """Return (frames, dim), the offset of every frame.

        frame_rate: frames a second; frame i is at i / frame_rate seconds. In fractions the first
        frame is at 0 and the last at 1. For a part that begins at t0 seconds sample
        `shifted(-t0)`.
        """
        if frames < 0 or not 0 < frame_rate < np.inf:
            raise EmottsError(f"cannot sample {frames} frames at {frame_rate} frames a second")
        if self.unit == "seconds":
            return self.at(np.arange(frames) / frame_rate)
        return self.at(np.arange(frames) / max(frames - 1, 1))

    def slice(self, start: float, end: float) -> "EmotionTrack":
        """Return the part from start to end, as a track of its own beginning at 0.

        In fractions the part fills 0…1 again. Linear tracks keep every value; a smooth track
        that is cut between knots is eased anew from and to the cuts.
        """
        if not 0 <= start < end < np.inf or (self.unit == "fraction" and end > 1):
            limit = "0 ≤ start < end" + (" ≤ 1" if self.unit == "fraction" else "")
            raise EmottsError(f"a slice needs {limit}, not {start} to {end}")
        inside = (self.positions > start) & (self.positions < end)
        positions = np.concatenate([[start], self.positions[inside], [end]]) - start
        if self.unit == "fraction":
            positions = positions / (end - start)
        first = self._values(np.asarray([start]), "right")
        last = self._values(np.asarray([end]), "left")
        vectors = np.concatenate([first, self.vectors[inside], last])
        return EmotionTrack(positions, vectors, self.unit, self.interpolation)

    def join(self, other: "EmotionTrack", at: float) -> "EmotionTrack":
        """Return this track until `at` and then the other.

        In seconds this one is cut at `at` and the other starts there; in fractions this one is
        squeezed into 0…at and the other into at…1. `track.slice(0, at).join(track.slice(at, 1),
        at)` is the track again.
        """
        if (self.unit, self.interpolation, self.dim) != (
            other.unit,
            other.interpolation,
            other.dim,
        ):
            raise EmottsError("only tracks of one unit, interpolation and dimension can be joined")
        if not 0 < at < (1 if self.unit == "fraction" else np.inf):
            raise EmottsError(f"tracks cannot be joined at {at}: it lies outside the utterance")
        first, second = self.slice(0, at), other._from_zero()
        left, right = first.positions, at + second.positions
        if self.unit == "fraction":
            first = self.slice(0, 1)
            left = first.positions * at
            right = np.minimum(at + second.positions * (1 - at), 1)
        met = bool((first.vectors[-1] == second.vectors[0]).all())
        return EmotionTrack(
            np.concatenate([left[: len(left) - met], right]),
            np.concatenate([first.vectors[: len(left) - met], second.vectors]),
            self.unit,
            self.interpolation,
        )

    def _from_zero(self) -> "EmotionTrack":
        """The same track with exactly one knot at 0, where its first value is held."""
        later = self.positions > 0
        positions = np.concatenate([[0.0], self.positions[later]])
        vectors = np.concatenate([self.at([0.0]), self.vectors[later]])
        return EmotionTrack(positions, vectors, self.unit, self.interpolation)

    def shifted(self, seconds: float) -> "EmotionTrack":
        """Return the track that many seconds later, or earlier if negative; only in seconds.

        What comes to lie before 0 is cut off: `track.shifted(-t0)` is the track of a sentence
        that starts at t0. Linear tracks keep every value; see `slice` for smooth ones.
        """
        if self.unit != "seconds" or not np.isfinite(seconds):
            raise EmottsError(
                f"a track in {self.unit} cannot be shifted by {seconds} s; only tracks in seconds "
                "can, by a finite number"
            )
        if seconds >= 0:
            return EmotionTrack(
                self.positions + seconds, self.vectors, self.unit, self.interpolation
            )
        left = self.positions > -seconds
        positions = np.concatenate([[0.0], self.positions[left] + seconds])
        vectors = np.concatenate([self.at([-seconds]), self.vectors[left]])
        return EmotionTrack(positions, vectors, self.unit, self.interpolation)

    def plot(self, path: str | Path, directions: Mapping[str, np.ndarray] | None = None) -> None:
        """Draw the track into a .png, .svg or .pdf; see `emotts.emotion.plots.plot_track`."""
        from emotts.emotion.plots import plot_track

        plot_track(self, path, directions)

    def scale(self, factor: float) -> "EmotionTrack":
        """Return the track with every offset times a factor; 0 makes it neutral."""
        vectors = self.vectors * np.float32(factor) + np.float32(0)  # −0 becomes 0
        return EmotionTrack(self.positions, vectors, self.unit, self.interpolation)

    def save(self, path: str | Path) -> None:
        """Write an .npz file of plain arrays."""
        with Path(path).open("wb") as file:
            np.savez(
                file,
                positions=self.positions,
                vectors=self.vectors,
                unit=np.array(self.unit),
                interpolation=np.array(self.interpolation),
            )

    @classmethod
    def load(cls, path: str | Path) -> "EmotionTrack":
        """Read what `save` wrote; raises EmottsError for any other file."""
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls(
                    file["positions"],
                    file["vectors"],
                    str(file["unit"]),  # type: ignore[arg-type]
                    str(file["interpolation"]),  # type: ignore[arg-type]
                )
        except EmottsError as error:
            raise EmottsError(f"{path}: {error}") from error
        except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
            raise EmottsError(f"{path} is no emotion track: {error}") from error

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EmotionTrack):
            return NotImplemented
        return (
            (self.unit, self.interpolation) == (other.unit, other.interpolation)
            and np.array_equal(self.positions, other.positions)
            and np.array_equal(self.vectors, other.vectors)
        )

    __hash__ = None  # type: ignore[assignment]

    def _values(self, positions: np.ndarray, side: Literal["left", "right"]) -> np.ndarray:
        """Interpolate; at a jump the value before it (left) or after it (right)."""
        last = len(self.positions) - 1
        after = np.searchsorted(self.positions, positions, side=side)
        before, after = np.clip(after - 1, 0, last), np.clip(after, 0, last)
        width = self.positions[after] - self.positions[before]
        weight = (positions - self.positions[before]) / np.where(width > 0, width, 1)
        weight = np.clip(np.where(width > 0, weight, 0), 0, 1)
        if self.interpolation == "smooth":
            weight = weight * weight * (3 - 2 * weight)
        weight = weight[..., None].astype(np.float32)
        return (1 - weight) * self.vectors[before] + weight * self.vectors[after]


def _check_knots(positions: np.ndarray, vectors: np.ndarray, unit: Unit) -> None:
    if positions.ndim != 1 or positions.size == 0 or vectors.ndim != 2 or vectors.shape[1] == 0:
        raise EmottsError(
            "a track needs positions (k,) and vectors (k, dim) with k at least 1, not "
            f"{positions.shape} and {vectors.shape}"
        )
    if len(positions) != len(vectors):
        raise EmottsError(f"a track has {len(positions)} positions but {len(vectors)} vectors")
    if not (np.isfinite(positions).all() and np.isfinite(vectors).all()):
        raise EmottsError("a track's positions and vectors must be finite numbers")
    if positions[0] < 0 or (unit == "fraction" and positions[-1] > 1):
        raise EmottsError(
            f"a track's positions in {unit} must lie in "
            + ("0…1" if unit == "fraction" else "0 seconds or later")
        )
    if (np.diff(positions) < 0).any() or (positions[2:] == positions[:-2]).any():
        raise EmottsError("a track's positions must not fall, and at most two may be alike")
