"""Draws takes side by side: mel spectrogram with F0, and below it what was asked for over time."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from emotts import EmotionTrack
from emotts.audio.constants import HOP_LENGTH, N_FFT, SAMPLE_RATE
from emotts.audio.f0 import track_f0
from emotts.audio.mel import log_mel, mel_filters
from emotts.emotion.plots import shares
from emotts.text.markup import MarkedText, Style

MOST_BYTES = 60_000
F0_COLOUR = "#d7191c"
COLOURS = {
    "calm": "#4d9221", "happy": "#e08214", "sad": "#2166ac", "angry": "#b2182b",
    "fearful": "#762a83", "disgust": "#8c510a", "surprised": "#01857b",
}  # fmt: skip
LEAST_SHARE = 0.03
POINTS = 80


@dataclass(frozen=True)
class Panel:
    """One take. samples: (n,); edges: where its sentences begin and end, as (seconds, share of the
    text); words: (start, end) in seconds; track or marked: what was asked for over time."""

    title: str
    samples: np.ndarray
    edges: tuple[np.ndarray, np.ndarray]
    words: tuple[tuple[float, float], ...] = ()
    track: EmotionTrack | None = None
    marked: MarkedText | None = None

    @property
    def seconds(self) -> float:
        """Length."""
        return len(self.samples) / SAMPLE_RATE


def draw(panels: Sequence[Panel], known: Mapping[str, np.ndarray]) -> bytes:
    """A PNG of panels side by side, one time scale for all; known: directions by emotion."""
    from matplotlib.figure import Figure

    wide = max(5.2, 2.2 * len(panels))
    figure = Figure(figsize=(wide, 2.9), dpi=100, layout="constrained")
    axes = figure.subplots(2, len(panels), squeeze=False, sharex=True, sharey="row",
                           height_ratios=(2, 1))  # fmt: skip
    for column, panel in enumerate(panels):
        _spectrogram(axes[0, column], panel, column == 0, column == len(panels) - 1)
        if panel.track is not None or panel.marked is not None:
            _asked(axes[1, column], panel, known)
        else:
            _level(axes[1, column], panel)
    axes[0, 0].set_xlim(0, max(panel.seconds for panel in panels))
    asked = any(panel.track is not None or panel.marked is not None for panel in panels)
    axes[1, 0].set_ylabel("asked" if asked else "level, dB", fontsize=7)
    axes[1, 0].set_xlabel("seconds", fontsize=7)
    for axis in axes.flat:
        axis.tick_params(labelsize=6, length=2)
    if asked:
        highest = max(1.0, *(line.get_ydata().max() for a in axes[1] for line in a.get_lines()))
        axes[1, 0].set_ylim(-0.05, 1.5 * highest)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return _small(picture.getvalue())


def _small(png: bytes) -> bytes:
    """The picture in our own colours and as many greys as its size allows."""
    from PIL import Image
    from scipy.spatial import cKDTree

    whole = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    for greys in (48, 32, 24, 16, 10):
        palette = _palette(greys)
        nearest = cKDTree(palette).query(whole)[1].astype(np.uint8)
        flat = Image.fromarray(nearest)
        flat.putpalette(palette.ravel().tolist())
        small = io.BytesIO()
        flat.save(small, "png", optimize=True)
        if small.tell() <= MOST_BYTES:
            break
    return small.getvalue()


def _palette(greys: int) -> np.ndarray:
    """Colours (n, 3), 0 to 255: greys from black to white, and each line's with lighter ones for
    its edges."""
    from matplotlib.colors import to_rgb

    level = np.linspace(0, 1, greys)[:, None].repeat(3, axis=1)
    lines = np.array([to_rgb(colour) for colour in (F0_COLOUR, *COLOURS.values())])
    lighter = [1 - share * (1 - lines) for share in (1, 0.7, 0.4)]
    return np.rint(255 * np.concatenate([level, *lighter])).astype(np.uint8)


def _spectrogram(axis: Any, panel: Panel, first: bool, last: bool) -> None:
    mel, f0 = log_mel(panel.samples), track_f0(panel.samples)[0]
    axis.imshow(mel, origin="lower", aspect="auto", cmap="Greys", vmin=-9, vmax=1.5,
                interpolation="nearest", extent=(0, panel.seconds, 0, len(mel)))  # fmt: skip
    centres = mel_filters().argmax(axis=1) * SAMPLE_RATE / N_FFT
    kilohertz = (0.5, 1, 2, 4, 8)
    axis.set_yticks(np.searchsorted(centres, 1000 * np.array(kilohertz)), kilohertz)
    axis.set_title(panel.title, fontsize=8)
    pitch = axis.twinx()
    times = (np.arange(len(f0)) + 0.5) * HOP_LENGTH / SAMPLE_RATE
    pitch.plot(times, np.where(f0 > 0, f0, np.nan), color=F0_COLOUR, linewidth=1.4)
    pitch.set(yscale="log", ylim=(60, 800))
    pitch.set_yticks((100, 200, 400), ("100", "200", "400") if last else ())
    pitch.minorticks_off()
    pitch.tick_params(labelsize=6, length=2, colors=F0_COLOUR)
    if first:
        axis.set_ylabel("kHz", fontsize=7)
    if last:
        pitch.set_ylabel("F0, Hz", fontsize=7, color=F0_COLOUR)


def _asked(axis, panel: Panel, known: Mapping[str, np.ndarray]) -> None:
    """The weight of every emotion over time, or word by word; emphasis is shaded."""
    times, weights = np.linspace(0, panel.seconds, POINTS), {}
    if panel.track is not None:
        at = times if panel.track.unit == "seconds" else np.interp(times, *panel.edges)
        vectors = panel.track.at(at)
        weights = shares(vectors, known) if vectors.any() else {}
    elif panel.marked is not None:
        weights = _word_weights(axis, panel, times)
    shown = {name: w for name, w in weights.items() if w.max() > LEAST_SHARE}
    for number, (name, weight) in enumerate(shown.items()):
        dashes = (0, (3, 2)) if number % 2 else "-"  # two of one weight are both seen
        axis.plot(times, weight, color=COLOURS.get(name, "black"), linewidth=1.5, label=name,
                  linestyle=dashes)  # fmt: skip
    if shown:
        axis.legend(fontsize=5.5, frameon=False, ncols=2, loc="upper left", borderpad=0.1)
    else:
        axis.plot(times, 0 * times, color="0.5", linewidth=1)


def _word_weights(axis: Any, panel: Panel, times: np.ndarray) -> dict[str, np.ndarray]:
    spoken = list(re.finditer(r"\S*\w\S*", panel.marked.text))
    weights: dict[str, np.ndarray] = {}
    for found, (start, end) in zip(spoken, panel.words, strict=True):
        style = panel.marked.style_at(found.start())
        if style.emotion is not None:
            weight = weights.setdefault(style.emotion, np.zeros(len(times)))
            level = 1.0 if style.intensity is None else style.intensity
            weight[(times >= start) & (times < end)] = level
        elif style != Style():
            axis.axvspan(start, end, color="0.85")
    return weights


def _level(axis: Any, panel: Panel) -> None:
    frames = len(panel.samples) // HOP_LENGTH
    power = np.square(panel.samples[: frames * HOP_LENGTH]).reshape(frames, HOP_LENGTH).mean(axis=1)
    times = (np.arange(frames) + 0.5) * HOP_LENGTH / SAMPLE_RATE
    axis.plot(times, 10 * np.log10(np.maximum(power, 1e-7)), color="0.25", linewidth=0.9)
