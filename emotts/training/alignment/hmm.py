"""The state graph of an utterance and its Viterbi path, compiled by numba.

A phone is three left-to-right states; it is entered in the first or the middle one and left from
the middle or the last one, so it may be as short as one pair, spent in its middle. A pause token
is one state of the shared silence, which may be passed by.
"""

from __future__ import annotations

import numpy as np
from numba import njit

STATES_PER_PHONE = 3
START = -1
ENTER_FIRST, ENTER_MIDDLE = np.log(0.8), np.log(0.2)
SKIP_MIDDLE, KEEP_MIDDLE = np.log(0.1), np.log(0.9)
LEAVE_MIDDLE, KEEP_LAST = np.log(0.25), np.log(0.75)


@njit(cache=True, nogil=True)
def build_graph(ids, pause, log_stay, log_leave, log_use, log_skip):
    """List the states of an utterance with the arcs that lead into them.

    ids: (n,) token ids; pause: (n,) bool; log_stay, log_leave: (3 · phones + 1,), the last one is
    silence; log_use, log_skip: (phones,), of pause tokens. Returns, for m states: `states` (m,)
    model states, `tokens` (m,) token indices, `offsets` (m + 1,) into `sources` and `weights` (arcs
    other than self-loops; source -1 is the start), and `exits`, `exit_weights` to the end.
    """
    n = len(ids)
    silence = len(log_stay) - 1
    states = np.empty(3 * n, np.int32)
    tokens = np.empty(3 * n, np.int32)
    offsets = np.zeros(3 * n + 1, np.int32)
    runs = 0
    longest = 0
    for i in range(n):
        runs = runs + 1 if pause[i] else 0
        longest = max(longest, runs)
    capacity = n * (2 * (longest + 4) + 4)
    sources = np.empty(capacity, np.int32)
    weights = np.empty(capacity, np.float32)
    exits = np.empty(longest + 4, np.int32)
    exit_weights = np.empty(longest + 4, np.float32)
    exits[0] = START
    exit_weights[0] = 0.0
    n_exits, m, a = 1, 0, 0
    for i in range(n):
        token = ids[i]
        if pause[i]:
            states[m], tokens[m] = silence, i
            for k in range(n_exits):
                sources[a], weights[a] = exits[k], exit_weights[k] + log_use[token]
                exit_weights[k] += log_skip[token]
                a += 1
            exits[n_exits], exit_weights[n_exits] = m, log_leave[silence]
            n_exits += 1
            m += 1
            offsets[m] = a
            continue
        first = STATES_PER_PHONE * token
        for s in range(STATES_PER_PHONE):
            states[m + s], tokens[m + s] = first + s, i
        for k in range(n_exits):
            sources[a], weights[a] = exits[k], exit_weights[k] + ENTER_FIRST
            a += 1
        offsets[m + 1] = a
        for k in range(n_exits):
            sources[a], weights[a] = exits[k], exit_weights[k] + ENTER_MIDDLE
            a += 1
        sources[a], weights[a] = m, log_leave[first] + KEEP_MIDDLE
        a += 1
        offsets[m + 2] = a
        sources[a], weights[a] = m, log_leave[first] + SKIP_MIDDLE
        sources[a + 1], weights[a + 1] = m + 1, log_leave[first + 1] + KEEP_LAST
        a += 2
        offsets[m + 3] = a
        exits[0], exit_weights[0] = m + 1, log_leave[first + 1] + LEAVE_MIDDLE
        exits[1], exit_weights[1] = m + 2, log_leave[first + 2]
        n_exits = 2
        m += 3
    return (
        states[:m],
        tokens[:m],
        offsets[: m + 1],
        sources[:a],
        weights[:a],
        exits[:n_exits],
        exit_weights[:n_exits],
    )


@njit(cache=True, nogil=True)
def viterbi(scores, columns, log_stay, offsets, sources, weights, exits, exit_weights):
    """Find the best path through a state graph.

    scores: (pairs, u) log-likelihoods of the utterance's distinct model states; columns: (m,) which
    column a graph state reads; log_stay: (m,); the rest as from `build_graph`. Returns the graph
    state of every pair, (pairs,) int32, and the path's log-likelihood; -inf where none exists.
    """
    n_pairs, m = len(scores), len(columns)
    back = np.empty((n_pairs, m), np.int32)
    best = np.full(m, -np.inf)
    for j in range(m):
        for a in range(offsets[j], offsets[j + 1]):
            if sources[a] == START and weights[a] > best[j]:
                best[j] = weights[a]
        best[j] += scores[0, columns[j]]
        back[0, j] = START
    after = np.empty(m)
    for t in range(1, n_pairs):
        for j in range(m):
            top, source = best[j] + log_stay[j], j
            for a in range(offsets[j], offsets[j + 1]):
                k = sources[a]
                if k != START:
                    value = best[k] + weights[a]
                    if value > top:
                        top, source = value, k
            after[j] = top + scores[t, columns[j]]
            back[t, j] = source
        best, after = after, best
    top, state = -np.inf, -1
    for k in range(len(exits)):
        if exits[k] != START and best[exits[k]] + exit_weights[k] > top:
            top, state = best[exits[k]] + exit_weights[k], exits[k]
    path = np.full(n_pairs, -1, np.int32)
    if state < 0:
        return path, top
    for t in range(n_pairs - 1, -1, -1):
        path[t] = state
        state = back[t, state]
    return path, top


@njit(cache=True, nogil=True)
def _log_add(a, b):
    """Add two log-probabilities; what is 20 nats below the other is left out."""
    if a < b:
        a, b = b, a
    if b == -np.inf or b < a - 20.0:
        return a
    return a + np.log1p(np.exp(b - a))


@njit(cache=True, nogil=True)
def occupancy(scores, columns, log_stay, offsets, sources, weights, exits, exit_weights):
    """Sum over all paths through a state graph (forward-backward).

    Arguments as for `viterbi`. Returns the probability of every distinct model state in every pair,
    (pairs, u) float32, the expected number of entries of every graph state, (m,), and the
    utterance's log-likelihood; -inf, with zeros, where no path exists. Rabiner 1989, eq. 25-27.
    """
    n_pairs, m = len(scores), len(columns)
    posterior = np.zeros(scores.shape, np.float32)
    entries = np.zeros(m)
    ahead = np.full((n_pairs, m), -np.inf)
    for j in range(m):
        for a in range(offsets[j], offsets[j + 1]):
            if sources[a] == START:
                ahead[0, j] = _log_add(ahead[0, j], weights[a])
        ahead[0, j] += scores[0, columns[j]]
    for t in range(1, n_pairs):
        for j in range(m):
            total = ahead[t - 1, j] + log_stay[j]
            for a in range(offsets[j], offsets[j + 1]):
                if sources[a] != START:
                    value = ahead[t - 1, sources[a]] + weights[a]
                    if value > -np.inf:
                        total = _log_add(total, value)
            ahead[t, j] = total + scores[t, columns[j]]
    back = np.full(m, -np.inf)
    total = -np.inf
    for k in range(len(exits)):
        if exits[k] != START:
            back[exits[k]] = exit_weights[k]
            total = _log_add(total, ahead[n_pairs - 1, exits[k]] + exit_weights[k])
    if total == -np.inf:
        return posterior, entries, total
    for t in range(n_pairs - 1, -1, -1):
        earlier = np.full(m, -np.inf)
        for j in range(m):
            exponent = ahead[t, j] + back[j] - total
            if exponent < -20.0:
                continue
            share = np.exp(exponent)
            posterior[t, columns[j]] += share
            entries[j] += share
            if t > 0:
                after = back[j] + scores[t, columns[j]]
                stayed = ahead[t - 1, j] + log_stay[j] + after - total
                if stayed > -20.0:
                    entries[j] -= np.exp(stayed)
        if t == 0:
            break
        for j in range(m):
            after = back[j] + scores[t, columns[j]]
            if after == -np.inf:
                continue
            earlier[j] = _log_add(earlier[j], log_stay[j] + after)
            for a in range(offsets[j], offsets[j + 1]):
                k = sources[a]
                if k != START:
                    earlier[k] = _log_add(earlier[k], weights[a] + after)
        back = earlier
    return posterior, entries, total
