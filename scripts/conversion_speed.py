"""Real-time factor, peak memory and joins of converting one long file, read aloud by kathleen.

    python scripts/conversion_speed.py --minutes 60 --checkpoint checkpoints

A process of its own converts, so that its peak is that of a conversion alone. A join clicks if the
steps between samples there are larger than they are elsewhere in the same file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from emotts.audio.io import read_audio
from emotts.corpora.packed import read_packed
from emotts.synthesis.conversion_reading import open_recording
from emotts.synthesis.windows import FADE, cut

RATE = 24000
GIB = 2**20  # of the kibibytes that getrusage counts


def long_file(data: Path, path: Path, minutes: float) -> None:
    """Training clips one after another, again and again."""
    rows = [r for r in read_packed(data) if r.corpus == "kathleen" and r.split == "train"][:120]
    left = round(minutes * 60 * RATE)
    with soundfile.SoundFile(path, "w", RATE, 1) as file:
        while left > 0:
            for row in rows:
                samples = read_audio(data / row.path)[:left]
                file.write(samples)
                left -= len(samples)


def convert_here(source: Path, target: Path, asked: argparse.Namespace) -> dict:
    """Convert in this process; seconds of sound, of the clock and of processors, memory in GiB."""
    from emotts import Converter
    from emotts.synthesis.conversion_files import convert_file

    converter = Converter.from_pretrained(asked.checkpoint)
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    start, busy = time.perf_counter(), time.process_time()
    seconds, _ = convert_file(
        converter, source, target, emotion=asked.emotion, voice=asked.voice
    )  # fmt: skip
    took, busy = time.perf_counter() - start, time.process_time() - busy
    return {"seconds": seconds, "took": took, "busy": busy, "loaded": loaded}


def convert_in_child(source: Path, target: Path) -> tuple[dict, float]:
    """What a child of this script reports, and its peak memory in GiB."""
    given = [*sys.argv[1:], "--child", str(source), str(target)]
    command = [sys.executable, os.path.abspath(__file__), *given]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return json.loads(said), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / GIB


def joins(source: Path) -> Iterator[int]:
    """Samples at which windows of a file meet."""
    with open_recording(source) as recorded:
        for window in cut(recorded.blocks()):
            if window.start:
                yield window.start


def step_sizes(path: Path, places: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Largest step between two samples around each place, and in as long stretches elsewhere."""
    with soundfile.SoundFile(path) as file:

        def largest(start: int) -> float:
            file.seek(max(0, start))
            block = file.read(3 * FADE, "float32")
            return float(np.abs(np.diff(block)).max()) if len(block) > 1 else 0.0

        others = np.random.default_rng(0).integers(0, len(file) - 3 * FADE, 400)
        at_joins = np.array([largest(place - FADE) for place in places])
        return at_joins, np.array([largest(int(start)) for start in others])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", help="a folder or hub id; default: the embedded set")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--emotion", default="happy")
    parser.add_argument("--voice", help="another voice")
    parser.add_argument("--child", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(convert_here(*asked.child, asked)))
        return
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "long.wav", Path(folder) / "made.wav"
        long_file(asked.data, source, asked.minutes)
        found, peak = convert_in_child(source, target)
        places = list(joins(source))
        there, elsewhere = step_sizes(target, places)
        kept = soundfile.info(target).frames == soundfile.info(source).frames
    seconds = found["seconds"]
    print(f"{seconds / 60:.1f} minutes: real-time factor {found['took'] / seconds:.3f} "
          f"({found['busy'] / seconds:.3f} of processor time), peak memory {peak:.2f} GiB "
          f"({found['loaded']:.2f} with the models loaded); "
          f"length {'kept' if kept else 'NOT kept'}; "
          f"{len(places)} joins: largest step {there.max(initial=0):.3f}, "
          f"median {np.median(there) if len(there) else 0:.4f}; elsewhere {elsewhere.max():.3f}, "
          f"median {np.median(elsewhere):.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
