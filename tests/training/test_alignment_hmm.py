"""Viterbi and forward-backward against every path written out."""

from itertools import product

import numpy as np
import pytest

from emotts.training.alignment.hmm import START, build_graph, occupancy, viterbi

N_PHONES = 4


def made_graph(ids, pause, n_pairs, seed=0):
    rng = np.random.default_rng(seed)
    stay = rng.uniform(0.2, 0.8, 3 * N_PHONES + 1).astype(np.float32)
    use = rng.uniform(0.2, 0.8, N_PHONES).astype(np.float32)
    states, tokens, *arcs = build_graph(
        np.array(ids), np.array(pause), np.log(stay), np.log(1 - stay), np.log(use), np.log(1 - use)
    )
    distinct, columns = np.unique(states, return_inverse=True)
    scores = rng.normal(0, 2, (n_pairs, len(distinct))).astype(np.float32)
    return states, tokens, (scores, columns, np.log(stay)[states], *arcs)


def all_paths(graph):
    """Yield every allowed path and its log-probability."""
    scores, columns, log_stay, offsets, sources, weights, exits, exit_weights = graph
    m = len(columns)
    arcs = {(j, j): log_stay[j] for j in range(m)}
    for j in range(m):
        for a in range(offsets[j], offsets[j + 1]):
            arcs[sources[a], j] = weights[a]
    ends = dict(zip(exits, exit_weights, strict=True))
    for path in product(range(m), repeat=len(scores)):
        steps = list(zip((START, *path), path, strict=False))
        if all(step in arcs for step in steps) and path[-1] in ends:
            heard = sum(scores[t, columns[j]] for t, j in enumerate(path))
            yield path, sum(arcs[step] for step in steps) + ends[path[-1]] + heard


CASES = [
    ([0, 1], [False, False], 4),
    ([3, 0, 3, 1, 3], [True, False, True, False, True], 4),
    ([3, 3, 0], [True, True, False], 4),
    ([3, 2], [True, True], 3),
    ([0, 0], [False, False], 5),
]


@pytest.mark.parametrize(("ids", "pause", "n_pairs"), CASES)
def test_both_agree_with_every_path_written_out(ids, pause, n_pairs):
    _, _, graph = made_graph(ids, pause, n_pairs)
    paths = list(all_paths(graph))
    path, score = viterbi(*graph)
    assert score == pytest.approx(max(score for _, score in paths), abs=1e-4)
    assert dict(paths)[tuple(path)] == pytest.approx(score, abs=1e-4)

    logs = np.array([score for _, score in paths])
    total = np.logaddexp.reduce(logs)
    expected = np.zeros(graph[0].shape)
    entries = np.zeros(len(graph[1]))
    for (visited, _), share in zip(paths, np.exp(logs - total), strict=True):
        for t, j in enumerate(visited):
            expected[t, graph[1][j]] += share
            entries[j] += share * (t == 0 or visited[t - 1] != j)
    posterior, found_entries, log_likelihood = occupancy(*graph)
    assert log_likelihood == pytest.approx(total, abs=1e-4)
    np.testing.assert_allclose(posterior, expected, atol=1e-5)
    np.testing.assert_allclose(found_entries, entries, atol=1e-5)


def test_every_phone_is_visited_in_order():
    _, tokens, graph = made_graph([3, 0, 1, 3, 2, 3], [True, False, False, True, False, True], 9)
    visited = tokens[viterbi(*graph)[0]]
    assert (np.diff(visited) >= 0).all() and {1, 2, 4} <= set(visited)


def test_no_path_is_minus_infinity():
    _, _, graph = made_graph([0, 1, 2], [False] * 3, 2)
    path, score = viterbi(*graph)
    assert score == -np.inf and (path == -1).all()
    posterior, entries, total = occupancy(*graph)
    assert total == -np.inf and posterior.sum() == 0 and entries.sum() == 0
