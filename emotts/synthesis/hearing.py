"""What SER A and the speaker encoder hear in synthesized mels, before any vocoder."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import torch

from emotts.audio.constants import HOP_LENGTH, LOG_FLOOR
from emotts.checkpoints import load_checkpoint
from emotts.emotion.affect import NORMS
from emotts.emotion.track import EmotionTrack
from emotts.models.encoder import encoder_inputs
from emotts.models.speaker import SpeakerEncoder
from emotts.synthesis.course import Course
from emotts.synthesis.line import Delivery, Line
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.networks import build
from emotts.synthesis.recognizer import Recognizer
from emotts.synthesis.sentence import Settings, Spoken, speak
from emotts.synthesis.voices import Voice
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence

# What a voice's neutral is measured on; made for this, in none of the evaluation's texts.
TEXTS = {
    "en": ("The boxes are still standing behind the kitchen door.",
           "I will call you when the train has left the station."),
    "pl": ("Pudełka stoją jeszcze za drzwiami kuchni.",
           "Zadzwonię do ciebie, kiedy pociąg odjedzie ze stacji."),
}  # fmt: skip
LOUD = 3.45  # nepers below the loudest twentieth: what counts as speech


@dataclass(frozen=True)
class VoiceNeutral:
    """A voice's synthesized neutral: mean spectrum (80,), median log F0, mean emotion embedding z
    (64,) and mean speaker embedding."""

    spectrum: np.ndarray
    log_f0: float
    centre: torch.Tensor
    speaker: torch.Tensor


def silent(mel: torch.Tensor, *rest: torch.Tensor) -> torch.Tensor:
    """In the vocoder's place where only mels are wanted."""
    return torch.zeros(mel.shape[0], mel.shape[1] * HOP_LENGTH)


def neutral_line(models: SynthesisModels, voice: Voice, text: str) -> Line:
    """A line of neutral speech."""
    sequence = phone_sequence(phonemize(text, voice.language), voice.language)
    still = EmotionTrack.constant(np.zeros(models.space.dim))
    return Line(sequence, voice, (Course(still),), Delivery.plain(len(sequence), rate=0.93), text)


@dataclass
class Hearing:
    """Hears mels of `models` relative to each voice's own synthesized neutral, measured once."""

    models: SynthesisModels
    recognizer: Recognizer
    speaker: SpeakerEncoder
    known: dict[str, VoiceNeutral] = field(default_factory=dict)

    @classmethod
    def load(cls, models: SynthesisModels) -> Hearing:
        """With the recogniser and the speaker encoder of the models' own folder."""
        stored = load_checkpoint(models.folder, "speaker")
        return cls(
            models, Recognizer.from_pretrained(models.folder),
            build(SpeakerEncoder, stored.config, stored.tensors),
        )  # fmt: skip

    def probabilities(self, spoken: Spoken, voice: Voice) -> dict[str, float]:
        """Probability of every category."""
        return self._shares(self._offset(spoken, voice))

    def felt(self, spoken: Spoken, voice: Voice, emotion: str) -> float:
        """How surely the emotion is felt: that this is no longer neutral, times which emotion.

        The heads were taught on acted speech and never quite say neutral, so whether anything is
        felt at all is left to the spread of real neutral speech, where the space knows it.
        """
        offset = self._offset(spoken, voice)
        heard = self._shares(offset)
        space = self.models.space
        if space.neutrality is None:
            return heard[emotion]
        left = float(space.neutrality.left(offset.numpy() @ space.projection.T))
        return left * heard[emotion] / max(1 - heard["neutral"], 1e-6)

    def affect(self, spoken: Spoken, voice: Voice) -> np.ndarray:
        """Valence and arousal (2,): the mean of what the affect head says and of the norms of the
        categories, by their probabilities."""
        heads = self.recognizer.heads(self._offset(spoken, voice)[None])
        shares = heads["category"].softmax(-1)[0].numpy()
        norms = np.array([NORMS[name][:2] for name in self.recognizer.config["categories"]])
        return (heads["affect"][0].numpy()[:2] + shares @ norms) / 2

    def _offset(self, spoken: Spoken, voice: Voice) -> torch.Tensor:
        neutral = self.neutral(voice)
        return self._embed(spoken, neutral) - neutral.centre

    def _shares(self, offset: torch.Tensor) -> dict[str, float]:
        share = self.recognizer.heads(offset[None])["category"].softmax(-1)[0].tolist()
        return dict(zip(self.recognizer.config["categories"], share, strict=True))

    def likeness(self, spoken: Spoken, voice: Voice) -> float:
        """Cosine of the speaker embeddings of these mels and of the voice's neutral."""
        return float(self._speaker(spoken.mel) @ self.neutral(voice).speaker)

    def neutral(self, voice: Voice) -> VoiceNeutral:
        """Measured on a few made sentences the first time a voice is asked for."""
        if voice.name not in self.known:
            texts = TEXTS.get(voice.language[:2], TEXTS["en"])
            models = replace(self.models, vocoder=silent)
            lines = [neutral_line(models, voice, text) for text in texts]
            self.known[voice.name] = self._measure([speak(models, x, Settings(), 0) for x in lines])
        return self.known[voice.name]

    def _measure(self, spoken: list[Spoken]) -> VoiceNeutral:
        mels = np.concatenate([s.mel for s in spoken])
        loud = mels.mean(axis=1)
        spectrum = mels[loud > np.percentile(loud, 95) - LOUD].mean(axis=0)
        log_f0 = float(np.median(np.concatenate([np.log(s.f0[s.voiced]) for s in spoken])))
        speakers = torch.stack([self._speaker(s.mel) for s in spoken]).mean(0)
        first = VoiceNeutral(spectrum, log_f0, torch.zeros(1), speakers / speakers.norm())
        centre = torch.stack([self._embed(s, first) for s in spoken]).mean(0)
        return replace(first, centre=centre)

    def _embed(self, spoken: Spoken, neutral: VoiceNeutral) -> torch.Tensor:
        return embed_mel(self.recognizer, spoken, neutral.spectrum, neutral.log_f0)

    def _speaker(self, mel: np.ndarray) -> torch.Tensor:
        even = mel[: len(mel) // 2 * 2].astype(np.float32)
        return self.speaker(torch.from_numpy(even)[None])[0]


def embed_mel(
    recognizer: Recognizer, spoken: Spoken, spectrum: np.ndarray, log_f0: float
) -> torch.Tensor:
    """Pooled embedding z of a synthesized mel against a neutral spectrum and pitch."""
    frames = len(spoken.mel) // 2 * 2
    level = np.repeat(spoken.level, 2)[:, None] * np.log(10) / 20
    mel = np.maximum(spoken.mel + level, np.log(LOG_FLOOR)) - spectrum
    semitones = np.where(spoken.voiced, 12 / np.log(2) * (np.log(spoken.f0) - log_f0), 0.0)
    inputs = encoder_inputs(
        torch.from_numpy(mel[None, :frames].astype(np.float32)),
        torch.from_numpy(semitones[None, :frames].astype(np.float32)),
        torch.from_numpy(spoken.voiced[None, :frames].astype(np.float32)),
    )
    return recognizer.heads.embed(recognizer.encoder(inputs))[0]
