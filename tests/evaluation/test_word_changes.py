import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.evaluation.word_changes import (
    change_on_and_off,
    choose_word,
    mark_word,
    peaks,
    word_measures,
)

RATE = 24000


def tones(pitches, gains, seconds):
    """Harmonic tones one after another, a word each, and their times."""
    pieces, words, start = [], [], 0.0
    for hz, gain, length in zip(pitches, gains, seconds, strict=True):
        t = np.arange(int(RATE * length)) / RATE
        pieces.append(gain * sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 9)))
        words.append(("w", start, start + length))
        start += length
    return np.concatenate(pieces).astype(np.float32), words


def test_a_planted_change_is_found_on_its_word_and_nowhere_else():
    plain = tones([150, 150, 150], [0.1, 0.1, 0.1], [0.4, 0.4, 0.4])
    up = 150 * 2 ** (3 / 12)
    moved = tones([150, up, 150], [0.1, 0.2, 0.1], [0.4, 0.6, 0.4])
    a, b = word_measures(*plain), word_measures(*moved)
    on, off = change_on_and_off(a, b, 1)
    assert on[0] == pytest.approx(3, abs=0.3)
    assert on[1] == pytest.approx(20 * np.log10(2), abs=0.2)
    assert on[2] == pytest.approx(1.5, abs=0.01)
    assert off == pytest.approx([0, 0, 1], abs=0.25)
    assert peaks(a, b, 1) == [True] * 3
    assert peaks(a, b, 0) == [False] * 3
    assert peaks(a, a, 1) == [False] * 3  # no change is no peak


def test_an_unvoiced_word_has_no_pitch_and_does_not_spoil_the_others():
    samples, words = tones([150, 150], [0.1, 0.1], [0.4, 0.4])
    hiss = 0.05 * np.random.default_rng(0).standard_normal(RATE // 4).astype(np.float32)
    measured = word_measures(np.concatenate([samples, hiss]), [*words, ("s", 0.9, 1.05)])
    assert np.isfinite(measured[:2]).all() and np.isnan(measured[2, 0])
    on, off = change_on_and_off(measured, measured + 1, 0)
    assert (on[0], off[0]) == (1, 1)
    assert np.isnan(change_on_and_off(measured, measured, 2)[0, 0])


def test_the_marked_word_is_a_long_one_inside():
    assert choose_word("We counted eleven swallows on the wire.") == 3
    assert choose_word("Extraordinary cats sleep everywhere.") == 2
    assert choose_word("Hello there.") in (0, 1)
    assert choose_word("Stop.") == 0


@given(st.lists(st.sampled_from(["one", "two,", "three", "four."]), min_size=1, max_size=8))
def test_a_mark_changes_nothing_but_adds_its_tags(words):
    text = " ".join(words)
    marked = mark_word(text, choose_word(text), "[x]", "[/]")
    assert marked.replace("[x]", "").replace("[/]", "") == text
    assert "[x]" in marked and "[/]" in marked and ",[/]" not in marked and ".[/]" not in marked
