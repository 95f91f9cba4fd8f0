"""Lines said in the time of their originals, by a speaker who takes what is asked literally."""

from dataclasses import dataclass

import numpy as np
import pytest
from test_phrases import buzz, quiet

from emotts.audio.speech import Segment, Speech
from emotts.dubbing.like import say_like
from emotts.text.markup import MarkedText

EDGE, WORD_SECONDS, FRAME = 0.11, 0.25, 0.004
TEXT = "I told you twice, never come back here."


@dataclass
class Speaker:
    """Says every word in a quarter of a second, in whole frames of 4 ms; deaf: to pauses."""

    deaf: bool = False
    said: int = 0

    def palette(self):
        return type("Palette", (), {"names": ()})

    def voice(self, name):
        return type("Voice", (), {"language": "en-us"})

    def synthesize(self, text: MarkedText, voice, seconds=None, **asked) -> Speech:
        self.said += 1
        now, words, at = EDGE, [], 0
        for word in text.text.split():
            at = text.text.index(word, at)
            if not self.deaf:
                now += sum(round(p.seconds / FRAME) * FRAME for p in text.pauses if p.at == at)
            length = round(WORD_SECONDS / (text.style_at(at).rate or 1.0) / FRAME) * FRAME
            words.append(Segment(word, now, now + length))
            now += length
        samples = np.concatenate([quiet(EDGE), buzz(now - EDGE), quiet(EDGE)])
        return Speech(samples, 24000, tuple(words), {"voice": voice})


def original(*parts: float) -> np.ndarray:
    """Silence and speech by turns, in seconds."""
    return np.concatenate([(buzz if i % 2 else quiet)(s) for i, s in enumerate(parts)])


def like(sound, text=TEXT, slot=None, limits=(0.8, 1.25), speaker=None):
    return say_like(speaker or Speaker(), text, {"voice": "lj"}, sound, slot, limits)


def test_words_stand_where_the_actor_says_them():
    done = like(original(0.5, 1.1, 0.6, 0.9, 0.4))
    words = done.speech.timeline
    assert done.speech.seconds == pytest.approx(3.5, abs=1e-4) and done.phrases == 2
    assert words[0].start_seconds == pytest.approx(0.5, abs=0.05)
    assert words[3].end_seconds == pytest.approx(1.6, abs=0.07)
    assert words[4].start_seconds == pytest.approx(2.2, abs=0.07)
    assert words[-1].end_seconds == pytest.approx(3.1, abs=0.07)
    assert done.error_seconds < 0.05 and done.plan.overrun_seconds == 0
    level = np.abs(done.speech.samples)
    assert level[: int(0.3 * 24000)].max() == 0 and level[int(3.3 * 24000) :].max() == 0


def test_without_a_slot_a_line_is_as_long_as_its_original_and_with_one_as_that():
    sound = original(0.3, 2.2, 0.5)
    assert like(sound).speech.seconds == pytest.approx(3.0, abs=1e-4)
    assert like(sound, slot=2.75).speech.seconds == pytest.approx(2.75, abs=1e-4)


def test_more_words_than_fit_are_hurried_as_far_as_allowed_and_told():
    done = like(original(0.2, 0.6, 0.1), limits=(0.8, 1.25))
    assert done.plan.rate == pytest.approx(1.25, rel=0.01)
    last = done.speech.timeline[-1].end_seconds
    assert last == pytest.approx(0.2 + 8 * WORD_SECONDS / 1.25, abs=0.1)
    assert done.speech.seconds > last and done.plan.overrun_seconds > 0.8
    assert "more than the 0.90 s" in done.plan.warning and "cut about" in done.plan.hint


def test_speech_at_the_very_beginning_loses_its_own_edge_only():
    done = like(original(0.0, 2.0, 0.5))
    assert done.speech.timeline[0].start_seconds == pytest.approx(0.0, abs=0.05)
    assert done.speech.seconds == pytest.approx(2.5, abs=1e-4)


def test_nobody_speaks():
    assert like(quiet(2.0)) is None


def test_pauses_that_cannot_be_placed_are_told():
    with pytest.warns(UserWarning, match="cannot be cut where its original pauses"):
        done = like(original(0.5, 1.1, 0.6, 0.9, 0.4), speaker=Speaker(deaf=True))
    assert done.phrases == 1
    assert done.speech.timeline[0].start_seconds == pytest.approx(0.5, abs=0.05)


def test_markup_keeps_its_own_rate_within_the_phrase():
    done = like(original(0.2, 2.0, 0.6), "one two three [rate=150%]four five six[/] seven eight.")
    words = done.speech.timeline
    lengths = [w.end_seconds - w.start_seconds for w in words]
    assert lengths[3] == pytest.approx(lengths[0] / 1.5, abs=0.03)
    assert words[-1].end_seconds == pytest.approx(2.2, abs=0.07)
