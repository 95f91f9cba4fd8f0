"""Phrases of a recorded line: where they are heard, and where in a text their pauses belong.

A translation has other words than its original, so words cannot be compared. A pause goes to the
border of words that has as much of the text before it as there was speech before the pause, and
rather to one with punctuation (dynamic programming over the borders).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.text.markup import OVERRIDE

Span = tuple[float, float]
PAUSE_SECONDS = 0.2  # what is shorter is part of a phrase
SHORTEST_PAUSE_SECONDS = 0.06
# How far from its share of the text a pause is drawn by punctuation before a border.
_DRAWN = {**dict.fromkeys(".!?…:;—–", 0.15), ",": 0.1}
_BORDER = re.compile(r"\s+(?=\S)")


def heard_phrases(samples: np.ndarray) -> list[Span]:
    """Stretches of speech (start, end) in seconds in samples (n,) at 24 kHz, pauses of at least
    PAUSE_SECONDS between them."""
    from emotts.audio.activity import spans, speech_activity

    phrases: list[Span] = []
    for start, end in spans(speech_activity(samples)):
        end = min(end, len(samples) / SAMPLE_RATE)
        if phrases and start - phrases[-1][1] < PAUSE_SECONDS:
            start = phrases.pop()[0]
        phrases.append((start, end))
    return phrases


def borders(text: str) -> list[int]:
    """Places in a text before which a pause can stand: between words, outside of [[phonemes]]."""
    fixed = [match.span() for match in OVERRIDE.finditer(text)]
    places = [match.end() for match in _BORDER.finditer(text)]
    return [
        place
        for place in places
        if not any(a < place < b for a, b in fixed)
        and any(c.isalnum() for c in text[:place])
        and any(c.isalnum() for c in text[place:])
    ]


def split_text(text: str, phrases: Sequence[Span]) -> tuple[list[int], list[Span]]:
    """Where to cut a text for phrases, and the phrases: of a text with too few words for them,
    those with the shortest pauses between them are joined."""
    phrases, places = list(phrases), borders(text)
    while len(phrases) > len(places) + 1:
        gaps = [b[0] - a[1] for a, b in zip(phrases, phrases[1:], strict=False)]
        i = int(np.argmin(gaps))
        phrases[i : i + 2] = [(phrases[i][0], phrases[i + 1][1])]
    if len(phrases) < 2:
        return [], phrases
    spoken = np.cumsum([end - start for start, end in phrases])
    return _best_places(text, places, (spoken[:-1] / spoken[-1]).tolist()), phrases


def _best_places(text: str, places: Sequence[int], shares: Sequence[float]) -> list[int]:
    letters = np.cumsum([c.isalnum() for c in text])
    at = np.array([letters[place - 1] / letters[-1] for place in places])
    drawn = np.array(
        [_DRAWN.get(text[:place].rstrip().rstrip("\"'”’)»")[-1:], 0) for place in places]
    )
    best = np.abs(at - shares[0]) - drawn
    came: list[np.ndarray] = []
    for share in shares[1:]:
        before = np.minimum.accumulate(best)
        came.append(np.array([int(np.argmin(best[:j])) if j else 0 for j in range(len(best))]))
        best = np.abs(at - share) - drawn + np.concatenate([[np.inf], before[:-1]])
    chosen = [int(np.argmin(best))]
    for back in reversed(came):
        chosen.append(int(back[chosen[-1]]))
    return [places[i] for i in reversed(chosen)]


def timed_phrases(
    natural: Sequence[float], phrases: Sequence[Span], limits: tuple[float, float]
) -> list[Span]:
    """When phrases are said that take `natural` seconds if nobody hurries them.

    phrases: (start, end) of the original's. Each begins with the original's, and ends with it as
    far as the limits of the rate allow; one that takes longer eats up the pause behind it, and
    then pushes the next one back, which hurries.
    """
    slowest, fastest = limits
    timed: list[Span] = []
    for seconds, (start, end) in zip(natural, phrases, strict=True):
        if timed:
            start = max(start, timed[-1][1] + SHORTEST_PAUSE_SECONDS)
        length = min(max(end - start, seconds / fastest), seconds / slowest)
        timed.append((start, start + length))
    return timed
