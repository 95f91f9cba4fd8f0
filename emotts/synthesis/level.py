"""Keeping peaks inside full scale without flattening the difference between soft and loud."""

import numpy as np

CEILING = 0.97


def limit_peaks(samples: np.ndarray, rate: int, ceiling: float = CEILING) -> np.ndarray:
    """Look-ahead limiter: gain falls smoothly where peaks would pass `ceiling`.

    samples: (n,). Returns the same samples, untouched where nothing is too loud.
    """
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    peak = np.abs(samples).max(initial=0.0)
    if peak <= ceiling:
        return samples
    width = int(0.02 * rate)
    envelope = maximum_filter1d(np.abs(samples), 2 * width + 1)
    gain = np.minimum(1.0, ceiling / np.maximum(envelope, 1e-9))
    gain = uniform_filter1d(gain, width + 1)
    return np.clip(samples * gain, -ceiling, ceiling).astype(np.float32)
