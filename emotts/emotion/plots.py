"""Pictures of emotion tracks."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.emotion.track import EmotionTrack

POINTS = 401
SUFFIXES = (".png", ".svg", ".pdf")


def shares(vectors: np.ndarray, directions: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return how much of each direction offsets are made of: non-negative least squares.

    vectors: (n, dim). directions: name → (dim,). Returns name → (n,) weights of 0 or more.
    """
    from scipy.optimize import nnls

    matrix = np.stack([np.asarray(d, dtype=np.float64) for d in directions.values()], axis=1)
    weights = np.stack([nnls(matrix, np.asarray(e, dtype=np.float64))[0] for e in vectors])
    return dict(zip(directions, weights.T, strict=True))


def plot_track(
    track: "EmotionTrack", path: str | Path, directions: Mapping[str, np.ndarray] | None = None
) -> None:
    """Draw a track over its time, with its knots.

    directions: name → (dim,), such as a space's; then a line for each emotion that takes part
    shows its weight (see `shares`). Without them one line shows the distance from neutral.
    Raises EmottsError for another kind of file, and where matplotlib is not installed.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise EmottsError(f"cannot draw into {path}; name a file with {', '.join(SUFFIXES)}")
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise EmottsError(
            "drawing needs matplotlib, which is not installed: pip install matplotlib"
        ) from error
    end = 1.0 if track.unit == "fraction" else max(float(track.positions[-1]), 0.1)
    x = np.union1d(np.linspace(0, end, POINTS), track.positions)
    scale, label = (100, "% of the utterance") if track.unit == "fraction" else (1, "seconds")
    vectors = track.at(x)
    figure = Figure(figsize=(7, 2.6), layout="constrained")
    axes = figure.add_subplot()
    if directions:
        for name, weights in shares(vectors, directions).items():
            if weights.max() > 0.01:
                axes.plot(x * scale, weights, label=name)
        axes.set_ylabel("weight")
    else:
        axes.plot(x * scale, np.linalg.norm(vectors, axis=-1))
        axes.set_ylabel("distance from neutral")
    for knot in np.unique(track.positions):
        axes.axvline(knot * scale, color="0.8", linewidth=0.8, zorder=0)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=False)
    axes.set_xlabel(label)
    axes.set_xlim(0, end * scale)
    axes.set_ylim(bottom=0)
    try:
        figure.savefig(path)
    except OSError as error:
        raise EmottsError(f"cannot write {path}: {error.strerror or error}") from error
