import json

import pytest

from emotts.errors import EmottsError
from emotts.evaluation.listen_sources import choose_items, read_items

HEAD = "item,system,path,text,emotion\n"


@pytest.fixture
def folder(tmp_path):
    for name in ("a1", "a2", "b1", "b2"):
        (tmp_path / f"{name}.wav").touch()
    return tmp_path


def listed(folder, text):
    (folder / "list.csv").write_text(text, encoding="utf-8")
    return [folder / "list.csv"]


def report(folder, name, rows):
    (folder / name).mkdir()
    for row in rows:
        (folder / name / row["path"]).touch()
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / name / "rows.jsonl").write_text(lines, encoding="utf-8")
    return folder / name


def test_a_list_gives_items_with_a_clip_of_each_system(folder):
    sources = listed(folder, HEAD + "1,a,a1.wav,Hello.,sad\n1,b,b1.wav,,\n2,a,a2.wav\n2,b,b2.wav\n")
    one, two = read_items(sources)
    assert one.systems == {"a": folder / "a1.wav", "b": folder / "b1.wav"}
    assert (one.text, one.emotion, two.text) == ("Hello.", "sad", "")


def test_reports_are_matched_by_what_was_asked(folder):
    def rows(start, texts):
        same = {"set": "s", "voice": "lj", "emotion": "sad", "seed": 0}
        return [{**same, "text": t, "path": f"{start}{t}.wav"} for t in texts]

    ours = report(folder, "ours", rows("o", "xyz") + rows("o", "x"))  # x is there under two entries
    theirs = report(folder, "theirs", rows("t", "zxw"))
    items = read_items([ours, theirs])
    assert [item.text for item in items] == ["x", "z"]
    assert items[0].systems == {"ours": ours / "ox.wav", "theirs": theirs / "tx.wav"}
    assert items[0].emotion == "sad"


def test_sets_of_one_report_are_its_systems(folder):
    rows = [
        {"set": s, "voice": "lj", "text": "x", "seed": seed, "path": f"{s}.wav"}
        for s, seed in (("recordings", 0), ("synthesis", 2))
    ]
    (item,) = read_items([report(folder, "r", rows)])
    assert sorted(item.systems) == ["recordings", "synthesis"]


def test_items_are_drawn_by_the_seed_and_keep_their_order(folder):
    lines = [f"{i},{s},{s}1.wav,,{'sad' if i < 3 else 'happy'}\n" for i in range(9) for s in "ab"]
    items = read_items(listed(folder, HEAD + "".join(lines)))
    drawn = choose_items(items, None, 4, seed=1)
    assert drawn == choose_items(items, None, 4, seed=1) and len(drawn) == 4
    assert [i.name for i in drawn] == sorted(i.name for i in drawn)
    assert any(choose_items(items, None, 4, seed=s) != drawn for s in range(2, 9))
    assert [i.name for i in choose_items(items, "sad", 20)] == ["0", "1", "2"]
    with pytest.raises(EmottsError, match="no item asks for 'angry'; choose from happy, sad"):
        choose_items(items, "angry")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("item,path\n1,a1.wav\n", "lacks the columns system"),
        (HEAD, "lists no clips"),
        ("", "lacks the columns item, system, path"),
        (HEAD + "1,a,\n", "line 2 of .* has no path"),
        (HEAD + "1,a,a1.wav\n1,a,a2.wav\n", "line 3 .* a second clip of 'a'"),
        (HEAD + "1,a,a1.wav\n2,a,a2.wav\n", "at least two systems"),
        (HEAD + "1,a,a1.wav\n1,b,b1.wav\n2,a,a2.wav\n", r"unbalanced.* a, b, but '2' \(no b\)"),
        (HEAD + "1,a,x.wav\n1,b,y.wav\n", "2 audio files are missing: .*x.wav, .*y.wav"),
    ],
)
def test_a_wrong_list_is_named(folder, text, said):
    with pytest.raises(EmottsError, match=said):
        read_items(listed(folder, text))


def test_wrong_sources_are_named(folder):
    a = report(folder, "a", [{"set": "s", "text": "x", "path": "x.wav"}])
    b = report(folder, "b", [{"set": "s", "text": "y", "path": "y.wav"}])
    bare = folder / "bare"
    bare.mkdir()
    (folder / "latin.csv").write_bytes(HEAD.encode() + b"1,a,\xe9.wav\n")
    for sources, said in (
        ([], "neither"),
        ([folder / "no.csv", a], "there is no .*no.csv"),
        ([*listed(folder, HEAD), a], "not both"),
        ([bare], "no rows.jsonl in .*bare"),
        ([a], "by two systems"),
        ([a, b], "no utterance of a and b is there by two systems"),
        ([a, a], "must differ in name"),
        ([folder / "latin.csv"], "no CSV in UTF-8"),
    ):
        with pytest.raises(EmottsError, match=said):
            read_items(sources)
