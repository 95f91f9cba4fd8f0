"""Mel and F0 to samples: source and inverse STFT in numpy around the exported backbone.

The arithmetic of `emotts.models.vocoder`, in numpy's float32.
"""

from __future__ import annotations

import numpy as np

from emotts.audio.constants import HOP_LENGTH, N_FFT, SAMPLE_RATE
from emotts.onnx_runner.folder import ExportedModels

PULSE_SCALE, NOISE_SCALE = 4.0 / N_FFT, (0.375 * N_FFT) ** -0.5
HEADS, CEPSTRUM = 6, 50  # as the vocoder's head, and the samples of cepstrum that make its phase
EDGE = (N_FFT - HOP_LENGTH) // 2
WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)


def vocode(
    models: ExportedModels, mel: np.ndarray, f0: np.ndarray, voiced: np.ndarray, noise: np.ndarray
) -> np.ndarray:
    """mel: (frames, 80) natural log; f0 in Hz without gaps, voiced: (frames,); noise: (samples,).
    Returns samples (frames * 256,)."""
    voiced = voiced.astype(np.float32)
    phase = phase_of(f0)
    swelling = noise * upsample(voiced)
    pulses = stft(pulse_train(phase, f0, voiced)) * np.float32(PULSE_SCALE)
    hiss, rising, falling = (
        stft(x) * np.float32(NOISE_SCALE)
        for x in (noise, swelling * np.cos(phase), swelling * np.sin(phase))
    )
    pitch = np.log(f0 / np.float32(200.0))
    features = np.concatenate([mel, pitch[:, None], voiced[:, None]], axis=-1).astype(np.float32)
    source = np.log(np.abs(pulses) + np.float32(1e-2))
    out = models.run("vocoder", features=features[None], source=source[None])[0][0]
    log_magnitude, real, imaginary, mix, cosine, sine = np.split(out, HEADS, axis=-1)
    log_magnitude = np.minimum(log_magnitude, np.float32(7.0))
    mix = 1 / (1 + np.exp(-mix))
    hiss = hiss + np.tanh(cosine) * rising + np.tanh(sine) * falling
    turn = (real + 1j * imaginary) * np.exp(1j * minimum_phase(log_magnitude))
    direction = (mix * pulses + (1 - mix) * hiss) * turn
    direction = direction / (np.abs(direction) + np.float32(1e-5))
    return istft(np.exp(log_magnitude) * direction)


def upsample(frames: np.ndarray) -> np.ndarray:
    """Linear between frame centres, held at the ends: (frames,) -> (frames * 256,) float32."""
    at = (np.arange(len(frames) * HOP_LENGTH, dtype=np.float64) + 0.5) / HOP_LENGTH - 0.5
    at = np.clip(at, 0, len(frames) - 1)
    before = at.astype(np.int64)
    weight = (at - before).astype(np.float32)
    after = np.minimum(before + 1, len(frames) - 1)
    return (1 - weight) * frames[before] + weight * frames[after]


def phase_of(f0: np.ndarray) -> np.ndarray:
    """Phase of the fundamental in radians, modulo 2 pi, at every sample; f0: (frames,) in Hz."""
    cycles = np.cumsum(upsample(f0).astype(np.float64) / SAMPLE_RATE)
    return (2 * np.pi * (cycles % 1.0)).astype(np.float32)


def pulse_train(phase: np.ndarray, f0: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """Sum of all harmonics below the Nyquist frequency: (samples,); the Dirichlet kernel."""
    count = np.repeat(np.floor(np.float32(0.96 * SAMPLE_RATE / 2) / f0), HOP_LENGTH)
    half = phase / 2
    sine = np.sin(half)
    near = np.abs(sine) < 1e-3
    kernel = np.sin((2 * count + 1) * half) / np.where(near, np.float32(1), sine)
    kernel = np.where(near, 2 * count + 1, kernel)
    return np.float32(0.5) * (kernel - 1) * upsample(voiced)


def stft(samples: np.ndarray) -> np.ndarray:
    """(n,) -> complex64 (n // 256, 513), frames centred on their hop."""
    from scipy.fft import rfft

    mode = "reflect" if len(samples) > EDGE else "constant"
    padded = np.pad(samples, (EDGE, N_FFT - HOP_LENGTH - EDGE), mode=mode)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP_LENGTH]
    return rfft(frames * WINDOW, axis=-1)


def istft(spectrum: np.ndarray) -> np.ndarray:
    """Least-squares inverse of `stft`: (frames, 513) -> (frames * 256,)."""
    from scipy.fft import irfft

    frames = len(spectrum)
    pieces = irfft(spectrum, N_FFT, axis=-1) * WINDOW
    samples = _overlap_add(pieces)
    weight = _overlap_add(np.broadcast_to(np.square(WINDOW), pieces.shape))
    kept = slice(EDGE, EDGE + frames * HOP_LENGTH)
    return samples[kept] / np.maximum(weight[kept], np.float32(1e-6))


def _overlap_add(pieces: np.ndarray) -> np.ndarray:
    """Frames (n, 1024) a hop apart, summed: ((n + 3) * 256,)."""
    overlap = N_FFT // HOP_LENGTH
    out = np.zeros((len(pieces) + overlap - 1, HOP_LENGTH), dtype=np.float32)
    quarters = pieces.reshape(len(pieces), overlap, HOP_LENGTH)
    for k in range(overlap):
        out[k : k + len(pieces)] += quarters[:, k]
    return out.reshape(-1)


def minimum_phase(log_magnitude: np.ndarray) -> np.ndarray:
    """Phase in radians of the minimum-phase filter with a smoothed magnitude, (frames, 513).

    Oppenheim & Schafer, Discrete-Time Signal Processing, ch. 13.
    """
    from scipy.fft import irfft, rfft

    cepstrum = irfft(log_magnitude.astype(np.complex64), N_FFT, axis=-1)
    return rfft(cepstrum * _lifter(), axis=-1).imag


def _lifter() -> np.ndarray:
    window = np.zeros(N_FFT, dtype=np.float32)
    faded = CEPSTRUM // 3
    window[1:CEPSTRUM] = 2.0
    window[CEPSTRUM - faded : CEPSTRUM] *= np.cos(np.linspace(0, np.pi / 2, faded))
    return window
