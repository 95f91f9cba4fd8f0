"""What is measured of a recording before it is converted: frames, and who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from emotts.audio.activity import level_dbfs, speech_activity
from emotts.audio.constants import FRAME_RATE, HOP_LENGTH, NEUTRAL_LEVEL_DBFS, SAMPLE_RATE
from emotts.audio.f0 import fill_gaps, track_f0
from emotts.audio.mel import log_mel
from emotts.corpora.features import active_level_db
from emotts.errors import EmottsError
from emotts.models.encoder import encoder_inputs
from emotts.models.recording import LOUD
from emotts.models.speaker import SpeakerEncoder
from emotts.synthesis.recognizer import Neutral, Recognizer
from emotts.synthesis.voices import Voice

PAIR = 2 * HOP_LENGTH
SEMITONE = np.log(2) / 12
ENERGY_OVER_MEAN_DB = 2.0  # mean level of speech above the level of its mean spectrum, as trained
OCTAVE = np.log(2)
EMBEDDED_FRAMES = 374  # four seconds, the length of what the speaker encoder was trained on
FEWEST_VOICED = 8
# What music has and speech has not: no gaps. Share of frames below half the mean level of the
# second around them (Scheirer & Slaney 1997), least that any speech has.
LOW_ENERGY_SHARE = 0.12


@dataclass(frozen=True)
class Frames:
    """Analysed samples at the shared level, an even number of frames at 93.75 a second.

    mel: (frames, 80); f0: Hz without gaps, voiced, speech (bool): (frames,).
    """

    mel: np.ndarray
    f0: np.ndarray
    voiced: np.ndarray
    speech: np.ndarray

    @property
    def spoken(self) -> bool:
        """True if there is anything to convert."""
        return int((self.voiced & self.speech).sum()) >= FEWEST_VOICED


@dataclass(frozen=True)
class Source:
    """Who speaks in a recording: the voice as measured, the gain that brings its neutral to the
    shared level, and the neutral that its emotion is heard against."""

    voice: Voice
    gain: float
    neutral: Neutral


def analyse(samples: np.ndarray) -> Frames:
    """Frames of samples (n,) at 24 kHz and the shared level, n a multiple of 512."""
    f0, voiced = track_f0(samples)
    speech = speech_activity(samples, voiced=voiced)
    if not speechlike(samples):
        speech = np.zeros_like(speech)
    log_f0 = np.log(np.maximum(f0, 1.0))
    filled = np.exp(fill_gaps(log_f0, voiced, float(np.log(150.0)))).astype(np.float32)
    return Frames(log_mel(samples).T, filled, voiced, speech)


def speechlike(samples: np.ndarray) -> bool:
    """False for silence and for sound without the gaps that speech has, such as most music."""
    level = level_dbfs(samples)
    if not len(level) or level.max() < -70.0:
        return False
    if len(level) < FRAME_RATE:  # too short to tell
        return True
    from scipy.ndimage import uniform_filter1d

    amplitude = 10 ** (level / 20)
    around = uniform_filter1d(amplitude, round(FRAME_RATE), mode="nearest")
    return bool(np.mean(amplitude < 0.5 * around) > LOW_ENERGY_SHARE)


def padded(samples: np.ndarray) -> np.ndarray:
    """Samples with silence after them, to a multiple of 512."""
    return np.pad(np.asarray(samples, dtype=np.float32), (0, -len(samples) % PAIR))


def measure_voice(
    recordings: Sequence[np.ndarray], encoder: SpeakerEncoder, name: str = "source",
    language: str = "en-us", **facts,
) -> tuple[Voice, float]:  # fmt: skip
    """A voice as it sounds in recordings, (n,) at 24 kHz each, and the gain that brings them to the
    shared level.

    facts: further fields of `Voice`. Raises EmottsError where nobody speaks.
    """
    joined = np.concatenate([padded(r) for r in recordings])
    gain = 10 ** ((NEUTRAL_LEVEL_DBFS - active_level_db(joined)) / 20)
    frames = analyse(joined * np.float32(gain))
    if not frames.spoken:
        raise EmottsError("nobody speaks in the recording; give one of somebody speaking")
    log_f0 = np.log(frames.f0[frames.voiced & frames.speech])
    near = log_f0[np.abs(log_f0 - np.median(log_f0)) < OCTAVE]  # without octave errors
    level = frames.mel.mean(axis=1)
    spectrum = frames.mel[level > np.percentile(level[frames.speech], 95) - LOUD].mean(axis=0)
    voice = Voice(
        name=name, language=language, log_f0=float(near.mean()),
        pitch_deviation=float(max(near.std() / SEMITONE, 0.5)),
        energy=float(energy_db(spectrum[None])[0]) + ENERGY_OVER_MEAN_DB, tempo=0.0,
        mel_mean=spectrum.tolist(), embedding=embed_speaker(frames, encoder).tolist(),
        minutes=round(len(joined) / SAMPLE_RATE / 60, 2),
        **{"sex": "unknown", "corpus": "recording", "licence": "unknown", **facts},
    )  # fmt: skip
    return voice, float(gain)


def energy_db(mel: np.ndarray) -> np.ndarray:
    """Level of frames in dB from log-mel magnitudes: (frames, 80) -> (frames,)."""
    return 10.0 * np.log10(np.exp(2.0 * np.asarray(mel, dtype=np.float64)).sum(-1) + 1e-9)


def embed_speaker(frames: Frames, encoder: SpeakerEncoder) -> np.ndarray:
    """Unit vector of the speaker (size,): the mean over stretches of four seconds of speech."""
    mel = frames.mel[frames.speech]
    count = max(1, round(len(mel) / EMBEDDED_FRAMES))
    with torch.inference_mode():
        found = [
            encoder(torch.from_numpy(part[: len(part) // 2 * 2].copy())[None])[0].numpy()
            for part in np.array_split(mel, count)
        ]
    mean = np.mean(found, axis=0)
    return mean / np.linalg.norm(mean)


def embed_emotion(recognizer: Recognizer, frames: Frames, neutral: Neutral) -> np.ndarray:
    """Pooled emotion embedding z (64,) of frames heard against a neutral."""
    semitones = (np.log(frames.f0) - neutral.log_f0) / SEMITONE
    inputs = encoder_inputs(
        torch.from_numpy((frames.mel - neutral.spectrum).astype(np.float32))[None],
        torch.from_numpy(np.where(frames.voiced, semitones, 0.0).astype(np.float32))[None],
        torch.from_numpy(frames.voiced.astype(np.float32))[None],
    )
    with torch.inference_mode():
        return recognizer.heads.embed(recognizer.encoder(inputs))[0].numpy()
