"""What the table calls done is there, whole; whatever is not is made again."""

import hashlib
import shutil
import sqlite3

import pytest

from emotts.dubbing.store import DONE, FAILED, WAITING, JobStore
from emotts.errors import EmottsError

LINE = {"start": 0.0, "end": None}
SOUND = b"RIFF sound"
DETAILS = {"facts": {"sha256": hashlib.sha256(SOUND).hexdigest()}, "timeline": {}}


def lines(*keys):
    return [(number, LINE, key) for number, key in enumerate(keys, 1)]


def states(store):
    return [row.state for row in store.rows()]


@pytest.fixture
def store(tmp_path):
    with JobStore.open(tmp_path / "out") as store:
        yield store


def test_lines_wait_are_done_and_fail(store):
    store.set_lines(lines("a", "b", "c"))
    store.finish("a", SOUND, DETAILS)
    store.fail("b", "too long")
    assert states(store) == [DONE, FAILED, WAITING]
    assert store.rows()[0].facts == DETAILS["facts"]
    assert store.rows()[1].reason == "too long" and store.rows()[1].facts is None
    store.set_lines(lines("a", "b", "d"))
    assert states(store) == [DONE, FAILED, WAITING]
    store.set_lines(lines("b", "a"))
    assert states(store) == [WAITING, DONE]


def test_a_failed_line_that_is_made_is_done(store):
    store.set_lines(lines("a"))
    store.fail("a", "too long")
    store.finish("a", SOUND, DETAILS)
    assert states(store) == [DONE] and store.rows()[0].reason is None


def test_lines_that_ask_the_same_share_a_take(store):
    store.set_lines(lines("a", "a"))
    store.finish("a", SOUND, DETAILS)
    assert states(store) == [DONE, DONE]


@pytest.mark.parametrize("harm", ["removed", "cut", "altered"])
def test_a_take_that_is_not_whole_is_made_again(store, harm):
    store.set_lines(lines("a"))
    store.finish("a", SOUND, DETAILS)
    path = store.take_path("a")
    path.write_bytes(SOUND[:-1] + b"x" * (harm == "altered"))
    if harm == "removed":
        path.unlink()
    store.set_lines(lines("a"))
    assert states(store) == [WAITING]


def test_a_take_put_just_before_the_power_went_is_kept(store):
    """Its files are there, its row is not."""
    store.set_lines(lines("a"))
    store.finish("a", SOUND, DETAILS)
    store._connection.execute("DELETE FROM takes")
    store.set_lines(lines("a"))
    assert states(store) == [DONE] and store.rows()[0].facts == DETAILS["facts"]


def test_details_alone_are_no_take(store):
    store.set_lines(lines("a"))
    store.finish("a", SOUND, DETAILS)
    store._connection.execute("DELETE FROM takes")
    store.take_path("a").unlink()
    store.set_lines(lines("a"))
    assert states(store) == [WAITING]


def test_everything_survives_closing(tmp_path):
    with JobStore.open(tmp_path) as store:
        store.set_lines(lines("a"))
        store.finish("a", SOUND, DETAILS)
        store.set_seed("asked", 7)
        store.keep("x", {"y": [1, None]})
    with JobStore.open(tmp_path) as store:
        assert states(store) == [DONE] and store.seeds() == {"asked": 7}
        assert store.note("x") == {"y": [1, None]} and store.note("z", 3) == 3


def test_the_table_is_made_for_power_cuts(store):
    pragma = {
        k: store._connection.execute(f"PRAGMA {k}").fetchone()[0]
        for k in ("journal_mode", "synchronous")
    }
    assert pragma == {"journal_mode": "wal", "synchronous": 2}


def test_two_jobs_on_one_folder_but_anyone_may_look(tmp_path):
    with JobStore.open(tmp_path) as store:
        store.set_lines(lines("a"))
        with pytest.raises(EmottsError, match="another run is at work in .*; wait for it"):
            JobStore.open(tmp_path)
        with JobStore.read(tmp_path) as reader:
            assert states(reader) == [WAITING]
    JobStore.open(tmp_path).close()


def test_other_folders_are_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(EmottsError, match="holds other files .thesis.txt. and no dubbing job"):
        JobStore.open(tmp_path)
    with pytest.raises(EmottsError, match="is a file"):
        JobStore.open(tmp_path / "thesis.txt")
    for look in (JobStore.read, JobStore.existing):
        with pytest.raises(EmottsError, match="there is no dubbing job"):
            look(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("content", [b"not a table at all, only text " * 50, None])
def test_a_table_of_something_else_is_refused(tmp_path, content):
    if content is None:
        with sqlite3.connect(tmp_path / "job.sqlite") as other:
            other.execute("CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
            other.execute("INSERT INTO notes VALUES ('format', '99')")
        other.close()
    else:
        (tmp_path / "job.sqlite").write_bytes(content)
    for look in (JobStore.read, JobStore.open):
        with pytest.raises(EmottsError, match="job.sqlite"):
            look(tmp_path)


def test_clean_removes_what_no_line_uses(store):
    store.set_lines(lines("a", "b"))
    for key in "ab":
        store.finish(key, SOUND, DETAILS)
    shutil.copy(store.take_path("a"), store.take_path("stray"))
    store.set_lines(lines("b"))
    assert store.clean() == 3
    assert sorted(p.name for p in (store.folder / "takes").iterdir()) == ["b.json", "b.wav"]
    store.set_lines(lines("b", "a"))
    assert states(store) == [DONE, WAITING]
