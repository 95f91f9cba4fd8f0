"""Tags, entities and sounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.dubbing.readers_text import finished, is_speakable, marked, without_sounds
from emotts.text.markup import read_text


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("I <i>never</i> said", "I *never* said"),
        ("<i>All</i> <i>of it</i>!", "All of it!"),
        ("<i>All of it", "All of it"),
        ("I <B>do</B>, <EM>not</EM> you", "I *do*, *not* you"),
        ("I <i><b>do</b></i> care", "I *do* care"),
        ("I <i>never</i><i> ever</i> said", "I *never* *ever* said"),
        ("un<i>believ</i>able stuff", "unbelievable stuff"),
        ("he said <i>“never!”</i> twice", "he said “*never*!” twice"),
        ("<i></i>empty", "empty"),
        ('<font color="#fff">red</font> <u>line</u><br/>break', "red line break"),
        ("Tom &amp; Jerry&nbsp;&#8212; AT&T", "Tom & Jerry — AT&T"),
        ("2 &lt; 3", "2 \\< 3"),
        ("I <3 you, 4 > 3", "I <3 you, 4 > 3"),
        ("{\\an8}top {\\i1}mid{\\i0} low", "top *mid* low"),
        ("{not a tag}", "{not a tag}"),
        ("- What?\n\u2013  Nothing.", "What? Nothing."),
        ("♪ la la ♪", "la la"),
        ("a <break time='1s'/> b", "a <break time='1s'/> b"),
    ],
)
def test_subtitles_become_text(written, plain):
    assert finished(marked(written)) == plain


@pytest.mark.parametrize("written", ["I <i>never</i> said", "2 &lt; 3", "&lt;break/&gt; it"])
def test_what_comes_out_can_be_read_as_markup(written):
    assert "<" not in finished(marked(written)).replace("\\<", "")
    read_text(finished(marked(written)))


@given(st.text(st.sampled_from("ab .*<>/i{}\\1&;\n-[]\ue000\ue001\ue002"), max_size=30))
def test_no_text_breaks_it_and_no_marks_stay(text):
    out = finished(marked(text))
    assert not set(out) & set("\ue000\ue001\ue002\ue003") and "\n" not in out
    assert out == out.strip() and "  " not in out


@pytest.mark.parametrize(
    ("text", "left", "sounds"),
    [
        ("[SIGHS] Well.", "Well.", ["[SIGHS]"]),
        ("Well [laugh] no [pause 1s].", "Well [laugh] no [pause 1s].", []),
        ("[[həlˈoʊ]] there", "[[həlˈoʊ]] there", []),
        ("[own]He[/] said [x].", "[own]He[/] said [x].", []),
        ("\\[sic\\]", "\\[sic\\]", []),
        ("(door slams)", "", ["(door slams)"]),
        ("Really (not)?", "Really (not)?", []),
    ],
)
def test_brackets_that_are_no_tags_are_sounds(text, left, sounds):
    assert without_sounds(text, frozenset()) == (left, sounds)


def test_only_letters_digits_and_ssml_can_be_said():
    assert is_speakable("é") and is_speakable("7") and is_speakable("<speak>…</speak>")
    assert not is_speakable("… ?!")
