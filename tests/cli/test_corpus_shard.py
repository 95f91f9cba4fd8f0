import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpora"))

from sharding import prepared_folder  # noqa: E402


def test_shards_are_written_and_counted(emotts, tmp_path):
    prepared_folder(tmp_path / "data")
    result = emotts("corpus", "shard", tmp_path / "data", "-o", tmp_path / "out", "--size", "100kB")
    assert result.exit_code == 0, result.output
    written = sorted(p.name for p in (tmp_path / "out").glob("*.tar"))
    training = [name for name in written if name.startswith("train-")]
    assert len(training) > 2 and {"dev-000000.tar", "test-000000.tar"} <= set(written)
    assert f"{len(written)} shards, {len(training)} of them for training" in result.stderr


def test_what_cannot_be_done_is_said_in_one_sentence(refused, tmp_path):
    assert "holds no prepared features" in refused("corpus", "shard", tmp_path, "-o", "out")
    assert "100kB or more" in refused("corpus", "shard", tmp_path, "-o", "out", "--size", "12")
    (tmp_path / "file").write_text("")
    assert "is a file" in refused("corpus", "shard", tmp_path, "-o", tmp_path / "file")
