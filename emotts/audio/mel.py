"""Log-mel spectrogram: Slaney filters, 80 bands up to 12 kHz, natural logarithm."""

from functools import lru_cache

import numpy as np

from emotts.audio.constants import HOP_LENGTH, LOG_FLOOR, MEL_FMAX, N_FFT, N_MELS, SAMPLE_RATE


def _hz_to_mel(hz: np.ndarray) -> np.ndarray:
    """Slaney's scale: linear below 1 kHz, logarithmic above."""
    hz = np.asarray(hz, dtype=np.float64)
    logarithmic = 15.0 + np.log(np.maximum(hz, 1e-9) / 1000.0) / (np.log(6.4) / 27.0)
    return np.where(hz < 1000.0, hz * 3.0 / 200.0, logarithmic)


def _mel_to_hz(mel: np.ndarray) -> np.ndarray:
    logarithmic = 1000.0 * np.exp((mel - 15.0) * (np.log(6.4) / 27.0))
    return np.where(mel < 15.0, mel * 200.0 / 3.0, logarithmic)


def _hz_to_htk(hz: np.ndarray) -> np.ndarray:
    return 2595.0 * np.log10(1.0 + np.asarray(hz, dtype=np.float64) / 700.0)


def _htk_to_hz(mel: np.ndarray) -> np.ndarray:
    return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)


@lru_cache(maxsize=8)
def mel_filters(
    sample_rate: int = SAMPLE_RATE,
    n_fft: int = N_FFT,
    n_mels: int = N_MELS,
    fmax: float = MEL_FMAX,
    fmin: float = 0.0,
    scale: str = "slaney",
) -> np.ndarray:
    """Return triangular filters, (n_mels, n_fft // 2 + 1) float32.

    scale: "slaney", whose triangles have unit area (Slaney, Auditory Toolbox, 1998; librosa's
    default), or "htk", whose have unit height (torchaudio's default).
    """
    to_mel, to_hz = (_hz_to_mel, _mel_to_hz) if scale == "slaney" else (_hz_to_htk, _htk_to_hz)
    lowest, highest = to_mel(np.array(fmin)), to_mel(np.array(fmax))
    edges = to_hz(np.linspace(lowest, highest, n_mels + 2))
    bins = np.linspace(0.0, sample_rate / 2, n_fft // 2 + 1)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    filters = np.maximum(0.0, np.minimum(rising, falling))
    if scale == "slaney":
        filters = filters * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return filters.astype(np.float32)


@lru_cache(maxsize=8)
def _sparse_filters(*described):
    from scipy.sparse import csr_array

    return csr_array(mel_filters(*described))


def mel_bands(spectrum: np.ndarray, *described) -> np.ndarray:
    """Magnitudes (n_fft // 2 + 1, frames) through `mel_filters(*described)`: (n_mels, frames).

    As a sparse product: a filter has few bins, and the threads that BLAS wakes for a dense one wait
    busily afterwards, beside the networks that come next.
    """
    return _sparse_filters(*described) @ spectrum


def pad_for_frames(samples: np.ndarray, n_fft: int = N_FFT, hop: int = HOP_LENGTH) -> np.ndarray:
    """Pad so that n // hop frames of n_fft samples fit, each centred on its hop."""
    edge = (n_fft - hop) // 2
    mode = "reflect" if len(samples) > edge else "constant"
    return np.pad(samples, (edge, edge), mode=mode)


def magnitude(samples: np.ndarray, n_fft: int = N_FFT, hop: int = HOP_LENGTH) -> np.ndarray:
    """STFT magnitude with a periodic Hann window: (n,) -> (n_fft // 2 + 1, n // hop)."""
    frames = len(samples) // hop
    padded = pad_for_frames(np.asarray(samples, dtype=np.float32), n_fft, hop)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)).astype(np.float32)
    view = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop][:frames]
    return np.abs(np.fft.rfft(view * window, axis=1)).T.astype(np.float32)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Return the natural-log mel spectrogram of 24 kHz mono speech.

    samples: (n,) float. Returns (80, n // 256) float32, floored at log(1e-5).
    """
    return np.log(np.maximum(mel_bands(magnitude(samples)), LOG_FLOOR))
