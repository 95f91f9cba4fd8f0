"""The tab Direct."""

import numpy as np
import pytest

from emotts.demo.commands import Wish
from emotts.demo.direct import (
    PLAIN,
    WORDS,
    curve_of,
    curve_picture,
    markup_of,
    options_of,
    word_updates,
    words_of,
)
from emotts.errors import EmottsError
from emotts.text.markup import read_text

TEXT = "We may all call."


def test_marked_words_are_read_back_with_their_feelings():
    words = ["I", "never*", "said", "[that]", "<b>"]
    feelings = [PLAIN, "angry", "angry", "very sad", PLAIN]
    marked = read_text(markup_of(words, feelings, [1, 1.25, 1.25, 0.5, 1]), ["happy"])
    assert marked.text == "I never* said [that] <b>"
    felt = [(marked.text[a:b].strip(), s.emotion, s.intensity) for a, b, s in marked.runs()]
    assert [one for one in felt if one[1]] == [
        ("never* said", "angry", 1.25), ("[that]", "very sad", 0.5),
    ]  # fmt: skip


def test_words_without_a_feeling_are_the_sentence():
    assert markup_of(TEXT.split(), [PLAIN] * 4, [1, 0.2, 1, 1]) == TEXT


def test_more_words_than_controls_are_refused(studio):
    assert words_of(studio, "a " * WORDS) == ["a"] * WORDS
    with pytest.raises(EmottsError, match=f"{WORDS + 1} words"):
        words_of(studio, "a " * (WORDS + 1))


def test_every_word_has_its_labelled_controls():
    updates = word_updates(["one", "two"], ["angry"], [0.5])
    cells, feelings, strengths = (updates[n * WORDS : (n + 1) * WORDS] for n in range(3))
    assert [cell.visible for cell in cells] == [True, True] + [False] * (WORDS - 2)
    assert [f.label for f in feelings[:2]] == ["one", "two"]
    assert (feelings[0].value, strengths[0].value) == ("angry", 0.5)
    assert strengths[1].label == "strength of two"


def test_a_directed_word_changes_what_is_said(studio):
    words, voice = TEXT.split(), studio.voices[0]
    marked = markup_of(words, [PLAIN, "angry", PLAIN, PLAIN], [1.3] * 4)
    directed, plain = (Wish(text, voice).speak(studio) for text in (marked, TEXT))
    assert not np.array_equal(directed.samples, plain.samples)
    assert [s.label for s in directed.timeline] == [s.label for s in plain.timeline]


def test_sliders_are_a_curve_exact_at_its_points(studio):
    curve = curve_of("angry", (0, 0.5, 1, 1.25, 1.5))
    track = Wish(TEXT, curve=curve).felt(studio)
    for place, level in ((0, 0), (0.25, 0.5), (1, 1.5)):
        assert np.allclose(track.at(place), studio.palette.vector("angry", level), atol=1e-6)
    assert curve_picture(studio, curve, True).endswith(".png")


def test_a_curve_that_cannot_be_read_names_its_knot(studio):
    with pytest.raises(EmottsError, match="10%: unknown emotion"):
        curve_picture(studio, "0%:neutral, 10%:furios", False)
    with pytest.raises(EmottsError, match="no knot"):
        curve_picture(studio, "__import__('os')", False)


def test_suppression_is_asked_for_only_where_there_is_some():
    assert options_of(3, [], 1.0) == {"seed": 3}
    assert options_of(0, ["angry"], 0.0) == {"seed": 0}
    assert options_of(0, ["angry", "sad"], 0.5) == {
        "seed": 0, "suppress": {"angry": 0.5, "sad": 0.5},
    }  # fmt: skip


def test_what_is_suppressed_is_not_felt(studio):
    wish = Wish(TEXT, studio.voices[0], "angry", options=options_of(0, ["angry"], 1.0))
    plain = Wish(TEXT, studio.voices[0])
    assert np.allclose(wish.speak(studio).samples, plain.speak(studio).samples, atol=1e-4)


def test_a_recording_gives_its_feeling(studio, tmp_path):
    voice = studio.voices[0]
    for name, emotion in (("angry.wav", "angry"), ("plain.wav", "neutral")):
        Wish("You were a long way away.", voice, emotion).speak(studio).save(tmp_path / name)
    wish = Wish(TEXT, voice, reference=tmp_path / "angry.wav", neutral=tmp_path / "plain.wav")
    assert wish.felt(studio).vectors.any()
    plain = Wish(TEXT, voice).speak(studio)
    assert not np.array_equal(wish.speak(studio).samples, plain.samples)
