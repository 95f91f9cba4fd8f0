import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.errors import EmottsError
from emotts.text.inline import escape, parse_inline
from emotts.text.markup import Mark, MarkedText, Pause, Sound, Style
from emotts.text.phonemes import phonemize

JOINER = "\u2060"
MODERATE, STRONG = Style(emphasis="moderate"), Style(emphasis="strong")


def refusal(text, names=None):
    with pytest.raises(EmottsError) as caught:
        parse_inline(text, names)
    return str(caught.value)


def style_of(tag, names=None):
    (mark,) = parse_inline(f"{tag}x[/]", names).marks
    return mark.style


def test_a_word_in_an_emotion():
    marked = parse_inline("I [angry 0.9]never[/] said that")
    assert marked == MarkedText(
        "I never said that", (Mark(2, 7, Style(emotion="angry", intensity=0.9)),)
    )


@pytest.mark.parametrize(
    ("tag", "style"),
    [
        ("[happy]", Style(emotion="happy")),
        ("[ Happy  .5 ]", Style(emotion="Happy", intensity=0.5)),
        ("[sad 50%]", Style(emotion="sad", intensity=0.5)),
        ("[joyful]", Style(emotion="joyful")),
        ("[pleasant surprise 1.2]", Style(emotion="pleasant surprise", intensity=1.2)),
        ("[very angry]", Style(emotion="very angry")),
        ("[happy:0.6+sad:0.4]", Style(emotion="happy:0.6+sad:0.4")),
        ("[happy: 0.6 + sad: 0.4]", Style(emotion="happy: 0.6 + sad: 0.4")),
        ("[sad:1+angry:-0.5 .8]", Style(emotion="sad:1+angry:-0.5", intensity=0.8)),
        ("[happy rate=1.1]", Style(emotion="happy", rate=1.1)),
        ("[rate=90% range=1.5]", Style(rate=0.9, pitch_range=1.5)),
        ("[pitch=-2st energy=+3dB]", Style(pitch=-2.0, energy=3.0)),
        ("[pitch = −2]", Style(pitch=-2.0)),
        ("[emotion='very sad' language=PL]", Style(emotion="very sad", language="pl")),
        ('[emphasis=Strong voice="lj"]', Style(emphasis="strong", voice="lj")),
        (
            "[emotion=happy intensity=0.5 rate=0.9 pitch=+2 energy=-3 voice=lj]",
            Style("happy", 0.5, rate=0.9, pitch=2.0, energy=-3.0, voice="lj"),
        ),
    ],
)
def test_tags(tag, style):
    assert style_of(tag) == style


def test_tags_nest_and_close_innermost_first():
    marked = parse_inline("[sad]a [rate=0.8]b [happy]c[/happy][/] d[/]")
    assert marked.text == "a b c d"
    assert [(m.start, m.end) for m in marked.marks] == [(0, 7), (2, 5), (4, 5)]
    assert marked.style_at(4) == Style(emotion="happy", rate=0.8)


def test_an_emotion_named_anew_does_not_inherit_the_intensity_of_another():
    marked = parse_inline("[sad 0.3]a [happy]b[/] [intensity=0.6]c[/][/]")
    assert marked.style_at(2) == Style(emotion="happy", intensity=1.0)
    assert marked.style_at(4) == Style(emotion="sad", intensity=0.6)


def test_names_of_the_synthesizer_are_emotions():
    assert style_of("[smug 0.8]", {"smug"}) == Style(emotion="smug", intensity=0.8)
    assert style_of("[slightly smug]", ["smug"]) == Style(emotion="slightly smug")
    assert "did you mean smug?" in refusal("[smugg]x[/]", {"smug"})
    assert "unknown emotion" in refusal("[emotion=proud]x[/]", {"smug"})


def test_without_names_any_name_goes_where_it_is_called_an_emotion():
    assert style_of("[emotion=smug:0.5+happy:0.5]").emotion == "smug:0.5+happy:0.5"
    assert "unknown tag" in refusal("[smug]x[/]")
    assert "weight" in refusal("[emotion=smug:9]x[/]")
    assert "unknown" in refusal("[emotion=7]x[/]")


@pytest.mark.parametrize(
    ("text", "plain", "marks"),
    [
        ("I *never* said", "I never said", [(2, 7, MODERATE)]),
        ("I **never** said", "I never said", [(2, 7, STRONG)]),
        ("***Stop!***", "Stop!", [(0, 5, STRONG)]),
        ("(*this*), 'and' *that*.", "(this), 'and' that.", [(1, 5, MODERATE), (14, 18, MODERATE)]),
        ("*so **very** big*", "so very big", [(0, 11, MODERATE), (3, 7, STRONG)]),
        ("*[sad]x[/]*", "x", [(0, 1, MODERATE), (0, 1, Style(emotion="sad"))]),
        ("[sad]*x*[/]", "x", [(0, 1, Style(emotion="sad")), (0, 1, MODERATE)]),
    ],
)
def test_stars_around_words_are_emphasis(text, plain, marks):
    assert parse_inline(text) == MarkedText(plain, tuple(Mark(*mark) for mark in marks))


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3", "2*3*4", "2**3", "* one\n* two", "*Terms apply", "price* and rate*", "**", "****",
        "f(*args, **kwargs)", "*one\n\ntwo*", "a * b * c",
    ],
)  # fmt: skip
def test_other_stars_are_text(text):
    assert parse_inline(text) == MarkedText.plain(text)


def test_pauses_and_sounds():
    marked = parse_inline("Stop. [pause 0.5s]Go[pause 300ms] [laugh] on [Sigh]")
    assert marked.text == "Stop. Go  on "
    assert marked.pauses == (Pause(6, 0.5), Pause(8, 0.3))
    assert marked.sounds == (Sound(9, "laugh"), Sound(13, "sigh"))


def test_words_do_not_grow_together_around_a_pause():
    assert parse_inline("Stop.[pause 1s]Go") == MarkedText("Stop. Go", (), (Pause(5, 1.0),))
    marked = parse_inline("[sad]Stop[breath][/]Go")
    assert (marked.text, marked.marks[0].end) == ("Stop Go", 4)


def test_a_sound_knows_the_style_around_it():
    marked = parse_inline("[happy 0.7][laugh][/] well")
    assert marked.text == " well"
    assert marked.sounds == (Sound(0, "laugh", Style(emotion="happy", intensity=0.7)),)


def test_escapes():
    assert parse_inline(r"\[sic\] 2\*3 \\ C:\new \<p>") == MarkedText(r"[sic] 2*3 \ C:\new <p>")


def test_phonemes_stay_and_escaped_brackets_are_none():
    marked = parse_inline(r"[sad]say [[həlˈoʊ]][/] \[\[a b\]\]")
    assert "[[həlˈoʊ]]" in marked.text
    assert phonemize(marked.text) == phonemize("say [[həlˈoʊ]] (a b)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("one\ntwo [angy 0.9]x[/]", r"[angy 0.9] at line 2, column 5: unknown tag (did you mean "),
        ("he wrote [sic]", r"\[sic\]"),
        ("see [1]", r"for brackets in the text write \[1\]"),
        ("a []", "[] at line 1, column 3"),
        ("[happy] x", "[happy] at line 1, column 1 is never closed; write [/]"),
        ("x[/]", "[/] at line 1, column 2 closes nothing"),
        ("[happy]x[/sad]", "[/sad] at line 1, column 9 does not close [happy]"),
        ("[happy][/]", "holds nothing"),
        ("a] b", r"the ] at line 1, column 2 is not the end of a tag; write \]"),
        ("a [b", "the [ at line 1, column 3 is never closed"),
        ("[[həlˈoʊ", "the [ at line 1, column 1 is never closed"),
        ("[pause]", "0.5s or 300ms"),
        ("[pause 5]", "0.5s or 300ms, not '5'"),
        ("[pause -1s]", "0.5s or 300ms"),
        ("[pause 21s]", "20 s is the most"),
        ("[laugh loudly]", "stands alone"),
        ("[happy 2]x[/]", "intensity is 2; it must lie between 0 and 1.5"),
        ("[happy 0.5 intensity=1]x[/]", "intensity is given twice"),
        ("[happy sad]x[/]", "unknown emotion"),
        ("[happy:x]x[/]", "weight"),
        ("[rate=fast]x[/]", "rate is 'fast'; write a number"),
        ("[rate=3]x[/]", "between 0.5 and 2"),
        ("[speed=1]x[/]", "unknown key 'speed'"),
        ("[pich=1]x[/]", "did you mean pitch?"),
        ("[emotion=very sad]x[/]", "in quotes"),
        ("[emphasis=huge]x[/]", "none, reduced, moderate, strong"),
        ("[language=xx]x[/]", "unknown language 'xx'"),
        ("[voice='']x[/]", "voice is empty"),
        ("*a [sad]b* c[/]", "crosses a tag"),
        ("[sad]*a[/] b*", "from line 1, column 6 to line 1, column 13 crosses a tag"),
        ("[sad]" * 40 + "x", "more than 32 tags are open"),
        ("[" + "so " * 200 + "]", "300 characters at most"),
        ('wait <break time="1s"/> here', "SSML in a text that does not begin with <speak>"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text, message):
    assert message in refusal(text)


def test_the_choices_of_an_unknown_tag_are_named():
    message = refusal("[foo]x[/]", {"smug"})
    for choice in ("happy", "smug", "rate", "[pause 0.5s]", "[laugh]", "[sigh]", "[breath]"):
        assert choice in message


PIECES = st.sampled_from(
    ["[", "]", "[[", "]]", "[/]", "[happy]", "[sad 0.5]", "[pause 1s]", "[laugh]", "[rate=0.8]",
     "*", "**", "\\", "<", "<p>", "<speak", ">", " ", "\n\n", "a", "word", "é", "0.5", "=", "[[a]]",
     "+", ":", '"', "\u2060", "\x00", "\ud800", "ﬁ", "²"]
)  # fmt: skip
JUNK = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=15).map("".join))


@given(JUNK, st.sampled_from([None, (), {"smug"}]))
def test_junk_is_read_or_refused_with_a_sentence(text, names):
    try:
        marked = parse_inline(text, names)
    except EmottsError as error:
        assert str(error)
        return
    ranges = [(mark.start, mark.end) for mark in marked.marks]
    assert all(0 <= start < end <= len(marked.text) for start, end in ranges)
    events = (*marked.pauses, *marked.sounds)
    assert all(0 <= event.at <= len(marked.text) for event in events)


@given(JUNK)
def test_whatever_is_read_loses_no_letter_outside_tags(text):
    try:
        marked = parse_inline(text)
    except EmottsError:
        return
    kept = re.sub(r"\[\[[^\[\]]*\]\]|\\.|\[[^\[\]]*\]", _outside_tags, text, flags=re.DOTALL)
    assert _letters(marked.text) == _letters(kept)


def _outside_tags(match):
    return match[0] if match[0].startswith(("[[", "\\")) else ""


def _letters(text):
    return [character for character in text if character.isalnum()]


@given(JUNK)
def test_escaped_text_is_read_as_it_stands(text):
    marked = parse_inline(escape(text))
    assert marked.is_plain
    assert marked.text.replace(JOINER, "") == text.replace(JOINER, "")


@given(st.lists(st.text(st.characters(exclude_characters="[]*\\<"), min_size=1), max_size=5))
def test_tags_leave_the_words_between_them(words):
    tagged = "".join(f"[happy 0.5]{word}[/]" for word in words)
    marked = parse_inline(tagged)
    assert marked.text == "".join(words)
    assert [marked.text[mark.start : mark.end] for mark in marked.marks] == words
