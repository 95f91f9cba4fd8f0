"""The pictures of the tabs, as PNG files."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

from emotts.audio.constants import HOP_LENGTH, N_FFT, SAMPLE_RATE
from emotts.errors import EmottsError

if TYPE_CHECKING:
    from emotts.audio.speech import Speech
    from emotts.emotion.affect import Affect

P, T = ParamSpec("P"), TypeVar("T")
_DRAWING = ThreadPoolExecutor(1, "emotts-pictures")
RED = "#c2121f"
COLOURS = {
    "neutral": "#555555", "calm": "#4d9221", "happy": "#e08214", "sad": "#2166ac",
    "angry": "#b2182b", "fearful": "#762a83", "disgust": "#8c510a", "surprised": "#01857b",
}  # fmt: skip
DPI = 100
PLANE_INCHES = 5.0
EDGE = 1.15  # of the plane, beyond the −1…1 of valence and arousal


def in_one_thread(draw: Callable[P, T]) -> Callable[P, T]:
    """Draw in the one thread that draws: each that has keeps some ten megabytes."""

    @functools.wraps(draw)
    def drawn(*given: P.args, **named: P.kwargs) -> T:
        return _DRAWING.submit(draw, *given, **named).result()

    return drawn


def _figure(width: float, height: float, **options: Any) -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise EmottsError("pictures need matplotlib: pip install 'emotts[demo]'") from error
    return Figure(figsize=(width, height), dpi=DPI, **options)


@in_one_thread
def mel_picture(speech: Speech, path: str | Path) -> str:
    """Draw the log-mel spectrogram of speech, its F0 in Hz, and its words' phonemes; returns the
    path."""
    from emotts.audio.f0 import track_f0
    from emotts.audio.mel import log_mel, mel_filters

    mel, seconds = log_mel(speech.samples), speech.seconds
    figure = _figure(min(14.0, max(6.0, 1.6 * seconds)), 3.4, layout="constrained")
    axis = figure.add_subplot()
    axis.imshow(mel, origin="lower", aspect="auto", cmap="Greys", vmin=-9, vmax=1.5,
                interpolation="nearest", extent=(0, seconds, 0, len(mel)))  # fmt: skip
    centres = mel_filters().argmax(axis=1) * SAMPLE_RATE / N_FFT
    kilohertz = (0.5, 1, 2, 4, 8)
    axis.set_yticks(np.searchsorted(centres, 1000 * np.array(kilohertz)), kilohertz)
    axis.set(ylabel="kHz", xlabel="seconds")
    _words(axis, speech)
    pitch = axis.twinx()
    _melody(pitch, *_times(track_f0(speech.samples)[0]), RED)
    pitch.set_ylabel("melody, Hz", color=RED)
    pitch.tick_params(colors=RED)
    return _saved(figure, path)


def _words(axis: Any, speech: Speech) -> None:
    """The phonemes of every word in a line above the spectrogram."""
    small = 7 if len(speech.timeline) > 14 else 9
    for word in speech.timeline:
        middle = (word.start_seconds + word.end_seconds) / 2
        axis.axvline(word.start_seconds, color="0.5", linewidth=0.5, alpha=0.6)
        axis.annotate(word.label, (middle, 1.01), xycoords=("data", "axes fraction"),
                      ha="center", va="bottom", fontsize=small)  # fmt: skip


def _times(f0: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Seconds of the frames, and F0 with gaps where nothing is voiced."""
    return (np.arange(len(f0)) + 0.5) * HOP_LENGTH / SAMPLE_RATE, np.where(f0 > 0, f0, np.nan)


def _melody(axis: Any, times: np.ndarray, f0: np.ndarray, colour: Any, **options: Any) -> None:
    axis.plot(times, f0, color=colour, linewidth=1.8, **options)
    axis.set(yscale="log", ylim=(60, 800))
    axis.set_yticks((75, 100, 150, 200, 300, 400, 600), ("75", "100", "150", "200", "300", "400",
                                                         "600"))  # fmt: skip
    axis.minorticks_off()


@in_one_thread
def f0_picture(clips: Mapping[str, np.ndarray], path: str | Path) -> str:
    """Draw the F0 of several clips over each other; clips: label → samples (n,) at 24 kHz."""
    from matplotlib import colormaps

    from emotts.audio.f0 import track_f0

    figure = _figure(9.0, 3.6, layout="constrained")
    axis = figure.add_subplot()
    shades = colormaps["viridis_r"](np.linspace(0.1, 1.0, max(len(clips), 2)))
    for number, (label, samples) in enumerate(clips.items()):
        colour = COLOURS.get(label, shades[number])
        _melody(axis, *_times(track_f0(samples)[0]), colour, label=label)
    axis.set(xlabel="seconds", ylabel="melody, Hz")
    axis.grid(color="0.9")
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    return _saved(figure, path)


@in_one_thread
def plane_picture(
    norms: Mapping[str, Affect], path: str | Path, chosen: Any = None, heard: Any = None
) -> str:
    """Draw the plane of valence and arousal with the emotions' places.

    chosen, heard: (valence, arousal), where there are any. The plane fills the picture, so that
    `affect_at` reads a click.
    """
    figure = _figure(PLANE_INCHES, PLANE_INCHES)
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE))
    axis.axis("off")
    for way in (axis.axhline, axis.axvline):
        way(0, color="0.75", linewidth=1)
    axis.add_patch(_rectangle())
    for x, y, word in ((0.66, 0.03, "pleasant →"), (-0.98, 0.03, "← unpleasant"),
                       (0.02, 0.92, "excited ↑"), (0.02, -0.97, "quiet ↓")):  # fmt: skip
        axis.text(x, y, word, color="0.45", fontsize=9)
    for name, affect in norms.items():
        axis.plot(affect[0], affect[1], "o", color=COLOURS.get(name, "0.3"), markersize=9)
        place = (-9, -4) if name == "fearful" else (0, 9)  # angry is its neighbour
        axis.annotate(name, (affect[0], affect[1]), place, textcoords="offset points",
                      ha="right" if name == "fearful" else "center", fontsize=10)  # fmt: skip
    marks = (("asked", chosen, "X", "#0b5fff"), ("heard", heard, "*", RED))
    for label, place, marker, colour in marks:
        if place is not None:
            axis.plot(*place[:2], marker, color=colour, markersize=16, markeredgecolor="white",
                      label=label, linestyle="none")  # fmt: skip
    if chosen is not None or heard is not None:
        axis.legend(loc="lower left", frameon=True)
    return _saved(figure, path)


def _rectangle() -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((-1, -1), 2, 2, fill=False, edgecolor="0.6", linewidth=1)


def affect_at(x: float, y: float) -> tuple[float, float]:
    """Valence and arousal, each −1…1, of a pixel of `plane_picture`, x from the left and y from
    the top; outside the square it is the nearest place inside."""
    size = PLANE_INCHES * DPI
    valence, arousal = ((2 * place / size - 1) * EDGE for place in (x, size - y))
    return tuple(round(float(np.clip(value, -1, 1)), 2) + 0.0 for value in (valence, arousal))


def _saved(figure: Any, path: str | Path) -> str:
    figure.savefig(path, format="png", metadata={"Software": None})
    return str(path)
