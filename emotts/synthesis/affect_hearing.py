"""Listening to mixes of emotions: what valence and arousal the own recogniser hears in them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import torch

from emotts.emotion.affect_map import AffectMap, map_by_ear
from emotts.emotion.emotion import Emotion
from emotts.emotion.space import EmotionSpace
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.course import Course
from emotts.synthesis.hearing import TEXTS, Hearing, neutral_line, silent
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.sentence import Settings, speak

RIM = 1.25  # intensity of every mix in all
SHARES = (0.25, 0.5, 0.75)


def candidates(names: Sequence[str]) -> list[dict[str, float]]:
    """Every emotion by itself, and every pair in three proportions, of intensity RIM in all."""
    alone = [{name: RIM} for name in names]
    pairs = [
        {one: RIM * share, other: RIM * (1 - share)}
        for one, other in itertools.combinations(names, 2) for share in SHARES
    ]  # fmt: skip
    return alone + pairs


def affect_map(
    models: SynthesisModels, voices: Sequence[str],
    watched: Callable[[Sequence], Iterable] = lambda mixes: mixes,
) -> AffectMap:  # fmt: skip
    """Hear the candidates by some voices, without the vocoder, and choose the map.

    Each is read twice, by the affect head and by the norms of the categories it is taken for; the
    mean of both counts, against neutral's. watched: may wrap what is gone through, to show it.
    Raises EmottsError for voices that are not there.
    """
    for name in voices:
        if name not in models.voices:
            raise EmottsError(f"there is no {name!r} to hear; choose from {list(models.voices)}")
    mixes = candidates([name for name in models.space.emotions if name != "neutral"])
    hearing = Hearing.load(replace(models, vocoder=silent))
    with torch.inference_mode():
        neutral = _heard(hearing, voices, {})
        heard = [_heard(hearing, voices, mix) - neutral for mix in watched(mixes)]
    return map_by_ear(mixes, np.array(heard))


def offset(space: EmotionSpace, mix: dict[str, float]) -> np.ndarray:
    """The vector (dim,) of calibrated intensities."""
    none = np.zeros(space.dim, dtype=np.float32)
    return sum((space.vector(Emotion(name, weight)) for name, weight in mix.items()), none)


def _heard(hearing: Hearing, voices: Sequence[str], mix: dict[str, float]) -> np.ndarray:
    models, found = hearing.models, []
    track = EmotionTrack.constant(offset(models.space, mix))
    for voice in (models.voices[name] for name in voices):
        for text in TEXTS.get(voice.language[:2], TEXTS["en"]):
            line = replace(neutral_line(models, voice, text), courses=(Course(track),))
            found.append(hearing.affect(speak(models, line, Settings(), 0), voice))
    return np.mean(found, axis=0)
