"""`emotts prepare`: recordings to features, with both cores, resumable at any moment."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np

from emotts.corpora.audio import read_clip
from emotts.corpora.features import active_level_db, clip_features, speaker_gain_db
from emotts.corpora.packed import read_packed
from emotts.corpora.store import FeatureStore, write_shard
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError

SHARD_CLIPS = 128
LEVEL_CLIPS = 24

Progress = Callable[[int, int, str], None]


def _levels(folder: str, speaker: str, paths: list[str]) -> tuple[str, float]:
    levels = [active_level_db(read_clip(folder, path)) for path in paths]
    return speaker, speaker_gain_db(levels)


def _make_shard(folder: str, target: str, rows: list[dict], gains: dict[str, float]) -> int:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    utterances = [Utterance(**row) for row in rows]
    features = [clip_features(read_clip(folder, u.path), gains[u.speaker]) for u in utterances]
    write_shard(Path(target), utterances, features)
    return len(rows)


def _speaker_gains(
    folder: Path, rows: list[Utterance], file: Path, pool: ProcessPoolExecutor
) -> dict[str, float]:
    """One gain a speaker from neutral clips (any clips where there is no neutral one)."""
    if file.exists():
        return json.loads(file.read_text(encoding="utf-8"))
    trained = {u.speaker for u in rows if u.split == "train"}
    clips = defaultdict(list)
    for u in sorted(rows, key=lambda u: u.emotion != "neutral"):
        seen = u.split == "train" or u.speaker not in trained
        if seen and (u.emotion == "neutral" or not clips[u.speaker]):
            clips[u.speaker].append(u.path)
    jobs = [
        pool.submit(_levels, str(folder), s, paths[:: max(1, len(paths) // LEVEL_CLIPS)])
        for s, paths in clips.items()
    ]
    gains = dict(job.result() for job in jobs)
    _write_json(file, gains)
    return gains


def _write_json(path: Path, value) -> None:
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(value, indent=1), encoding="utf-8")
    os.replace(temporary, path)


def _speaker_statistics(store_folder: Path, gains: dict[str, float]) -> dict:
    """Neutral means of F0 and mel of every speaker.

    From training clips where the speaker has any; those of a held-out speaker are a fact of the
    recording session, like the gain, and enter no training batch.
    """
    if not (store_folder / "speakers.json").exists():
        _write_json(store_folder / "speakers.json", {})
    store = FeatureStore(store_folder)
    trained = {u.speaker for u in store.utterances if u.split == "train"}
    calm = {u.speaker for u in store.utterances if u.emotion == "neutral"}
    log_f0, mels = defaultdict(list), defaultdict(list)
    for index, u in enumerate(store.utterances):
        if (u.emotion != "neutral" and u.speaker in calm) or (
            u.speaker in trained and u.split != "train"
        ):
            continue
        f0 = store.f0(index)
        log_f0[u.speaker].append(np.log(f0[f0 > 0]))
        mel = store.mel(index)
        loud = mel.mean(axis=1)
        mels[u.speaker].append(mel[loud > np.percentile(loud, 95) - 3.45])
    statistics = {}
    for speaker in sorted(log_f0):
        values = np.concatenate(log_f0[speaker])
        statistics[speaker] = {
            "gain_db": gains[speaker],
            "log_f0": float(np.median(values)),
            "log_f0_std": float(np.std(values)),
            "mel_mean": [float(v) for v in np.concatenate(mels[speaker]).mean(axis=0)],
        }
    return statistics


def _check_same_rows(file: Path, rows: list[Utterance]) -> None:
    """Refuse to resume a folder that was made from another list of clips."""
    text = "".join(u.model_dump_json() for u in rows)
    mark = hashlib.sha256(text.encode()).hexdigest()
    if file.exists() and file.read_text(encoding="utf-8") != mark:
        raise EmottsError(
            f"{file.parent} holds features of another manifest or choice of corpora; "
            "give another output folder, or remove that one"
        )
    file.write_text(mark, encoding="utf-8")


def prepare(
    folder: str | Path,
    output: str | Path,
    corpora: list[str] | None = None,
    workers: int = 2,
    progress: Progress | None = None,
) -> FeatureStore:
    """Extract features of a packed corpus folder into `output`; run again to resume.

    progress: called with (clips done, clips in all, what is being done). Returns the store.
    Raises EmottsError for an unreadable manifest, a missing clip or an unknown corpus.
    """
    rows = read_packed(folder)
    known = sorted({u.corpus for u in rows})
    for name in corpora or []:
        if name not in known:
            raise EmottsError(f"{folder} has no corpus '{name}'; it has {', '.join(known)}.")
    rows = [u for u in rows if not corpora or u.corpus in corpora]
    return prepare_rows(rows, folder, output, workers, progress)


def prepare_rows(
    rows: list[Utterance],
    folder: str | Path,
    output: str | Path,
    workers: int = 2,
    progress: Progress | None = None,
) -> FeatureStore:
    """Extract features of utterances whose paths start at `folder`, as `prepare` does."""
    folder, output = Path(folder), Path(output)
    output.mkdir(parents=True, exist_ok=True)
    _check_same_rows(output / "rows.sha256", rows)
    plan = [rows[i : i + SHARD_CLIPS] for i in range(0, len(rows), SHARD_CLIPS)]
    done = 0
    with ProcessPoolExecutor(max_workers=workers) as pool:
        gains = _speaker_gains(folder, rows, output / "gains.json", pool)
        jobs = []
        for number, part in enumerate(plan):
            target = output / f"shard-{number:04d}"
            if target.exists():
                done += len(part)
                continue
            records = [u.model_dump() for u in part]
            jobs.append(pool.submit(_make_shard, str(folder), str(target), records, gains))
        for job in as_completed(jobs):
            done += job.result()
            if progress:
                progress(done, len(rows), "features")
    _write_json(output / "speakers.json", _speaker_statistics(output, gains))
    return FeatureStore(output)
