import numpy as np
import pytest
import torch

from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.conditions import Conditions
from emotts.training.acoustic.priors import Priors, load_content, prior_of
from emotts.training.acoustic.releases import released_places
from emotts.training.acoustic.voices import phone_energies, voice_statistics


@pytest.fixture(scope="module")
def clips(store):
    return AcousticClips(store, None)


@pytest.fixture(scope="module")
def conditions(clips, trained):
    shares = {"kathleen": 0.5, "ravdess": 0.25, "nemo": 0.25}
    return Conditions(clips, trained.checkpoints, shares)


def first(conditions, emotion: str) -> int:
    u = conditions.store.utterances
    return next(i for i in conditions.train if u[i].emotion == emotion)


def test_corpora_are_drawn_by_their_shares(conditions, store):
    generator = np.random.default_rng(0)
    picks = generator.choice(conditions.train, 4000, p=conditions.odds)
    corpora = [store.utterances[i].corpus for i in picks]
    assert corpora.count("kathleen") / 4000 == pytest.approx(0.5, abs=0.03)
    assert corpora.count("nemo") / 4000 == pytest.approx(0.25, abs=0.03)


def test_neutral_clips_are_told_exactly_no_emotion(conditions):
    g, i = np.random.default_rng(0), first(conditions, "neutral")
    for _ in range(20):
        assert not conditions.draw(i, g)["emotion"].any()


def test_emotional_clips_are_told_their_direction_or_their_own_offset(conditions, store):
    g, i = np.random.default_rng(0), first(conditions, "happy")
    u = store.utterances[i]
    level = {"strong": 1.0, "normal": 0.6}.get(u.level, 0.8)
    told = np.stack([conditions.draw(i, g)["emotion"][0] for _ in range(400)])
    expected = 0.7 * level * conditions.space.directions["happy"] + 0.3 * conditions.vectors[i]
    error = told.mean(0) - conditions.scale * expected
    spread = told.std(0) / np.sqrt(400)
    assert (np.abs(error) < 5 * spread + 1e-6).all()


def test_directions_have_the_size_of_noise_to_the_networks(conditions):
    sizes = [np.linalg.norm(d) for d in conditions.space.directions.values()]
    assert conditions.scale * np.mean(sizes) == pytest.approx(np.sqrt(conditions.space.dim))


def test_guidance_needs_clips_without_speaker_or_emotion(conditions):
    g, i = np.random.default_rng(0), first(conditions, "happy")
    keep = np.stack([conditions.draw(i, g)["keep"] for _ in range(1000)])
    np.testing.assert_allclose(keep.mean(0), [0.95, 0.9], atol=0.03)


def test_change_matrices_give_back_what_was_measured(conditions):
    for corpus, matrix in conditions.change_matrices().items():
        table = conditions.changes.tables[corpus]
        for name, direction in conditions.space.directions.items():
            if name in table:
                np.testing.assert_allclose(matrix @ direction, table[name], atol=0.02)
        assert not (matrix @ np.zeros(conditions.space.dim)).any()


def test_speakers_are_unit_vectors(conditions, store):
    assert set(conditions.speakers) == {store.utterances[i].speaker for i in conditions.train}
    for vector in conditions.speakers.values():
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_priors_are_what_the_content_model_says_and_are_kept(clips, trained, store):
    priors = Priors(clips, trained.checkpoints)
    i = clips.train[3]
    tokens = clips.tokens[i]
    assert priors[i].shape == (tokens.durations.sum(), 160)
    index, position = released_places(tokens, store.mel(i))
    symbols = np.stack([tokens.ids, tokens.stress, tokens.length], -1)
    with torch.inference_mode():
        mu, _ = load_content(trained.checkpoints)(
            torch.from_numpy(symbols)[None], torch.tensor([tokens.language]),
            torch.ones(1, len(symbols), 1), index[None], position[None],
            torch.ones(1, len(index), 1),
        )  # fmt: skip
    np.testing.assert_allclose(priors[i], mu[0], atol=5e-3, rtol=2e-3)
    (kept,) = store.folder.glob("priors-*.npy")
    before = kept.stat().st_mtime_ns
    np.testing.assert_array_equal(Priors(clips, trained.checkpoints)[i], priors[i])
    assert kept.stat().st_mtime_ns == before
    unkept = clips.dev[0]
    assert unkept not in priors.starts
    np.testing.assert_array_equal(
        priors[unkept], prior_of(load_content(trained.checkpoints), clips, unkept)
    )


def test_voices_are_measured_on_neutral_training_speech(clips, conditions, store):
    found = voice_statistics(clips, conditions.phone_means)
    assert set(found) == {store.utterances[i].speaker for i in clips.train}
    for name, voice in found.items():
        assert voice["log_f0"] == store.speakers[name].log_f0
        assert voice["energy"] == clips.energy_mean[name]
    energies = phone_energies(clips)
    assert np.isfinite(energies).all()
