"""Features of another mel beside the 24 kHz ones of a prepared folder, for wide-band vocoders.

python -m emotts.corpora.wide CORPUS_FOLDER PREPARED_FOLDER --mel 44k

They lie in a folder of the mel's name inside the prepared one, so that one `data` serves all
recipes, and no task can take them for the features that it knows.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from emotts.audio.constants import FRAME_RATE
from emotts.audio.frames import f0_at
from emotts.audio.mel_config import MelConfig, mel_named
from emotts.corpora.audio import own_rate, read_clip
from emotts.corpora.features import ClipFeatures
from emotts.corpora.store import FeatureStore, write_shard
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError

SHARD_CLIPS = 128


class WideStore(FeatureStore):
    """`FeatureStore` of the features that `widen` left beside those of `prepared`.

    mel: a name of `emotts.audio.mel_config.MELS`. Frames, bands and samples are that mel's; the
    speakers' statistics are those of the 24 kHz features. Raises EmottsError if there are none.
    """

    def __init__(self, prepared: str | Path, mel: str):
        self.mel_config = mel_named(mel)
        folder = Path(prepared) / mel
        if not (folder / "speakers.json").exists():
            raise EmottsError(
                f"{prepared} holds no features of the mel {mel}; make them with 'python -m "
                f"emotts.corpora.wide CORPUS_FOLDER {prepared} --mel {mel}'"
            )
        super().__init__(folder)

    def audio(self, index: int, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Samples at the mel's rate between two of its frames, float32."""
        hop = self.mel_config.hop_length
        return self._slice("audio", index, start, stop, hop).astype(np.float32)


def wide_features(
    samples: np.ndarray, gain_db: float, f0: np.ndarray, mel: MelConfig
) -> ClipFeatures:
    """samples: (n,) at the mel's rate, as recorded; f0: of the 24 kHz features, Hz.

    Returns audio (frames · hop,), mel (frames, bands), f0 (frames,); whole hops only, and no more
    of them than the 24 kHz features reach.
    """
    reach = int(len(f0) / FRAME_RATE * mel.frame_rate)
    frames = min(len(samples) // mel.hop_length, max(reach, 1))
    audio = samples[: frames * mel.hop_length] * np.float32(10.0 ** (gain_db / 20.0))
    return ClipFeatures(audio, mel.log_mel(audio).T, f0_at(f0, mel, frames))


def widen(folder: str | Path, prepared: str | Path, mel: str) -> WideStore:
    """Extract features of another mel for the clips of a prepared folder; run again to resume.

    folder: the recordings that `prepared` was made from. Clips recorded at a lower rate than the
    mel's are left out, with a warning that counts them: a vocoder would learn that speech has
    nothing above half their rate. Raises EmottsError if none is left.
    """
    wanted, store = mel_named(mel), FeatureStore(prepared)
    output = Path(prepared) / mel
    output.mkdir(exist_ok=True)
    kept = [i for i, u in enumerate(store.utterances)
            if own_rate(folder, u.path) >= wanted.sample_rate]  # fmt: skip
    if not kept:
        raise EmottsError(
            f"none of the recordings of {folder} was made at {wanted.sample_rate} Hz or more"
        )
    if lost := len(store) - len(kept):
        warnings.warn(
            f"{lost} of {len(store)} recordings of {folder} were made at less than "
            f"{wanted.sample_rate} Hz and are left out",
            stacklevel=2,
        )
    for target, rows in _plan(output, kept):
        clips = list(_clips(folder, store, rows, wanted))
        write_shard(target, [u for u, _ in clips], [f for _, f in clips])
    speakers = (Path(prepared) / "speakers.json").read_text(encoding="utf-8")
    (output / "speakers.json").write_text(speakers, encoding="utf-8")
    return WideStore(prepared, mel)


def _plan(output: Path, kept: list[int]) -> Iterator[tuple[Path, list[int]]]:
    """Shards that are still to be made, and their clips; other clips than last time are refused."""
    plan = output / "clips.json"
    if plan.exists() and json.loads(plan.read_text(encoding="utf-8")) != kept:
        raise EmottsError(f"{output} holds features of other clips: remove it, and start again")
    plan.write_text(json.dumps(kept), encoding="utf-8")
    for start in range(0, len(kept), SHARD_CLIPS):
        target = output / f"shard-{start // SHARD_CLIPS:04d}"
        if not target.exists():
            yield target, kept[start : start + SHARD_CLIPS]


def _clips(
    folder: str | Path, store: FeatureStore, rows: list[int], mel: MelConfig
) -> Iterator[tuple[Utterance, ClipFeatures]]:
    for index in rows:
        row = store.utterances[index]
        samples = read_clip(folder, row.path, mel.sample_rate)
        yield row, wide_features(samples, store.speakers[row.speaker].gain_db, store.f0(index), mel)


def main() -> int:
    """Widen what the command line names; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the recordings")
    parser.add_argument("prepared", type=Path, help="their 24 kHz features (emotts prepare)")
    parser.add_argument("--mel", default="44k", help="a name of emotts.audio.mel_config.MELS")
    asked = parser.parse_args()
    warnings.showwarning = lambda message, *_, **__: print(f"warning: {message}", file=sys.stderr)
    try:
        made = widen(asked.folder, asked.prepared, asked.mel)
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{made.folder}: {len(made)} clips")
    return 0


if __name__ == "__main__":
    sys.exit(main())
