import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.errors import EmottsError
from emotts.text.markup import (
    SILENT,
    Mark,
    MarkedText,
    MarkedTextBuilder,
    Pause,
    Sound,
    Style,
    read_text,
)
from emotts.text.split import split_sentences

SAD, LOUD, SLOW = Style(emotion="sad"), Style(energy=6.0), Style(rate=0.8)
STYLES = st.sampled_from([SAD, LOUD, SLOW, Style(emotion="happy", intensity=0.5), Style()])


@st.composite
def marked_texts(draw):
    text = draw(st.text("ab .!", max_size=30))
    places = st.integers(0, len(text))
    marks = []
    for style in draw(st.lists(STYLES, max_size=5)):
        start, end = sorted((draw(places), draw(places)))
        marks.append(Mark(start, end, style))
    pauses = tuple(Pause(draw(places), 0.5) for _ in range(draw(st.integers(0, 3))))
    sounds = tuple(Sound(draw(places), "sigh") for _ in range(draw(st.integers(0, 3))))
    return MarkedText(text, tuple(marks), pauses, sounds)


def test_plain_text_is_taken_as_it_stands():
    plain = MarkedText.plain("I [angry]never[/] *said* that")
    assert plain.text == "I [angry]never[/] *said* that"
    assert plain.is_plain
    assert plain.runs() == ((0, len(plain.text), Style()),)


@pytest.mark.parametrize(
    "marked",
    [
        MarkedText("abc", marks=(Mark(0, 1, SAD),)),
        MarkedText("abc", pauses=(Pause(3, 1.0),)),
        MarkedText("abc", sounds=(Sound(0, "laugh"),)),
    ],
)
def test_text_with_any_wish_is_not_plain(marked):
    assert not marked.is_plain


def test_the_inner_mark_wins_field_by_field():
    outer, inner = Style(emotion="sad", rate=0.8), Style(emotion="happy", pitch=2.0)
    marked = MarkedText("abcdef", (Mark(0, 5, outer), Mark(2, 4, inner)))
    assert marked.style_at(1) == outer
    assert marked.style_at(2) == Style(emotion="happy", rate=0.8, pitch=2.0)
    assert marked.style_at(4) == outer
    assert marked.style_at(5) == marked.style_at(99) == Style()
    assert [run[:2] for run in marked.runs()] == [(0, 2), (2, 4), (4, 5), (5, 6)]


def test_neighbours_of_one_style_are_one_run():
    marked = MarkedText("abcdef", (Mark(0, 2, SAD), Mark(2, 4, SAD), Mark(4, 4, LOUD)))
    assert marked.runs() == ((0, 4, SAD), (4, 6, Style()))


@given(marked_texts())
def test_runs_cover_the_text_once_and_agree_with_each_character(marked):
    runs = marked.runs()
    assert [i for start, end, _ in runs for i in range(start, end)] == list(range(len(marked.text)))
    assert all(marked.style_at(i) == style for a, b, style in runs for i in range(a, b))
    assert all(left[2] != right[2] for left, right in zip(runs, runs[1:], strict=False))


@given(marked_texts(), st.data())
def test_a_slice_keeps_the_style_of_its_characters(marked, data):
    start = data.draw(st.integers(0, len(marked.text)))
    end = data.draw(st.integers(start, len(marked.text)))
    part = marked.slice(start, end)
    assert part.text == marked.text[start:end]
    styles = [marked.style_at(i) for i in range(start, end)]
    assert [part.style_at(i) for i in range(len(part.text))] == styles


@given(marked_texts(), st.data())
def test_neighbouring_slices_share_out_pauses_and_sounds(marked, data):
    cuts = data.draw(st.lists(st.integers(0, len(marked.text)), max_size=3))
    # No empty last slice: it would stand at the end of the text as well.
    edges = sorted({0, *cuts, len(marked.text)})
    parts = [(a, marked.slice(a, b)) for a, b in zip(edges, edges[1:], strict=False)]
    if not parts:
        parts = [(0, marked.slice(0, 0))]
    for events in ("pauses", "sounds"):
        places = [start + event.at for start, part in parts for event in getattr(part, events)]
        assert sorted(places) == sorted(event.at for event in getattr(marked, events))


def test_sentences_of_a_marked_text():
    marked = read_text("[sad]It rained. We[/] left. [pause 1s]*Why?*")
    start, parts = 0, []
    for sentence in split_sentences(marked.text):
        parts.append(marked.slice(start, start + len(sentence)))
        start += len(sentence)
    assert [part.text for part in parts] == ["It rained. ", "We left. ", "Why?"]
    assert [part.runs()[0][2] for part in parts] == [SAD, SAD, Style(emphasis="moderate")]
    assert [part.pauses for part in parts] == [(), (), (Pause(0, 1.0),)]


@pytest.mark.parametrize("place", [(-1, 2), (2, 1), (0, 4)])
def test_places_outside_the_text_are_refused(place):
    with pytest.raises(EmottsError, match="3 characters"):
        MarkedText("abc", (Mark(*place, SAD),))
    with pytest.raises(EmottsError, match="3 characters"):
        MarkedText("abc").slice(*place)


def test_pauses_and_sounds_outside_the_text_are_refused():
    for wishes in ({"pauses": (Pause(4, 1.0),)}, {"sounds": (Sound(-1, "sigh"),)}):
        with pytest.raises(EmottsError, match="3 characters"):
            MarkedText("abc", **wishes)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rate": 0.4}, "rate is 0.4; it must lie between 0.5 and 2"),
        ({"pitch": -13.0}, "between -12 and 12"),
        ({"pitch_range": -0.1}, "pitch range"),
        ({"energy": 21.0}, "between -20 and 20"),
        ({"intensity": 1.6}, "between 0 and 1.5"),
        ({"rate": float("nan")}, "rate is nan"),
        ({"emphasis": "huge"}, "none, reduced, moderate, strong"),
    ],
)
def test_styles_out_of_range_are_refused(wrong, message):
    with pytest.raises(EmottsError, match=message):
        Style(**wrong)


def test_silence_is_an_energy():
    assert Style(energy=SILENT).energy == float("-inf")


@pytest.mark.parametrize("text", ["<speak>Hi</speak>", " \n<speak>Hi</speak>", "\ufeff<speak/>"])
def test_ssml_begins_with_speak(text):
    assert read_text(text).text in ("Hi", "")


def test_an_xml_declaration_begins_ssml_too():
    assert read_text('<?xml version="1.0"?>\n<speak>Hi</speak>').text == "Hi"


def test_anything_else_is_inline():
    assert read_text("I *never* said <this").text == "I never said <this"
    with pytest.raises(EmottsError, match="<spaek>|never closed|unknown"):
        read_text("[spaek]")


def test_names_and_language_reach_both_readers():
    assert read_text("[smug]x[/]", {"smug"}).marks[0].style == Style(emotion="smug")
    ssml = '<speak><express-as style="smug">x</express-as></speak>'
    assert read_text(ssml, {"smug"}).marks[0].style == Style(emotion="smug")
    with pytest.raises(EmottsError, match="unknown emotion"):
        read_text(ssml, {"proud"})
    digits = '<speak><say-as interpret-as="digits">2</say-as></speak>'
    assert read_text(digits, language="pl").text == "dwa"


def test_a_builder_keeps_words_apart_only_where_asked():
    builder = MarkedTextBuilder()
    builder.put("half")
    builder.open(SAD)
    builder.put("way")
    builder.separate()
    builder.close()
    builder.separate("\n\n")
    builder.put("there")
    assert builder.build() == MarkedText("halfway\n\nthere", (Mark(4, 7, SAD),))


DOCS = Path(__file__).resolve().parents[2] / "docs" / "markup.md"


@pytest.mark.parametrize("kind", ["text", "xml"])
def test_the_examples_of_the_documentation_are_read(kind):
    (example,) = re.findall(rf"```{kind}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    marked = read_text(example)
    assert [pause.seconds for pause in marked.pauses] == [0.5]
    assert marked.text.startswith("I never said that")
    assert marked.style_at(2).emotion == "angry"
