"""Align a prepared folder: phone sequences and durations of every clip, stored beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.corpora.store import FeatureStore
from emotts.errors import EmottsError
from emotts.text.phonemes import phonemize_many
from emotts.text.sequence import PhoneSequence, phone_sequence
from emotts.text.symbols import SYMBOLS, is_pause_symbol, language_id
from emotts.training.alignment.align import Alignment, AlignmentItem, align, train_aligner
from emotts.training.alignment.features import mfcc_pairs, normalise_speakers

FILE = "alignment.npz"
TOKEN_ARRAYS = ("ids", "stress", "length", "durations")


@dataclass(frozen=True)
class AlignedTokens:
    """One clip's tokens, each (n,): ids, stress, length marks, durations in pairs of frames.

    score: mean log-likelihood of a pair, low where text and speech disagree.
    """

    ids: np.ndarray
    stress: np.ndarray
    length: np.ndarray
    durations: np.ndarray
    language: int
    score: float


def align_store(
    store: FeatureStore, passes: int = 10, workers: int = 2,
    progress: Callable[[str, int, int, float], None] | None = None,
) -> Path:  # fmt: skip
    """Align every clip with a model of its language trained on the `train` split alone.

    progress: called with language, pass, passes and log-likelihood. Returns the file written
    into the store's folder. Clips too short for their text are left out.
    """
    found: dict[int, AlignedTokens] = {}
    for language in sorted({u.language for u in store.utterances}):
        rows = [i for i, u in enumerate(store.utterances) if u.language == language]
        texts = [store.utterances[i].text for i in rows]
        sequences = [phone_sequence(s, language) for s in phonemize_many(texts, language)]
        features = normalise_speakers(
            [mfcc_pairs(store.mel(i).T) for i in rows],
            [store.utterances[i].speaker for i in rows],
        )
        items = [alignment_item(f, s) for f, s in zip(features, sequences, strict=True)]
        training = [
            item for i, item in zip(rows, items, strict=True)
            if store.utterances[i].split == "train"
        ]  # fmt: skip

        def report(number: int, total: int, fit: float, language=language) -> None:
            if progress:
                progress(language, number, total, fit)

        model = train_aligner(training, len(SYMBOLS), passes, report, workers)
        for i, item, sequence in zip(rows, items, sequences, strict=True):
            path = align(model, item)
            if path is not None:
                found[i] = aligned_tokens(sequence, path, language)
    target = store.folder / FILE
    write_alignment(target, store, found)
    return target


def alignment_item(features: np.ndarray, sequence: PhoneSequence) -> AlignmentItem:
    """What the aligner reads: features (pairs, d), normalised per speaker, and the phones."""
    pause = np.array([is_pause_symbol(i) for i in sequence.ids])
    return AlignmentItem(features, sequence.ids, pause)


def aligned_tokens(sequence: PhoneSequence, path: Alignment, language: str) -> AlignedTokens:
    """A text's tokens with the durations that were found for them."""
    return AlignedTokens(
        sequence.ids, sequence.stress, sequence.length, path.durations,
        language_id(language), float(path.score),
    )  # fmt: skip


def write_alignment(target: Path, store: FeatureStore, found: dict[int, AlignedTokens]) -> None:
    """Write tokens by index of the store, as `read_alignment` reads them, whole or not at all."""
    rows = sorted(found)
    arrays = {
        name: np.concatenate([getattr(found[i], name) for i in rows]).astype(np.int16)
        for name in TOKEN_ARRAYS
    }
    counts = np.array([len(found[i].ids) for i in rows])
    temporary = target.with_suffix(".part.npz")
    np.savez_compressed(
        temporary,
        names=np.array(json.dumps([store.utterances[i].id for i in rows])),
        counts=counts,
        language=np.array([found[i].language for i in rows]),
        score=np.array([found[i].score for i in rows]),
        **arrays,
    )
    os.replace(temporary, target)


def read_alignment(store: FeatureStore) -> dict[int, AlignedTokens]:
    """Tokens by index of the store. Raises EmottsError if the folder was not aligned."""
    path = store.folder / FILE
    if not path.exists():
        raise EmottsError(
            f"{store.folder} is not aligned yet; run 'emotts align {store.folder}' first."
        )
    with np.load(path, allow_pickle=False) as stored:
        names = json.loads(str(stored["names"]))
        arrays = {k: stored[k].astype(np.int64) for k in TOKEN_ARRAYS}
        counts, language, score = stored["counts"], stored["language"], stored["score"]
    ends = np.cumsum(counts)
    place = {u.id: i for i, u in enumerate(store.utterances)}
    out = {}
    for number, name in enumerate(names):
        if name in place:
            part = slice(ends[number] - counts[number], ends[number])
            tokens = {k: v[part] for k, v in arrays.items()}
            out[place[name]] = AlignedTokens(
                **tokens, language=int(language[number]), score=float(score[number])
            )
    return out
