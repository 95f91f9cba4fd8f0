"""Griffin-Lim: audio from log-mel with no weights, the fallback and the yardstick."""

from __future__ import annotations

import numpy as np

from emotts.audio.constants import HOP_LENGTH, N_FFT
from emotts.audio.mel import mel_filters, pad_for_frames


def griffin_lim(mel: np.ndarray, iterations: int = 32, seed: int = 0) -> np.ndarray:
    """Audio from log-mel alone (80, frames), by Griffin & Lim 1984 with momentum (Perraudin 2013).

    Returns (frames * 256,).
    """
    inverse = np.linalg.pinv(mel_filters())
    target = np.maximum(1e-8, inverse @ np.exp(mel)).astype(np.float32)
    generator = np.random.default_rng(seed)
    phase = np.exp(2j * np.pi * generator.random(target.shape))
    previous = np.zeros_like(phase)
    for _ in range(iterations):
        rebuilt = _spectrum(_overlap(target * phase))
        ahead = rebuilt + 0.99 * (rebuilt - previous)
        phase = ahead / np.maximum(np.abs(ahead), 1e-9)
        previous = rebuilt
    return _overlap(target * phase)


def _window() -> np.ndarray:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)


def _spectrum(samples: np.ndarray) -> np.ndarray:
    padded = pad_for_frames(samples)
    frames = len(samples) // HOP_LENGTH
    view = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP_LENGTH][:frames]
    return np.fft.rfft(view * _window(), axis=1).T


def _overlap(spectrum: np.ndarray) -> np.ndarray:
    frames = spectrum.shape[1]
    pieces = np.fft.irfft(spectrum.T, N_FFT, axis=1) * _window()
    total = np.zeros((frames - 1) * HOP_LENGTH + N_FFT)
    weight = np.zeros_like(total)
    for i in range(frames):
        part = slice(i * HOP_LENGTH, i * HOP_LENGTH + N_FFT)
        total[part] += pieces[i]
        weight[part] += _window() ** 2
    edge = (N_FFT - HOP_LENGTH) // 2
    out = (total / np.maximum(weight, 1e-6))[edge : edge + frames * HOP_LENGTH]
    return out.astype(np.float32)
