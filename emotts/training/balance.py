"""Give the vocoder's sound the mean spectrum of recordings.

    python -m emotts.training.balance ../shared/data checkpoints

Frames of noise overlap and cancel a little of the power that each was asked for, most above
4 kHz, and a loss that is symmetric in log magnitude does not mind. What is missing on average over
training clips is added to the bias of the head's log magnitudes, in place.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from emotts.audio.constants import N_FFT, SAMPLE_RATE
from emotts.audio.io import read_audio
from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.checkpoints.index import add_to_index
from emotts.corpora.packed import read_packed
from emotts.models.vocoder import HEADS
from emotts.synthesis.vocode import made_again
from emotts.synthesis.vocoders import load_vocoder

CORPORA = {"kathleen": 16, "lj": 16, "ravdess": 24}  # wide-band speech, and clips of each
ROUNDS = 2
SMOOTH_BINS = 8
MOST = 0.35  # nepers in a round
COMMAND = "python -m emotts.training.balance"


def training_clips(data: Path) -> list[np.ndarray]:
    """Training clips of all wide-band corpora, spread over each: (n,) at 24 kHz."""
    found = []
    for corpus, count in CORPORA.items():
        paths = [u.path for u in read_packed(data) if (u.corpus, u.split) == (corpus, "train")]
        found += paths[:: max(1, len(paths) // count)][:count]
    return [read_audio(data / path, rate=SAMPLE_RATE) for path in found]


def shortfall(folder: Path, clips: Sequence[np.ndarray]) -> np.ndarray:
    """How many nepers the magnitudes of copies lack in each bin, (513,), smoothed; every clip
    counts the same."""
    from scipy.ndimage import gaussian_filter1d

    vocoder = load_vocoder(folder)
    real, made = np.zeros((2, N_FFT // 2 + 1))
    for samples in clips:
        copy = made_again(vocoder, samples)
        loud = 1 / np.mean(np.square(samples, dtype=np.float64))
        real += loud * _power(samples[: len(copy)])
        made += loud * _power(copy)
    return gaussian_filter1d(np.log(real / made) / 2, SMOOTH_BINS)


def balance(folder: Path, clips: Sequence[np.ndarray], rounds: int = ROUNDS) -> list[float]:
    """Correct a set's vocoder in place. Returns the mean absolute shortfall before each round and
    after the last, in dB."""
    stored = load_checkpoint(folder, "vocoder")
    card = (folder / "vocoder.md").read_text(encoding="utf-8").rstrip()
    bias, left = stored.tensors["head.bias"].float(), []
    bins = len(bias) // HEADS
    for number in range(rounds + 1):
        missing = shortfall(folder, clips)
        left.append(float(np.abs(missing).mean() * 20 / np.log(10)))
        if number == rounds:
            break
        bias[:bins] += torch.from_numpy(np.clip(missing, -MOST, MOST)).float()
        tensors = {**stored.tensors, "head.bias": bias}
        save_checkpoint(folder, "vocoder", tensors, stored.config, {"command": "", "corpora": ()})
        note = "" if COMMAND in card else f"\n\nIts mean spectrum is set by `{COMMAND}`."
        (folder / "vocoder.md").write_text(card + note + "\n", encoding="utf-8")
        add_to_index(folder, ["vocoder.md"])
    return left


def _power(samples: np.ndarray) -> np.ndarray:
    from scipy.signal import stft

    return (np.abs(stft(samples, SAMPLE_RATE, nperseg=N_FFT)[2]) ** 2).sum(axis=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    print(" → ".join(f"{db:.2f} dB" for db in balance(asked.folder, training_clips(asked.data))))
