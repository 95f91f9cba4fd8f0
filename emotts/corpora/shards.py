"""Prepared features as tar shards: few large files instead of many, read in their order.

The format is that of webdataset (members `key.json`, `key.mel.npy`, `key.f0.npy`, `key.audio.npy`
follow each other), so that its tools read it too. Beside every `train-000000.tar` lies
`train-000000.jsonl`, which says where each clip's arrays begin; it is made anew in memory where it
is missing. Nothing in a shard is pickled.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from emotts.audio.constants import HOP_LENGTH, N_MELS
from emotts.corpora.store import ARRAYS, FeatureStore
from emotts.errors import EmottsError

TYPES = {"audio": np.float16, "mel": np.float16, "f0": np.float32}
SPLITS = ("train", "dev", "test")
MARK = "shards.sha256"
BESIDE = ("speakers.json", "gains.json", "rows.sha256", "alignment.npz")
BLOCK = 512
SMALLEST = 100_000
_UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}


def parse_size(text: str) -> int:
    """Bytes of "512MB", "1.5 GB" or "200kB". Raises EmottsError for anything else."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(kB|MB|GB)\s*", text, re.IGNORECASE)
    size = 0
    if found:
        units = {name.lower(): value for name, value in _UNITS.items()}
        size = int(float(found[1]) * units[found[2].lower()])
    if size < SMALLEST:
        raise EmottsError(f"a shard's size is 100kB or more, such as 512MB or 2GB, not {text!r}")
    return size


def shape(name: str, frames: int) -> tuple[int, ...]:
    """Shape of one of a clip's arrays."""
    return {"audio": (frames * HOP_LENGTH,), "mel": (frames, N_MELS), "f0": (frames,)}[name]


def write_shards(
    source: FeatureStore, output: Path, size: int, seed: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Path]:  # fmt: skip
    """Write the clips of a prepared folder into shards of about `size` bytes, splits apart.

    Clips are shuffled, so that a stretch of any shard holds all speakers and emotions. An
    interrupted writing goes on with the shards that are missing. progress: called with (clips
    done, clips in all, what). Returns the shards.
    Raises EmottsError if the folder holds something else.
    """
    output.mkdir(parents=True, exist_ok=True)
    _check_same(source, output, size, seed)
    for name in BESIDE:
        if (source.folder / name).is_file():
            shutil.copyfile(source.folder / name, output / name)
    out, done = [], 0
    for target, rows in _plan(source, output, size, seed):
        if not target.with_suffix(".jsonl").is_file():
            _write_shard(source, target, rows)
        out.append(target)
        done += len(rows)
        if progress:
            progress(done, len(source), "shards")
    return out


def _check_same(source: FeatureStore, output: Path, size: int, seed: int) -> None:
    """Refuse to go on in a folder that was made from other clips, or in another way."""
    told = json.dumps([[u.model_dump() for u in source.utterances], source.frames, size, seed])
    digest = hashlib.sha256(told.encode()).hexdigest()
    mark = output / MARK
    if any(output.iterdir()) and not (
        mark.is_file() and mark.read_text(encoding="utf-8") == digest
    ):
        raise EmottsError(
            f"{output} is not empty and holds no shards of {source.folder} of this size; name a "
            "new folder, or remove that one"
        )
    mark.write_text(digest, encoding="utf-8")


def _plan(
    source: FeatureStore, output: Path, size: int, seed: int
) -> Iterator[tuple[Path, list[int]]]:
    """Every shard's file and the clips that go into it."""
    for order, split in enumerate(SPLITS):
        rows = np.random.default_rng([seed, order]).permutation(source.select(split)).tolist()
        number, waiting, full = 0, [], 0
        for index in map(int, rows):
            waiting.append(index)
            full += sum(
                int(np.prod(shape(n, source.frames[index]))) * np.dtype(TYPES[n]).itemsize
                for n in ARRAYS
            ) + 8 * BLOCK  # fmt: skip
            if full >= size:
                yield output / f"{split}-{number:06d}.tar", waiting
                number, waiting, full = number + 1, [], 0
        if waiting:
            yield output / f"{split}-{number:06d}.tar", waiting


def _write_shard(source: FeatureStore, target: Path, rows: list[int]) -> None:
    """Write a shard whole or not at all, and then its index, by which it counts as written."""
    temporary = target.with_suffix(".part")
    with tarfile.open(temporary, "w", format=tarfile.USTAR_FORMAT) as tar:
        for number, index in enumerate(rows):
            row = {"utterance": source.utterances[index].model_dump(),
                   "frames": source.frames[index]}  # fmt: skip
            told = json.dumps(row, ensure_ascii=False).encode()
            _add(tar, f"{number:06d}.json", told)
            for name in ARRAYS:
                array = getattr(source, name)(index).astype(TYPES[name], order="C")
                with io.BytesIO() as file:
                    np.save(file, array, allow_pickle=False)
                    _add(tar, f"{number:06d}.{name}.npy", file.getvalue())
    os.replace(temporary, target)
    index = target.with_suffix(".jsonl")
    lines = [{"bytes": target.stat().st_size}, *scan_shard(target)]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    index.with_suffix(".jsonl.part").write_text(text, encoding="utf-8")
    os.replace(index.with_suffix(".jsonl.part"), index)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)  # no time and no owner: the same clips give the same file
    member.size, member.mode = len(content), 0o644
    tar.addfile(member, io.BytesIO(content))


def read_index(path: Path) -> list[dict]:
    """Every clip of a shard: utterance, frames, and where its arrays begin, in bytes.

    Raises EmottsError for a shard that is cut short or is none.
    """
    index = path.with_suffix(".jsonl")
    if not index.is_file():
        return scan_shard(path)
    head, *rows = map(json.loads, index.read_text(encoding="utf-8").splitlines())
    size = path.stat().st_size
    if size != head["bytes"]:
        raise EmottsError(
            f"the shard {path} has {size} bytes where its index {index.name} says "
            f"{head['bytes']}: it is cut short or was changed; copy or write it again"
        )
    return rows


def scan_shard(path: Path) -> list[dict]:
    """What `read_index` returns, from the shard alone."""
    cut_short = EmottsError(
        f"the shard {path} is cut short or is no shard of 'emotts corpus shard'; copy or write it "
        "again"
    )
    clips: dict[str, dict] = {}
    try:
        with tarfile.open(path, "r:") as tar, path.open("rb") as file:
            for member in tar:
                key, _, kind = member.name.partition(".")
                file.seek(member.offset_data)
                clip = clips.setdefault(key, {})
                if kind == "json":
                    clip |= json.loads(file.read(member.size))
                elif kind.removesuffix(".npy") in ARRAYS:
                    name = kind.removesuffix(".npy")
                    clip[name] = _after_head(file, name, clip["frames"])
            file.seek(-2 * BLOCK, os.SEEK_END)
            whole = not any(file.read())
    except (tarfile.TarError, ValueError, KeyError, OSError) as error:
        raise cut_short from error
    if not whole or any(clip.keys() != {"utterance", "frames", *ARRAYS} for clip in clips.values()):
        raise cut_short
    return list(clips.values())


def _after_head(file, name: str, frames: int) -> int:
    """Where an array's values begin. Raises ValueError for another array than is expected."""
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"npy version {version}")
    found, fortran, kind = np.lib.format.read_array_header_1_0(file)
    if (found, fortran, kind) != (shape(name, frames), False, np.dtype(TYPES[name])):
        raise ValueError(f"{name}: {found} {kind}")
    return file.tell()
