import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.emotion.emotion import Emotion
from emotts.emotion.space import EmotionSpace
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

DIM = 4
HAPPY = np.array([1.0, 2.0, 0.0, 0.0], dtype=np.float32)
SAD = np.array([0.0, -1.0, 0.5, 0.0], dtype=np.float32)


def make_space(**change):
    parts = dict(
        projection=np.diag([1.0, 1.0, 1.0, 0.0]),
        neutral_centre=np.array([1.0, 0.0, 0.0, 5.0]),
        directions={"happy": HAPPY, "sad": SAD},
        calibration={"happy": ([0.0, 0.5, 1.0], [1.6, 1.2, 1.0])},
    )
    return EmotionSpace(**{**parts, **change})


SPACE = make_space()
levels = st.floats(0, 1.5)


@pytest.mark.parametrize("name", CATEGORIES)
def test_intensity_zero_is_the_origin_to_the_bit(name):
    for emotion in (Emotion(name, 0), Emotion("neutral", 1.5)):
        assert SPACE.vector(emotion).tobytes() == np.zeros(DIM, np.float32).tobytes()


def test_full_intensity_is_the_direction():
    assert np.array_equal(SPACE.vector(Emotion("happy")), HAPPY)
    assert np.array_equal(SPACE.vector(Emotion("sad", 0.5)), 0.5 * SAD)


def test_calibration_bends_the_way_there_but_not_its_direction():
    half = SPACE.vector(Emotion("happy", 0.5))
    assert np.allclose(half, 0.5 * 1.2 * HAPPY)
    assert np.allclose(SPACE.vector(Emotion("happy", 0.25)), 0.25 * 1.4 * HAPPY)
    assert np.allclose(SPACE.vector(Emotion("happy", 1.5)), 1.5 * HAPPY)


@given(levels, levels)
def test_more_intensity_is_never_less_emotion(a, b):
    a, b = sorted((a, b))
    lengths = [np.linalg.norm(SPACE.vector(Emotion("happy", level))) for level in (a, b)]
    assert lengths[0] <= lengths[1] + 1e-6


@given(levels, st.sampled_from(["happy", "sad"]))
def test_measuring_undoes_asking(level, name):
    measured = SPACE.measure(SPACE.vector(Emotion(name, level)), name)
    assert measured == pytest.approx(level, abs=0.01)


def test_measuring_is_bounded():
    assert SPACE.measure(-3 * HAPPY, "happy") == 0
    assert SPACE.measure(30 * HAPPY, "happy") == 1.5
    assert SPACE.measure(HAPPY, "neutral") == 0


def test_a_speakers_own_neutral_is_the_origin():
    z = np.array([3.0, 1.0, -1.0, 9.0])
    assert not SPACE.offset(z, z).any()
    clips = np.stack([z - 1, z + 1])
    assert not SPACE.offset(z, clips).any()


def test_without_neutral_the_common_centre_stands_in():
    assert np.array_equal(SPACE.offset(SPACE.neutral_centre), np.zeros(DIM))
    assert SPACE.offset(np.array([2.0, 1.0, 0.0, 9.0])).tolist() == [1.0, 1.0, 0.0, 0.0]


def test_offsets_of_many_are_those_of_each():
    z = np.random.default_rng(0).normal(size=(2, 5, DIM)).astype(np.float32)
    together = SPACE.offset(z)
    assert together.shape == z.shape and together.dtype == np.float32
    assert np.allclose(together[1, 3], SPACE.offset(z[1, 3]), atol=1e-6)


def test_a_checkpoint_gives_the_space_back():
    tensors = {name: value.astype(np.float16) for name, value in SPACE.to_tensors().items()}
    back = EmotionSpace.from_tensors(tensors, json.loads(json.dumps(SPACE.config)))
    assert back.emotions == SPACE.emotions == ("neutral", "happy", "sad")
    for emotion in (Emotion("happy", 0.3), Emotion("sad", 1.5), Emotion()):
        assert np.allclose(back.vector(emotion), SPACE.vector(emotion), rtol=2e-3)
    z = np.array([0.5, 0.25, -1.0, 2.0])
    assert np.allclose(back.offset(z), SPACE.offset(z))


def test_unsupervised_directions_are_optional_and_come_back():
    assert SPACE.unsupervised == {} and "unsupervised.happy" not in SPACE.to_tensors()
    both = make_space(unsupervised={"happy": 2 * HAPPY})
    config = json.loads(json.dumps(both.config))
    back = EmotionSpace.from_tensors(both.to_tensors(), config)
    assert np.array_equal(back.unsupervised["happy"], 2 * HAPPY)
    del config["unsupervised"]  # as in sets made before there were any
    assert EmotionSpace.from_tensors(both.to_tensors(), config).unsupervised == {}


def test_torch_tensors_will_do():
    torch = pytest.importorskip("torch")
    tensors = {name: torch.from_numpy(value) for name, value in SPACE.to_tensors().items()}
    back = EmotionSpace.from_tensors(tensors, SPACE.config)
    assert np.array_equal(back.vector(Emotion("happy")), HAPPY)


@pytest.mark.parametrize("missing", ["projection", "direction.sad", "calibration.happy.gains"])
def test_what_a_checkpoint_lacks_is_named(missing):
    tensors = SPACE.to_tensors()
    del tensors[missing]
    with pytest.raises(EmottsError, match=missing):
        EmotionSpace.from_tensors(tensors, SPACE.config)


def test_a_checkpoint_of_another_size_is_refused():
    with pytest.raises(EmottsError, match="4 dimensions, not 64"):
        EmotionSpace.from_tensors(SPACE.to_tensors(), {**SPACE.config, "dim": 64})


@pytest.mark.parametrize(
    "change, message",
    [
        ({"projection": np.eye(3)}, "projection has shape"),
        ({"neutral_centre": np.full(DIM, np.nan)}, "neutral_centre holds"),
        ({"directions": {"happy": np.ones(3)}}, "direction happy has shape"),
        ({"directions": {"neutral": np.ones(DIM)}}, "cannot be a direction"),
        ({"directions": {"hungry": np.ones(DIM)}}, "choose from calm"),
        ({"unsupervised": {"happy": np.ones(3)}}, "unsupervised direction happy has shape"),
        ({"unsupervised": {"neutral": np.ones(DIM)}}, "cannot be a direction"),
        ({"calibration": {"happy": ([0, 1], [1])}}, "calibration gains"),
        ({"calibration": {"happy": ([1, 0], [1, 1])}}, "levels must rise"),
        ({"calibration": {"happy": ([0, 1], [1, 0])}}, "gains be above 0"),
        ({"calibration": {"happy": ([0, 0.5, 1], [1, 1, 0.3])}}, "more intensity"),
    ],
)
def test_parts_that_do_not_fit_are_refused(change, message):
    with pytest.raises(EmottsError, match=message):
        make_space(**change)


def test_an_emotion_without_direction_names_the_choices():
    with pytest.raises(EmottsError, match="no 'angry'; choose from neutral, happy, sad"):
        SPACE.vector(Emotion("angry", 0.5))


@pytest.mark.parametrize("z", [np.ones(3), np.full(DIM, np.inf)])
def test_embeddings_that_do_not_fit_are_refused(z):
    with pytest.raises(EmottsError, match="embedding"):
        SPACE.offset(z)
    with pytest.raises(EmottsError, match="neutral embedding"):
        SPACE.offset(np.ones(DIM), z)
