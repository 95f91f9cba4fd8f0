"""Benchmarks whose figures stand in docs/results.md.

    python scripts/benchmark.py dub --sentences ../shared/sentences/english.txt
    python scripts/benchmark.py dub --sentences ../shared/sentences/english.txt --quick --only slots

`dub`: slot errors, words at several rates, lines a minute and memory of one and two workers, lines
lost to kills, loudness and true peak of the mix. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from emotts.errors import EmottsError

ROOT = Path(__file__).resolve().parents[1]
RATES = (0.8, 1.0, 1.25)
ENTRIES = ("slots", "words", "speed", "kills")
EMOTIONS = ("neutral", "happy", "sad", "angry")


def main() -> int:
    """Run the benchmark that was asked for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    dub = commands.add_parser("dub", help="dubbing jobs")
    dub.add_argument("--sentences", type=Path, required=True, help="a text file, one a line")
    dub.add_argument("--checkpoint", help="a folder or hub id; default: the embedded set")
    dub.add_argument("--only", help="a comma-separated choice of " + ", ".join(ENTRIES))
    dub.add_argument("--quick", action="store_true", help="a tenth of the lines")
    dub.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    chosen = asked.only.split(",") if asked.only else list(ENTRIES)
    if unknown := set(chosen) - set(ENTRIES):
        parser.error(f"unknown {', '.join(sorted(unknown))}; choose from {', '.join(ENTRIES)}")
    try:
        found = {name: globals()[f"dub_{name}"](asked) for name in chosen}
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(found, indent=1))
    return 0


def dub_slots(asked: argparse.Namespace) -> dict:
    """Slot error of lines whose slots are 0.8 to 1.25 of their natural length, and the mix."""
    from emotts.dubbing.worker import Models

    count, draw = (20 if asked.quick else 200), random.Random(0)
    synthesizer = Models(asked.checkpoint).open()
    lines, start = [], 0.0
    for n, (text, seed) in enumerate(_texts(asked, count)):
        line = dict(text=text, emotion=EMOTIONS[n % len(EMOTIONS)], seed=seed)
        slot = synthesizer.natural_seconds(**line) * draw.uniform(0.8, 1.25)
        end = round(start + slot, 3)
        lines.append(line | dict(start=round(start, 3), end=end))
        start = end + 0.3
    with tempfile.TemporaryDirectory() as folder:
        job = _dub(Path(folder), lines, asked, asked.workers)
        errors = [
            1000 * abs(row.facts["samples"] / row.facts["rate"] - row.facts["slot_seconds"])
            for row in job.rows if row.facts
        ]  # fmt: skip
        mixed = _mix_figures(Path(folder) / "out" / "track.wav", job.mix)
    return {
        "lines": count, "failed": len(job.failed), "median_ms": float(np.median(errors)),
        "p95_ms": float(np.percentile(errors, 95)), **mixed,
    }  # fmt: skip


def dub_words(asked: argparse.Namespace) -> dict:
    """Word error rate (%) at natural length, and at rates against it."""
    import soxr

    from emotts.dubbing.worker import Models
    from emotts.evaluation.words import WHISPER_RATE, WordJudge, word_errors

    synthesizer, judge = Models(asked.checkpoint).open(), WordJudge()
    texts = _texts(asked, 10 if asked.quick else 100)
    said: dict[str, list[str]] = {}
    for text, seed in texts:
        natural = synthesizer.natural_seconds(text, seed=seed)
        for rate in (None, *RATES):
            seconds = rate and natural / rate
            speech = synthesizer.synthesize(text, seed=seed, seconds=seconds)
            samples = soxr.resample(speech.samples, speech.rate, WHISPER_RATE)
            said.setdefault(str(rate or "natural"), []).append(judge.transcribe(samples))
    written = [text for text, _ in texts]
    return {name: 100 * word_errors(written, heard).wer for name, heard in said.items()}


def dub_speed(asked: argparse.Namespace) -> dict:
    """Lines a minute and memory of the whole family of processes, by number of workers."""
    count = 50 if asked.quick else 500
    texts = enumerate(_texts(asked, count))
    lines = [dict(start=4.0 * n, text=text, seed=seed) for n, (text, seed) in texts]
    found = {}
    for workers in sorted({1, asked.workers}):
        with tempfile.TemporaryDirectory() as folder:
            memory = _Memory()
            begun = time.perf_counter()
            _dub(Path(folder), lines, asked, workers)
            seconds = time.perf_counter() - begun
            found[str(workers)] = {
                "lines_a_minute": 60 * count / seconds, "gigabytes": memory.stop() / 1e9
            }  # fmt: skip
    first, last = (found[str(n)]["lines_a_minute"] for n in (1, asked.workers))
    return {"lines": count, "workers": found, "speed_up": last / first}


def dub_kills(asked: argparse.Namespace) -> dict:
    """Fails unless a job that is killed again and again loses nothing; see the check itself."""
    moments = 5 if asked.quick else 50
    with tempfile.TemporaryDirectory() as folder:
        check = ROOT / "tests" / "dubbing" / "kill_check.py"
        one = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        done = subprocess.run([sys.executable, check, folder, str(moments), "1"],
                              env=os.environ | one, capture_output=True, text=True)  # fmt: skip
    return {"moments": moments, "all_kept": done.returncode == 0, "said": done.stderr[-500:]}


def _dub(folder: Path, lines: list[dict], asked: argparse.Namespace, workers: int):
    from emotts.dubbing.job import DubOptions, dub
    from emotts.dubbing.worker import Models

    script = folder / "script.jsonl"
    script.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return dub(
        script, folder / "out", options=DubOptions(workers=workers), studio=Models(asked.checkpoint)
    )


def _mix_figures(track: Path, mix: dict) -> dict:
    """Loudness by pyloudnorm and true peak by soxr, both of the file."""
    import pyloudnorm
    import soundfile
    import soxr

    samples, rate = soundfile.read(track)
    lufs = pyloudnorm.Meter(rate).integrated_loudness(samples)
    peak = max(
        float(np.abs(soxr.resample(samples[i : i + 60 * rate], rate, 8 * rate, "VHQ")).max())
        for i in range(0, len(samples), 60 * rate)
    )
    return {"loudness_error_lu": abs(lufs + 23), "true_peak_dbtp": 20 * float(np.log10(peak)),
            "track_seconds": mix["seconds"]}  # fmt: skip


def _texts(asked: argparse.Namespace, count: int) -> list[tuple[str, int]]:
    """So many sentences with seeds; where the file has fewer they come again as other takes."""
    texts = [t.strip() for t in asked.sentences.read_text("utf-8").splitlines() if t.strip()]
    return [(texts[n % len(texts)], n // len(texts)) for n in range(count)]


class _Memory:
    """The most memory (proportional set size) that this process and its children had."""

    def __init__(self):
        self.most, self._over = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Bytes."""
        self._over.set()
        self._thread.join()
        return self.most

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            self.most = max(self.most, sum(map(_share, _family(os.getpid()))))


def _family(parent: int) -> list[int]:
    family = [parent]
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in task.read_text().split():
            family += _family(int(child))
    return family


def _share(process: int) -> int:
    try:
        for row in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if row.startswith("Pss:"):
                return 1024 * int(row.split()[1])
    except OSError:
        pass  # it has just ended
    return 0


if __name__ == "__main__":
    sys.exit(main())
