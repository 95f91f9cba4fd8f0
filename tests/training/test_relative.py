import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.training.relative import augment, cut, relative_clip


def clip(frames: int, seed: int = 0) -> dict[str, np.ndarray]:
    g = np.random.default_rng(seed)
    voiced = (g.random(frames) < 0.6).astype(np.float32)
    return {
        "mel": g.normal(size=(frames, 80)).astype(np.float32),
        "semitones": voiced * g.normal(size=frames).astype(np.float32),
        "voiced": voiced,
    }


def test_long_clips_are_cut_from_the_middle_or_anywhere():
    whole = clip(50)
    middle = cut(whole, 20)
    np.testing.assert_array_equal(middle["mel"], whole["mel"][15:35])
    assert middle["mask"].all() and len(middle["mask"]) == 10
    g, starts = np.random.default_rng(0), set()
    for _ in range(300):
        part = cut(whole, 20, g)
        start = int(np.flatnonzero((whole["mel"] == part["mel"][0]).all(1))[0])
        np.testing.assert_array_equal(part["voiced"], whole["voiced"][start : start + 20])
        starts.add(start)
    assert starts == set(range(31))


@given(st.integers(1, 39))
def test_short_clips_are_padded_and_the_padding_marked(frames):
    whole = clip(frames)
    out = cut(whole, 40)
    np.testing.assert_array_equal(out["mel"][:frames], whole["mel"])
    np.testing.assert_array_equal(out["mel"][frames:], np.repeat(whole["mel"][-1:], 40 - frames, 0))
    assert not out["voiced"][frames:].any() and not out["semitones"][frames:].any()
    assert out["mask"].sum() == max(1, frames // 2) and out["mask"][: frames // 2].all()


@given(st.integers(12, 200), st.integers(0, 2**32 - 1))
def test_augmented_clips_stay_clips(frames, seed):
    whole = clip(frames)
    kept = {k: v.copy() for k, v in whole.items()}
    out = augment(whole, np.random.default_rng(seed))
    assert {len(v) for v in out.values()} == {len(out["mel"])}
    assert 0.85 * frames - 2 <= len(out["mel"]) <= 1.15 * frames + 2
    assert set(np.unique(out["voiced"])) <= {0.0, 1.0}
    assert not out["semitones"][out["voiced"] == 0].any()
    assert all(v.dtype == np.float32 and np.isfinite(v).all() for v in out.values())
    assert all(np.array_equal(whole[k], kept[k]) for k in whole), "the clip itself was changed"


def test_augmentation_is_a_function_of_its_generator():
    first, second, third = (augment(clip(60), np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first["mel"], second["mel"])
    assert first["mel"].shape != third["mel"].shape or (first["mel"] != third["mel"]).any()


def test_clips_are_seen_from_their_speakers_neutral(store):
    """Neutral training speech of a speaker lies around zero, loud frames and pitch alike."""
    mine = [
        i for i in store.select("train", ["kathleen"]) if store.utterances[i].emotion == "neutral"
    ]
    clips = [relative_clip(store, i) for i in mine]
    pitch = np.concatenate([c["semitones"][c["voiced"] > 0] for c in clips])
    assert np.median(pitch) == pytest.approx(0, abs=1e-3)
    levels = [store.mel(i).mean(1) for i in mine]
    loud = np.concatenate([
        c["mel"][level > np.percentile(level, 95) - 3.45]
        for c, level in zip(clips, levels, strict=True)
    ])  # fmt: skip
    np.testing.assert_allclose(loud.mean(0), 0, atol=0.01)
