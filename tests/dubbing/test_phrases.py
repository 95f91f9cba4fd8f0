"""Where an original pauses, where that belongs in a text, and what fits between the pauses."""

import numpy as np
import pytest

from emotts.dubbing.phrases import (
    SHORTEST_PAUSE_SECONDS,
    borders,
    heard_phrases,
    split_text,
    timed_phrases,
)


def buzz(seconds: float) -> np.ndarray:
    t = np.arange(round(seconds * 24000)) / 24000
    wave = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 12))
    return (0.05 * wave * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * t))).astype(np.float32)


def quiet(seconds: float) -> np.ndarray:
    noise = np.random.default_rng(0).normal(size=round(seconds * 24000))
    return (1e-4 * noise).astype(np.float32)


def test_pauses_part_phrases_and_short_silences_do_not():
    parts = [quiet(0.4), buzz(0.8), quiet(0.5), buzz(0.6), quiet(0.1), buzz(0.4), quiet(0.3)]
    found = heard_phrases(np.concatenate(parts))
    assert np.allclose(found, [(0.4, 1.2), (1.7, 2.8)], atol=0.06)
    assert heard_phrases(quiet(1.0)) == [] and heard_phrases(np.zeros(24000, np.float32)) == []


def test_borders_lie_between_words():
    text = "So we [[wiː ɑː]] go – home ."
    assert [text[i:].split()[0] for i in borders(text)] == ["we", "[[wiː", "go", "–", "home"]
    assert borders("One.") == [] and borders("") == []


@pytest.mark.parametrize(
    "text, phrases, parts",
    [
        ("I told you, never come back.", [(0, 0.8), (1.2, 2.2)],
         ["I told you, ", "never come back."]),
        # Punctuation draws a pause, though not from anywhere.
        ("One two three four, five six seven.", [(0, 1), (2, 3)],
         ["One two three four, ", "five six seven."]),
        ("No, one two three four five six seven.", [(0, 1), (2, 3)],
         ["No, one two three ", "four five six seven."]),
        # Two words cannot pause twice: the shortest pause goes.
        ("Come home!", [(0, 1), (1.3, 2), (3, 4)], ["Come ", "home!"]),
        ("Home!", [(0, 1), (1.3, 2)], ["Home!"]),
    ],
)  # fmt: skip
def test_pauses_go_where_as_much_was_said(text, phrases, parts):
    cuts, joined = split_text(text, phrases)
    edges = [0, *cuts, len(text)]
    assert [text[a:b] for a, b in zip(edges, edges[1:], strict=False)] == parts
    assert len(joined) == len(parts)
    assert joined[0][0] == phrases[0][0] and joined[-1][1] == phrases[-1][1]


def test_cuts_are_in_order_however_uneven_the_original():
    text = "a b c d e f"
    phrases = [(0, 5), (5.3, 5.4), (5.7, 5.8), (6.1, 6.2)]
    cuts, _ = split_text(text, phrases)
    assert len(cuts) == 3 and cuts == sorted(set(cuts))


def test_phrases_are_said_when_the_originals_are():
    heard = [(0.2, 1.2), (1.8, 2.8)]
    assert np.allclose(timed_phrases([1.0, 1.1], heard, (0.8, 1.25)), heard)


def test_a_long_phrase_eats_the_pause_and_the_next_one_hurries():
    first, second = timed_phrases([2.0, 1.1], [(0.2, 1.2), (1.6, 2.8)], (0.8, 1.25))
    assert first == pytest.approx((0.2, 1.8))  # as fast as allowed
    assert second == pytest.approx((1.8 + SHORTEST_PAUSE_SECONDS, 2.8))


def test_a_short_phrase_is_as_slow_as_allowed_and_waits_for_the_next():
    first, second = timed_phrases([0.4, 1.0], [(0.2, 1.2), (1.6, 2.6)], (0.8, 1.25))
    assert first == pytest.approx((0.2, 0.7)) and second == pytest.approx((1.6, 2.6))
