"""Mixing by prototypes: the way between two real clips, rather than between two averages."""

from collections.abc import Mapping, Sequence

import numpy as np

from emotts.emotion.parse import Part
from emotts.errors import EmottsError


def interpolate_prototypes(
    prototypes: Mapping[str, np.ndarray], parts: Sequence[Part]
) -> np.ndarray:
    """Return Σ w_k·p_k (dim,) float32, with one real clip's offset p_k of every emotion named.

    prototypes: emotion → (n, dim), offsets of real clips. parts: what `Palette.parts` returns;
    weights below 0 are refused, no parts are neutral. The clips are chosen to lie closest to each
    other, so that what is between them is as near to real speech as can be: of two emotions the
    closest pair of all, of more the closest pair and then, emotion by emotion, the clip closest to
    those already chosen; of one, the clip nearest to that emotion's mean. Closeness is distance
    over the sum of the lengths; plain distance would always choose the faintest clips. The choice
    depends on the names only, not on weights or order, so a sweep of weights is a straight line.
    Raises EmottsError for an emotion without prototypes or shapes that do not fit.
    """
    if not prototypes:
        raise EmottsError("mixing by prototypes needs offsets of real clips; there are none")
    known = {name: _checked(name, clips) for name, clips in prototypes.items()}
    dims = {clips.shape[1] for clips in known.values()}
    if len(dims) > 1:
        raise EmottsError(f"the prototypes differ in dimensions: {sorted(dims)}")
    weights: dict[str, float] = {}
    for name, weight in sorted(parts):
        if name not in known:
            raise EmottsError(
                f"there are no prototypes of {name!r}; choose from {', '.join(sorted(known))}"
            )
        if weight < 0:
            raise EmottsError(f"prototypes cannot be mixed with a negative weight ({name})")
        weights[name] = weights.get(name, 0.0) + weight
    total = np.zeros(dims.pop())
    for name, clip in choose_prototypes({name: known[name] for name in weights}).items():
        total = total + weights[name] * clip
    return total.astype(np.float32)


def choose_prototypes(prototypes: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return one clip's offset (dim,) of each emotion, chosen to lie close together."""
    names = sorted(prototypes)
    if len(names) < 2:
        return {
            name: clips[np.linalg.norm(clips - clips.mean(0), axis=-1).argmin()]
            for name, clips in prototypes.items()
        }
    pairs = [(a, b) for place, a in enumerate(names) for b in names[place + 1 :]]
    apart = [_apart(prototypes[a], prototypes[b]) for a, b in pairs]
    nearest = int(np.argmin([distances.min() for distances in apart]))
    first, second = pairs[nearest]
    i, j = np.unravel_index(apart[nearest].argmin(), apart[nearest].shape)
    chosen = {first: prototypes[first][i], second: prototypes[second][j]}
    for name in names:
        if name not in chosen:
            away = _apart(prototypes[name], np.stack(list(chosen.values()))).sum(axis=1)
            chosen[name] = prototypes[name][away.argmin()]
    return chosen


def _apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Distance over the sum of the lengths, (n, m), of rows (n, dim) and (m, dim)."""
    distances = np.linalg.norm(a[:, None] - b[None], axis=-1)
    lengths = np.linalg.norm(a, axis=-1)[:, None] + np.linalg.norm(b, axis=-1)[None]
    return distances / np.maximum(lengths, 1e-12)


def _checked(name: str, clips: np.ndarray) -> np.ndarray:
    clips = np.asarray(clips, dtype=np.float64)
    if clips.ndim != 2 or 0 in clips.shape or not np.isfinite(clips).all():
        raise EmottsError(
            f"the prototypes of {name} must be finite numbers (clips, dim), not of shape "
            f"{clips.shape}"
        )
    return clips
