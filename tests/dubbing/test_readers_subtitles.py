"""SRT, WebVTT, ASS and SSA."""

import pysubs2
import pytest

from emotts.dubbing.cast import Cast
from emotts.dubbing.readers import read_script
from emotts.errors import EmottsError

ASS = """[Script Info]
Title: Comment: this is no event
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, \
Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,20,&H00FFFFFF,&H0,&H0,&H0,0,0,0,0,100,100,0,0,1,2,2,2,10,10,10,1
Style: Anna,Arial,20,&H00FFFFFF,&H0,&H0,&H0,0,-1,0,0,100,100,0,0,1,2,2,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@pytest.fixture
def read(tmp_path):
    def reading(text, name, cast=None):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_script(path, cast)

    return reading


@pytest.fixture
def read_event(read):
    """The first line of an ASS file with these events, each from style to text."""

    def reading(*events, cast=None):
        lines = [
            f"Dialogue: 0,0:00:0{i}.00,0:00:0{i}.90,{style},{name},0,0,0,,{text}"
            for i, (style, name, text) in enumerate(events)
        ]
        return read(ASS + "\n".join(lines), "x.ass", cast)

    return reading


def test_numbers_that_are_text_stay_and_numbers_of_entries_go(read):
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nThe answer is\n42\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\n7\n\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\nNo gap\n"
        "4\n00:00:04,000 --> 00:00:05,000\nAnd 5 at the end:\n6"
    )
    lines = read(text, "x.srt").lines
    assert [x.text for x in lines] == ["The answer is 42", "7", "No gap", "And 5 at the end: 6"]
    assert [x.source_line for x in lines] == [2, 7, 12, 15]


def test_entries_without_numbers_are_read(read):
    text = "00:00:01,000 --> 00:00:02,000\nOne\n\n00:00:02,000 --> 00:00:03,000\nTwo\n8\n"
    assert [x.text for x in read(text, "x.srt").lines] == ["One", "Two 8"]


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ("00:00:02,000 --> 00:00:01,000", r"line 2 of .*: the slot ends at 1\.000 s, not after"),
        ("00:00:02,000 --> 00:00:02,000", r"line 2 of .*: the slot ends at"),
        ("-00:00:01,000 --> 00:00:02,000", "line 2 of .* before 0"),
        ("00:00:01,000 -->-00:00:02,000", "line 2 of .* before 0"),
        ("00:00:01 --> 00:00:02,000", "line 2 of .* is no pair of times"),
        ("soon --> later", "line 2 of .*'soon --> later' is no pair of times"),
    ],
)
def test_bad_times_are_named_with_their_line(read, times, message):
    with pytest.raises(EmottsError, match=message):
        read(f"1\n{times}\nHello.\n", "x.srt")


def test_webvtt_blocks_names_and_settings_are_no_text(read):
    text = (
        "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\n"
        "NOTE about nothing\nat all\n\nintro-1\n"
        "00:01.500 --> 00:02.000 line:-1 align:start\n"
        "<v.loud Anna Smith>I <c.red>never</c> <00:01.700>said &lt;that&gt;&nbsp;so.</v>\n\n"
        "NOTE another\n\n00:02.000 --> 01:00:03.25\n12\n\n13\n00:04.000 --> 00:05.000\nLast\n14\n"
    )
    lines = read(text, "x.vtt").lines
    assert [(x.source_line, x.start, x.character, x.text) for x in lines] == [
        (11, 1.5, "Anna Smith", "I never said \\<that> so."), (16, 2.0, "", "12"),
        (20, 4.0, "", "Last 14"),
    ]  # fmt: skip


def test_two_voices_of_webvtt_are_two_lines(read):
    text = "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Anna>Same length.\n<v Ben (sad)>Same length.\n"
    lines = read(text, "x.vtt").lines
    assert [(x.number, x.character, x.start, x.emotion) for x in lines] == [
        (1, "Anna", 0.0, None), (2, "Ben", 2.0, "sad"),
    ]  # fmt: skip


def test_ssml_goes_through_untouched(read):
    ssml = "<speak>I <emphasis>never</emphasis>\n<break time='1s'/> did.</speak>"
    line = read(f"1\n00:00:01,000 --> 00:00:02,000\n{ssml}\n", "x.srt").lines[0]
    assert line.text == ssml


def test_actor_then_style_speak_and_default_styles_do_not(read_event):
    events = [("Anna", "BEN (angry 0.8)", "One"), ("Anna", "", "Two"), ("*Default", "", "Three")]
    lines = read_event(*events).lines
    assert [(x.character, x.emotion, x.intensity) for x in lines] == [
        ("BEN", "angry", 0.8), ("Anna", None, None), ("", None, None),
    ]  # fmt: skip


def test_styles_can_be_characters_emotions_or_both(read_event):
    cast = Cast.model_validate({"characters": {"anna": "lj", "miss b": "ryan"}, "default": "anna"})
    events = [(style, "", "Hi") for style in ("Miss_B-very_sad", "angry", "Anna", "Signs")]
    lines = read_event(*events, cast=cast).lines
    assert [(x.character, x.emotion) for x in lines] == [
        ("miss b", "very sad"), ("anna", "angry"), ("anna", None), ("anna", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("style", "text", "plain"),
    [
        ("Default", r"{\an8\fad(200,200)}Up\Nand\hdown, {a comment}yes", "Up and down, yes"),
        ("Default", r"I {\i1}never{\i0} said", "I *never* said"),
        ("Default", r"I {\b700}never{\b0} said", "I *never* said"),
        ("Default", r"{\i1}All of it{\i0}.", "All of it."),
        ("Anna", r"{\i1}All{\i0} upright", "All upright"),
        ("Default", r"{\k20}ka{\k30}ra{\k10}oke", "karaoke"),
        ("Default", r"Text, with, commas", "Text, with, commas"),
    ],
)
def test_overrides_are_gone_and_part_italics_are_emphasis(read_event, style, text, plain):
    assert read_event((style, "", text)).lines[0].text == plain


def test_comments_are_skipped_and_drawings_with_a_warning(read):
    text = ASS + (
        "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,a note\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}\n"
        "Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,Hello.\n"
    )
    script = read(text, "x.ass")
    row = len(text.split("\n")) - 1
    assert [(x.number, x.source_line, x.text) for x in script.lines] == [(2, row, "Hello.")]
    assert f"line {row - 1} of" in script.warnings[0] and "drawing" in script.warnings[0]


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ("0:00:02.00,0:00:01.00", "the slot ends at"),
        ("-0:00:02.00,0:00:01.00", "before 0"),
        ("soon,0:00:01.00", "'soon'"),
    ],
)
def test_bad_times_of_ass_are_named_with_their_line(read, times, message):
    text = ASS + f"Dialogue: 0,{times},Default,,0,0,0,,Hello.\n"
    with pytest.raises(EmottsError, match=f"line {len(ASS.splitlines()) + 1} of .*{message}"):
        read(text, "x.ass")


@pytest.mark.parametrize("ending", ["srt", "vtt", "ass", "ssa"])
def test_what_pysubs2_writes_is_read_back(read, ending):
    subs = pysubs2.SSAFile()
    for i, text in enumerate(["One.", "Two\\Nlines.", "{\\i1}Three{\\i0} is 3."]):
        subs.append(pysubs2.SSAEvent(start=1000 * i, end=1000 * i + 500, text=text))
    lines = read(subs.to_string(ending), f"x.{ending}").lines
    assert [(x.start, x.end, x.text) for x in lines] == [
        (0, 0.5, "One."), (1, 1.5, "Two lines."), (2, 2.5, "*Three* is 3."),
    ]  # fmt: skip
