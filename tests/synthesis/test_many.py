import numpy as np
import pytest
import torch

from emotts.errors import EmottsError
from emotts.synthesis import many
from emotts.synthesis.many import Ensemble

TEXTS = ("We all know a long way home.", "No one knew where we were.", "You were away. No one.")
ASKED = [
    dict(text=TEXTS[0], emotion="happy", seed=1),
    dict(text=TEXTS[1], emotion="angry", intensity=1.4, seed=2, steps=5),
    dict(text=TEXTS[2], emotion="happy:0.6+sad:0.4", mixing="velocity", seed=3),
    dict(text="[angry]No one[/] knew where we were.", guidance=2.0, seed=4),
]  # fmt: skip


@pytest.fixture
def ensemble(synthesizer):
    made = Ensemble(synthesizer, len(ASKED))
    yield made
    made.close()


@pytest.fixture
def calls(ensemble, monkeypatch):
    """The batch sizes of the decoder's calls."""
    shared, sizes = ensemble.synthesizer.models.decoder, []
    network = shared.network

    def counted(x, t, **given):
        sizes.append(len(x))
        return network(x, t, **given)

    monkeypatch.setattr(shared, "network", counted)
    return sizes


def together(ensemble, asked) -> list:
    """What each of several wishes gave: samples, or the exception."""
    out = [None] * len(asked)

    def job(i):
        def say():
            try:
                out[i] = ensemble.synthesizer.synthesize(**asked[i]).samples
            except EmottsError as error:
                out[i] = error

        return say

    ensemble.together([job(i) for i in range(len(asked))])
    return out


def test_the_samples_do_not_depend_on_the_neighbours(synthesizer, ensemble, calls, monkeypatch):
    monkeypatch.setattr(many, "ALIKE", 100.0)
    said = together(ensemble, ASKED)
    assert max(calls) == len(ASKED)
    for one, asked in zip(said, ASKED, strict=True):
        alone = synthesizer.synthesize(**asked).samples
        assert len(one) == len(alone)
        np.testing.assert_allclose(one, alone, atol=1e-3)


def test_one_alone_has_the_very_bits(synthesizer, ensemble):
    alone = synthesizer.synthesize(**ASKED[0]).samples
    np.testing.assert_array_equal(together(ensemble, ASKED[:1])[0], alone)
    np.testing.assert_array_equal(ensemble.synthesizer.synthesize(**ASKED[0]).samples, alone)


def test_lengths_that_differ_much_are_not_padded_to_each_other(ensemble, calls):
    texts = ("No.", TEXTS[0] + " We all know " * 4)
    said = together(ensemble, [dict(text=text) for text in texts])
    assert set(calls) == {1} and len(said[1]) > 2 * len(said[0])


def test_takes_among_which_one_is_chosen_are_said_alone(synthesizer, ensemble, calls):
    asked = dict(text=TEXTS[0], seed=1, best_of=2)
    said = together(ensemble, [asked, asked])
    assert set(calls) == {1}
    np.testing.assert_array_equal(said[0], synthesizer.synthesize(**asked).samples)


def test_what_one_gets_wrong_leaves_the_others_alone(synthesizer, ensemble):
    wrong = [dict(text="?!"), dict(text=TEXTS[0], emotion="hungry")]
    said = together(ensemble, [wrong[0], ASKED[0], wrong[1], ASKED[0]])
    assert isinstance(said[0], EmottsError) and "hungry" in str(said[2])
    for one in (said[1], said[3]):
        np.testing.assert_allclose(one, synthesizer.synthesize(**ASKED[0]).samples, atol=1e-3)


def test_numbers_that_are_none_stay_with_whom_they_are(synthesizer, ensemble, monkeypatch):
    decoder = ensemble.synthesizer.models.decoder
    right = decoder.network

    def nan_where_felt(x, t, **given):
        felt = (given["emotion"] != 0).flatten(1).any(1)
        return torch.where(felt[:, None, None], torch.nan, right(x, t, **given))

    monkeypatch.setattr(decoder, "network", nan_where_felt)
    plain = dict(text=TEXTS[0])
    said = together(ensemble, [plain, plain | {"emotion": "angry"}])
    assert isinstance(said[1], EmottsError) and "finite" in str(said[1])
    np.testing.assert_allclose(said[0], synthesizer.synthesize(**plain).samples, atol=1e-3)


def test_a_call_that_fails_for_all_is_made_for_each(synthesizer, ensemble, monkeypatch):
    decoder = ensemble.synthesizer.models.decoder
    network = decoder.network

    def narrow(x, t, **given):
        if len(x) > 1:
            raise RuntimeError("out of memory")
        return network(x, t, **given)

    monkeypatch.setattr(decoder, "network", narrow)
    said = together(ensemble, [ASKED[0], ASKED[0]])
    alone = synthesizer.synthesize(**ASKED[0]).samples
    for one in said:
        np.testing.assert_array_equal(one, alone)


def test_an_exception_of_a_job_is_raised_when_all_have_ended(ensemble):
    ended = []

    def wrong():
        ensemble.synthesizer.synthesize(TEXTS[0])
        raise KeyError("wrong")

    def right():
        ended.append(ensemble.synthesizer.synthesize(TEXTS[2]))

    with pytest.raises(KeyError, match="wrong"):
        ensemble.together([wrong, right])
    assert len(ended) == 1
    ensemble.together([right, right])
    assert len(ended) == 3


def test_no_more_than_its_size_go_together(ensemble):
    with pytest.raises(ValueError, match="4"):
        ensemble.together([lambda: None] * 5)
    ensemble.together([lambda: None] * 4)
