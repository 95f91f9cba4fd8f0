"""Recording to mel and F0 and back: what the vocoder keeps."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from emotts.audio.constants import HOP_LENGTH, N_FFT, NEUTRAL_LEVEL_DBFS
from emotts.audio.f0 import fill_gaps, track_f0
from emotts.audio.mel import log_mel, mel_filters, pad_for_frames


@lru_cache(maxsize=2)
def _vocoder(source: str | None):
    from emotts.synthesis.models import load_vocoder

    return load_vocoder(source)


def resynthesize(
    samples: np.ndarray, source: str | Path | None = None, seed: int = 0
) -> np.ndarray:
    """Analyse speech and make it again with the vocoder.

    samples: (n,) at 24 kHz, of any level; the vocoder hears them at the shared level and the gain
    is undone. Returns (n // 256 * 256,).
    """
    import torch

    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))) + 1e-9)
    gain = 10 ** (NEUTRAL_LEVEL_DBFS / 20) / rms
    scaled = np.asarray(samples, dtype=np.float32) * np.float32(gain)
    f0, voiced = track_f0(scaled)
    filled = np.exp(fill_gaps(np.log(np.maximum(f0, 1.0)), voiced, np.log(150.0)))
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(1, len(f0) * HOP_LENGTH, generator=generator)
    with torch.inference_mode():
        made = _vocoder(None if source is None else str(source))(
            torch.from_numpy(log_mel(scaled).T.copy())[None],
            torch.from_numpy(filled.astype(np.float32))[None],
            torch.from_numpy(voiced.astype(np.float32))[None],
            noise=noise,
        )
    return made[0].numpy() / np.float32(gain)


def griffin_lim(mel: np.ndarray, iterations: int = 32, seed: int = 0) -> np.ndarray:
    """Audio from log-mel alone (80, frames), by Griffin & Lim 1984 with momentum (Perraudin 2013).

    The fallback that needs no weights, and the yardstick a vocoder must pass.
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
