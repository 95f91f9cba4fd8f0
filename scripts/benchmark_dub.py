"""Figures of dubbing jobs: slots, words at other rates, speed and memory, kills, the mix.

Each part has a default number of lines and runs alone. `benchmark.py dub` prints the table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from benchmark_memory import Memory

from emotts.errors import EmottsError

ROOT = Path(__file__).resolve().parents[1]
KILL_CHECK = ROOT / "tests" / "dubbing" / "kill_check.py"
RATES = (0.8, 1.0, 1.25)
EMOTIONS = ("neutral", "happy", "sad", "angry")
PAUSE_SECONDS = 0.3
SPEECH_SECONDS, SECONDS_A_LETTER = 0.4, 0.06  # of slots where natural lengths are not asked for
OVERSAMPLING = 8
Row = tuple[str, str, str, str]


def run(asked: argparse.Namespace, parts: list[str]) -> tuple[dict[str, Any], list[Row]]:
    """Figures by part, and the rows of the table: figure, measured, at least, aim."""
    figures: dict[str, Any] = {}
    rows: list[Row] = []
    for part in parts:
        measure, lines = PARTS[part]
        figures[part], new = measure(asked, asked.lines or lines)
        rows += new
        print(f"{part}: {json.dumps(figures[part])}", file=sys.stderr)
    return figures, rows


def slots(asked: argparse.Namespace, count: int) -> tuple[dict, list[Row]]:
    """Difference between a line's length and its slot of 0.8 to 1.25 of its natural length."""
    from emotts.dubbing.studio import Models

    draw, synthesizer = random.Random(0), Models(asked.checkpoint).open()
    lines, start = [], 0.0
    for n, (text, seed) in enumerate(_texts(asked, count)):
        line = {"text": text, "emotion": EMOTIONS[n % len(EMOTIONS)], "seed": seed}
        slot = synthesizer.natural_seconds(**line) * draw.uniform(0.8, 1.25)
        end = round(start + slot, 3)
        lines.append(line | {"start": round(start, 3), "end": end})
        start = end + PAUSE_SECONDS
    with tempfile.TemporaryDirectory() as folder:
        job = _dub(Path(folder), lines, asked)
        errors = [_slot_error(Path(folder) / "out", row) for row in job.rows if row.facts]
    _none_failed(job)
    found = {
        "lines": count, "median_ms": float(np.median(errors)),
        "p95_ms": float(np.percentile(errors, 95)), "outside_of_limits":
        sum(bool(row.facts["overrun_seconds"] or row.facts["spare_seconds"]) for row in job.rows),
    }  # fmt: skip
    shown = f"{found['median_ms']:.2f} / {found['p95_ms']:.2f} ms"
    figure = f"slot error, {count} lines with slots 0.8–1.25 of natural length: median / p95"
    return found, [(figure, shown, "20 / 60 ms", "0 / 1 ms")]


def _slot_error(out: Path, row: Any) -> float:
    """Milliseconds, by the length of the file itself."""
    import soundfile

    seconds = soundfile.info(out / "takes" / f"{row.key}.wav").duration
    return 1000 * abs(seconds - (row.line["end"] - row.line["start"]))


def words(asked: argparse.Namespace, count: int) -> tuple[dict, list[Row]]:
    """Word error rates (%) by Whisper at natural length, and at rates against it."""
    import soxr

    from emotts.dubbing.studio import Models
    from emotts.evaluation.words import WHISPER_RATE, WordJudge, word_errors

    synthesizer, judge = Models(asked.checkpoint).open(), WordJudge()
    texts = _texts(asked, count)
    heard: dict[str, list[str]] = {}
    for text, seed in texts:
        natural = synthesizer.natural_seconds(text, seed=seed)
        for rate in (None, *RATES):
            speech = synthesizer.synthesize(text, seed=seed, seconds=rate and natural / rate)
            samples = soxr.resample(speech.samples, speech.rate, WHISPER_RATE)
            heard.setdefault(str(rate or "natural"), []).append(judge.transcribe(samples))
    written = [text for text, _ in texts]
    found = {name: 100 * word_errors(written, texts).wer for name, texts in heard.items()}
    more = " / ".join(f"{found[str(rate)] - found['natural']:+.1f}" for rate in RATES)
    figure = f"WER at .8 / 1 / 1.25 minus natural rate ({found['natural']:.1f} %), {count} lines"
    return {"lines": count, **found}, [(figure, f"{more} points", "+8", "+2")]


def speed(asked: argparse.Namespace, count: int) -> tuple[dict, list[Row]]:
    """Lines a minute and memory of `emotts dub`, loading and mixing included, in a process of its
    own with one worker and with several."""
    lines, start = [], 0.0
    for text, seed in _texts(asked, count):
        slot = SPEECH_SECONDS + SECONDS_A_LETTER * len(text)
        lines.append({"start": round(start, 3), "end": round(start + slot, 3), "text": text,
                      "seed": seed})  # fmt: skip
        start += slot + PAUSE_SECONDS
    found: dict[str, dict[str, float]] = {}
    for workers in sorted({1, asked.workers}):
        with tempfile.TemporaryDirectory() as folder:
            found[str(workers)] = _timed_command(Path(folder), lines, asked, workers)
    one, many = found["1"], found[str(asked.workers)]
    gain = many["lines_a_minute"] / one["lines_a_minute"]
    shown = f"{many['lines_a_minute']:.0f}; {many['gigabytes']:.2f} GB; {gain:.2f}×"
    figure = f"{count} lines, {asked.workers} workers: lines a minute; memory; 1 → more workers"
    rows = [(figure, shown, "60; 2 GB; 1.6×", "200; 1.2 GB; 1.9×")]
    return {"lines": count, "workers": found, "speed_up": gain}, rows


def _timed_command(
    folder: Path, lines: list[dict], asked: argparse.Namespace, workers: int
) -> dict[str, float]:
    words = ["dub", str(_script(folder, lines)), "-o", str(folder / "out")]
    words += ["--workers", str(workers)]
    words += ["--checkpoint", asked.checkpoint] if asked.checkpoint else []
    code = "from emotts.cli.main import run; run()"
    begun = time.perf_counter()
    with open(folder / "said", "w+") as said:
        child = subprocess.Popen([sys.executable, "-c", code, *words], stderr=said, cwd=ROOT)
        memory = Memory(child.pid)
        status = child.wait()
        seconds, most = time.perf_counter() - begun, memory.stop()
        if status:
            said.seek(0)
            raise EmottsError(f"emotts dub ended with {status}: {said.read()[-500:]}")
    return {"lines_a_minute": 60 * len(lines) / seconds, "gigabytes": most / 1e9,
            "seconds": seconds}  # fmt: skip


def kills(asked: argparse.Namespace, count: int) -> tuple[dict, list[Row]]:
    """What is lost of a job, of tones instead of models, that is killed again and again."""
    one = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, KILL_CHECK, folder, str(count), "1"],
            env=os.environ | one, capture_output=True, text=True,
        )  # fmt: skip
    try:
        found = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise EmottsError(f"the check of kills ended early: {done.stderr[-500:]}") from None
    shown = f"{found['lost']} lost, {found['duplicated']} duplicated, {found['half']} half"
    figure = f"SIGKILL at {count} random moments, resumed: lost or duplicated lines, half files"
    return found, [(figure, shown, "0", "0")]


def mixed(asked: argparse.Namespace, count: int) -> tuple[dict, list[Row]]:
    """Loudness by pyloudnorm, and true peak by oversampling with soxr, of the track as a file.

    Every other line is loud and high in tempo, so that the limiter has something to do."""
    import pyloudnorm
    import soundfile
    import soxr

    lines = [
        {"start": 5.0 * n, "text": text, "seed": seed, "emotion": EMOTIONS[n % len(EMOTIONS)],
         "energy": 12.0 * (n % 2) - 6.0}
        for n, (text, seed) in enumerate(_texts(asked, count))
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        _none_failed(_dub(Path(folder), lines, asked))
        samples, rate = soundfile.read(Path(folder) / "out" / "track.wav")
    lufs = float(pyloudnorm.Meter(rate).integrated_loudness(samples))
    fine = (
        soxr.resample(samples[i : i + 60 * rate], rate, OVERSAMPLING * rate, "VHQ")
        for i in range(0, len(samples), 60 * rate)
    )
    peak = 20 * float(np.log10(max(float(np.abs(x).max()) for x in fine)))
    found = {"lines": count, "loudness_error_lu": abs(lufs + 23), "true_peak_dbtp": peak,
             "true_peak_over_db": max(0.0, peak + 1)}  # fmt: skip
    shown = f"{found['loudness_error_lu']:.2f} LU; {found['true_peak_over_db']:.2f} dB"
    figure = "final mix: integrated loudness error; true peak over −1 dBTP"
    return found, [(figure, shown, ".5 LU; 0 dB", ".1")]


PARTS = {
    "slots": (slots, 200), "words": (words, 50), "speed": (speed, 500), "kills": (kills, 50),
    "mix": (mixed, 50),
}  # fmt: skip


def _none_failed(job: Any) -> None:
    if job.failed:
        raise EmottsError(f"{len(job.failed)} lines failed: {job.failed[0].reason}")


def _script(folder: Path, lines: list[dict]) -> Path:
    script = folder / "script.jsonl"
    script.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return script


def _dub(folder: Path, lines: list[dict], asked: argparse.Namespace) -> Any:
    from emotts.dubbing.job import DubOptions, dub
    from emotts.dubbing.studio import Models

    options = DubOptions(workers=asked.workers)
    return dub(
        _script(folder, lines), folder / "out", options=options, studio=Models(asked.checkpoint)
    )


def _texts(asked: argparse.Namespace, count: int) -> list[tuple[str, int]]:
    """So many sentences with seeds; where the file has fewer they come again as other takes."""
    texts = [t.strip() for t in asked.sentences.read_text("utf-8").splitlines() if t.strip()]
    return [(texts[n % len(texts)], n // len(texts)) for n in range(count)]
