"""One recording looked at whole: level, F0, activity, emotion over time, and the voice's figures.

The view of Emolysis (Ghosh et al. 2023) for speech, with VANPY's row of voice statistics.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from emotts.audio.activity import level_dbfs, spans, speech_activity
from emotts.audio.constants import FRAME_RATE, SAMPLE_RATE
from emotts.audio.f0 import track_f0
from emotts.audio.io import read_audio
from emotts.audio.speech import Speech
from emotts.errors import EmottsError
from emotts.evaluation.analyze_emotion import (
    AFFECT,
    HOP_SECONDS,
    WINDOW_SECONDS,
    EmotionWindow,
    check_windows,
    emotion_windows,
    neutral_of,
)
from emotts.evaluation.analyze_voice import VoiceStatistics, measure_voice
from emotts.synthesis.recognizer import MINIMUM_SECONDS, Recognition, Recognizer

Audio = str | Path | np.ndarray | Speech


@dataclass(frozen=True, eq=False)
class Analysis:
    """What `analyze` found.

    name: of the recording. samples: (n,) at 24 kHz. level: dBFS; f0: Hz, 0 where unvoiced;
    active: speech flags; (frames,) at 93.75 a second. windows: emotion over time, and whole: the
    whole recording's. relative_to: what it is heard against.
    """

    name: str
    samples: np.ndarray
    level: np.ndarray
    f0: np.ndarray
    active: np.ndarray
    windows: tuple[EmotionWindow, ...]
    whole: Recognition
    voice: VoiceStatistics
    relative_to: str

    @property
    def frame_seconds(self) -> np.ndarray:
        """Middle of each frame in seconds (frames,)."""
        return (np.arange(len(self.level)) + 0.5) / FRAME_RATE

    @property
    def categories(self) -> tuple[str, ...]:
        """Emotions in the order of the recognizer."""
        return tuple(self.whole.probabilities)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the samples, as JSON values."""
        return {
            "format": 1,
            "name": self.name,
            "relative_to": self.relative_to,
            "voice": self.voice.row(),
            "emotion": asdict(self.whole),
            "speech": [[round(a, 3), round(b, 3)] for a, b in spans(self.active)],
            "windows": [
                {"start": w.start, "end": w.end, **(asdict(w.heard) if w.heard else {})}
                for w in self.windows
            ],
            "frames": {
                "rate": FRAME_RATE,
                "level_dbfs": np.round(self.level, 2).tolist(),
                "f0_hz": [round(float(hz), 2) if hz else None for hz in self.f0],
                "active": self.active.tolist(),
            },
        }

    def to_json(self, path: str | Path | None = None) -> str:
        """JSON of `to_dict`, written to a file where one is named."""
        return _written(path, json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n")

    def to_csv(self, path: str | Path | None = None, frames: bool = False) -> str:
        """A table, written to a file where one is named.

        A row a window: its times, the emotion, its intensity, affect and probabilities, empty
        where nobody speaks. frames: instead a row a frame: seconds, level, F0 and activity.
        """
        if frames:
            head = ["seconds", "level_dbfs", "f0_hz", "active"]
            columns = zip(self.frame_seconds, self.level, self.f0, self.active, strict=True)
            rows = [[f"{t:.4f}", f"{db:.2f}", f"{hz:.2f}" if hz else "", int(a)]
                    for t, db, hz, a in columns]  # fmt: skip
        else:
            head = ["start", "end", "emotion", "intensity", *AFFECT, *self.categories]
            rows = [self._window_row(window) for window in self.windows]
        table = io.StringIO()
        csv.writer(table, lineterminator="\n").writerows([head, *rows])
        return _written(path, table.getvalue())

    def _window_row(self, window: EmotionWindow) -> list[str]:
        times, heard = [f"{window.start:.3f}", f"{window.end:.3f}"], window.heard
        if heard is None:
            return times + [""] * (2 + len(AFFECT) + len(self.categories))
        values = [heard.intensity, *(heard.affect[name] for name in AFFECT)]
        values += [heard.probabilities[name] for name in self.categories]
        return [*times, heard.emotion, *(f"{value:.4f}" for value in values)]

    def plot(self, path: str | Path) -> Path:
        """Draw all of it as a PNG; needs matplotlib."""
        from emotts.evaluation.analyze_picture import draw

        return draw(self, path)


def analyze(
    audio: Audio, neutral: Audio | list | None = None, *, window_seconds: float = WINDOW_SECONDS,
    hop_seconds: float = HOP_SECONDS, recognizer: Recognizer | None = None, name: str | None = None,
) -> Analysis:  # fmt: skip
    """Analyse a recording.

    audio: a file, samples (n,) at 24 kHz, or Speech. neutral: a neutral recording of the same
    speaker, or several; emotion is then heard relative to it. window_seconds, hop_seconds: of the
    emotion track. recognizer: the embedded SER A by default. Raises EmottsError for a recording
    that is no audio, empty, shorter than 0.3 s, silent, or without speech.
    """
    check_windows(window_seconds, hop_seconds)
    name = name or (Path(audio).name if isinstance(audio, str | Path) else "the recording")
    samples = _samples(audio, name)
    f0, voiced = track_f0(samples)
    active = speech_activity(samples, voiced=voiced)
    if not active.any():
        raise EmottsError(f"{name} holds no speech: nothing in it rises above its background")
    given = neutral if isinstance(neutral, list) else [] if neutral is None else [neutral]
    clips = [_samples(clip, f"neutral {_name(clip)}") for clip in given]
    voice = measure_voice(samples, f0, voiced, active)
    recognizer = recognizer or Recognizer.from_pretrained()
    against = neutral_of(recognizer, samples, clips)
    return Analysis(
        name, samples, level_dbfs(samples), f0, active,
        emotion_windows(recognizer, samples, against, active, window_seconds, hop_seconds),
        recognizer.recognize(samples, against), voice,
        ", ".join(map(_name, given)) if given else "everybody's neutral",
    )  # fmt: skip


def _name(audio: Audio) -> str:
    return Path(audio).name if isinstance(audio, str | Path) else "recording"


def _samples(audio: Audio, name: str) -> np.ndarray:
    """Checked samples (n,) at 24 kHz."""
    if isinstance(audio, str | Path):
        samples = read_audio(audio)
    elif isinstance(audio, Speech):
        import soxr

        samples = audio.samples
        if audio.rate != SAMPLE_RATE:
            samples = soxr.resample(samples, audio.rate, SAMPLE_RATE)
    else:
        samples = np.asarray(audio, dtype=np.float32)
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise EmottsError(f"{name} must be one row of finite samples")
    if len(samples) < MINIMUM_SECONDS * SAMPLE_RATE:
        raise EmottsError(f"{name} is shorter than {MINIMUM_SECONDS} s; give a longer recording")
    if np.abs(samples).max() < 1e-5:
        raise EmottsError(f"{name} is silent; give a recording of speech")
    return samples


def _written(path: str | Path | None, text: str) -> str:
    if path is not None:
        try:
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise EmottsError(f"{path} cannot be written: {error.strerror}") from error
    return text
