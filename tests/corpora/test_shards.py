"""Shards hold what the prepared folder held, whole or not at all, readable by others' tools."""

import io
import json
import tarfile

import numpy as np
import pytest
from sharding import prepared_folder

from emotts.corpora.shards import parse_size, write_shards
from emotts.corpora.shards_store import ShardStore, open_store
from emotts.corpora.store import FeatureStore
from emotts.errors import EmottsError

SIZE = 100_000


@pytest.fixture
def source(tmp_path):
    return prepared_folder(tmp_path / "data")


@pytest.fixture
def folder(source, tmp_path):
    write_shards(source, tmp_path / "shards", SIZE)
    return tmp_path / "shards"


def assert_same_clips(source: FeatureStore, made: ShardStore) -> None:
    place = {u.id: i for i, u in enumerate(made.utterances)}
    assert len(made) == len(source) == len(place)
    for i, u in enumerate(source.utterances):
        there = place[u.id]
        assert made.utterances[there] == u and made.frames[there] == source.frames[i]
        for name in ("mel", "f0", "audio"):
            ours, theirs = getattr(made, name)(there), getattr(source, name)(i)
            np.testing.assert_array_equal(ours, theirs)


def test_shards_give_the_very_clips_that_went_in(source, folder):
    made = open_store(folder)
    assert isinstance(made, ShardStore) and made.speakers == source.speakers
    assert_same_clips(source, made)
    assert made.mel(0).dtype == made.f0(0).dtype == made.audio(0).dtype == np.float32


def test_parts_end_with_their_clip(folder):
    made = open_store(folder)
    np.testing.assert_array_equal(made.mel(1, 2, 5), made.mel(1)[2:5])
    np.testing.assert_array_equal(made.audio(1, 1, 3), made.audio(1)[256:768])
    assert len(made.f0(1, 2, 999)) == made.frames[1] - 2


def test_splits_lie_apart_and_shards_have_about_their_size(folder):
    made = open_store(folder)
    assert len(made.shards) > 2
    assert {i for shard in made.shards for i in shard} == set(made.select("train"))
    sizes = [path.stat().st_size for path in sorted(folder.glob("train-*.tar"))]
    assert all(SIZE <= size < 2 * SIZE for size in sizes[:-1])


def test_clips_are_mixed_by_the_seed(source, tmp_path):
    def order(seed, name):
        write_shards(source, tmp_path / name, SIZE, seed)
        return [u.id for u in open_store(tmp_path / name).utterances]

    first = order(0, "a")
    assert first == order(0, "b") != order(1, "c")
    assert first[:10] != [u.id for u in source.utterances[:10]]


def test_an_interrupted_writing_goes_on(source, folder, tmp_path):
    whole = {p.name: p.read_bytes() for p in folder.iterdir()}
    (folder / "train-000001.tar").unlink()
    (folder / "train-000001.jsonl").unlink()
    (folder / "train-000002.jsonl").unlink()
    kept = (folder / "train-000000.tar").stat().st_mtime_ns
    write_shards(source, folder, SIZE)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == whole
    assert (folder / "train-000000.tar").stat().st_mtime_ns == kept


def test_another_folder_is_not_written_into(source, folder, tmp_path):
    with pytest.raises(EmottsError, match="holds no shards of .*data of this size"):
        write_shards(source, folder, 2 * SIZE)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear")
    with pytest.raises(EmottsError, match="not empty"):
        write_shards(source, tmp_path / "full", SIZE)
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    "indexed, lost", [(True, 1), (True, 60_000), (False, tarfile.RECORDSIZE), (False, 60_000)]
)
def test_a_truncated_shard_is_named(folder, indexed, lost):
    path = folder / "train-000001.tar"
    path.write_bytes(path.read_bytes()[:-lost])
    if not indexed:
        path.with_suffix(".jsonl").unlink()
    with pytest.raises(EmottsError, match="train-000001.tar .*cut short"):
        open_store(folder)


def test_a_shard_without_its_index_is_read_all_the_same(source, folder):
    for path in folder.glob("*.jsonl"):
        path.unlink()
    assert_same_clips(source, open_store(folder))


def test_a_foreign_tar_is_no_shard(folder):
    with tarfile.open(folder / "train-000099.tar", "w") as tar:
        tar.add(folder / "speakers.json", "speakers.json")
    with pytest.raises(EmottsError, match="train-000099.tar"):
        open_store(folder)


def test_no_member_is_pickled(folder):
    with tarfile.open(folder / "train-000000.tar") as tar:
        for member in tar:
            file = io.BytesIO(tar.extractfile(member).read())
            if member.name.endswith(".json"):
                json.load(file)
            else:
                np.load(file, allow_pickle=False)


def test_webdataset_reads_them(source, folder):
    webdataset = pytest.importorskip("webdataset")
    found = {}
    for path in sorted(folder.glob("*.tar")):
        for sample in webdataset.WebDataset(str(path), shardshuffle=False).decode():
            found[sample["json"]["utterance"]["id"]] = sample
    assert len(found) == len(source)
    for i, u in enumerate(source.utterances):
        np.testing.assert_array_equal(found[u.id]["mel.npy"], source.mel(i).astype(np.float16))
        np.testing.assert_array_equal(found[u.id]["f0.npy"], source.f0(i))


def test_a_folder_of_neither_is_refused(tmp_path):
    with pytest.raises(EmottsError, match="emotts prepare"):
        open_store(tmp_path)
    with pytest.raises(EmottsError, match="emotts corpus shard"):
        ShardStore(tmp_path)


@pytest.mark.parametrize(
    "text, size", [("512MB", 512_000_000), ("1.5 gb", 1_500_000_000), (" 100kB ", 100_000)]
)
def test_sizes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "512", "MB", "-1MB", "99kB", "1e3MB", "0GB"])
def test_sizes_that_are_none(text):
    with pytest.raises(EmottsError, match="100kB or more"):
        parse_size(text)
