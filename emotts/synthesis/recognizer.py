"""Recognizer: what emotion a recording has, relative to neutral."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.audio.constants import HOP_LENGTH, NEUTRAL_LEVEL_DBFS, SAMPLE_RATE
from emotts.audio.f0 import track_f0
from emotts.audio.io import read_audio
from emotts.audio.mel import log_mel
from emotts.checkpoints import load_checkpoint, resolve
from emotts.errors import EmottsError

MINIMUM_SECONDS = 0.3


@dataclass(frozen=True)
class Recognition:
    """probabilities by category; the likeliest emotion; intensity 0–1; affect −1…1 each."""

    probabilities: dict[str, float]
    emotion: str
    intensity: float
    affect: dict[str, float]


@dataclass(frozen=True)
class Neutral:
    """What a speaker sounds like in neutral: gain to the shared level, mean log F0, mean log-mel
    spectrum (80,) after the gain, and mean embedding (None: everybody's)."""

    gain: float
    log_f0: float
    spectrum: np.ndarray
    embedding: np.ndarray | None


class Recognizer:
    """Category, intensity and affect heads of the tuned encoder (SER A)."""

    def __init__(self, encoder, heads, config: dict, centre: np.ndarray, spectrum: np.ndarray):
        self.encoder, self.heads, self.config = encoder, heads, config
        self.centre, self.spectrum = centre, spectrum

    @classmethod
    def from_pretrained(cls, source: str | Path | None = None) -> Recognizer:
        """Load the embedded set (None), a folder, or a hub id."""
        from emotts.models.encoder import EmotionHeads, Encoder
        from emotts.synthesis.networks import build

        stored = load_checkpoint(resolve(source), "ser")
        tensors, config = stored.tensors, stored.config
        parts: dict[str, dict] = {}
        for key, value in tensors.items():
            part, _, name = key.partition(".")
            parts.setdefault(part, {})[name] = value
        encoder = build(Encoder, config["encoder"], parts["encoder"])
        heads = EmotionHeads(encoder.dim, len(config["categories"]), 1)
        heads.load_state_dict(parts["heads"], strict=False)
        return cls(
            encoder, heads.eval().requires_grad_(False), config,
            parts["neutral"]["embedding"].numpy(), parts["neutral"]["spectrum"].numpy(),
        )  # fmt: skip

    def recognize(
        self, audio: str | Path | np.ndarray,
        neutral: str | Path | np.ndarray | Neutral | list | None = None,
    ) -> Recognition:  # fmt: skip
        """Read a recording.

        audio: a file, or samples (n,) at 24 kHz. neutral: a neutral recording of the same speaker,
        several, or what `hear_neutral` made of them; without it the recording's own mean pitch
        and level say nothing, and everybody's neutral stands in.
        Raises EmottsError for speech that is silent, too short or not finite.
        """
        import torch

        samples = read_samples(audio)
        known = neutral if isinstance(neutral, Neutral) else self._neutral(neutral, samples)
        z = self.embed(samples, known)
        centre = self.centre if known.embedding is None else known.embedding
        offset = torch.from_numpy(z - centre)[None]
        with torch.inference_mode():
            out = self.heads(offset)
        share = out["category"].softmax(-1)[0].tolist()
        probabilities = dict(zip(self.config["categories"], share, strict=True))
        best = max(probabilities, key=probabilities.get)
        affect = dict(zip(("valence", "arousal", "dominance"), out["affect"][0].tolist(),
                          strict=True))  # fmt: skip
        return Recognition(probabilities, best, float(out["level"][0]), affect)

    def hear_neutral(self, recordings: list) -> Neutral:
        """Measure one speaker's neutral from recordings (files or samples)."""
        heard = [read_samples(r) for r in recordings]
        first = _measure(np.concatenate(heard), self.spectrum)
        embeddings = [self.embed(x, first) for x in heard]
        return Neutral(first.gain, first.log_f0, first.spectrum, np.mean(embeddings, axis=0))

    def _neutral(self, neutral, samples: np.ndarray) -> Neutral:
        if neutral is None:
            own = _measure(samples, self.spectrum)
            return Neutral(own.gain, own.log_f0, self.spectrum, None)
        return self.hear_neutral(neutral if isinstance(neutral, list) else [neutral])

    def embed(self, samples: np.ndarray, neutral: Neutral | None = None) -> np.ndarray:
        """Pooled embedding z (64,) of samples (n,) heard against a neutral (None: everybody's)."""
        import torch

        with torch.inference_mode():
            return self.heads.embed(self._hidden(samples, neutral))[0].numpy()

    def embed_windows(
        self, samples: np.ndarray, starts: np.ndarray, seconds: float,
        neutral: Neutral | None = None,
    ) -> np.ndarray:  # fmt: skip
        """Embeddings z (windows, 64) of the windows of samples (n,) that begin at starts (seconds).

        The whole is heard once, and every window is pooled by itself.
        """
        import torch

        with torch.inference_mode():
            hidden = self._hidden(samples, neutral)
            pairs = hidden.shape[1]
            rate = SAMPLE_RATE / (2 * HOP_LENGTH)
            size = min(max(1, round(seconds * rate)), pairs)
            first = np.clip(np.round(np.asarray(starts) * rate), 0, pairs - size).astype(int)
            return np.concatenate(
                [self.heads.embed(hidden[:, i : i + size]).numpy() for i in first.tolist()]
            )

    def _hidden(self, samples: np.ndarray, neutral: Neutral | None):
        """Hidden states (1, pairs, dim) of the encoder, 47 a second."""
        import torch

        from emotts.models.encoder import encoder_inputs

        neutral = self._neutral(None, samples) if neutral is None else neutral
        scaled = samples * np.float32(neutral.gain)
        mel = log_mel(scaled).T - neutral.spectrum
        f0, voiced = track_f0(scaled)
        semitones = 12 / np.log(2) * (np.log(np.maximum(f0, 1.0)) - neutral.log_f0)
        semitones = np.where(voiced, semitones, 0.0).astype(np.float32)
        frames = len(mel) // 2 * 2
        inputs = encoder_inputs(
            torch.from_numpy(mel[None, :frames].astype(np.float32)),
            torch.from_numpy(semitones[None, :frames]),
            torch.from_numpy(voiced[None, :frames].astype(np.float32)),
        )
        return self.encoder(inputs)


def read_samples(audio: str | Path | np.ndarray) -> np.ndarray:
    """Samples (n,) float32 at 24 kHz of a file or an array; EmottsError for what is no speech."""
    samples = read_audio(audio) if isinstance(audio, (str, Path)) else np.asarray(audio)
    what = str(audio) if isinstance(audio, (str, Path)) else "the recording"
    samples = samples.astype(np.float32)
    if not np.isfinite(samples).all():
        raise EmottsError(f"{what} holds samples that are not finite numbers")
    if len(samples) < MINIMUM_SECONDS * SAMPLE_RATE:
        raise EmottsError(f"{what} is shorter than {MINIMUM_SECONDS} s; give a longer recording")
    if np.abs(samples).max() < 1e-5:
        raise EmottsError(f"{what} is silent; give a recording of speech")
    return samples


def _measure(samples: np.ndarray, spectrum: np.ndarray) -> Neutral:
    """Gain, mean log F0 and mean spectrum of speech taken as neutral."""
    from emotts.corpora.features import active_level_db

    gain = 10 ** ((NEUTRAL_LEVEL_DBFS - active_level_db(samples)) / 20)
    scaled = samples * np.float32(gain)
    f0, voiced = track_f0(scaled)
    log_f0 = float(np.median(np.log(f0[voiced]))) if voiced.any() else float(np.log(170.0))
    mel = log_mel(scaled).T
    loud = mel.mean(axis=1)
    own = mel[loud > np.percentile(loud, 95) - 3.45].mean(axis=0)
    return Neutral(gain, log_f0, own if voiced.any() else spectrum, None)
