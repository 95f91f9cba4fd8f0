"""Speech of an asked length: pairs of frames for every line, to the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.errors import EmottsError
from emotts.synthesis.options import Options

if TYPE_CHECKING:
    from emotts.synthesis.line import Line
    from emotts.synthesis.models import SynthesisModels

PAIR = 2 * HOP_LENGTH
STRETCH = (0.4, 2.5)  # of the natural length; beyond, words are lost


def fit(
    models: SynthesisModels, lines: list[Line], options: Options
) -> tuple[list[int | None], int]:
    """Pairs of frames of every line, None where they are free, and how many samples to cut off the
    end of the last, so that all lines with their silences last `options.seconds`.

    Raises EmottsError naming the lengths that are possible.
    """
    if options.seconds is None:
        return [None] * len(lines), 0
    natural = np.array([natural_pairs(models, line, options, i) for i, line in enumerate(lines)])
    silence = sum(round(s * SAMPLE_RATE) for line in lines for s in (line.before, line.after))
    wanted = round(options.seconds * SAMPLE_RATE) - silence
    fewest = np.array([int((line.sequence.word >= 0).sum()) for line in lines])
    low = max(STRETCH[0] * natural.sum(), float((fewest + 6).sum())) * PAIR
    high = STRETCH[1] * natural.sum() * PAIR
    if not low <= wanted <= high:
        shortest, longest = ((x + silence) / SAMPLE_RATE for x in (low, high))
        raise EmottsError(
            f"the text cannot be said in {options.seconds:g} s; it can take {shortest:.2f} to "
            f"{longest:.2f} s, and {(natural.sum() * PAIR + silence) / SAMPLE_RATE:.2f} s come "
            "naturally"
        )
    total = -(-wanted // PAIR)
    return _shared(total, natural, fewest), int(total * PAIR - wanted)


def natural_length(models: SynthesisModels, lines: list[Line], options: Options) -> float:
    """How many seconds lines with their silences take if nobody hurries them."""
    pairs = sum(natural_pairs(models, line, options, i) for i, line in enumerate(lines))
    return pairs * PAIR / SAMPLE_RATE + sum(line.before + line.after for line in lines)


def natural_pairs(models: SynthesisModels, line: Line, options: Options, number: int) -> float:
    """How many pairs of frames a line takes if nobody hurries it."""
    import torch

    from emotts.synthesis.phrasing import sample_prosody
    from emotts.synthesis.synthesizer import seed_of

    generator = torch.Generator().manual_seed(seed_of(options.seed, number))
    return float(sample_prosody(models, line, generator, options.variety).pairs.sum())


def _shared(total: int, natural: np.ndarray, fewest: np.ndarray) -> list[int | None]:
    """Whole numbers in proportion to `natural` that sum to `total`, none below `fewest`."""
    exact = total * natural / natural.sum()
    pairs = np.maximum(np.floor(exact).astype(int), fewest + 6)
    order = np.argsort(-(exact - pairs))
    missing = total - int(pairs.sum())
    for k in range(abs(missing)):
        pairs[order[k % len(order)]] += int(np.sign(missing))
    return [int(p) for p in pairs]
