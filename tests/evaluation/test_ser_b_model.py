import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation.ser_b_model import NeutralFirst, Whitening, expand, log_softmax, sigmoid

CLASSES = ("neutral", "happy", "sad", "angry")


@pytest.fixture
def model():
    """Two features; happy is right, sad left, angry up; neutral within 2 of the middle."""
    plain = Whitening(np.ones(2), np.eye(2))
    weights = np.array([[10.0, -10.0, 0.0], [0.0, 0.0, 10.0]])
    return NeutralFirst(
        CLASSES, np.log(5) / 2, 8.0, 1.0, plain, np.eye(2), plain, np.ones(2),
        np.zeros((3, 0)), weights, np.zeros(3),
    )  # fmt: skip


def test_near_is_neutral_and_far_is_what_it_points_to(model):
    features = np.array([[0.1, 0.0], [5.0, 0.0], [-5.0, 0.0], [0.0, 5.0]])
    heard = model.probabilities(features).argmax(axis=1)
    np.testing.assert_array_equal(heard, [0, 1, 2, 3])


def test_neutral_is_as_likely_as_not_at_the_edge_and_falls_with_distance(model):
    at_edge = model.probabilities(np.array([[2.0, 0.0]]))[0, 0]
    assert at_edge == pytest.approx(0.5)
    along = model.probabilities(np.linspace(0, 6, 20)[:, None] * [[1.0, 0.0]])[:, 0]
    assert (np.diff(along) < 0).all()


def test_probabilities_sum_to_one_among_the_classes_asked(model):
    features = np.random.default_rng(0).normal(size=(9, 2)) * 3
    for classes in (CLASSES, ("neutral", "sad", "angry"), ("neutral", "angry")):
        p = model.probabilities(features, classes)
        assert p.shape == (9, len(classes))
        np.testing.assert_allclose(p.sum(axis=1), 1)
    # Leaving an emotion out moves nothing to neutral.
    some = model.probabilities(features, ("neutral", "sad", "angry"))
    np.testing.assert_allclose(some[:, 0], model.probabilities(features)[:, 0])


def test_a_model_comes_back_from_its_arrays(model):
    again = NeutralFirst.from_kept(model.config(), model.arrays("x."), "x.")
    features = np.random.default_rng(1).normal(size=(5, 2))
    np.testing.assert_array_equal(model.probabilities(features), again.probabilities(features))


def test_an_outlier_cannot_shout(model):
    wild = model.probabilities(np.array([[1e12, -1e12]]))
    np.testing.assert_array_equal(wild, model.probabilities(np.array([[1e6, -1e6]])))
    assert np.isfinite(wild).all()


def test_cosines_make_a_radial_kernel():
    rng = np.random.default_rng(0)
    d, width = 3, 0.5
    directions = rng.normal(size=(d, 20000)) * np.sqrt(2 * width / d)
    waves = np.concatenate([directions, rng.uniform(0, 2 * np.pi, (1, 20000))])
    a, b = rng.normal(size=(2, 1, d))
    first, second = (expand(x, waves)[:, :20000] for x in (a, b))
    kernel = (first @ second.T).item() / 25
    assert kernel == pytest.approx(np.exp(-width / d * ((a - b) ** 2).sum()), abs=0.03)


def test_numbers_do_not_overflow():
    np.testing.assert_allclose(sigmoid(np.array([-1e4, 0, 1e4])), [0, 0.5, 1])
    assert np.isfinite(log_softmax(np.array([[1e5, -1e5]]))).all()


def test_bad_input_is_refused(model):
    with pytest.raises(EmottsError, match="2 features"):
        model.probabilities(np.zeros((1, 3)))
    with pytest.raises(EmottsError, match="neutral"):
        model.probabilities(np.zeros((1, 2)), ("happy", "sad"))
    with pytest.raises(EmottsError, match="calm|Classes"):
        model.probabilities(np.zeros((1, 2)), ("neutral", "calm"))
