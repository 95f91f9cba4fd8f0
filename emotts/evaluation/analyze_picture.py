"""The picture of an analysis: five strips over one time axis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emotts.audio.activity import spans
from emotts.audio.constants import SAMPLE_RATE
from emotts.errors import EmottsError
from emotts.evaluation.analyze_emotion import AFFECT

if TYPE_CHECKING:
    from emotts.evaluation.analyze import Analysis

STRIPS = (1.0, 1.0, 0.8, 1.6, 1.2)
WIDEST = 2000  # columns of the waveform: more cannot be seen
SPEECH, INK = "#e6f0fa", "#24486b"


def draw(analysis: Analysis, path: str | Path) -> Path:
    """Draw waveform with activity, F0, level, emotion and affect over time; returns the PNG."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise EmottsError("drawing needs matplotlib: pip install 'emotts[train]'") from error

    path, seconds = Path(path), len(analysis.samples) / SAMPLE_RATE
    figure = Figure(figsize=(min(24.0, max(9.0, 1.2 * seconds)), 9.0), layout="constrained")
    axes = figure.subplots(len(STRIPS), 1, sharex=True, height_ratios=STRIPS)
    for axis, strip in zip(axes, (_waveform, _f0, _level, _emotion, _affect), strict=True):
        for start, end in spans(analysis.active):
            axis.axvspan(start, end, color=SPEECH, zorder=0)
        strip(axis, analysis)
    axes[-1].set(xlabel="seconds", xlim=(0, seconds))
    figure.suptitle(_title(analysis), fontsize=10)
    try:
        figure.savefig(path, dpi=110, format="png")
    except OSError as error:
        raise EmottsError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _title(analysis: Analysis) -> str:
    voice, whole = analysis.voice, analysis.whole
    parts = [analysis.name, f"{whole.emotion} {whole.intensity:.2f} against {analysis.relative_to}"]
    if voice.f0_mean_hz is not None:
        parts.append(f"F0 {voice.f0_mean_hz:.0f} ± {voice.f0_std_hz:.0f} Hz")
    if voice.sex is not None:
        parts.append(f"{voice.sex} ({voice.sex_probability:.0%})")
    parts.append(f"{voice.articulation_rate:.1f} syllables/s")
    return " · ".join(parts).replace("$", r"\$")


def _waveform(axis: Any, analysis: Analysis) -> None:
    samples = analysis.samples
    step = max(1, len(samples) // WIDEST)
    columns = samples[: len(samples) // step * step].reshape(-1, step)
    times = (np.arange(len(columns)) + 0.5) * step / SAMPLE_RATE
    axis.fill_between(times, columns.min(1), columns.max(1), color=INK, linewidth=0.5)
    axis.set_ylabel("waveform\n(speech shaded)")


def _f0(axis: Any, analysis: Analysis) -> None:
    f0 = np.where(analysis.f0 > 0, analysis.f0, np.nan)
    axis.plot(analysis.frame_seconds, f0, ".", markersize=2.5, color=INK)
    axis.set_ylabel("F0, Hz")


def _level(axis: Any, analysis: Analysis) -> None:
    axis.plot(analysis.frame_seconds, analysis.level, linewidth=0.8, color=INK)
    axis.set(ylabel="level, dBFS", ylim=(max(-100.0, analysis.level.max() - 70), 0))


def _emotion(axis: Any, analysis: Analysis) -> None:
    """Stacked probabilities, blank where nobody speaks."""
    times = [window.centre for window in analysis.windows]
    shares = np.array([
        [w.heard.probabilities[name] if w.heard else np.nan for name in analysis.categories]
        for w in analysis.windows
    ])  # fmt: skip
    if len(times) == 1:  # one window: drawn over the time it covers
        times, shares = [analysis.windows[0].start, analysis.windows[0].end], shares.repeat(2, 0)
    low = np.zeros(len(times))
    for name, share in zip(analysis.categories, shares.T, strict=True):
        colour = f"C{analysis.categories.index(name) % 10}"
        axis.fill_between(times, low, low + share, label=name, color=colour, linewidth=0)
        low = low + share
    axis.set(ylabel="emotion", ylim=(0, 1))
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8, reverse=True)


def _affect(axis: Any, analysis: Analysis) -> None:
    times = [window.centre for window in analysis.windows]
    for name in (*AFFECT, "intensity"):
        values = [
            np.nan if w.heard is None
            else w.heard.intensity if name == "intensity" else w.heard.affect[name]
            for w in analysis.windows
        ]  # fmt: skip
        style = "--" if name == "intensity" else "-"
        axis.plot(times, values, style, marker=".", markersize=3, linewidth=1.2, label=name)
    axis.axhline(0, color="0.6", linewidth=0.6)
    axis.set(ylabel="affect", ylim=(-1.05, 1.05))
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
