"""What a set's voices sound like before and after tuning, by the set's own ears.

The speaker encoder and SER A are those that training used, so these figures tell whether something
was lost, not how good a voice is: for that there is `emotts evaluate`, with judges of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.synthesis.course import Course
from emotts.synthesis.hearing import TEXTS, Hearing, neutral_line, silent
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.sentence import Settings, speak
from emotts.synthesis.voices import Voice

HEARD = ("happy", "sad", "angry", "surprised")
LEAST_SIMILARITY, LEAST_EMOTION = 0.02, 0.05  # what an old voice may lose


@dataclass(frozen=True)
class VoiceFigures:
    """similarity: cosine of the synthesized voice to what it should be; emotion: mean probability
    that SER A gives the emotion that was asked for, against the voice's synthesized neutral."""

    similarity: float
    emotion: float


@torch.inference_mode()
def measure_voices(
    models: SynthesisModels, voices: list[Voice], wanted: dict[str, np.ndarray] | None = None
) -> dict[str, VoiceFigures]:
    """Figures by voice, the same sentences and seeds every time.

    wanted: speaker embeddings (s,) to compare with, by voice; else each voice's own.
    """
    hearing = Hearing.load(replace(models, vocoder=silent))
    feelings = [name for name in HEARD if name in models.space.directions]
    out = {}
    for voice in voices:
        target = (wanted or {}).get(voice.name, np.asarray(voice.embedding, dtype=np.float32))
        similarity = float(hearing.neutral(voice).speaker @ torch.from_numpy(target))
        given = []
        for seed, text in enumerate(TEXTS.get(voice.language[:2], TEXTS["en"])):
            line = neutral_line(hearing.models, voice, text)
            for name in feelings:
                course = Course(EmotionTrack.constant(models.space.vector(Emotion(name))))
                felt = replace(line, courses=(course,))
                spoken = speak(hearing.models, felt, Settings(), seed)
                given.append(hearing.probabilities(spoken, voice)[name])
        out[voice.name] = VoiceFigures(similarity, float(np.mean(given)) if given else 0.0)
    return out


def degraded(
    before: dict[str, VoiceFigures], after: dict[str, VoiceFigures], new: str
) -> list[str]:
    """Old voices that lost more than they may, each with what it lost."""
    out = []
    for name, was in before.items():
        now = after[name]
        if name == new:
            continue
        if was.similarity - now.similarity > LEAST_SIMILARITY:
            out.append(f"{name} (similarity {was.similarity:.3f} -> {now.similarity:.3f})")
        elif was.emotion - now.emotion > LEAST_EMOTION:
            out.append(f"{name} (emotion {was.emotion:.3f} -> {now.emotion:.3f})")
    return out
