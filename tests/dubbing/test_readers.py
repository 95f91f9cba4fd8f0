"""Scripts: endings, encodings, order, overlaps, and what is skipped."""

import pytest

from emotts.dubbing.cast import Cast
from emotts.dubbing.readers import decode, read_script
from emotts.errors import EmottsError

CAST = Cast.model_validate(
    {"characters": {"anna": "lj", "ben": {"voice": "ryan", "aliases": ["Benjamin"]}}}
)


@pytest.fixture
def read(tmp_path):
    def reading(text, name="x.srt", cast=None, **options):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_script(path, cast, **options)

    return reading


def stamp(seconds: float) -> str:
    ms = round(1000 * seconds)
    return f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def srt(*entries: tuple[float, float, str]) -> str:
    """Every entry has four lines: number, times, text, and nothing."""
    return "".join(
        f"{number}\n{stamp(start)} --> {stamp(end)}\n{text}\n\n"
        for number, (start, end, text) in enumerate(entries, 1)
    )


def test_ten_thousand_lines_are_read_each_with_its_place(read):
    script = read(srt(*((i * 2, i * 2 + 1.5, f"ANNA (sad): Line {i}.") for i in range(10_000))))
    assert len(script) == 10_000 and script.warnings == []
    last = script.lines[-1]
    assert (last.number, last.source_line, last.text) == (10_000, 39_998, "Line 9999.")
    assert (last.start, last.end, last.character, last.emotion) == (19998, 19999.5, "ANNA", "sad")


@pytest.mark.parametrize(
    ("encoding", "warned"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("cp1252", "Windows-1252")],
)
def test_encodings_are_found(read, encoding, warned):
    text = srt((0, 1, "Hello."), (1, 2, "“Café”, naïve."))
    script = read(text.encode(encoding))
    assert [line.text for line in script.lines] == ["Hello.", "“Café”, naïve."]
    if warned:
        assert len(script.warnings) == 1
        assert f"is not UTF-8 (line 7) and was read as {warned}" in script.warnings[0]
    else:
        assert script.warnings == []


def test_any_bytes_are_decoded_but_a_binary_file_is_no_script(read):
    assert decode(bytes(range(128, 256)))[1].endswith("was read as Latin-1; look at its accents")
    with pytest.raises(EmottsError, match="is no text file"):
        read(b"RIFF\x00\x00\x00\x00WAVE\xff")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_do_not_matter(read, end):
    script = read(srt((0, 1, "One."), (1, 2, "Two.")).replace("\n", end))
    assert [(line.text, line.source_line) for line in script.lines] == [("One.", 2), ("Two.", 6)]


def test_entries_out_of_order_are_sorted_and_named(read):
    script = read(srt((5, 6, "Late."), (1, 2, "Early."), (3, 4, "Middle.")))
    assert [(line.number, line.text) for line in script.lines] == [
        (2, "Early."), (3, "Middle."), (1, "Late."),
    ]  # fmt: skip
    assert len(script.warnings) == 2
    assert "line 6 of" in script.warnings[0] and "begins before a line above" in script.warnings[0]
    assert "line 10 of" in script.warnings[1]


def test_overlaps_are_kept_and_named_also_across_a_line_between(read):
    script = read(srt((0, 9, "Long."), (1, 2, "Short."), (8.5, 10, "Next.")))
    assert [line.start for line in script.lines] == [0, 1, 8.5]
    assert [w.split(": ", 1)[1] for w in script.warnings] == [
        "begins 8.00 s before line 2 ends", "begins 0.50 s before line 2 ends",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "  ", "<i></i>", "{\\an8}", "♪", "…", "- ", "(door slams)"])
def test_entries_with_nothing_to_say_are_skipped_and_named(read, text):
    script = read(srt((0, 1, "One."), (1, 2, text), (2, 3, "Three.")))
    assert [(line.number, line.text) for line in script.lines] == [(1, "One."), (3, "Three.")]
    assert len(script.warnings) == 1
    assert "line 6 of" in script.warnings[0] and "skipped" in script.warnings[0]


def test_two_speakers_in_one_entry_share_its_slot_by_the_length_of_their_text(read):
    script = read(srt((2, 5, "ANNA: Ten chars.\nBEN: Twenty characters ok"), (6, 7, "ANNA: Hi.")),
                  cast=CAST)  # fmt: skip
    assert [(x.number, x.character, x.start, x.end) for x in script.lines] == [
        (1, "anna", 2.0, 3.0), (3, "ben", 3.0, 5.0), (2, "anna", 6.0, 7.0),
    ]  # fmt: skip
    assert "2 speakers in one entry (ANNA, BEN)" in script.warnings[0]


def test_dashes_of_two_people_without_names_are_warned_of(read):
    script = read(srt((0, 2, "- Ready?\n- Never.")))
    assert script.lines[0].text == "Ready? Never."
    assert "several people" in script.warnings[0]


def test_all_unknown_characters_are_named_at_once_with_their_first_lines(read):
    text = srt((0, 1, "ANNA: Hi."), (1, 2, "BOB: Hi."), (2, 3, "BOB: So."), (3, 4, "Eve: Hi."))
    with pytest.raises(EmottsError) as caught:
        read(text, cast=CAST)
    message = str(caught.value)
    assert "'BOB' (line 6), 'Eve' (line 14); choose from anna, ben" in message


def test_a_default_speaks_for_the_unknown_with_a_warning(read):
    cast = CAST.model_copy(update={"default": "ben"})
    script = read(srt((0, 1, "BOB: Hi."), (1, 2, "Nobody's."), (2, 3, "Note: mind it.")), cast=cast)
    assert [(x.character, x.voice, x.text) for x in script.lines] == [
        ("ben", "ryan", "Hi."), ("ben", "ryan", "Nobody's."), ("ben", "ryan", "Note: mind it."),
    ]  # fmt: skip
    assert ["unknown character 'BOB', spoken by ben" in w for w in script.warnings] == [True]


def test_sounds_in_brackets_are_left_out_of_subtitles_and_tags_stay(read):
    script = read(srt((0, 1, "[DOOR SLAMS] Who? [pause 0.5s] Me."), (1, 2, "[sad]No[/].")))
    assert [x.text for x in script.lines] == ["Who? [pause 0.5s] Me.", "[sad]No[/]."]
    assert "[DOOR SLAMS] is taken for a sound" in script.warnings[0]


def test_learnt_emotions_can_be_named(read):
    text = srt((0, 1, "ANNA (smug 0.5): Hi."))
    assert read(text).lines[0].emotion is None
    line = read(text, emotions=["smug"]).lines[0]
    assert (line.emotion, line.intensity) == ("smug", 0.5)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.docx", "hello", "must end in one of .srt, .vtt"),
        ("x.srt", "", "holds no lines"),
        ("x.srt", "just text", "holds no lines"),
        ("x.vtt", "WEBVTT\n", "holds no lines"),
        ("x.csv", "start,text\n", "holds no lines"),
        ("x.srt", srt((0, 1, "♪")), "no line that can be said"),
    ],
)
def test_files_without_lines_are_refused(read, name, text, message):
    with pytest.raises(EmottsError, match=message):
        read(text, name)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EmottsError, match=r"no\.srt cannot be read"):
        read_script(tmp_path / "no.srt")
