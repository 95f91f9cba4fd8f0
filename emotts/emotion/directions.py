"""Building an emotion space from embeddings of real speech."""

from collections.abc import Sequence

import numpy as np

from emotts.errors import EmottsError


def speaker_subspace(neutral_means: np.ndarray, k: int) -> np.ndarray:
    """Return the k leading directions (dim, k), orthonormal, in which neutral speakers differ.

    neutral_means: (speakers, dim), each speaker's mean embedding of neutral speech. Principal
    components of the means about their own mean. Raises EmottsError unless 0 ≤ k < speakers
    and k < dim.
    """
    means = np.asarray(neutral_means, dtype=np.float64)
    if means.ndim != 2 or not 0 <= k < min(means.shape[0], means.shape[1]):
        raise EmottsError(
            f"a speaker subspace of {k} dimensions needs more than {k} speakers' neutral means "
            f"in more than {k} dimensions, not an array of shape {means.shape}"
        )
    _, _, components = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
    return components[:k].T


def projection(subspace: np.ndarray) -> np.ndarray:
    """Return P = I − U Uᵀ (dim, dim), which removes the span of the columns of (dim, k)."""
    subspace = np.asarray(subspace, dtype=np.float64)
    basis, _ = np.linalg.qr(subspace)
    return np.eye(subspace.shape[0]) - basis @ basis.T


def supervised_directions(
    offsets: np.ndarray, emotions: Sequence[str], speakers: Sequence[str], strong: Sequence[bool]
) -> dict[str, np.ndarray]:
    """Return each emotion's direction (dim,): the mean over speakers of their mean offset.

    offsets: (clips, dim) from the speaker's own neutral. strong: marks the clips acted at the
    strong level; they alone place the emotion, so that intensity 1 is strong. An emotion
    nobody acted strongly is placed by all its clips. Every speaker weighs the same, however
    many clips there are of each. Neutral is the origin and gets no direction.
    """
    offsets = np.asarray(offsets, dtype=np.float64)
    emotions, speakers = np.asarray(emotions), np.asarray(speakers)
    strong = np.asarray(strong, dtype=bool)
    if not len(offsets) == len(emotions) == len(speakers) == len(strong):
        raise EmottsError(
            f"offsets, emotions, speakers and strong differ in length: {len(offsets)}, "
            f"{len(emotions)}, {len(speakers)}, {len(strong)}"
        )
    directions = {}
    for emotion in sorted(set(emotions.tolist()) - {"neutral"}):
        chosen = (emotions == emotion) & strong
        if not chosen.any():
            chosen = emotions == emotion
        directions[emotion] = _mean_over_speakers(offsets[chosen], speakers[chosen])
    return directions


def _mean_over_speakers(offsets: np.ndarray, speakers: np.ndarray) -> np.ndarray:
    means = [offsets[speakers == speaker].mean(axis=0) for speaker in np.unique(speakers)]
    return np.mean(means, axis=0).astype(np.float32)
