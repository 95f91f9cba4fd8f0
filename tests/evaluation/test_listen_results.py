import json

import pytest

from emotts.errors import EmottsError
from emotts.evaluation.listen_results import read_results


def key(kind="ab"):
    """Two trials of two sounds each, and an open reference that nobody rates."""
    stimuli = {
        f"s{t}{i}": {"trial": f"t{t}", "system": "ab"[i], "role": "system"}
        for t in (0, 1)
        for i in (0, 1)
    }
    stimuli["open"] = {"trial": "t0", "system": "a", "role": "open"}
    return {"test": "abc", "kind": kind, "stimuli": stimuli,
            "trials": {f"t{t}": {"item": str(t), "question": "?"} for t in (0, 1)}}  # fmt: skip


def sheet(listener="ann", kind="ab", test="abc", answers=None):
    answers = [("t0", {"s00": 1, "s01": 0}, "")] if answers is None else answers
    answers = [{"trial": t, "values": values, "x": x} for t, values, x in answers]
    return {"format": 1, "test": test, "kind": kind, "listener": listener, "answers": answers}


@pytest.fixture
def save(tmp_path):
    def write(name, content):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_answers_of_all_listeners_are_read(save):
    files = [save("r1.json", sheet("ann")),
             save("r2.json", sheet("bob", answers=[("t1", {"s10": 0, "s11": 1}, "")]))]  # fmt: skip
    one, two = read_results(files, key())
    assert (one.listener, one.trial, one.chosen) == ("ann", "t0", "s00")
    assert (two.listener, two.trial, two.chosen) == ("bob", "t1", "s11")


def test_csv_says_the_same_as_json(save):
    head = '"test","kind","listener","trial","position","stimulus","x","value"\r\n'
    lines = [
        f'"abc","abx","=a""n, x","{t}","0","{s}","s00","{v}"\r\n'
        for t, s, v in (("t0", "s01", 0), ("t0", "s00", 1))
    ]
    table = save("r.csv", head + "".join(lines))
    same = save("r.json", sheet('=a"n, x', "abx", answers=[("t0", {"s01": 0, "s00": 1}, "s00")]))
    assert read_results([table], key("abx")) == read_results([same], key("abx"))


def test_ratings_are_read_for_mushra(save):
    file = save("r.json", sheet(kind="mushra", answers=[("t0", {"s00": 100, "s01": 30.5}, "")]))
    (answer,) = read_results([file], key("mushra"))
    assert answer.values == {"s00": 100, "s01": 30.5}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (sheet(test="other"), r"another page \(ab test other\) than the key \(ab test abc\)"),
        (sheet(kind="abx"), "another page"),
        (sheet(answers=[]), "holds no answers"),
        (sheet(answers=[("t9", {"s00": 1, "s01": 0}, "")]), "trial 't9'"),
        (sheet(answers=[("t1", {"s00": 1, "s01": 0}, "")]), "trial 't1'"),
        (sheet(answers=[("t0", {"s00": 1}, "")]), "none of this page"),
        (sheet(answers=[("t0", {"s00": 1, "s01": 1}, "")]), "none of this page"),
        (sheet(answers=[("t0", {"s00": float("nan"), "s01": 0}, "")]), "none of this page"),
        (sheet(answers=[("t0", {"s00": 1, "s01": 0}, "")] * 2), "answers a trial twice"),
        ("{", "no result file"),
        ("[]", "no result file"),
        ('{"test": "abc"}', "no result file"),
    ],
)
def test_what_the_page_cannot_have_written_is_refused(save, content, said):
    with pytest.raises(EmottsError, match=said):
        read_results([save("r.json", content)], key())


def test_wrong_abx_and_mushra_answers_are_refused(save):
    no_x = sheet(kind="abx", answers=[("t0", {"s00": 1, "s01": 0}, "s10")])
    high = sheet(kind="mushra", answers=[("t0", {"s00": 101, "s01": 0}, "")])
    for content in (no_x, high):
        with pytest.raises(EmottsError, match="none of this page"):
            read_results([save("r.json", content)], key(content["kind"]))


def test_missing_repeated_and_no_files_are_named(save, tmp_path):
    files = [save("r1.json", sheet()), save("r2.json", sheet())]
    with pytest.raises(EmottsError, match=r"r2.json repeats the listener 'ann' of .*r1.json"):
        read_results(files, key())
    with pytest.raises(EmottsError, match="no result file .*gone.json"):
        read_results([tmp_path / "gone.json"], key())
    with pytest.raises(EmottsError, match="give the result files"):
        read_results([], key())
    with pytest.raises(EmottsError, match="no result file"):
        read_results([save("empty.csv", "")], key())
