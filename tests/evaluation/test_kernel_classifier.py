import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import kernel_classifier

pytest.importorskip("sklearn")
CLASSES = ("neutral", "happy", "sad", "angry")


def made(count=240, seed=0, apart=2.0):
    """Clusters of features (n, 6) for four classes by six speakers."""
    rng = np.random.default_rng(seed)
    labels = np.array(CLASSES)[np.arange(count) % 4]
    features = rng.normal(size=(count, 6))
    features[np.arange(count), np.arange(count) % 4] += apart
    return features, labels, np.arange(count) // 4 % 6


@pytest.fixture(scope="module")
def fitted():
    return kernel_classifier.fit(*made(), CLASSES)


def test_prediction_in_numpy_equals_scikit_learn(fitted):
    features, labels, _ = made()
    index = [CLASSES.index(label) for label in labels]
    svc = kernel_classifier._new_svc(3.0, fitted.gamma).fit(fitted.standardize(features), index)
    unseen = made(seed=1)[0]
    expected = svc.decision_function(fitted.standardize(unseen))
    np.testing.assert_allclose(fitted.decisions(unseen), expected, atol=1e-9)


def test_unseen_clips_are_heard_and_probabilities_are_calibrated(fitted):
    features, labels, _ = made(seed=1)
    p = fitted.probabilities(features)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    right = fitted.predict(features) == labels
    assert right.mean() > 0.7
    assert abs(p.max(axis=1).mean() - right.mean()) < 0.1


def test_shuffled_labels_give_chance():
    features, labels, speakers = made(400)
    shuffled = np.random.default_rng(3).permutation(labels)
    model = kernel_classifier.fit(features, shuffled, speakers, CLASSES)
    unseen, truth, _ = made(400, seed=2)
    assert 0.12 < (model.predict(unseen) == truth).mean() < 0.38
    assert (
        model.probabilities(unseen).max(axis=1).mean() < 0.4
    )  # and it knows that it knows nothing


def test_an_outlier_cannot_shout(fitted):
    wild = np.full((1, 6), 1e12)
    assert np.isfinite(fitted.probabilities(wild)).all()
    np.testing.assert_array_equal(fitted.decisions(wild), fitted.decisions(wild / 1e6))


def test_bad_input_is_refused(fitted):
    with pytest.raises(EmottsError, match="6 features"):
        fitted.predict(np.zeros((2, 5)))
    features, labels, speakers = made()
    with pytest.raises(EmottsError, match="calm"):
        kernel_classifier.fit(features, labels, speakers, (*CLASSES, "calm"))
    with pytest.raises(EmottsError):
        kernel_classifier.fit(features, labels, speakers, CLASSES[:3])
