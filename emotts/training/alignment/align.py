"""Forced alignment: train phone models on whole utterances, then read durations off them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from emotts.errors import EmottsError
from emotts.training.alignment.hmm import STATES_PER_PHONE, build_graph, occupancy, viterbi
from emotts.training.alignment.model import COVARIANCE_PRIOR_PAIRS, AlignerModel, Statistics, expand

CHUNK = 64
LONG_SILENCE_PAIRS = 8
SILENCE_LEVEL = 0.3
FIRST_SCALE, LAST_SCALE = 0.1, 0.5
SHARED_COVARIANCE = 1e9
OWN_COVARIANCE_FROM = 0.6


@dataclass(frozen=True)
class AlignmentItem:
    """One utterance to align.

    features: (pairs, d), normalised per speaker, column 0 the log energy; ids: (n,) token ids;
    pause: (n,) bool, true for start, end, word borders and punctuation.
    """

    features: np.ndarray
    ids: np.ndarray
    pause: np.ndarray


@dataclass(frozen=True)
class Alignment:
    """Where an utterance's tokens lie.

    durations: (n,) int64, pairs of frames a token lasts; they sum to all pairs. score: mean
    log-likelihood of a pair, to find utterances whose text does not fit.
    """

    durations: np.ndarray
    score: float


def train_aligner(
    utterances: Iterable[AlignmentItem],
    n_phones: int,
    passes: int = 10,
    progress: Callable[[int, int, float], None] | None = None,
    workers: int = 1,
) -> AlignerModel:
    """Fit phone and silence models by annealed Baum-Welch training from a flat start.

    n_phones: size of the table of token ids. progress: called after every pass with its number,
    `passes` and the mean log-likelihood of a pair. workers: threads; the result does not depend on
    them. Utterances with fewer pairs than phones are left out. Rabiner 1989, sec. III and IV.
    """
    items = [item for item in utterances if _check(item, n_phones)]
    if not items:
        raise EmottsError("no utterance is long enough for its phones, so nothing can be aligned")
    model = _sum_chunks(items, n_phones, 1, _count_flat_start)[0].estimate(SHARED_COVARIANCE)
    for number in range(1, passes + 1):
        scale, covariance_prior = _schedule(number, passes)
        count = partial(_count_paths, model, scale)
        statistics, log_likelihood = _sum_chunks(items, n_phones, workers, count)
        model = statistics.estimate(covariance_prior)
        if progress is not None:
            progress(number, passes, log_likelihood / scale / statistics.sums[:, 0].sum())
    return model


def _schedule(number: int, passes: int) -> tuple[float, float]:
    """Give a pass its likelihood scale and covariance prior, from soft and shared to sharp and own.

    Scaled-down likelihoods let early passes weigh many paths (deterministic annealing, Ueda and
    Nakano 1998), which a flat start needs: hard paths from the first pass on settle in poor optima.
    """
    done = number / passes
    prior = SHARED_COVARIANCE if done < OWN_COVARIANCE_FROM else COVARIANCE_PRIOR_PAIRS
    return FIRST_SCALE + (LAST_SCALE - FIRST_SCALE) * done, prior


def align(model: AlignerModel, item: AlignmentItem) -> Alignment | None:
    """Find how many pairs each token lasts; None when there are fewer pairs than phones."""
    if not _check(item, model.n_phones):
        return None
    if item.features.shape[1] != model.dimension:
        raise EmottsError(
            f"the aligner reads {model.dimension} features a pair, not {item.features.shape[1]}"
        )
    _, tokens, _, _, graph = _score(model, item)
    path, score = viterbi(*graph)
    if not np.isfinite(score):
        return None
    durations = np.bincount(tokens[path], minlength=len(item.ids)).astype(np.int64)
    return Alignment(durations, score / len(path))


def _check(item: AlignmentItem, n_phones: int) -> bool:
    """Raise on malformed input; otherwise tell whether the utterance is long enough."""
    features, ids, pause = item.features, np.asarray(item.ids), np.asarray(item.pause)
    if features.ndim != 2:
        raise EmottsError(f"aligner features are (pairs, d), not of shape {features.shape}")
    if ids.ndim != 1 or ids.shape != pause.shape:
        raise EmottsError(
            f"token ids {ids.shape} and pause flags {pause.shape} must be of one length"
        )
    if len(ids) and not (0 <= ids.min() and ids.max() < n_phones):
        raise EmottsError(f"token ids run from 0 to {n_phones - 1}, not {ids.min()}…{ids.max()}")
    if not np.isfinite(features).all():
        raise EmottsError("the aligner's features hold NaN or infinite values")
    return len(features) >= max(1, int((~pause.astype(bool)).sum())) and len(ids) > 0


def _score(model: AlignerModel, item: AlignmentItem, scale: float = 1.0):
    """Build an utterance's state graph and score its pairs.

    Returns states and tokens of the graph (m,), the distinct model states (u,), the expanded
    features (pairs, width), and the arguments that `viterbi` and `occupancy` take.
    """
    ids = np.ascontiguousarray(item.ids, dtype=np.int64)
    pause = np.ascontiguousarray(item.pause, dtype=np.bool_)
    states, tokens, *arcs = build_graph(
        ids, pause, model.log_stay, model.log_leave, model.log_use, model.log_skip
    )
    distinct, columns = np.unique(states, return_inverse=True)
    expanded = expand(item.features)
    scores = expanded @ model.weights[:, distinct] * np.float32(scale)
    return states, tokens, distinct, expanded, (scores, columns, model.log_stay[states], *arcs)


def _count_paths(
    model: AlignerModel, scale: float, item: AlignmentItem, statistics: Statistics
) -> float:
    """Count an utterance's pairs and transitions over all its paths; return log-likelihood."""
    states, tokens, distinct, expanded, graph = _score(model, item, scale)
    posterior, entries, log_likelihood = occupancy(*graph)
    if not np.isfinite(log_likelihood):
        return 0.0
    statistics.sums[distinct] += posterior.T @ expanded
    np.add.at(statistics.visits, states, entries)
    paused = np.asarray(item.pause, dtype=bool)
    np.add.at(statistics.offered, item.ids[paused], 1)
    heard = paused[tokens]
    np.add.at(statistics.used, item.ids[tokens[heard]], entries[heard])
    return log_likelihood


def _count_flat_start(item: AlignmentItem, statistics: Statistics) -> float:
    """Give quiet edges and long quiet stretches to silence, the rest evenly to the phones."""
    phones = np.asarray(item.ids)[~np.asarray(item.pause, dtype=bool)]
    silence = len(statistics.sums) - 1
    quiet = quiet_pairs(item.features[:, 0])
    if (~quiet).sum() < len(phones):
        quiet[:] = False
    if len(phones) == 0:
        quiet[:] = True
    states = np.full(len(quiet), silence)
    speech = np.flatnonzero(~quiet)
    if len(speech):
        chain = STATES_PER_PHONE * np.repeat(phones, STATES_PER_PHONE)
        chain += np.tile(np.arange(STATES_PER_PHONE), len(phones))
        states[speech] = chain[np.arange(len(speech)) * len(chain) // len(speech)]
    statistics.add_pairs(expand(item.features), states)
    entered = np.append(True, states[1:] != states[:-1])
    np.add.at(statistics.visits, states[entered], 1)
    return 0.0


def quiet_pairs(energy: np.ndarray) -> np.ndarray:
    """Mark quiet runs at both ends, and those of eight pairs (0.17 s) or more inside.

    energy: (pairs,) log energy. Quiet is the lowest 30 % of the range between the utterance's 5th
    and 95th percentile. Returns (pairs,) bool.
    """
    low, high = np.percentile(energy, [5, 95])
    below = energy < low + SILENCE_LEVEL * (high - low)
    borders = np.flatnonzero(np.diff(below)) + 1
    quiet = np.zeros(len(energy), dtype=bool)
    starts, ends = np.append(0, borders), np.append(borders, len(energy))
    for start, end in zip(starts, ends, strict=True):
        at_edge = start == 0 or end == len(energy)
        if below[start] and (at_edge or end - start >= LONG_SILENCE_PAIRS):
            quiet[start:end] = True
    return quiet


def _sum_chunks(items, n_phones, workers, count) -> tuple[Statistics, float]:
    """Count items chunk by chunk on threads and add up in order, so that sums are reproducible."""
    dimension = items[0].features.shape[1]
    chunks = [items[i : i + CHUNK] for i in range(0, len(items), CHUNK)]

    def count_chunk(chunk):
        statistics = Statistics.empty(n_phones, dimension)
        return statistics, sum(count(item, statistics) for item in chunk)

    total, log_likelihood = Statistics.empty(n_phones, dimension), 0.0
    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            for statistics, score in pool.map(count_chunk, chunks):
                total.add(statistics)
                log_likelihood += score
        return total, log_likelihood
    for chunk in chunks:
        statistics, score = count_chunk(chunk)
        total.add(statistics)
        log_likelihood += score
    return total, log_likelihood
