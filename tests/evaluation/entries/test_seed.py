import numpy as np
import pytest

from emotts.evaluation.entries import seed


def test_a_planted_spread_is_found():
    rng = np.random.default_rng(0)
    plain = np.column_stack([np.full(400, 80.0), np.full(400, -30.0), np.full(400, -2.0)])
    takes = []
    for _ in range(12):
        moved = plain.copy()
        moved[:, 0] += 2 * rng.standard_normal(400)
        moved[:, 2] += np.log2(np.exp(0.1 * rng.standard_normal(400)))
        takes.append(moved)
    pitch, duration = seed.spread(takes)
    assert pitch == pytest.approx(2, rel=0.1)
    assert duration == pytest.approx(10, rel=0.1)
    assert seed.spread([plain, plain]) == (0, 0)


def test_the_same_seed_is_compared_bit_by_bit(bench):
    assert seed.run(bench).figures["same_seed_same_bits"] == 1
    say, times = bench.synthesizer.synthesize, []

    def drifting(text, **options):
        times.append(text)
        speech = say(text, **options)
        speech.samples[0] += 1e-6 * len(times)
        return speech

    bench.synthesizer.synthesize = drifting
    assert seed.run(bench).figures["same_seed_same_bits"] == 0
