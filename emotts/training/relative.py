"""Clips relative to their speaker's neutral speech, cut or padded to one length, augmented."""

import numpy as np

from emotts.corpora.store import FeatureStore

Clip = dict[str, np.ndarray]


def relative_clip(store: FeatureStore, index: int) -> Clip:
    """mel (frames, 80) minus the speaker's neutral mean, semitones (frames,), voiced (frames,)."""
    semitones, voiced = store.semitones(index)
    mean = np.asarray(store.speakers[store.utterances[index].speaker].mel_mean, dtype=np.float32)
    return {
        "mel": store.mel(index) - mean,
        "semitones": semitones,
        "voiced": voiced.astype(np.float32),
    }


def cut(clip: Clip, frames: int, generator: np.random.Generator | None = None) -> Clip:
    """A crop of `frames`, at random or from the middle; shorter clips are padded, masked."""
    have = len(clip["mel"])
    spare = have - frames
    if spare >= 0:
        start = int(generator.integers(0, spare + 1)) if generator else spare // 2
        out = {k: v[start : start + frames] for k, v in clip.items()}
        out["mask"] = np.ones(frames // 2, dtype=bool)
        return out
    out = {
        k: np.pad(v, [(0, -spare)] + [(0, 0)] * (v.ndim - 1), mode="edge" if k == "mel" else
                  "constant")
        for k, v in clip.items()
    }  # fmt: skip
    out["mask"] = np.arange(frames // 2) < max(1, have // 2)
    return out


def augment(clip: Clip, generator: np.random.Generator, strength: float = 1.0) -> Clip:
    """Tempo, vocal tract length, colour, noise and masks; what carries emotion moves little."""
    g = generator
    mel, semitones, voiced = clip["mel"], clip["semitones"], clip["voiced"]
    stretch = float(np.exp(g.uniform(-0.1, 0.1) * strength))
    at = np.arange(0.0, len(mel) - 1, stretch)
    near = at.round().astype(int)
    mel, semitones, voiced = mel[near], semitones[near], voiced[near]
    bands = np.arange(80)
    warped = np.clip(bands * np.exp(g.uniform(-0.08, 0.08) * strength), 0, 79)
    low = warped.astype(int)
    part = (warped - low).astype(np.float32)
    mel = mel[:, low] * (1 - part) + mel[:, np.minimum(low + 1, 79)] * part
    knots = g.normal(0, 0.25 * strength, 6)
    mel = mel + np.interp(bands, np.linspace(0, 79, 6), knots).astype(np.float32)
    if g.random() < 0.5:
        floor = g.uniform(-7.0, -3.0) + np.interp(bands, [0, 79], g.normal(0, 1, 2))
        mel = np.logaddexp(mel, floor.astype(np.float32))
    semitones = semitones + voiced * np.float32(g.normal(0, 0.6 * strength))
    mel = mel.astype(np.float32).copy()
    if g.random() < 0.6:
        start, width = int(g.integers(0, 70)), int(g.integers(2, 12))
        mel[:, start : start + width] = 0.0
    if g.random() < 0.6:
        start, width = int(g.integers(0, max(1, len(mel) - 10))), int(g.integers(4, 30))
        mel[start : start + width] = mel.mean(axis=0)
    return {"mel": mel, "semitones": semitones.astype(np.float32), "voiced": voiced}
