"""Phase of the fundamental of a recording, so that a pulse train can be locked to it."""

import numpy as np

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.audio.mel import pad_for_frames


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
