import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import ser_b_fit
from emotts.evaluation.ser_b_fit import Acted, Options

CLASSES = ("neutral", "happy", "sad", "angry")
BLOCKS = [[0, 1, 2], [3, 4, 5]]
OPTIONS = Options(hidden=(0.2, 0.2), lively=0.0, waves=50)


def made(seed=0, apart=6.0, classes=CLASSES, count=240, noise=1.0):
    """A corpus of six speakers with six features; each emotion lies apart along one of them."""
    rng = np.random.default_rng(seed)
    emotions = np.array(classes)[np.arange(count) % len(classes)]
    features = noise * rng.normal(size=(count, 6))
    for i, name in enumerate(CLASSES[1:]):
        features[emotions == name, i] += apart
    return Acted(features, emotions, np.arange(count) // len(classes) % 6, tuple(classes))


def fitted(corpora, classes=CLASSES, options=OPTIONS, extra=()):
    neutral = [corpus.neutral.features for corpus in corpora]
    return ser_b_fit.fit(corpora, neutral, neutral, BLOCKS, BLOCKS, classes, extra, options)


def heard(model, corpus):
    return np.array(model.classes)[model.probabilities(corpus.features).argmax(axis=1)]


def test_unseen_clips_are_heard():
    model, unseen = fitted([made()]), made(seed=1)
    assert (heard(model, unseen) == unseen.emotions).mean() > 0.9


def test_the_edge_keeps_the_asked_share_of_neutral():
    for share in (0.5, 0.95):
        options = Options(hidden=(0, 0), neutral_share=share, waves=0)
        model = fitted([made(count=2000)], options=options)
        unseen = made(seed=3, count=2000).neutral
        within = (model.log_distance(unseen.features) <= model.edge).mean()
        assert within == pytest.approx(share, abs=0.05)


def test_shuffled_labels_give_chance():
    corpus = made(600)
    shuffled = np.random.default_rng(3).permutation(corpus.emotions)
    model = fitted([Acted(corpus.features, shuffled, corpus.speakers, CLASSES)])
    emotional = made(seed=2, count=600).emotional
    logits = model.logits(emotional.features)
    right = np.array(CLASSES[1:])[logits.argmax(axis=1)] == emotional.emotions
    assert 0.2 < right.mean() < 0.47
    p = np.exp(ser_b_fit.log_softmax(model.sharpness * logits))
    assert p.max(axis=1).mean() < 0.5  # and it knows that it knows nothing


def test_probabilities_of_held_out_speakers_are_calibrated():
    model = fitted([made(apart=2.0, count=600)])
    emotional = made(seed=1, apart=2.0, count=600).emotional
    p = np.exp(ser_b_fit.log_softmax(model.sharpness * model.logits(emotional.features)))
    right = np.array(CLASSES[1:])[p.argmax(axis=1)] == emotional.emotions
    assert right.mean() > 0.6
    assert abs(p.max(axis=1).mean() - right.mean()) < 0.1


def test_what_neutral_texts_move_is_no_distance():
    """A step of 5 is far along a feature that neutral speech keeps, near along one it moves."""
    corpus = made(count=1000)
    corpus.features[:, 5] *= 10
    model = fitted([corpus])
    step = 5 * np.eye(6)
    assert model.log_distance(step[5:6])[0] < model.edge < model.log_distance(step[:1])[0]


def test_a_corpus_is_evidence_only_among_its_own_classes():
    """The second corpus never shows angry, and its happy lies where the first one's angry does."""
    first, second = made(), made(seed=2, classes=CLASSES[:3])
    model = fitted([first, second])
    angry = made(seed=4)
    angry = angry.where(angry.emotions == "angry")
    assert (heard(model, angry) == "angry").mean() > 0.8


def test_what_is_hidden_can_be_missing():
    """Emotions told twice, by each block; one that hides blocks hears either."""
    twice = []
    for seed in (0, 1):
        clips = made(seed=seed)
        clips.features[:, 3:] += clips.features[:, :3]
        twice.append(clips)
    half = twice[1].emotional
    half.features[:, :3] = 0
    never, often = (
        fitted([twice[0]], options=Options(hidden=(p, p), waves=0, lively=0, copies=6))
        for p in (0.0, 0.5)
    )
    score = [
        (np.array(CLASSES[1:])[m.logits(half.features).argmax(axis=1)] == half.emotions).mean()
        for m in (never, often)
    ]
    assert score[1] >= score[0]
    assert score[1] > 0.8


def test_fitting_twice_gives_the_same_bits():
    first, second = fitted([made()]), fitted([made()])
    for name, array in first.arrays().items():
        np.testing.assert_array_equal(array, second.arrays()[name])


def test_the_multinomial_regression_is_scikit_learns():
    linear_model = pytest.importorskip("sklearn.linear_model")
    corpus = made(apart=1.5)
    targets = np.array([CLASSES.index(name) for name in corpus.emotions])
    weights = np.random.default_rng(0).uniform(0.5, 1.5, len(targets))
    weights /= weights.sum()
    masks, penalty = np.ones((len(targets), 4), dtype=bool), 0.01
    found, _ = ser_b_fit.multinomial(corpus.features, targets, weights, masks, penalty)
    other = linear_model.LogisticRegression(C=1 / penalty, tol=1e-8, max_iter=5000)
    other.fit(corpus.features, targets, sample_weight=weights)
    np.testing.assert_allclose(found, other.coef_.T, atol=0.01)


def test_bad_input_is_refused():
    with pytest.raises(EmottsError, match="calm"):
        fitted([made()], (*CLASSES, "calm"))
    with pytest.raises(EmottsError, match="neutral"):
        fitted([made()], CLASSES[::-1])
    with pytest.raises(EmottsError, match="neutral and emotional"):
        fitted([made(), made().emotional])
