"""The melody of questions: what rises, from where to where, and that nothing else moves."""

import numpy as np
import pytest

from emotts.synthesis.rises import LEAST, MOST, with_rises
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence


def melody(text: str, spread: float = 3.0, seed: int = 0):
    sequence = phone_sequence(phonemize(text, "en-us"), "en-us")
    generator = np.random.default_rng(seed)
    semitones = generator.normal(size=(len(sequence), 2))
    pairs = generator.uniform(2.0, 6.0, len(sequence))
    raised = with_rises(semitones, np.full(len(sequence), spread), pairs, sequence, text)
    return sequence, semitones, raised


@pytest.mark.parametrize("text", ["It is late.", "Why is it late?", "Come here!"])
def test_nothing_else_moves(text):
    _, before, after = melody(text)
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("text", ["Is the train late?", "Is it raining in London?"])
@pytest.mark.parametrize("spread", [1.5, 3.0, 20.0])
def test_the_end_rises_steadily_above_the_mean(text, spread):
    sequence, before, after = melody(text, spread)
    moved = np.flatnonzero((before != after).any(axis=1))
    np.testing.assert_array_equal(moved, np.arange(moved[0], len(sequence)))
    assert sequence.stress[moved[0]] == 1
    course = after[moved[0] :].reshape(-1)
    assert (np.diff(course) >= 0).all() and course[0] < course[-1]
    assert LEAST - 1e-9 <= course[-1] <= MOST + 1e-9


def test_a_question_amid_a_line_leaves_what_follows_alone():
    sequence, before, after = melody("Is it late? I forgot.")
    mark = sequence.symbols.index("?")
    np.testing.assert_array_equal(before[mark + 1 :], after[mark + 1 :])
    assert after[mark - 1, 1] > before[:mark].mean() + 3


def test_without_a_melody_nothing_rises():
    sequence, _, after = melody("Is it late?", spread=0.0)
    first = int(np.flatnonzero(sequence.stress == 1)[-1])
    np.testing.assert_array_equal(after[first:], 0.0)
