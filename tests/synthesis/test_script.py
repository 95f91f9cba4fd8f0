"""Marked text to lines: who says what, how, and where it is silent."""

import numpy as np
import pytest

from emotts.emotion.emotion import Emotion
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.course import PAIR_SECONDS
from emotts.synthesis.felt import Feeling
from emotts.synthesis.line import EMPHASIS
from emotts.synthesis.options import Options
from emotts.synthesis.script import SENTENCE_PAUSE, UNHURRIED, Asked, read_lines
from emotts.text.markup import read_text


@pytest.fixture
def lines(synthesizer):
    """Reads text as kathleen would say it: lines(text, **options) → list of Line."""

    def read(text, emotion="neutral", **options):
        options = Options.of(options)
        palette = synthesizer.palette(options)
        felt = (Feeling(palette.track(emotion)),)
        voice = synthesizer.voices["kathleen"]
        asked = Asked(voice, felt, palette, options, emotion)
        return read_lines(read_text(text, palette.names), asked, synthesizer.voices)

    return read


def word(line, number):
    """Tokens of a word."""
    return line.sequence.word == number


def test_sentences_are_lines_with_a_pause_between(lines):
    one, two, three = lines("We all know. And so it goes! Well?")
    assert [x.text for x in (one, two, three)] == ["We all know.", "And so it goes!", "Well?"]
    assert [x.after for x in (one, two, three)] == [SENTENCE_PAUSE, SENTENCE_PAUSE, 0.0]
    assert lines("We all know. Well?", rate=0.5)[0].after == 2 * SENTENCE_PAUSE


def test_a_word_with_an_emotion_has_it_alone(lines, synthesizer):
    (line,) = lines("We [angry 0.9]all[/] know.")
    (course,) = line.courses
    np.testing.assert_array_equal(course.own, word(line, 1))
    angry = synthesizer.models.space.vector(Emotion("angry", 0.9))
    np.testing.assert_array_equal(course.vectors[word(line, 1)][0], angry)
    assert course.track.is_neutral


def test_neighbouring_words_of_one_emotion_carry_it_over_the_space_between(lines):
    (line,) = lines("We [angry]all know[/] it.")
    own = line.courses[0].own
    first, last = np.flatnonzero(own)[[0, -1]]
    assert own[first : last + 1].all()


def test_a_tag_around_everything_is_the_emotion_of_the_line(lines):
    (line,) = lines("[happy]We all know.[/]")
    assert line.courses[0].is_constant and not line.courses[0].track.is_neutral


def test_an_intensity_alone_scales_the_emotion_of_the_text(lines, synthesizer):
    (line,) = lines("We [intensity=0.5]all[/] know.", emotion="happy")
    half = synthesizer.models.space.vector(Emotion("happy", 0.5))
    np.testing.assert_allclose(line.courses[0].vectors[word(line, 1)][0], half)


def test_emphasis_and_prosody_add_up_on_their_words_only(lines):
    (line,) = lines("We *all* [rate=0.5 pitch=+2 energy=-3]know[/] it.", pitch=1.0, rate=1.2)
    delivery, (pitch, energy, longer) = line.delivery, EMPHASIS["moderate"]
    base = 1.2 * UNHURRIED
    assert delivery.pitch[word(line, 1)] == pytest.approx(1 + pitch)
    assert delivery.energy[word(line, 1)] == pytest.approx(energy)
    assert delivery.rate[word(line, 1)] == pytest.approx(base / longer)
    assert delivery.pitch[word(line, 2)] == pytest.approx(3.0)
    assert delivery.energy[word(line, 2)] == pytest.approx(-3.0)
    assert delivery.rate[word(line, 2)] == pytest.approx(0.5 * base)
    rest = ~(word(line, 1) | word(line, 2))
    assert delivery.pitch[rest] == pytest.approx(1.0) and delivery.rate[rest] == pytest.approx(base)


def test_pauses_inside_before_between_and_after(lines):
    one, two = lines("[pause 1s]We [pause 0.5s]know. [pause 2s]Well.[pause 300ms]")
    assert one.before == 1.0 and one.after == 2.0 and two.before == 0.0 and two.after == 0.3
    asked = one.delivery.pause[one.delivery.pause >= 0]
    np.testing.assert_allclose(asked, [0.5 / PAIR_SECONDS])
    place = int(np.flatnonzero(one.delivery.pause >= 0)[0])
    assert one.sequence.word[place - 1] == 0 and one.sequence.word[place + 1] == 1


def test_no_pause_can_be_asked_for_between_sentences(lines):
    one, _ = lines("We know.[pause 0s] Well.")
    assert one.after == 0.0


def test_voices_change_inside_a_sentence(lines):
    one, two = lines("We know, [voice=EB0]all of it.[/]")
    assert (one.voice.name, two.voice.name) == ("kathleen", "EB0")


def test_a_word_part_may_be_marked_and_phonemes_given(lines):
    (line,) = lines("un[angry]known[/] [[həloʊ]]")
    assert len(line.sequence.words) == 2 and line.sequence.words[1] == "həloʊ"
    assert 0 < line.courses[0].own.sum() < word(line, 0).sum()


@pytest.mark.parametrize(
    "text, message",
    [
        ("Well [laugh] yes.", "laugh.*character 6"),
        ("[voice=nobody]Well.[/]", "unknown voice 'nobody'"),
        ("… !", "at least one word"),
    ],
)
def test_what_cannot_be_said_is_named(lines, text, message):
    with pytest.raises(EmottsError, match=message):
        lines(text)


def test_words_of_their_own_and_mixed_velocities_exclude_each_other(synthesizer):
    palette = synthesizer.palette()
    felt = tuple(Feeling(palette.track(name), 0.5) for name in ("happy", "sad"))
    asked = Asked(synthesizer.voices["kathleen"], felt, palette, Options())
    with pytest.raises(EmottsError, match="mixing='embedding'"):
        read_lines(read_text("We [angry]all[/] know."), asked, synthesizer.voices)


def test_a_curve_runs_over_the_whole_text(lines, synthesizer):
    dim = synthesizer.models.space.dim
    track = EmotionTrack([0.0, 1.0], [np.zeros(dim), np.ones(dim)])
    palette = synthesizer.palette()
    asked = Asked(synthesizer.voices["kathleen"], (Feeling(track),), palette, Options())
    one, two = read_lines(read_text("We all know. And so it."), asked, synthesizer.voices)
    assert one.courses[0].start == 0 and two.courses[0].end == 1
    assert one.courses[0].end == two.courses[0].start == pytest.approx(13 / 23)
