"""A tiny made-up corpus at 48 kHz, prepared and widened to 44.1 kHz, once a session."""

from functools import cache
from pathlib import Path

import numpy as np
from pipeline import made_speech, write_manifest

RATE = 48000


def made_wide_speech(pitch_hz: float, seed: int) -> np.ndarray:
    """Speech-like signals of 1.2 s with hiss up to 24 kHz, (n,) at 48 kHz."""
    import soxr

    low = soxr.resample(made_speech(pitch_hz, 1.2, seed), 24000, RATE)
    hiss = np.random.default_rng(seed).normal(0, 0.01, len(low)) * np.abs(low) / 0.06
    return (low + hiss).astype(np.float32)


@cache
def wide_corpus(base: Path) -> tuple[Path, Path]:
    """Folders of the recordings, one of them at 16 kHz, and of their 24 kHz features."""
    from emotts.audio.io import write_audio
    from emotts.corpora.prepare import prepare

    folder = base / "corpus48"
    folder.mkdir(parents=True)
    rows = []
    for number in range(6):
        samples, rate = made_wide_speech(140 + 15 * number, number), RATE
        if number == 5:
            samples, rate = samples[::3], 16000
        write_audio(folder / f"{number}.wav", samples, rate)
        rows.append({
            "path": f"{number}.wav", "corpus": "made", "speaker": f"s{number % 2}", "sex": "female",
            "age": "", "language": "en-us", "emotion": "neutral", "level": "", "text": "We know.",
            "seconds": "1.20", "split": "dev" if number == 4 else "train",
            "held_out": "sentence" if number == 4 else "",
        })  # fmt: skip
    write_manifest(folder, rows)
    prepare(folder, base / "data48", workers=1)
    return folder, base / "data48"
