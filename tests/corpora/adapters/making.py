"""Corpora of a few milliseconds, laid out as the real ones are distributed."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import soundfile

RATE = 16000
SECONDS = 0.02
TREES: dict[str, Callable[[Path], None]] = {}


def tree(make: Callable[[Path], None]) -> Callable[[Path], None]:
    """Register the maker of a corpus by the name of its function."""
    TREES[make.__name__] = make
    return make


def tone(path: Path, seconds: float = SECONDS, rate: int = RATE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    t = np.arange(round(seconds * rate)) / rate
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 200 * t), rate)


def film(path: Path, codec: str, seconds: float = 0.1, rate: int = 48000) -> None:
    """A container such as mp4 or webm, with nothing but sound."""
    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as target:
        stream = target.add_stream(codec, rate=rate, layout="mono")
        samples = 0.3 * np.sin(2 * np.pi * 200 * np.arange(round(seconds * rate)) / rate)
        for start in range(0, len(samples), 960):
            part = samples[None, start : start + 960].astype(np.float32)
            frame = av.AudioFrame.from_ndarray(part, "fltp", "mono")
            frame.sample_rate, frame.pts = rate, start
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


def lines(path: Path, rows: Iterable[str], encoding: str = "utf-8") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n", encoding=encoding)


ARCTIC = [
    '( arctic_a0001 "Author of the danger trail, Philip Steels, etc." )',
    '( arctic_a0501 "You were making them talk." )',
    '( arctic_a0530 "He had observed the business life." )',
    '( arctic_b0470 "There was a short silence." )',
    '( arctic_b0539 "The rest was easy." )',
]
