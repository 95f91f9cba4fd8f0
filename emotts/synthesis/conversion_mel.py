"""Mels of converted speech: what the flow decoder makes of the content, and what is kept of the
recording beyond it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from emotts.models.stride import stride_of
from emotts.synthesis.phrasing import emotion_input, mixed_velocity
from emotts.synthesis.sampling import solve
from emotts.synthesis.sentence import ENERGY_UNIT
from emotts.synthesis.voices import Voice

if TYPE_CHECKING:
    from emotts.synthesis.conversion import Wish
    from emotts.synthesis.conversion_models import ConversionModels
    from emotts.synthesis.course import Course

KEPT_BANDS, KEPT_FRAMES = 9, 3  # what is kept is smoothed over, so that no harmonics are left in it
MOST_KEPT = 3.0  # nepers
Told = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Local:
    """What the decoder is told of every frame, and of the speaker: mu (pairs, 160); voiced, f0 in
    Hz and energy in dB above the voice's neutral (frames,)."""

    mu: np.ndarray
    voiced: np.ndarray
    f0: np.ndarray
    energy: np.ndarray
    voice: Voice


def sample_mel(
    models: ConversionModels, now: Local, before: Local, own: np.ndarray,
    courses: tuple[Course, ...], vectors: list[np.ndarray], was: np.ndarray, wish: Wish,
    generator: torch.Generator,
) -> np.ndarray:  # fmt: skip
    """Relative mel (frames, 80) of neutral colour.

    own: the recording's, alike. The decoder alone, or, for wish.keep above 0, with what it does
    not explain of the recording when told of its own pitch and emotion `was` (pairs, dim),
    smoothed: plain + keep · smooth(own − explained), both from the same noise. To another voice
    the flow is pushed from the source's towards the target's by wish.options.voice_guidance.
    """
    noise = torch.randn(1, *now.mu.shape, generator=generator)
    weights = [c.weight for c in courses]
    other = now.voice.embedding != before.voice.embedding
    source = before.voice if other else None
    made = _decode(models, now, weights, vectors, noise, wish, source)
    if not wish.keep:
        return made
    explained = _decode(models, before, [1.0], [was], noise, wish)
    return made + np.float32(wish.keep) * smoothed(own - explained)


def between(source: Told, target: Told, push: float) -> Told:
    """v(source) + push (v(target) − v(source)): what a recording's content still has of its speaker
    is taken out by what the decoder makes of that speaker.

    As classifier-free guidance (Ho & Salimans 2022) with the source in the place of nobody.
    """

    def velocity(x: torch.Tensor, t: torch.Tensor, emotion: torch.Tensor) -> torch.Tensor:
        was = source(x, t, emotion)
        return was + push * (target(x, t, emotion) - was)

    return velocity


def smoothed(residual: np.ndarray) -> np.ndarray:
    """Residual (frames, 80) without detail narrower than harmonics lie apart."""
    from scipy.ndimage import uniform_filter

    bounded = np.clip(residual, -MOST_KEPT, MOST_KEPT)
    return uniform_filter(bounded, (KEPT_FRAMES, KEPT_BANDS), mode="nearest")


def _decode(
    models, told: Local, weights, vectors, noise, wish: Wish, source: Voice | None = None
) -> np.ndarray:
    """Relative mel (frames, 80); source: the voice that is to be left behind."""
    synthesis, options = models.synthesis, wish.options
    device = synthesis.mel_scale.device
    local = np.stack([np.log(told.f0 / 200.0), told.voiced, told.energy / ENERGY_UNIT], axis=-1)
    local = local.reshape(-1, 2, 3).transpose(0, 2, 1).reshape(1, -1, 6).astype(np.float32)
    given = {
        "mu": torch.from_numpy(told.mu)[None].to(device) / synthesis.mel_scale,
        "local": torch.from_numpy(local).to(device),
        "keep": torch.ones(1, 2, device=device),
        "mask": torch.ones(1, len(told.mu), 1, device=device),
        "stride": torch.tensor([stride_of(options.steps)], device=device),
    }

    def said_by(voice: Voice):
        speaker = torch.tensor([voice.embedding], device=device)
        return lambda x, t, e: synthesis.decoder(x, t, emotion=e, speaker=speaker, **given)

    velocity = said_by(told.voice)
    if source is not None and options.voice_guidance != 1.0:
        velocity = between(said_by(source), velocity, options.voice_guidance)

    emotions = [emotion_input(synthesis, v) for v in vectors]
    push = options.guidance if any(bool(e.any()) for e in emotions) else 1.0
    mixed = mixed_velocity(velocity, [push * w for w in weights], emotions)
    mel = solve(mixed, noise.to(device) * options.temperature, options.steps) * synthesis.mel_scale
    return mel[0].reshape(-1, 80).cpu().numpy()
