import numpy as np
import pytest
from pipeline import made_speech

from emotts.audio.io import write_audio
from emotts.emotion.learned import learn_direction
from emotts.emotion.space import EmotionSpace
from emotts.errors import EmottsError
from emotts.synthesis.recognizer import Neutral
from emotts.synthesis.reference import (
    Embedder,
    learn_from_clips,
    load_space,
    recognizer_mark,
    reference_track,
    reference_vector,
)

RATE = 24000


@pytest.fixture(scope="module")
def embedder():
    """The embedded set's recogniser."""
    return Embedder.from_pretrained()


@pytest.fixture(scope="module")
def speech():
    return made_speech(200, 1.0, seed=1), made_speech(150, 0.8, seed=2)


@pytest.fixture(scope="module")
def known(embedder, speech):
    return embedder.neutral(speech[1])


@pytest.fixture(scope="module")
def vector(embedder, speech, known):
    return reference_vector(embedder, speech[0], known)


def test_a_vector_lies_in_the_space_without_the_speaker(embedder, vector):
    assert vector.shape == (embedder.space.dim,) and vector.dtype == np.float32 and vector.any()
    assert np.allclose(embedder.space.projection @ vector, vector, atol=1e-2)  # stored in fp16


def test_a_speakers_neutral_is_the_origin(embedder, speech, known):
    assert np.abs(reference_vector(embedder, speech[1], known)).max() < 1e-4


def test_a_file_and_its_samples_agree(embedder, speech, known, vector, tmp_path):
    write_audio(tmp_path / "clip.wav", speech[0], RATE)
    found = reference_vector(embedder, tmp_path / "clip.wav", known)
    assert np.linalg.norm(found - vector) < 0.05 * np.linalg.norm(vector)


def test_without_neutral_the_level_says_nothing(embedder, speech):
    one, other = (reference_vector(embedder, factor * speech[1]) for factor in (1, 0.2))
    assert np.linalg.norm(one - other) < 0.05 * np.linalg.norm(one)
    assert embedder.neutral(None) is None


def test_one_window_over_all_is_the_vector(embedder, speech, known, vector):
    track = reference_track(embedder, speech[0], known, window_seconds=60)
    assert track.positions.tolist() == [0.5]
    assert np.allclose(track.vectors[0], vector, atol=1e-4)


@pytest.mark.slow
def test_a_measured_neutral_is_its_recordings(embedder, speech, vector):
    assert np.array_equal(reference_vector(embedder, *speech), vector)
    assert np.array_equal(reference_vector(embedder, speech[0], [speech[1]]), vector)


@pytest.mark.slow
def test_a_change_within_the_clip_is_followed(embedder):
    """What is raised in the second half lies further from what the first half is neutral of."""
    low, high = made_speech(150, 2.0, seed=2), 3 * made_speech(280, 2.0, seed=3)
    track = reference_track(embedder, np.concatenate([low, high]), low, 1.0, 0.5, "seconds")
    assert np.linalg.norm(track.at(3.5)) > 2 * np.linalg.norm(track.at(0.5))


def test_the_space_and_the_mark_are_those_of_the_set(embedder):
    assert load_space().emotions == embedder.space.emotions
    assert embedder.mark == recognizer_mark() and len(embedder.mark) == 10


class Recognizer:
    """Hears two numbers: how loud a recording is, and how long."""

    def embed(self, samples, neutral=None):
        return np.array([np.abs(samples).max(), len(samples) / RATE])

    def embed_windows(self, samples, starts, seconds, neutral=None):
        first = np.round(np.asarray(starts) * RATE).astype(int)
        return np.stack([self.embed(samples[i : i + round(seconds * RATE)]) for i in first])

    def hear_neutral(self, recordings):
        mean = np.mean([self.embed(r) for r in recordings], axis=0)
        return Neutral(1.0, 5.0, np.zeros(80), mean)


SIMPLE = Embedder(Recognizer(), EmotionSpace(np.eye(2), np.array([0.1, 1.0]), {}))


def clip(level, seconds):
    return np.full(round(seconds * RATE), level, dtype=np.float32)


def test_everybodys_neutral_stands_in():
    assert np.allclose(reference_vector(SIMPLE, clip(0.5, 2)), [0.4, 1])
    assert np.allclose(reference_vector(SIMPLE, clip(0.5, 2), clip(0.2, 1.5)), [0.3, 0.5])
    several = [clip(0.2, 1), clip(0.4, 1)]
    assert np.allclose(reference_vector(SIMPLE, clip(0.5, 2), several), [0.2, 1])
    measured = Neutral(1.0, 5.0, np.zeros(80), np.array([0.4, 1.0]))
    assert np.allclose(reference_vector(SIMPLE, clip(0.5, 2), measured), [0.1, 1])


def test_the_movement_has_a_knot_a_window_and_none_in_pauses():
    samples = np.concatenate([clip(0.3, 1), clip(1e-4, 1), clip(0.5, 1)])
    track = reference_track(SIMPLE, samples, None, 0.5, 0.25, unit="seconds")
    assert track.unit == "seconds"
    assert track.positions[0] == 0.25 and track.positions[-1] == pytest.approx(2.75)
    assert not ((track.positions > 1.3) & (track.positions < 1.7)).any()
    assert np.allclose(track.at([0.25, 2.75])[:, 0], [0.2, 0.4])
    share = reference_track(SIMPLE, samples, None, 0.5, 0.25)
    assert share.unit == "fraction" and np.allclose(share.positions, track.positions / 3)
    assert np.array_equal(share.vectors, track.vectors)


def test_every_speaker_is_heard_against_their_own_neutral():
    examples = {"a": [clip(0.5, 2), clip(0.6, 2)], "b": [clip(0.9, 3)]}
    found = learn_from_clips(SIMPLE, examples, {"a": [clip(0.4, 1)], "": [clip(0.8, 1)]})
    assert np.allclose(found, learn_direction(np.array([[0.1, 1], [0.2, 1], [0.1, 2]])))
    alone = learn_from_clips(SIMPLE, {"": [clip(0.5, 2)]})
    assert np.allclose(alone, [0.4, 1])


@pytest.mark.parametrize(
    "examples, neutral, message",
    [
        ({}, None, "1 to 50 examples, not 0"),
        ({"": [clip(1, 1)] * 51}, None, "not 51"),
        ({"a": [clip(1, 1)]}, {"b": [clip(1, 1)]}, "neutral recordings of b.*are of a"),
        ({"": [clip(0, 1)]}, None, "silent"),
        ({"": [clip(1, 0.1)]}, None, "shorter than"),
    ],
)
def test_what_cannot_be_learnt_from(examples, neutral, message):
    with pytest.raises(EmottsError, match=message):
        learn_from_clips(SIMPLE, examples, neutral)
