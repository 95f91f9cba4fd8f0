"""Real-time factor and peak memory of converting one long file, read aloud by kathleen.

    python scripts/conversion_speed.py --minutes 60 --checkpoint checkpoints
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import soundfile

from emotts import Converter
from emotts.audio.io import read_audio
from emotts.corpora.packed import read_packed
from emotts.synthesis.conversion_files import convert_file

RATE = 24000


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", help="a folder or hub id; default: the embedded set")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--minutes", type=float, default=60.0)
    asked = parser.parse_args()
    converter = Converter.from_pretrained(asked.checkpoint)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "long.wav", Path(folder) / "made.wav"
        long_file(asked.data, source, asked.minutes)
        start, busy = time.perf_counter(), time.process_time()
        seconds, _ = convert_file(converter, source, target, emotion="happy")
        took, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{seconds / 60:.1f} minutes: real-time factor {took / seconds:.3f} "
          f"({busy / seconds:.3f} of processor time), peak memory {peak:.2f} GiB")  # fmt: skip


if __name__ == "__main__":
    main()
