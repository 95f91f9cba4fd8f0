"""Several takes of a line, of which the best by the own judges is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from emotts.synthesis.course import blend
from emotts.synthesis.guidance import shares
from emotts.synthesis.hearing import Hearing, silent
from emotts.synthesis.line import Line
from emotts.synthesis.sentence import Settings, Spoken, speak

# What the three scores weigh against each other: nepers of probability, a cosine, and nepers of
# distance between what was said and what the text asked for.
WEIGHTS = {"emotion": 1.0, "voice": 3.0, "words": 3.0}


@dataclass(frozen=True)
class Scores:
    """emotion: mean log-probability of what was asked, by SER A; voice: cosine to the voice's
    neutral, by the speaker encoder; words: minus the mean distance of the mel from the content
    prior of the text, over speech."""

    emotion: float
    voice: float
    words: float

    @property
    def total(self) -> float:
        return sum(weight * getattr(self, name) for name, weight in WEIGHTS.items())


def wanted_of(hearing: Hearing, line: Line) -> dict[str, float]:
    """Share of every category in what a line asks for, on the mean of its tokens."""
    even = np.ones(len(line.sequence))
    felt = blend(line.courses, [c.at_tokens(even).mean(axis=0) for c in line.courses])
    return shares(hearing.models.space, felt)


def score(hearing: Hearing, line: Line, spoken: Spoken, wanted: dict[str, float]) -> Scores:
    heard = hearing.probabilities(spoken, line.voice)
    emotion = sum(w * np.log(heard[name] + 1e-6) for name, w in wanted.items())
    distance = np.minimum(np.abs(spoken.plain - spoken.prior), 3.0)[_spoken_frames(line, spoken)]
    return Scores(float(emotion), hearing.likeness(spoken, line.voice), -float(distance.mean()))


def _spoken_frames(line: Line, spoken: Spoken) -> np.ndarray:
    """True where a phone is said and not a pause, (frames,)."""
    return np.repeat(line.sequence.word >= 0, 2 * spoken.durations)


def best_of(
    hearing: Hearing, line: Line, settings: Settings, seeds: list[int], pairs: int | None = None
) -> tuple[Spoken, int, list[Scores]]:
    """Say a line with every seed, keep the take with the highest total score.

    Takes are compared as mels; only the winner goes through the vocoder. Returns it, its seed, and
    the scores of all in the order of the seeds. One seed gives what `speak` gives.
    """
    models = replace(hearing.models, vocoder=silent)
    wanted = wanted_of(hearing, line)
    takes = [speak(models, line, settings, seed, pairs) for seed in seeds]
    scores = [score(hearing, line, take, wanted) for take in takes]
    winner = int(np.argmax([s.total for s in scores]))
    best = speak(hearing.models, line, settings, seeds[winner], pairs)
    return best, seeds[winner], scores
