"""Words laid along a recording, where the truth is known because it was planted."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from emotts import EmottsError
from emotts.models.content import ContentEncoder
from emotts.synthesis.conversion_transcript import (
    align_words,
    cheapest_path,
    check_length,
    text_mu,
)
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence
from emotts.text.symbols import SYMBOLS, is_pause_symbol

TEXT = "We may all call you, when no one knew."


@pytest.fixture(scope="module")
def synthesis():
    """A text encoder whose phones all sound different, though nobody taught it any."""
    torch.manual_seed(0)
    content = ContentEncoder(dim=32, hidden=48, blocks=1, frame_blocks=1, dropout=0.0).eval()
    with torch.no_grad():
        content.out.weight.mul_(6.0)
    return SimpleNamespace(
        content=content, mel_scale=torch.ones(1), durations=np.full(len(SYMBOLS), np.log(5.5))
    )


def sequence_of(text):
    return phone_sequence(phonemize(text, "en-us"), "en-us")


def planted(synthesis, text=TEXT, seed=0, pauses=True):
    """mu heard, speech, sequence and true durations of a text said unevenly, with noise."""
    generator = np.random.default_rng(seed)
    sequence = sequence_of(text)
    pause = np.array([is_pause_symbol(i) for i in sequence.ids])
    durations = generator.integers(3, 9, len(sequence))
    durations[pause] = 0
    if pauses:
        durations[[0, -1]] = 12, 9
        durations[np.flatnonzero(np.array(sequence.symbols) == ",")] = 15
    mu = text_mu(synthesis, sequence, durations)
    mu = mu + generator.normal(0, 0.1, mu.shape).astype(np.float32)
    return mu, ~np.repeat(pause, durations), sequence, durations


@pytest.mark.parametrize("seed", range(3))
def test_planted_words_are_found_where_they_are(synthesis, seed):
    mu, speech, sequence, true = planted(synthesis, seed=seed)
    words = align_words(synthesis, mu, speech, sequence)
    assert words.durations.sum() == len(mu) == len(words.mu)
    sounds = np.array([not is_pause_symbol(i) for i in sequence.ids])
    off = np.abs(np.cumsum(words.durations) - np.cumsum(true))[sounds]
    assert off.max() <= 3 and off.mean() < 1
    assert np.median(np.square(words.mu - mu)[speech].mean(axis=1)) < 0.05
    assert words.cost < 0.1


def test_every_sound_keeps_a_place_and_pauses_need_none(synthesis):
    mu, speech, sequence, _ = planted(synthesis, pauses=False)
    words = align_words(synthesis, mu, speech, sequence)
    pause = np.array([is_pause_symbol(i) for i in sequence.ids])
    assert (words.durations[~pause] > 0).all()
    assert words.durations[pause].sum() <= 2


def test_other_words_are_refused(synthesis):
    mu, speech, _, _ = planted(synthesis)
    with pytest.raises(EmottsError, match="does not fit"):
        align_words(synthesis, mu, speech, sequence_of("Six thick thistle sticks stood there."))


def test_more_words_than_speech_are_refused(synthesis):
    mu, speech, _, _ = planted(synthesis)
    with pytest.raises(EmottsError, match="too many"):
        align_words(synthesis, mu, speech, sequence_of(" ".join([TEXT] * 8)))


def test_the_cheapest_path_is_that_of_trying_them_all():
    generator = np.random.default_rng(1)
    token, silent = np.array([0, 1, 1, 2, 3]), np.array([True, False, False, True, False])
    costs = generator.random((6, 5))

    def distance(pair):
        return costs[pair]

    distance.pairs = 6
    path, along = cheapest_path(distance, token, silent)
    from emotts.synthesis.conversion_transcript import SKIP, STAY

    def price(before, after):
        if after == before:
            return 0.0 if silent[after] else STAY
        if after == before + 1:
            return 0.0
        if (before, after) in {(2, 4)}:  # the pause between two words is not there
            return 0.0
        if after == before + 2 and (before, after) in {(0, 2), (1, 3)}:
            return SKIP
        return np.inf

    best = np.inf
    for number in range(5**6):
        states = [number // 5**k % 5 for k in range(6)]
        if states[0] not in (0, 1) or states[-1] != 4:
            continue
        total = sum(costs[i, s] for i, s in enumerate(states))
        best = min(best, total + sum(price(a, b) for a, b in zip(states, states[1:], strict=False)))
    found = sum(price(a, b) for a, b in zip(path, path[1:], strict=False)) + along.sum()
    assert found == pytest.approx(best)


def test_long_recordings_are_refused():
    check_length(179.0)
    with pytest.raises(EmottsError, match="up to 180 s and this one has 200"):
        check_length(200.0)
