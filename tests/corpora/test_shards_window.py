"""The order of the clips: every one once an epoch, shared without overlap, resumed exactly."""

from collections import Counter
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sharding import prepared_folder

from emotts.corpora.shards import write_shards
from emotts.corpora.shards_store import open_store
from emotts.corpora.shards_window import Window, open_windows
from emotts.errors import EmottsError


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("window")
    write_shards(prepared_folder(folder / "data"), folder / "shards", 100_000)
    return open_store(folder / "shards")


def epochs(store, reader: int, readers: int, count: int) -> list[list[int]]:
    """What a reader comes to in its first epochs."""
    window, out = Window(store, 5, 4, reader, readers), []
    order = window.order()
    for epoch in range(count):
        shards = np.random.default_rng([5, epoch]).permutation(len(store.shards))
        clips = sum(len(store.shards[s]) for s in shards[reader::readers])
        out.append(list(islice(order, clips)))
    return out


@pytest.mark.parametrize("readers", [1, 2, 3])
def test_in_every_epoch_each_clip_comes_to_one_reader_once(store, readers):
    told = [epochs(store, reader, readers, 3) for reader in range(readers)]
    for epoch in range(3):
        seen = [clip for reader in told for clip in reader[epoch]]
        assert sorted(seen) == store.select("train")
    assert told[0][0] != told[0][1]


@settings(max_examples=30, deadline=None)
@given(steps=st.integers(0, 40), batch=st.integers(1, 9), size=st.integers(1, 50))
def test_a_window_that_goes_on_equals_one_that_never_stopped(store, steps, batch, size):
    whole = Window(store, 1, size, 1, 2)
    for _ in range(steps):
        whole.advance(batch)
    again = Window(store, 1, size, 1, 2)
    again.load_state_dict(whole.state_dict())
    rows = store.select("train")
    for step in range(3):
        assert list(again.clips) == list(whole.clips) and len(again.clips) == size
        picks = [w.pick(np.random.default_rng(step), rows, 4) for w in (whole, again)]
        assert picks[0] == picks[1]
        whole.advance(batch)
        again.advance(batch)


def test_draws_are_of_the_clips_at_hand_that_are_wanted(store):
    window, g = Window(store, 0, 12), np.random.default_rng(0)
    rows = [i for i in store.select("train") if store.utterances[i].corpus == "large"]
    odds = np.array([3.0 if store.utterances[i].speaker == "a" else 1.0 for i in rows])
    drawn = Counter(window.pick(g, rows, 6000, odds / odds.sum()))
    assert set(drawn) == set(rows) & set(window.clips)
    mine = np.array([store.utterances[i].speaker == "a" for i in drawn])
    counts = np.array(list(drawn.values()))
    assert counts[mine].mean() / counts[~mine].mean() == pytest.approx(3, rel=0.15)


def test_an_epoch_draws_every_clip_about_once(store):
    window, g = Window(store, 0, 10), np.random.default_rng(0)
    rows, drawn = store.select("train"), Counter()
    for _ in range(400 * len(rows) // 3):
        drawn.update(window.pick(g, rows, 3))
        window.advance(3)
    counts = np.array([drawn[i] for i in rows])
    assert counts.mean() == pytest.approx(400) and counts.std() < 40


def test_a_window_in_which_nothing_is_wanted_says_so(store):
    window = Window(store, 0, 3)
    absent = [i for i in store.select("train") if i not in window.clips][:1]
    with pytest.raises(EmottsError, match="none of the 3 clips .*larger 'window'"):
        window.pick(np.random.default_rng(0), absent, 1)


def test_more_readers_than_shards_are_refused(store):
    with pytest.raises(EmottsError, match="smaller ones with 'emotts corpus shard --size'"):
        Window(store, 0, 4, 0, len(store.shards) + 1)


def test_only_shards_have_windows(store, tmp_path):
    assert open_windows(prepared_folder(tmp_path / "data"), 0, 4, 0, 1, 1) == []
    assert open_windows(None, 0, 4, 0, 1, 1) == []
    windows = open_windows(store, 0, 4, 1, 2, 1)
    assert [(w.reader, w.readers) for w in windows] == [(1, 2)]
