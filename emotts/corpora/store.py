"""Features on disk: shards of flat arrays, mapped into memory, shared between processes."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.audio.constants import HOP_LENGTH
from emotts.corpora.features import ClipFeatures
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError

ARRAYS = ("audio", "mel", "f0")


@dataclass(frozen=True)
class SpeakerStatistics:
    """What is relative to a speaker's own neutral speech.

    gain_db: applied to every clip; log_f0: mean natural log of F0 in Hz; log_f0_std;
    mel_mean: (80,) mean log-mel of active frames.
    """

    gain_db: float
    log_f0: float
    log_f0_std: float
    mel_mean: tuple[float, ...]


def write_shard(folder: Path, rows: list[Utterance], features: list[ClipFeatures]) -> None:
    """Write one shard so that it is either there whole or not at all."""
    temporary = folder.with_name(folder.name + ".part")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    np.save(temporary / "audio.npy", np.concatenate([f.audio for f in features]).astype(np.float16))
    np.save(temporary / "mel.npy", np.concatenate([f.mel for f in features]).astype(np.float16))
    np.save(temporary / "f0.npy", np.concatenate([f.f0 for f in features]).astype(np.float32))
    with open(temporary / "rows.jsonl", "w", encoding="utf-8") as file:
        for row, feature in zip(rows, features, strict=True):
            record = {"utterance": row.model_dump(), "frames": len(feature.f0)}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    os.replace(temporary, folder)


class FeatureStore:
    """Read-only view of a prepared folder.

    `utterances[i]` describes clip i; `mel(i)` is (frames, 80) float32, `f0(i)` (frames,) Hz,
    `audio(i, start, stop)` float32 between two frames. Raises EmottsError if the folder is not
    a prepared one.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        shards = sorted(self.folder.glob("shard-*[0-9]"))
        if not shards or not (self.folder / "speakers.json").exists():
            raise EmottsError(
                f"{self.folder} holds no prepared features; make them with "
                f"'emotts prepare CORPUS_FOLDER -o {self.folder}'."
            )
        self.utterances: list[Utterance] = []
        self.frames: list[int] = []
        self._place: list[tuple[int, int]] = []
        self._arrays = []
        for number, shard in enumerate(shards):
            self._arrays.append({n: np.load(shard / f"{n}.npy", mmap_mode="r") for n in ARRAYS})
            start = 0
            for line in (shard / "rows.jsonl").read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                self.utterances.append(Utterance(**record["utterance"]))
                self.frames.append(record["frames"])
                self._place.append((number, start))
                start += record["frames"]
        stored = json.loads((self.folder / "speakers.json").read_text(encoding="utf-8"))
        self.speakers = {name: SpeakerStatistics(**values) for name, values in stored.items()}

    def __len__(self) -> int:
        return len(self.utterances)

    def _slice(self, name: str, index: int, start: int, stop: int | None, scale: int = 1):
        shard, offset = self._place[index]
        stop = self.frames[index] if stop is None else min(stop, self.frames[index])
        return self._arrays[shard][name][(offset + start) * scale : (offset + stop) * scale]

    def mel(self, index: int, start: int = 0, stop: int | None = None) -> np.ndarray:
        return self._slice("mel", index, start, stop).astype(np.float32)

    def f0(self, index: int, start: int = 0, stop: int | None = None) -> np.ndarray:
        return np.array(self._slice("f0", index, start, stop))

    def audio(self, index: int, start: int = 0, stop: int | None = None) -> np.ndarray:
        return self._slice("audio", index, start, stop, HOP_LENGTH).astype(np.float32)

    def select(self, split: str, corpora: list[str] | None = None) -> list[int]:
        """Indices of the clips of one split, in order."""
        return [
            i
            for i, u in enumerate(self.utterances)
            if u.split == split and (not corpora or u.corpus in corpora)
        ]

    def semitones(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """F0 in semitones above the speaker's neutral mean (frames,), 0 where unvoiced; voiced."""
        f0 = self.f0(index)
        voiced = f0 > 0
        mean = self.speakers[self.utterances[index].speaker].log_f0
        semitones = np.where(voiced, 12.0 / np.log(2) * (np.log(np.maximum(f0, 1.0)) - mean), 0.0)
        return semitones.astype(np.float32), voiced
