"""Phase of a recording's pulses, so that a pulse train can be locked to them, and how their pitch
wavers from frame to frame."""

import numpy as np
import torch

from emotts.audio.constants import HOP_LENGTH, N_FFT, SAMPLE_RATE
from emotts.audio.mel import pad_for_frames
from emotts.models.minimum_phase import minimum_phase
from emotts.models.source import pulse_train
from emotts.models.spectral import stft

LAGS = np.arange(-110, 111, 2)  # samples: ±4.6 ms, half a period of a low voice
STEP_COST = 0.2  # of moving by one sample from frame to frame
BAND_HZ = (300.0, 5000.0)
FARTHEST = np.log(2) / 4  # a minor third: what is farther from the tracked F0 is a slip


def locked_phase(samples: np.ndarray, f0: np.ndarray) -> np.ndarray:
    """Phase in radians of the fundamental at every sample.

    samples: (frames * 256,); f0: (frames,) Hz without gaps. The tracked F0 is integrated, the
    recording is demodulated with it, and the slow angle that is left is added: pulses made from
    the result fall where the speaker's own do.
    """
    frames = len(f0)
    centres = (np.arange(frames) + 0.5) * HOP_LENGTH
    at = np.arange(frames * HOP_LENGTH) + 0.5
    curve = np.interp(at, centres, f0)
    phase = 2 * np.pi * np.cumsum(curve) / SAMPLE_RATE
    base = samples[: len(phase)] * np.exp(-1j * phase)
    size = 4 * HOP_LENGTH
    window = np.hanning(size)
    padded = pad_for_frames(base, size, HOP_LENGTH)
    view = np.lib.stride_tricks.sliding_window_view(padded, size)[::HOP_LENGTH][:frames]
    slow = view @ window
    slow = slow / (np.abs(slow) + 1e-9)
    real, imaginary = np.interp(at, centres, slow.real), np.interp(at, centres, slow.imag)
    return np.mod(phase + np.arctan2(imaginary, real), 2 * np.pi).astype(np.float32)


def pulse_locked_phase(samples: np.ndarray, f0: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """`locked_phase`, then moved until the pulses lie where the recording's own do.

    The fundamental alone places a pulse to a few tenths of a millisecond, which is half a turn at
    3 kHz. So the recording is flattened by its minimum phase, laid against the pulses frame by
    frame, and the best smooth path of delays is taken. voiced: (frames,) bool.
    Returns (frames * 256,) radians.
    """
    from scipy.ndimage import gaussian_filter1d

    phase = locked_phase(samples, f0)
    likeness = _likeness(samples, phase, f0, voiced)
    delay = gaussian_filter1d(LAGS[_best_path(likeness, voiced)].astype(float), 1.0)
    frames = len(f0)
    centres = (np.arange(frames) + 0.5) * HOP_LENGTH
    at = np.arange(frames * HOP_LENGTH) + 0.5
    turns = np.interp(at, centres, delay * f0 / SAMPLE_RATE)
    return np.mod(phase - 2 * np.pi * turns, 2 * np.pi).astype(np.float32)


def wavering(samples: np.ndarray, f0: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """How a speaker's pulses waver around the tracked F0: a factor for every frame, (frames,).

    A tracker sees a few periods at once and smooths what is heard as the roughness of a living
    voice. This is the mean frequency of `pulse_locked_phase` within a frame over the tracked one;
    1 where nothing is voiced. samples: (frames * 256,); f0: (frames,) Hz without gaps; voiced:
    (frames,) bool.
    """
    if not np.any(voiced):
        return np.ones(len(f0), dtype=np.float32)
    phase = np.unwrap(pulse_locked_phase(samples, f0, voiced).astype(np.float64))
    hertz = np.gradient(phase).reshape(len(f0), HOP_LENGTH).mean(axis=1) * SAMPLE_RATE / (2 * np.pi)
    factor = np.maximum(hertz, 1.0) / f0
    near = np.abs(np.log(factor)) < FARTHEST
    return np.where(voiced & near, factor, 1.0).astype(np.float32)


def _likeness(
    samples: np.ndarray, phase: np.ndarray, f0: np.ndarray, voiced: np.ndarray
) -> np.ndarray:
    """Correlation of flattened recording and pulses at every lag, (frames, lags)."""
    heard = stft(torch.from_numpy(samples)[None])[0]
    curves = [torch.from_numpy(np.asarray(x, dtype=np.float32))[None] for x in (phase, f0, voiced)]
    pulses = stft(pulse_train(*curves))[0]
    size = heard.abs()
    tract = minimum_phase(torch.log(size + 1e-3))
    cross = heard * pulses.conj() * torch.polar(torch.ones_like(tract), -tract)
    cross = cross / (cross.abs() + 1e-6) * size.sqrt()
    bins = torch.arange(cross.shape[-1]) * SAMPLE_RATE / N_FFT
    cross = cross * ((bins > BAND_HZ[0]) & (bins < BAND_HZ[1]))
    lags = torch.fft.irfft(cross, N_FFT, dim=-1).numpy()
    out = lags[:, LAGS] / (np.sqrt(np.square(lags).mean(axis=1, keepdims=True)) + 1e-9)
    out[~voiced] = 0.0
    out[np.abs(LAGS) > 0.5 * SAMPLE_RATE / f0[:, None]] = -5.0
    return out


def _best_path(likeness: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """Viterbi: index of a lag for every frame, (frames,)."""
    far = STEP_COST * np.abs(LAGS[:, None] - LAGS[None])
    best = np.empty(likeness.shape, dtype=np.int64)
    score = likeness[0]
    for t in range(1, len(likeness)):
        reached = score[:, None] - far * (1.0 if voiced[t] and voiced[t - 1] else 0.05)
        best[t] = reached.argmax(axis=0)
        score = reached.max(axis=0) + likeness[t]
    path = np.empty(len(likeness), dtype=np.int64)
    path[-1] = score.argmax()
    for t in range(len(likeness) - 1, 0, -1):
        path[t - 1] = best[t, path[t]]
    return path
