"""CSV, TSV and JSON lines."""

import json

import pytest

from emotts.dubbing.readers import read_script
from emotts.errors import EmottsError


@pytest.fixture
def read(tmp_path):
    def reading(text, name="x.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        return read_script(path)

    return reading


def test_every_control_can_stand_in_a_column(read):
    script = read(
        "Start,End,Speaker,Text,Emotion,Intensity,Voice,Rate,Pitch,Energy,Seed,Language,Steps\n"
        '1.5,00:00:04.250,Anna,"Well, ""no"".",angry,80%,lj,1.1x,+2st,-3 dB,7,pl,4\n'
    )
    line = script.lines[0]
    assert line.text == 'Well, "no".' and (line.start, line.end) == (1.5, 4.25)
    assert line.character == "Anna" and script.warnings == []
    assert line.wishes() == {
        "emotion": "angry", "intensity": 0.8, "voice": "lj", "rate": 1.1, "pitch": 2.0,
        "energy": -3.0, "seed": 7, "language": "pl", "steps": 4,
    }  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_decimal_commas(read, delimiter):
    rows = [["text", "start", "duration"], ["Hello.", '"0,5"', '"1,25"']]
    line = read("\n".join(delimiter.join(row) for row in rows)).lines[0]
    assert (line.start, line.end) == (0.5, 1.75)


def test_lines_without_times_follow_each_other(read):
    lines = read("text\nOne.\nTwo.\n").lines
    assert [(x.start, x.end) for x in lines] == [(0.0, None), (0.0, None)]
    lines = read("start,end,text\n1,2,One.\n,,Two.\n").lines
    assert [(x.start, x.end) for x in lines] == [(1.0, 2.0), (2.0, None)]


def test_rows_of_several_lines_are_named_by_their_first(read):
    text = 'text,start\r\n"One\r\ntwo.",1\r\n\r\nThree.,2\r\n'
    script = read(text)
    assert [(x.source_line, x.text) for x in script.lines] == [(2, "One\ntwo."), (5, "Three.")]


def test_brackets_of_tables_are_markup_and_never_taken_for_sounds(read):
    assert read("text\n[smug]Hi[/] (you).\n").lines[0].text == "[smug]Hi[/] (you)."


def test_the_emotion_of_a_column_wins_over_one_in_the_text(read):
    line = read("text,emotion\nANNA (sad): Hi.,happy 0.5\n").lines[0]
    assert (line.character, line.emotion, line.intensity) == ("ANNA", "happy", 0.5)


def test_a_column_keeps_its_speaker_and_another_name_is_text(read):
    lines = read("text,character\nANNA: Hi.,Anna\nBOB: Hi.,Anna\n").lines
    assert [(x.character, x.text) for x in lines] == [("Anna", "Hi."), ("Anna", "BOB: Hi.")]


def test_columns_that_are_not_used_are_named_once_and_kept(read):
    script = read("id,text,colour\na7,Hi.,red\nb,Ho.,blue\n")
    assert script.lines[0].extra == {"id": "a7", "colour": "red"}
    assert [("'colour' is not used" in w, "line 1 of" in w) for w in script.warnings] == [
        (True, True)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start,end\n1,2\n", "line 1 of .* needs a column text"),
        ("text,line\na,b\n", "line 1 of .*two columns mean text"),
        ("text,start\nHello, you,1\n", "line 2 of .*3 fields under 2 columns; put quotes"),
        ('text\nOk.\n"Hello\n', "line 3 of .*no valid CSV"),
        ("text,start\n\nHi.,soon\n", "line 3 of .*'soon' is no time"),
        ("text,start\nHi.,-1\n", "line 2 of .*lies before 0"),
        ("text,start,end\nHi.,2,1\n", "line 2 of .*slot ends at 1.000 s"),
        ("text,start,end\nHi.,00:00:01:12,4\n", "line 2 of .*'00:00:01:12' is no time"),
        ("text,end,duration\nHi.,2,1\n", "line 2 of .*both end and duration"),
        ("text,emotion,intensity\nHi.,sad,loud\n", "line 2 of .*intensity is 'loud'"),
        ("text,emotion,intensity\nHi.,sad,3\n", "line 2 of .*between 0 and 1.5"),
        ("text,intensity\nHi.,1\n", "line 2 of .*needs an emotion"),
        ("text,rate\nHi.,9\n", "line 2 of .*rate is 9.0; it must lie between 0.5 and 2"),
        ("text,seed\nHi.,1.5\n", "line 2 of .*whole number"),
        ("text,mixing\nHi.,loud\n", "line 2 of .*choose from embedding"),
        ("text,markup\nHi.,maybe\n", "line 2 of .*choose from yes, no"),
    ],
)
def test_what_is_wrong_in_csv_is_named_with_its_line(read, text, message):
    with pytest.raises(EmottsError, match=message):
        read(text)


def test_json_lines_hold_the_same(read):
    rows = [
        {"start": 0.5, "end": 2, "text": "Hi [pause 1s] you.", "speaker": "anna", "seed": 3,
         "emotion": "happy", "suppress": {"angry": 0.5}, "markup": True},
        {"text": "ANNA (very sad): Oh.", "start": "0:03.5", "emotion": None},
    ]  # fmt: skip
    script = read("\n\n".join(map(json.dumps, rows)), "x.jsonl")
    first, second = script.lines
    assert (first.start, first.end, first.character, first.source_line) == (0.5, 2.0, "anna", 1)
    assert first.wishes() == {
        "emotion": "happy", "seed": 3, "suppress": {"angry": 0.5}, "markup": True,
    }  # fmt: skip
    assert (second.start, second.end, second.emotion) == (3.5, None, "very sad")
    assert (second.number, second.source_line) == (2, 3)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "no valid JSON"),
        ('"text"', "must be a JSON object"),
        ('{"text": 5}', "text must be a string"),
        ('{"text": "a", "start": true}', "no time"),
        ('{"text": "a", "start": NaN}', "not finite"),
        ('{"text": "a", "start": 1e999}', "not finite"),
        (f'{{"text": "a", "start": 1{"0" * 400}}}', "too large"),
        ('{"text": "a", "pitch": [1]}', r"pitch is \[1\]"),
        ('{"text": "a", "pitch": NaN}', "pitch is nan; it must be a finite"),
        ('{"text": "a", "seed": Infinity}', "seed is inf; it must be a finite"),
        ('{"text": "a\\ud800"}', "text: .*unicode"),
        ('{"text": "a", "voice": 3}', "voice must be a string"),
        ('{"text": "a", "suppress": "angry"}', "suppress must be an object"),
        ('{"text": "a", "line": "b"}', "text is given twice"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_what_is_wrong_in_json_is_named_with_its_line(read, row, message):
    with pytest.raises(EmottsError, match=f"line 2 of .*{message}"):
        read('{"text": "fine"}\n' + row, "x.jsonl")


def test_keys_that_are_not_used_are_named_once(read):
    script = read('{"text": "a", "mod": 1}\n{"text": "b", "mod": 2}\n', "x.jsonl")
    assert len(script.warnings) == 1 and "'mod' is not used" in script.warnings[0]
    assert [x.extra for x in script.lines] == [{"mod": 1}, {"mod": 2}]
