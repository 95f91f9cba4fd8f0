"""Stops are told by when they open."""

import numpy as np
import pytest
import torch

from emotts.models.content import token_of_pair
from emotts.text.symbols import SYMBOLS
from emotts.training.acoustic.releases import (
    COUNTS,
    SHARE,
    USUAL,
    release,
    release_weights,
    released_places,
)
from emotts.training.alignment.corpus import AlignedTokens

PAIRS = np.array([3, 4, 3])


def tokens(phone: str) -> AlignedTokens:
    ids = np.array([SYMBOLS.index(p) for p in ("a", phone, "a")])
    zeros = np.zeros(3, dtype=np.int64)
    return AlignedTokens(
        ids=ids, stress=zeros, length=zeros, durations=PAIRS, language=0, score=0.0
    )


def mel(opened: int) -> np.ndarray:
    """Ten pairs whose stop, pairs 3 to 6, is silent until frame `opened` of it."""
    values = np.zeros((20, 80), dtype=np.float32)
    values[6 : 6 + opened] = -4.0
    return values


@pytest.mark.parametrize("opened", [1, 3, 4, 6])
@pytest.mark.parametrize("phone", ["p", "t", "k"])
def test_a_release_lies_at_its_usual_place_wherever_it_is(phone, opened):
    index, position = released_places(tokens(phone), mel(opened))
    plain, linear = token_of_pair(torch.from_numpy(PAIRS))
    assert torch.equal(index, plain)
    inside = slice(3, 7)
    gone = position[inside, 0].numpy()
    closed = np.array([1, 3, 5, 7]) < opened + 0.5
    assert 0 < gone[0] and (np.diff(gone) > 0).all() and gone[-1] < 1
    assert (gone[closed] < USUAL[phone]).all() and (gone[~closed] > USUAL[phone]).all()
    torch.testing.assert_close(position[inside, 1], 1 - position[inside, 0])
    torch.testing.assert_close(position[:, 2], linear[:, 2])
    torch.testing.assert_close(position[:3], linear[:3])
    torch.testing.assert_close(position[7:], linear[7:])


@pytest.mark.parametrize(
    ("phone", "sound"),
    [("s", mel(4)), ("t", np.zeros((20, 80), np.float32)), ("k", 0.1 * mel(4))],
)
def test_what_does_not_open_keeps_its_places(phone, sound):
    found = released_places(tokens(phone), sound)
    for got, wanted in zip(found, token_of_pair(torch.from_numpy(PAIRS)), strict=True):
        torch.testing.assert_close(got, wanted)


@pytest.mark.parametrize("opened", [1, 3, 6])
@pytest.mark.parametrize("phone", ["t", "k"])
def test_frames_about_a_release_count_more(phone, opened):
    weights = release_weights(tokens(phone), mel(opened))
    assert weights.shape == (10,) and weights.dtype == np.float32
    at = (6 + opened) // 2  # the pair in which the stop opens
    assert weights[at] == weights[at + 1] == COUNTS[phone] > 1
    assert (weights[: at - 1] == 1).all() and (weights[at + 4 :] == 1).all()


@pytest.mark.parametrize(("phone", "sound"), [("s", mel(4)), ("t", np.zeros((20, 80), np.float32))])
def test_what_does_not_open_counts_like_all(phone, sound):
    assert (release_weights(tokens(phone), sound) == 1).all()


def test_a_clip_may_begin_with_a_stop():
    level = np.array([-4.0, -4.0, -4.0, 0.0])
    assert release(level, 4) == 3.5
    assert release(np.concatenate([[0.0], level]), 4) == 3.5
    assert release(level[:1], 1) is None


def test_the_stops_are_the_languages_own():
    assert {SYMBOLS[i] for i in SHARE} == set("pbtdkɡ")
