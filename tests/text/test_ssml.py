import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.errors import EmottsError
from emotts.text.markup import SILENT, Mark, MarkedText, Pause, Style
from emotts.text.phonemes import phonemize
from emotts.text.ssml import MAX_CHARACTERS, parse_ssml


def read(inside, names=None):
    return parse_ssml(f"<speak>{inside}</speak>", names)


def style_of(tag, names=None):
    """The style of <tag …>x</…>."""
    (mark,) = read(f"<{tag}>x</{tag.split()[0]}>", names).marks
    return mark.style


def refusal(xml, names=None):
    with pytest.raises(EmottsError) as caught:
        parse_ssml(xml, names)
    return str(caught.value)


def test_a_document_as_people_write_it():
    marked = parse_ssml(
        """<?xml version="1.0" encoding="UTF-16"?>
        <speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis"
               xmlns:mstts="https://www.w3.org/2001/mstts" xml:lang="en-US">
          <voice name="lj">
            <p>I <mstts:express-as style="angry" styledegree="0.5">never</mstts:express-as>
               said <emphasis>that</emphasis>!<break time="300ms"/></p>
            <!-- kept out -->
            <p>Caf&#233; &amp; bar</p>
          </voice>
        </speak>"""
    )
    assert marked.text == "I never said that!\n\nCafé & bar"
    assert marked.pauses == (Pause(18, 0.3),)
    lj = Style(voice="lj", language="en-us")
    assert marked.runs() == (
        (0, 2, lj),
        (2, 7, Style("angry", 0.5, voice="lj", language="en-us")),
        (7, 13, lj),
        (13, 17, Style(emphasis="moderate", voice="lj", language="en-us")),
        (17, 30, lj),
    )


def test_white_space_is_collapsed_and_stays_outside_of_marks():
    marked = read("  It \n\t was<emphasis>  never </emphasis> \n so ")
    assert marked == MarkedText("It was never so", (Mark(7, 12, Style(emphasis="moderate")),))


def test_elements_inside_a_word_keep_it_whole():
    assert read("un<emphasis>believ</emphasis>able").text == "unbelievable"


def test_paragraphs_and_sentences_stand_apart():
    marked = read("<p><s>One</s><s>Two</s></p><p>Three</p> four")
    assert marked.text == "One\n\nTwo\n\nThree\n\nfour"


@pytest.mark.parametrize(
    ("degree", "intensity"), [("0.01", 0.01), ("0.5", 0.5), ("1", 1.0), ("1.5", 1.25), ("2", 1.5)]
)
def test_style_degree_is_intensity(degree, intensity):
    assert style_of(f'express-as style="sad" styledegree="{degree}"') == Style("sad", intensity)


def test_styles_are_emotions():
    assert style_of('express-as style="happy:0.6+sad:0.4"') == Style(emotion="happy:0.6+sad:0.4")
    assert style_of('express-as style="cheerful"') == Style(emotion="happy")
    assert style_of('express-as style="cheerful"', {"cheerful"}) == Style(emotion="cheerful")
    assert style_of('express-as style="smug"') == Style(emotion="smug")
    xml = '<speak>\n<express-as style="smugg">x</express-as></speak>'
    assert "<express-as> at line 2, column 1: unknown emotion 'smugg'; did you mean smug?" in (
        refusal(xml, {"smug"})
    )


@pytest.mark.parametrize("level", ["none", "reduced", "moderate", "strong"])
def test_emphasis(level):
    assert style_of(f'emphasis level="{level}"') == Style(emphasis=level)


@pytest.mark.parametrize(
    ("attributes", "seconds"),
    [
        ("", 0.75), ('strength="none"', 0.0), ('strength="x-weak"', 0.25),
        ('strength="weak"', 0.5), ('strength="medium"', 0.75), ('strength="strong"', 1.0),
        ('strength="x-strong"', 1.25), ('time="500ms"', 0.5), ('time="2s"', 2.0),
        ('time="0s"', 0.0), ('time=".5s" strength="weak"', 0.5),
    ],
)  # fmt: skip
def test_breaks(attributes, seconds):
    assert read(f"one<break {attributes}/>two") == MarkedText("one two", (), (Pause(3, seconds),))


@pytest.mark.parametrize(
    ("attribute", "style"),
    [
        ('rate="slow"', Style(rate=0.64)), ('rate="x-fast"', Style(rate=2.0)),
        ('rate="120%"', Style(rate=1.2)), ('rate="+20%"', Style(rate=1.2)),
        ('rate="-50%"', Style(rate=0.5)), ('rate="0.8"', Style(rate=0.8)),
        ('rate="default"', Style(rate=1.0)),
        ('pitch="high"', Style(pitch=3.0)), ('pitch="+2st"', Style(pitch=2.0)),
        ('pitch="-1.5st"', Style(pitch=-1.5)), ('pitch="+100%"', Style(pitch=12.0)),
        ('pitch="-50%"', Style(pitch=-12.0)), ('pitch="medium"', Style(pitch=0.0)),
        ('range="+20%"', Style(pitch_range=1.2)), ('range="x-low"', Style(pitch_range=0.4)),
        ('volume="+6dB"', Style(energy=6.0)), ('volume="loud"', Style(energy=6.0)),
        ('volume="x-soft"', Style(energy=-12.0)), ('volume="silent"', Style(energy=SILENT)),
    ],
)  # fmt: skip
def test_prosody(attribute, style):
    assert style_of(f"prosody {attribute}") == style


def test_signed_prosody_changes_what_is_around_it():
    marked = read(
        '<prosody rate="80%" pitch="+2st" volume="-3dB" range="high">a '
        '<prosody rate="+50%" pitch="-1st" volume="+1dB" range="-50%">b '
        '<prosody rate="default" pitch="default">c</prosody></prosody></prosody>'
    )
    inner, innermost = marked.style_at(2), marked.style_at(4)
    assert (inner.pitch, inner.energy) == (1.0, -2.0)
    assert math.isclose(inner.rate, 1.2) and math.isclose(inner.pitch_range, 0.7)
    assert (innermost.rate, innermost.pitch, innermost.energy) == (1.0, 0.0, -2.0)


def test_phonemes_replace_the_text():
    marked = read('I say <phoneme alphabet="ipa" ph="təˈmɑːtoʊ">tomato</phoneme>.')
    assert marked.text == "I say [[təˈmɑːtoʊ]]."
    assert "təˈmɑːtoʊ" in "".join(phonemize(marked.text))


def test_sub_voice_and_lang():
    assert read('<sub alias="World  Wide Web">WWW</sub>, ok').text == "World Wide Web, ok"
    assert style_of('voice name="lj"') == Style(voice="lj")
    assert style_of('lang xml:lang="de-AT"') == Style(language="de")
    assert read('<p xml:lang="pl">Tak</p>').marks[0].style == Style(language="pl")


def test_say_as_reads_in_the_language_around_it():
    xml = '<say-as interpret-as="digits">20</say-as>'
    assert read(xml).text == "two zero"
    assert read(f'<lang xml:lang="pl-PL">{xml}</lang>').text == "dwa zero"
    dated = '<say-as interpret-as="date" format="dmy">24/12/2025</say-as>'
    assert read(dated).text == "December twenty-fourth, twenty twenty-five"


def test_brackets_are_text_but_tags_are_refused():
    assert read("he wrote [sic] [1], [[həlˈoʊ]]").text == "he wrote [sic] [1], [[həlˈoʊ]]"
    for tag in ("[angry 0.9]", "[/]", "[laugh]", "[pause 1s]"):
        assert f"the tag {tag} before line 1" in refusal(f"<speak>I {tag}never said</speak>")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE speak [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;">]><speak>&c;</speak>'
)
EXTERNAL = '<!DOCTYPE speak [<!ENTITY x SYSTEM "file:///etc/hostname">]><speak>&x;</speak>'


@pytest.mark.parametrize(
    "xml",
    [BOMB, EXTERNAL, '<!DOCTYPE speak SYSTEM "http://localhost/x.dtd"><speak/>',
     "<!DOCTYPE speak><speak>x</speak>"],
)  # fmt: skip
def test_document_types_and_entities_are_refused(xml):
    assert "document types and entities are refused" in refusal(xml)


def test_size_and_depth_are_limited():
    assert "1000000 allowed" in refusal("<speak>" + "a" * MAX_CHARACTERS)
    deep = "<s>" * 100_000
    assert "nested more than 32 deep" in refusal(f"<speak>{deep}")


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("\n<bar/>", "<bar> at line 2, column 1: unknown element; choose from speak, p, s"),
        ("<emphsis>x</emphsis>", "did you mean emphasis?"),
        ('<audio src="x"/>', "unknown element"),
        ('<emphasis lvl="strong">x</emphasis>', "unknown attribute 'lvl'"),
        ('<prosody contour="(0%,+1st)">x</prosody>', "it has rate, pitch, range, volume"),
        ('<emphasis level="huge">x</emphasis>', "none, reduced, moderate, strong"),
        ("<express-as>x</express-as>", "'style' is missing"),
        ('<express-as style="">x</express-as>', "'style' is empty"),
        ('<express-as style="sad" styledegree="2.1">x</express-as>', "from 0.01 to 2"),
        ('<express-as style="sad" styledegree="0">x</express-as>', "from 0.01 to 2"),
        ("<prosody>x</prosody>", "rate, pitch, range or volume"),
        ('<prosody rate="quick">x</prosody>', "x-slow, slow, medium, fast, x-fast, default"),
        ('<prosody rate="400%">x</prosody>', "rate is 4; it must lie between 0.5 and 2"),
        ('<prosody pitch="200Hz">x</prosody>', "depends on the voice"),
        ('<prosody pitch="-100%">x</prosody>', "between -12 and 12"),
        ('<prosody pitch="+2">x</prosody>', "+2st"),
        ('<prosody range="+20Hz">x</prosody>', "+20%"),
        ('<prosody volume="6dB">x</prosody>', "+6dB"),
        ('<break time="5"/>', "500ms or 2s"),
        ('<break time="30s"/>', "20s is the most"),
        ('<break strength="huge"/>', "none, x-weak"),
        ("<break>x</break>", "write it as <break/>"),
        ('<phoneme ph="t%">x</phoneme>', "unknown phoneme symbol '%'"),
        ('<phoneme ph="ˈ">x</phoneme>', "no phoneme"),
        ('<phoneme alphabet="x-sampa" ph="a">x</phoneme>', "in ipa"),
        ('<sub alias="a"><break/></sub>', "<sub> holds no other elements"),
        ('<say-as interpret-as="tune">x</say-as>', "characters, spell-out, cardinal"),
        ('<lang xml:lang="qq">x</lang>', "unknown language 'qq'"),
        ("<speak>x</speak>", "one <speak> around everything"),
        ("<?php x?>", "the processing instruction <?php …?> at line 1, column 8"),
        ("a & b", "malformed at line 1"),
        ("&nbsp;", "undefined entity"),
        ("<p>x", "mismatched tag"),
        ("\ud800", "malformed"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(inside, message):
    assert message in refusal(f"<speak>{inside}</speak>")


def test_lines_are_counted_from_the_beginning_of_the_text():
    assert "line 4, column 1" in refusal("\n\n<speak>\n<bar/></speak>")


def test_another_root_or_version_is_refused():
    assert "one <speak> around" in refusal("<p>x</p>")
    assert "choose from 1.0, 1.1" in refusal('<speak version="3">x</speak>')


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)
ELEMENT = st.sampled_from(
    ["<p>", "</p>", "<s>", "<emphasis>", "</emphasis>", "<break/>", '<prosody rate="slow">',
     "</prosody>", "<speak>", "</speak>", '<sub alias="a">', "&amp;", "&", "<", " ", "word", "[/]",
     '<say-as interpret-as="date">', "</say-as>", "1/2/2025", "<!--", "-->", "<![CDATA[", "]]>"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=30), st.lists(ELEMENT, max_size=12).map("".join)))
def test_junk_is_read_or_refused_with_a_sentence(inside):
    try:
        marked = read(inside)
    except EmottsError as error:
        assert str(error)
        return
    assert all(0 <= mark.start < mark.end <= len(marked.text) for mark in marked.marks)


@given(st.lists(WORDS.filter(lambda word: not set(word) & set("[]")), min_size=1, max_size=5))
def test_words_come_through_whole(words):
    escaped = [w.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for w in words]
    marked = read("\n ".join(f"<emphasis>{word}</emphasis>" for word in escaped))
    assert marked.text == " ".join(words)
    assert [marked.text[mark.start : mark.end] for mark in marked.marks] == words
