"""When stops open: places in a phone told so that releases fall together.

An aligner says where a stop lies, not where in it the closure ends: the release comes anywhere
between its first frame and its last, and a prior that is told only how much of the phone is gone
learns the mean over all of these, in which /k/, /p/ and /t/ are much alike. So in training the
places within a stop are bent until its release lies where the releases of its kind usually do.
Synthesis does nothing: there all releases lie at the usual place.

A release lasts a twentieth of a second and is what tells /k/ from /t/; among all frames it counts
for so little that networks leave it blurred. So losses count the frames after a release more.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from emotts.models.content import token_of_pair
from emotts.text.symbols import SYMBOLS
from emotts.training.alignment.corpus import AlignedTokens

# The median share of a stop that is gone at its release, in every sixth training clip that nobody
# acted.
USUAL = {"p": 0.56, "b": 0.58, "t": 0.44, "d": 0.44, "k": 0.42, "ɡ": 0.45}
SHARE = {SYMBOLS.index(phone): share for phone, share in USUAL.items()}
FROM_BAND = 30  # of 80, about 1.7 kHz: where a release is heard and a voiced closure is not
LEAST_RISE = 0.8  # nepers from frame to frame; less is no release
# What a pair of frames counts after a release; the tongue's tip is heard well with less.
COUNTS = {"p": 6.0, "b": 6.0, "t": 4.0, "d": 4.0, "k": 8.0, "ɡ": 8.0}
BEFORE, AFTER = 1, 5  # frames about a release that count so


def released_places(tokens: AlignedTokens, mel: np.ndarray) -> tuple[Tensor, Tensor]:
    """`token_of_pair` of an aligned clip, its stops told by their releases.

    mel: (2 pairs, 80), log. Returns index (pairs,) and position (pairs, 3).
    """
    index, position = token_of_pair(torch.from_numpy(tokens.durations))
    for token, first, opened in releases(tokens, mel):
        pairs = int(tokens.durations[token])
        if pairs > 1:
            share = SHARE[int(tokens.ids[token])]
            middles = 2 * np.arange(pairs) + 1.0
            gone = np.interp(middles, [0, opened, 2 * pairs], [0, share, 1])
            gone = torch.from_numpy(gone.astype(np.float32))
            position[first : first + pairs, 0] = gone
            position[first : first + pairs, 1] = 1 - gone
    return index, position


def release_weights(tokens: AlignedTokens, mel: np.ndarray) -> np.ndarray:
    """What every pair of frames counts in a loss, (pairs,): 1, and more about releases.

    mel: (2 pairs, 80), log, of any colour.
    """
    weights = np.ones(int(tokens.durations.sum()), dtype=np.float32)
    for token, first, opened in releases(tokens, mel):
        at = 2 * first + opened
        pairs = slice(max(0, int(at - BEFORE) // 2), int(at + AFTER) // 2 + 1)
        weights[pairs] = COUNTS[SYMBOLS[tokens.ids[token]]]
    return weights


def releases(tokens: AlignedTokens, mel: np.ndarray) -> Iterator[tuple[int, int, float]]:
    """Every stop that opens: its token, its first pair, and `release` of it."""
    starts = np.cumsum(tokens.durations) - tokens.durations
    level = mel[:, FROM_BAND:].mean(axis=1)
    for token in np.flatnonzero(np.isin(tokens.ids, list(SHARE)) & (tokens.durations > 0)):
        first, frames = int(starts[token]), 2 * int(tokens.durations[token])
        opened = release(level[max(0, 2 * first - 1) : 2 * first + frames], frames)
        if opened is not None:
            yield int(token), first, opened


def release(level: np.ndarray, frames: int) -> float | None:
    """Where a stop opens, in frames from its beginning; None where it does not.

    level: of its frames and the one before, (frames + 1,) or fewer at the beginning of a clip.
    """
    rise = np.diff(level)
    if not len(rise) or rise.max() < LEAST_RISE:
        return None
    return float(rise.argmax() + frames - len(rise)) + 0.5
