import numpy as np
import pytest

from emotts.evaluation import ser_b_card
from emotts.evaluation.corpus_features import TEXT_COLUMNS, CorpusFeatures


class Judge:
    """Hears "angry" where the relative reading is off neutral, absolutely everywhere."""

    class _Classifier:
        classes = ("neutral", "angry")

    def classifier(self, language):
        return self._Classifier

    def probabilities(self, values, voices, neutral, language="en", relative=True):
        centre = values[np.asarray(neutral)].mean(axis=0) if relative else 0
        off = np.abs(values - centre)[:, 0] > 1
        return np.stack([~off, off], axis=1).astype(float)


@pytest.fixture
def features():
    """A voice whose test session lies 3 above its train session."""
    values = np.array([[10.0], [10.5], [13.0], [13.5]])
    columns = {name: np.full(4, "x") for name in TEXT_COLUMNS}
    columns["split"] = np.array(["train", "train", "test", "test"])
    columns["emotion"] = np.array(["neutral", "neutral", "neutral", "angry"])
    return CorpusFeatures(values, ["f"], columns)


def test_a_session_that_drifts_is_neutral_only_beside_itself(features):
    shares = ser_b_card.real_neutral_heard(Judge(), features, "x", "test")
    assert shares == {"own": 1.0, "relative": 0.0, "absolute": 0.0}


def test_only_the_classes_that_were_asked_are_heard(features):
    rows = np.ones(4, dtype=bool)
    heard = ser_b_card.heard_emotions(Judge(), features, rows, "en", relative=False)
    assert set(heard) == {"angry"}
    among = ser_b_card.heard_emotions(Judge(), features, rows, "en", False, ("neutral",))
    assert set(among) == {"neutral"}


def test_planted_functionals_are_kept(tmp_path):
    np.savez(tmp_path / "planted-dev.npz", values=np.ones((2, 88)), emotions=np.array(["a", "b"]))
    values, emotions = ser_b_card.planted_functionals("nowhere", "dev", tmp_path)
    assert values.shape == (2, 88)
    assert list(emotions) == ["a", "b"]
