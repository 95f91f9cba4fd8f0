import numpy as np
import pytest

from emotts.emotion.directions import projection
from emotts.emotion.unsupervised import mixture, unsupervised_directions
from emotts.errors import EmottsError

pytest.importorskip("sklearn")
DIM = 6
PLACES = {"neutral": np.zeros(DIM), "happy": 3 * np.eye(DIM)[0], "sad": -2 * np.eye(DIM)[1]}


def clips(each=60, spread=0.5, seed=0, places=PLACES):
    random = np.random.default_rng(seed)
    emotions = [name for name in places for _ in range(each)]
    offsets = [places[name] + spread * random.normal(size=DIM) for name in emotions]
    return np.stack(offsets), emotions


def cosine(a, b):
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def test_planted_directions_are_found():
    found = unsupervised_directions(*clips())
    assert set(found) == {"happy", "sad"}
    for name in found:
        assert cosine(found[name], PLACES[name]) > 0.97
        assert np.linalg.norm(found[name]) == pytest.approx(np.linalg.norm(PLACES[name]), rel=0.1)


def test_lengths_are_those_asked_for():
    found = unsupervised_directions(*clips(), radii={"happy": 7.0, "sad": 0.5})
    assert np.linalg.norm(found["happy"]) == pytest.approx(7, rel=1e-5)
    assert np.linalg.norm(found["sad"]) == pytest.approx(0.5, rel=1e-5)


def test_the_same_clips_give_the_same():
    one, other = (unsupervised_directions(*clips()) for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_the_speaker_subspace_is_left_out():
    places = {"neutral": np.zeros(DIM), "happy": np.array([2.0, 0, 0, 0, 0, 4.0])}
    without = projection(np.eye(DIM)[:, 5:])
    found = unsupervised_directions(*clips(places=places), projection=without)["happy"]
    assert abs(found[5]) < 1e-5 and cosine(found, np.eye(DIM)[0]) > 0.97


def test_two_ways_of_being_happy_have_what_they_share():
    offsets, emotions = clips(each=40, spread=0.2)
    other = np.eye(DIM)[2]
    way = np.arange(len(emotions)) % 2 * 2 - 1
    happy = np.array(emotions) == "happy"
    offsets[happy] += (way[happy, None] * 1.5) * other
    found = unsupervised_directions(offsets, emotions, components=2)["happy"]
    assert cosine(found, PLACES["happy"]) > 0.97


def test_few_clips_make_small_mixtures():
    random = np.random.default_rng(0)
    for clips_, components in ((5, 1), (17, 2), (40, 4)):
        means, weights = mixture(random.normal(size=(clips_, DIM)), 4)
        assert means.shape == (components, DIM)
        assert weights.sum() == pytest.approx(1) and len(weights) == components


@pytest.mark.parametrize(
    "offsets, emotions, options, message",
    [
        (np.ones((2, 3)), ["happy"], {}, "an emotion each"),
        (np.full((1, 3), np.nan), ["happy"], {}, "finite offsets"),
        (np.ones((1, 3)), ["happy"], {}, "none of the clips is neutral"),
        (np.ones((2, 3)), ["happy", "neutral"], {}, "do not differ from neutral"),
        (np.ones((2, 3)), ["happy", "neutral"], {"components": 0}, "at least 1 component"),
    ],
)
def test_what_gives_no_direction(offsets, emotions, options, message):
    with pytest.raises(EmottsError, match=message):
        unsupervised_directions(offsets, emotions, **options)
