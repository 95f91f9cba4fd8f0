"""The tab Dub: drafts are read and edited; a track is made with the tiny checkpoints."""

import numpy as np
import pytest

from emotts.audio.io import read_audio
from emotts.demo import dub, dub_draft
from emotts.demo.dub_draft import NARRATOR, change_line, change_voice, discard, read_draft, rows_of
from emotts.dubbing.cast import Cast
from emotts.dubbing.readers import read_script
from emotts.errors import EmottsError

pytest.importorskip("pysubs2")


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "lines.srt"
    path.write_text(dub.EXAMPLE, encoding="utf-8")
    return str(path)


@pytest.fixture
def draft(studio, script):
    made = read_draft(studio, script)
    yield made
    discard(made)
    assert not made.folder.exists()


def test_a_script_is_read_with_a_voice_for_everybody(studio, draft):
    assert list(draft.voices) == ["ANNA", "BEN", NARRATOR]
    assert set(draft.voices.values()) <= set(studio.voices)
    rows = rows_of(draft)
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert all(len(row) == len(dub.HEADERS) for row in rows)
    assert rows[0][4:7] == ["You came back!", "happy 1.2", "waiting"]


def test_a_cast_says_who_speaks(studio, script, tmp_path):
    voice, other = studio.voices[:2]
    cast = tmp_path / "cast.yaml"
    cast.write_text(
        f"characters:\n  Anna: {{voice: {other}, rate_limits: [0.9, 1.1]}}\n  Ben: {voice}\n"
        f"  teller: {{voice: {voice}, emotion: calm}}\ndefault: teller\n",
        encoding="utf-8",
    )
    draft = read_draft(studio, script, str(cast))
    assert draft.voices == {"Anna": other, "Ben": voice, "teller": voice}
    assert draft.limits["Anna"] == (0.9, 1.1)
    assert draft.lines[2].emotion == "calm" and draft.lines[0].emotion == "happy"
    discard(draft)


def test_what_is_handed_over_reads_as_what_is_shown(studio, draft):
    changed = change_line(studio, draft, 2, "I am glad.", "calm", 0.5)
    changed = change_voice(studio, changed, "BEN", studio.voices[0])
    script, cast = dub_draft._written(changed)
    people = Cast.load(cast)
    read = read_script(script, people)
    assert read.warnings == []
    for line, shown in zip(read.lines, changed.lines, strict=True):
        for name in ("number", "start", "end", "character", "text", "emotion", "intensity"):
            assert getattr(line, name) == getattr(shown, name)
        assert line.voice == changed.voices[shown.character]


def test_editing_leaves_the_other_lines_alone(studio, draft):
    changed = change_line(studio, draft, 2, " I am glad. ", "calm", 0.5)
    assert changed.lines[1].text == "I am glad."
    assert (changed.lines[0], changed.lines[2]) == (draft.lines[0], draft.lines[2])


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda s, d: change_line(s, d, 9, "Hello.", "happy", 1.0), "there is no line 9"),
        (lambda s, d: change_line(s, d, 1, "Hello.", "hungry", 1.0), "hungry"),
        (lambda s, d: change_line(s, d, 1, "", "happy", 1.0), "text"),
        (lambda s, d: change_voice(s, d, "BEN", "nobody"), "unknown voice"),
        (lambda s, d: change_voice(s, d, "ZOE", s.voices[0]), "nobody is called 'ZOE'"),
    ],
)
def test_edits_that_cannot_be_are_refused(studio, draft, edit, said):
    with pytest.raises(EmottsError, match=said):
        edit(studio, draft)


def test_scripts_that_are_too_long_or_no_scripts_are_refused(studio, tmp_path):
    many, far, wrong = (tmp_path / name for name in ("many.csv", "far.csv", "wrong.srt"))
    many.write_text("text\n" + "Hello.\n" * 41, encoding="utf-8")
    far.write_text("start,end,text\n9000,9002,Hello.\n", encoding="utf-8")
    wrong.write_bytes(b"\x00\x01\x02")
    for path, said in ((many, "41 lines"), (far, "into the track"), (wrong, "wrong.srt")):
        with pytest.raises(EmottsError, match=said):
            read_draft(studio, str(path))


def test_nothing_is_made_before_a_script_is_read(studio):
    for do in (dub.make, dub.again):
        with pytest.raises(EmottsError, match="no script has been read yet"):
            do(studio, None, 1, "shift", None, 12)
    with pytest.raises(EmottsError, match="there is no script yet"):
        dub.read(studio, None, None, None)


@pytest.mark.slow
def test_only_what_changed_is_made_again(studio, draft):
    def progress(*_, **__):
        pass

    made = dub.make(studio, draft, 1, "shift", None, 12, progress)[0]
    assert read_audio(made.files[0]).size == 24000 * 9
    again = dub.again(studio, made, 2, "shift", None, 12, progress)[0]
    same = [made.takes[n] == again.takes[n] for n in (1, 2, 3)]
    assert same == [True, False, True]
    assert not np.array_equal(read_audio(made.takes[2]), read_audio(again.takes[2]))
