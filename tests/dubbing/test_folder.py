"""Nothing leads outside the folder, and no file is ever half there."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from emotts.dubbing.folder import digest, inside, locked, put, safe_name, sweep
from emotts.errors import EmottsError


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "..", ".", "a/../../out2/x", ""])
def test_names_that_climb_out_are_refused(tmp_path, name):
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(EmottsError, match="leads out of the output folder"):
        inside(folder, name)
    with pytest.raises(EmottsError, match="leads out of the output folder"):
        put(folder, name, b"x")
    assert list(tmp_path.rglob("*")) == [folder]


def test_a_link_is_no_way_out(tmp_path):
    folder, outside = tmp_path / "out", tmp_path / "outside"
    folder.mkdir(), outside.mkdir()
    (folder / "takes").symlink_to(outside)
    with pytest.raises(EmottsError, match="leads out"):
        put(folder, "takes/a.wav", b"x")
    assert not list(outside.iterdir())


@pytest.mark.parametrize(
    "name", ["../../x", "..\\..\\x", "/etc/passwd", "", "...", "a/b", "con", "\0", "x" * 300, "Żó"]
)
def test_character_names_become_one_harmless_part(tmp_path, name):
    made = safe_name(name, 3)
    assert made.startswith("03-") and len(made) < 50
    assert put(tmp_path, f"stems/{made}.wav", b"x").resolve().parent == tmp_path / "stems"


def test_a_failing_writer_leaves_what_was_there(tmp_path):
    put(tmp_path, "a.txt", b"old")

    def half(path: Path) -> None:
        path.write_bytes(b"ne")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(EmottsError, match="no room for .*a.txt .*no space left.*make room"):
        put(tmp_path, "a.txt", half)
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


REFUSED = """
import resource, sys
from emotts.dubbing.folder import put
from emotts.errors import EmottsError
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    put(Path(sys.argv[1]), "big.wav", b"x" * 5000)
except EmottsError as error:
    print(error)
"""


def test_a_disk_that_takes_no_more_is_named(tmp_path):
    """The kernel itself refuses, in the middle of a file."""
    pytest.importorskip("resource")
    said = subprocess.run(
        [sys.executable, "-c", REFUSED, tmp_path], capture_output=True, text=True, check=True
    )
    assert "there is no room for" in said.stdout and "big.wav" in said.stdout
    assert not list(tmp_path.iterdir())


def test_data_are_on_the_disk_before_their_name_and_the_name_before_we_go_on(tmp_path, monkeypatch):
    done = []
    real_sync, real_replace = os.fsync, os.replace

    def sync(handle):
        done.append(("sync", os.readlink(f"/proc/self/fd/{handle}")))
        real_sync(handle)

    def replace(source, target):
        done.append(("name", str(target)))
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", replace)
    put(tmp_path, "a.wav", b"x")
    (first, part), (second, name), (third, folder) = done
    assert (first, second, third) == ("sync", "name", "sync")
    assert part.endswith(".part") and name.endswith("a.wav") and folder == str(tmp_path)


def test_half_files_of_a_killed_run_are_swept(tmp_path):
    (tmp_path / "takes").mkdir()
    for name in (".abc.part", "takes/.def.part", "takes/kept.wav", "kept.part"):
        (tmp_path / name).write_bytes(b"x")
    assert sweep(tmp_path) == 2
    assert sorted(p.name for p in tmp_path.rglob("*.*")) == ["kept.part", "kept.wav"]


def test_one_at_a_time(tmp_path):
    first = locked(tmp_path)
    with pytest.raises(EmottsError, match="another run is at work in"):
        locked(tmp_path)
    first.release()
    locked(tmp_path).release()


def test_digest_of_nothing(tmp_path):
    assert digest(tmp_path / "missing") is None
