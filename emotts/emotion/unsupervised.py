"""Directions of emotions from mixtures, without levels: EmoReg's directional vectors.

Gudmalwar et al., "EmoReg: Directional Latent Vector Modeling for Emotional Intensity
Regularization in Diffusion-based Voice Conversion" (AAAI 2025): a Gaussian mixture of every
emotion, the differences of its component means from those of the neutral mixture, and their
leading principal component.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from emotts.errors import EmottsError

COMPONENTS = 4
CLIPS_A_COMPONENT = 8


def unsupervised_directions(
    offsets: np.ndarray,
    emotions: Sequence[str],
    radii: Mapping[str, float] | None = None,
    projection: np.ndarray | None = None,
    components: int = COMPONENTS,
    seed: int = 0,
) -> dict[str, np.ndarray]:
    """Return each emotion's direction (dim,) float32.

    offsets: (clips, dim) embeddings, from neutral or not; emotions: their categories, neutral
    among them. radii: category → length, such as that of the supervised direction, so that
    intensity 1 lies as far out; without one, the clips' mean distance from neutral along the
    direction. projection: (dim, dim) that removes the speaker subspace
    (`emotts.emotion.directions.projection`). components: Gaussians a mixture, fewer where an
    emotion has under 8 clips for each. The principal component is that of the differences about
    the origin, for they are offsets already, each weighted by its components' weights; its sign is
    that of their mean.
    Raises EmottsError for lengths that differ, no neutral clips, or without scikit-learn.
    """
    offsets, emotions = np.asarray(offsets, dtype=np.float64), np.asarray(emotions)
    if offsets.ndim != 2 or len(offsets) != len(emotions) or not np.isfinite(offsets).all():
        raise EmottsError(
            f"directions need finite offsets (clips, dim) with an emotion each, not an array of "
            f"shape {offsets.shape} and {len(emotions)} emotions"
        )
    if components < 1:
        raise EmottsError(f"a mixture needs at least 1 component, not {components}")
    if not (emotions == "neutral").any():
        raise EmottsError("directions start at neutral, and none of the clips is neutral")
    if projection is not None:
        offsets = offsets @ np.asarray(projection, dtype=np.float64).T
    origin, shares = mixture(offsets[emotions == "neutral"], components, seed)
    directions = {}
    for emotion in sorted(set(emotions.tolist()) - {"neutral"}):
        mine = offsets[emotions == emotion]
        means, weights = mixture(mine, components, seed)
        differences = (means[:, None] - origin[None]).reshape(-1, offsets.shape[1])
        unit = _leading(differences, np.outer(weights, shares).ravel())
        away = float((mine.mean(0) - offsets[emotions == "neutral"].mean(0)) @ unit)
        directions[emotion] = (unit * (radii or {}).get(emotion, away)).astype(np.float32)
    return directions


def mixture(offsets: np.ndarray, components: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Fit a mixture of diagonal Gaussians; return its means (k, dim) and weights (k,).

    offsets: (clips, dim). k is at most `components`, and less where there are few clips.
    """
    try:
        from sklearn.mixture import GaussianMixture
    except ImportError as error:
        raise EmottsError(
            "unsupervised directions need scikit-learn: pip install scikit-learn"
        ) from error
    k = max(1, min(components, len(offsets) // CLIPS_A_COMPONENT))
    if k == 1:
        return offsets.mean(axis=0, keepdims=True), np.ones(1)
    floor = 1e-3 * float(offsets.var(axis=0).mean()) + 1e-9
    fitted = GaussianMixture(
        k, covariance_type="diag", reg_covar=floor, n_init=3, random_state=seed
    ).fit(offsets)
    return fitted.means_, fitted.weights_


def _leading(differences: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The leading principal component about the origin (dim,), of length 1, on the mean's side."""
    _, sizes, rows = np.linalg.svd(np.sqrt(weights)[:, None] * differences, full_matrices=False)
    if sizes[0] < 1e-9:
        raise EmottsError("an emotion's clips do not differ from neutral and give no direction")
    return rows[0] if rows[0] @ (weights @ differences) >= 0 else -rows[0]
