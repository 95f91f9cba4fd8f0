import numpy as np
import pytest

from emotts.errors import EmottsError
from emotts.evaluation import analyze_sex as sex

NAMES = list(sex.FEATURES)
# Typical adults: F0 20th percentile (120 and 210 Hz), formants and bandwidths in Hz.
MAN = [12 * np.log2(105 / 27.5), 480, 1480, 2500, 1250, 1000, 830]
WOMAN = [12 * np.log2(190 / 27.5), 560, 1650, 2800, 1250, 1000, 830]


def test_typical_voices_are_told():
    assert sex.estimate_sex(np.array(MAN), NAMES).name == "male"
    assert sex.estimate_sex(np.array(WOMAN), NAMES).name == "female"
    for row in (MAN, WOMAN):
        assert 0.5 <= sex.estimate_sex(np.array(row), NAMES).probability <= 1
    higher = sex.estimate_sex(np.array([WOMAN[0] + 3, *WOMAN[1:]]), NAMES)
    assert higher.probability > sex.estimate_sex(np.array(WOMAN), NAMES).probability


def test_nothing_voiced_has_no_sex():
    assert sex.estimate_sex(np.zeros(7), NAMES) is None


def test_the_fit_finds_a_planted_rule_and_a_shuffled_one_is_chance():
    rng = np.random.default_rng(0)
    speakers = np.repeat([f"s{i:02d}" for i in range(20)], 12)
    x = rng.normal(size=(240, 7))
    male = np.repeat(np.arange(20) % 2 == 0, 12)
    x[male, 0] -= 4
    assert sex.leave_one_speaker_out(x, male, speakers).mean() > 0.95
    weights, bias = sex.fit(x, male, speakers)
    assert ((x @ weights + bias > 0) == male).mean() > 0.95
    assert np.argmax(np.abs(weights)) == 0 and weights[0] < 0
    lots = np.repeat(rng.permutation(20) % 2 == 0, 12)
    x[:, 0] = rng.normal(size=240)
    assert 0.25 < sex.leave_one_speaker_out(x, lots, speakers).mean() < 0.75


def test_nobody_is_judged_by_a_fit_on_themselves():
    """A speaker whose own clips contradict all others' is told wrongly."""
    rng = np.random.default_rng(1)
    speakers = np.repeat([f"s{i}" for i in range(10)], 6)
    male = np.repeat(np.arange(10) % 2 == 0, 6)
    x = rng.normal(size=(60, 7), scale=0.1)
    x[male, 0] -= 3
    x[:6, 0] += 3  # s0, a man with a woman's pitch
    right = sex.leave_one_speaker_out(x, male, speakers)
    assert not right[:6].any() and right[6:].mean() > 0.9


@pytest.mark.slow
def test_unseen_real_speakers_are_told_mostly(shared_data):
    """Two women and two men of the test split, who took no part in the fit."""
    pytest.importorskip("opensmile")
    from emotts.audio.io import read_audio
    from emotts.corpora.packed import read_packed
    from emotts.evaluation import egemaps

    test = [u for u in read_packed(shared_data) if u.split == "test"]
    unseen = [u for u in test if u.held_out == "speaker" and u.emotion == "neutral"]
    people = sorted({u.speaker for u in unseen})
    assert len(people) == 4
    right = []
    for person in people:
        for u in [u for u in unseen if u.speaker == person][:4]:
            samples = read_audio(shared_data / u.path)
            gain = egemaps.neutral_gain_db([samples])
            found = sex.estimate_sex(egemaps.functionals(samples, gain), egemaps.feature_names())
            right.append(found.name == str(u.sex))
    assert np.mean(right) >= 0.7


def test_the_command_needs_its_arguments(monkeypatch):
    with pytest.raises(EmottsError):
        sex.main("no-such-folder", "cache.npz")
