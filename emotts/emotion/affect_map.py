"""A map of the valence–arousal plane by ear: which mix of emotions is heard in which direction.

Norms of words say where emotions ought to lie; a voice model's mixes are heard elsewhere (fear
with sadness as surprise). So mixes are listened to once (see `emotts.synthesis.affect_hearing`),
and each of a circle of rays gets the mix that is heard farthest out in its direction.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from emotts.errors import EmottsError

RAYS = 16
LEAN = 0.4  # of the way to the next ray: more, and valence and arousal would no longer be as asked
ASIDE = 1.0  # what being heard beside a ray costs, against being heard along it


@dataclass(frozen=True, eq=False)
class AffectMap:
    """rays: (k, emotions), the intensities of the emotions named at the rim of the plane, at k
    angles evenly spaced from that of pure valence towards that of arousal.

    Raises EmottsError for shapes that do not fit, for weights below 0 or that are no numbers.
    """

    names: tuple[str, ...]
    rays: np.ndarray

    def __post_init__(self) -> None:
        rays = np.asarray(self.rays, dtype=np.float64)
        if rays.ndim != 2 or rays.shape[1] != len(self.names) or len(rays) < 3:
            raise EmottsError(
                f"an affect map needs 3 or more rays of {len(self.names)} weights, not {rays.shape}"
            )
        if not (np.isfinite(rays).all() and (rays >= 0).all() and rays.any(axis=1).all()):
            raise EmottsError("the rays of an affect map need weights of 0 or more, not all 0")
        object.__setattr__(self, "rays", rays)

    def mix(
        self, valence: float, arousal: float, dominance: float | None = None,
        of_rays: np.ndarray | None = None,
    ) -> dict[str, float]:  # fmt: skip
        """The intensities of a point (−1…1): between its neighbouring rays by its angle, in
        proportion to its larger coordinate.

        dominance: leans the angle by up to LEAN of a ray towards the side that has more or less of
        it, by of_rays, (k,), that of every ray.
        """
        reach = max(abs(valence), abs(arousal))
        if not reach:
            return {}
        along = math.atan2(arousal, valence) / math.tau * len(self.rays)
        if dominance is not None and of_rays is not None:
            along += _lean(along, dominance / reach, of_rays)
        weights = reach * _between(self.rays, along)
        return {n: float(w) for n, w in zip(self.names, weights, strict=True) if w > 1e-9}

    def read(
        self, weights: Mapping[str, float], within: float = 1e-3
    ) -> tuple[float, float] | None:
        """The valence and arousal of a mix of this map; None for mixes that are not of it.

        within: how far off the map, as a share of its length, a mix may lie.
        """
        from scipy.optimize import nnls

        if not any(weights.values()):
            return 0.0, 0.0
        if set(weights) - set(self.names):
            return None
        wanted = np.array([weights.get(name, 0.0) for name in self.names])
        pairs = [np.stack([a, b], 1) for a, b in zip(self.rays, np.roll(self.rays, -1, 0),
                                                     strict=True)]  # fmt: skip
        found = [nnls(pair, wanted) for pair in pairs]
        first = int(np.argmin([missed for _, missed in found]))
        parts, missed = found[first]
        if missed > within * max(float(np.linalg.norm(wanted)), 1e-9):
            return None
        angle = math.tau * (first + parts[1] / parts.sum()) / len(self.rays)
        point = np.array([math.cos(angle), math.sin(angle)])
        point *= parts.sum() / np.abs(point).max()
        return float(point[0]), float(point[1])


def _between(values: np.ndarray, along: float) -> np.ndarray:
    """Values (k, …) around the circle at a place between their numbers."""
    first, share = math.floor(along), along - math.floor(along)
    return (1 - share) * values[first % len(values)] + share * values[(first + 1) % len(values)]


def _lean(along: float, wanted: float, of_rays: np.ndarray) -> float:
    """How far to go, at most LEAN of a ray to either side, for the value nearest to the wanted."""
    steps = np.linspace(-LEAN, LEAN, 17)
    found = np.array([_between(of_rays, along + step) for step in steps])
    return float(steps[np.argmin(np.abs(found - wanted) + 1e-6 * np.abs(steps))])


def map_by_ear(
    mixes: Sequence[Mapping[str, float]], heard: np.ndarray, rays: int = RAYS
) -> AffectMap:
    """Give every ray a mix of its own: those that together are heard farthest out along their
    rays, less what is heard beside them.

    heard: (mixes, 2), valence and arousal of each mix against neutral's.
    """
    from scipy.optimize import linear_sum_assignment

    if len(mixes) < rays:
        raise EmottsError(f"{rays} rays need as many mixes or more, not {len(mixes)}")
    angles = math.tau * np.arange(rays) / rays
    along = np.stack([np.cos(angles), np.sin(angles)])
    aside = np.stack([-along[1], along[0]])
    scores = heard @ along - ASIDE * np.abs(heard @ aside)  # (mixes, rays)
    chosen, where = linear_sum_assignment(scores, maximize=True)
    names = tuple(dict.fromkeys(name for mix in mixes for name in mix))
    table = np.zeros((rays, len(names)))
    for number, ray in zip(chosen, where, strict=True):
        for name, weight in mixes[number].items():
            table[ray, names.index(name)] = weight
    return AffectMap(names, table)
