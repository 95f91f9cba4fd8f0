"""Token values to frame curves and back: NumPy, shared by training and synthesis."""

import numpy as np


def token_values(durations: np.ndarray, semitones: np.ndarray, energy: np.ndarray) -> np.ndarray:
    """Pitch of both halves and energy of every token, (n, 3).

    durations: (n,) in pairs of frames; semitones, energy: (2 * pairs,). Tokens of no duration get
    the values at their place.
    """
    ends = np.cumsum(durations) * 2
    starts = ends - durations * 2
    last = max(0, len(semitones) - 1)
    rows = np.empty((len(durations), 3), dtype=np.float32)
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        middle = (start + end) // 2
        if end <= start or start > last:
            place = min(start, last)
            rows[i] = semitones[place], semitones[place], energy[place]
        else:
            first, second = semitones[start:middle], semitones[middle:end]
            rows[i] = first.mean(), second.mean(), energy[start:end].mean()
    return rows


def frame_curves(durations: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Semitones and energy of every frame, (2 * pairs,) each, linear between the knots that
    `token_values` measured."""
    ends = np.cumsum(durations) * 2.0
    sizes = durations * 2.0
    heard = sizes > 0
    frames = np.arange(int(ends[-1])) + 0.5
    starts, sizes, values = (ends - sizes)[heard], sizes[heard], values[heard]
    knots = np.stack([starts + sizes / 4, starts + sizes * 3 / 4], axis=-1).reshape(-1)
    pitch = np.interp(frames, knots, values[:, :2].reshape(-1))
    energy = np.interp(frames, starts + sizes / 2, values[:, 2])
    return pitch.astype(np.float32), energy.astype(np.float32)


def next_punctuation(ids: np.ndarray, pause: np.ndarray, border: int) -> np.ndarray:
    """Id of the punctuation mark (or end) that closes the phrase of every token, (n,)."""
    out = np.empty_like(ids)
    mark = ids[-1]
    for i in range(len(ids) - 1, -1, -1):
        if pause[i] and ids[i] != border and (i < len(ids) - 1):
            mark = ids[i]
        out[i] = mark
    return out
