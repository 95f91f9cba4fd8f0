"""A speaker's sex from F0 and formants: a logistic regression on seven functionals of eGeMAPS.

It reads the 20th percentile of F0, which raised voices move less than the mean, and the mean
frequency and bandwidth of the first three formants. On 4 306 training clips of 26 speakers
(kathleen, lj, ravdess, nemo; all emotions), each speaker left out of the fit that judges them: 84 %
of clips are told rightly (men 76 %, women 91 %, neutral clips 86 %), 88 % as the mean over
speakers, and the majority of clips of 25 of the 26. Low female and high male voices are mistaken,
so it is an estimate, and no fact about a person. Fit again, and print these figures, with

    python -m emotts.evaluation.analyze_sex DATA CACHE.npz
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from emotts.errors import EmottsError

FEATURES = (
    "F0semitoneFrom27.5Hz_sma3nz_percentile20.0",
    "F1frequency_sma3nz_amean",
    "F2frequency_sma3nz_amean",
    "F3frequency_sma3nz_amean",
    "F1bandwidth_sma3nz_amean",
    "F2bandwidth_sma3nz_amean",
    "F3bandwidth_sma3nz_amean",
)
# Log odds of a man: WEIGHTS · (semitones, ln Hz, …) + BIAS.
WEIGHTS = (-0.5843, 21.5954, -14.5243, -40.0052, -10.9111, -4.9642, -1.3808)
BIAS = 423.1821


class Sex(NamedTuple):
    """The likelier sex, "female" or "male", and its probability, 0.5…1."""

    name: str
    probability: float


def inputs(functionals: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Functionals (n, 88) to what the regression reads (n, 7): semitones, then ln Hz."""
    names = list(names)
    columns = np.stack([functionals[:, names.index(name)] for name in FEATURES], axis=1)
    columns[:, 1:] = np.log(np.maximum(columns[:, 1:], 1.0))
    return columns


def estimate_sex(functionals: np.ndarray, names: Sequence[str]) -> Sex | None:
    """Sex heard in one recording's functionals (88,); None where nothing is voiced."""
    row = inputs(np.atleast_2d(functionals), names)[0]
    if row[0] <= 0:
        return None
    odds = float(np.dot(WEIGHTS, row) + BIAS)
    male = 1 / (1 + np.exp(-odds))
    return Sex("male", male) if male > 0.5 else Sex("female", 1 - male)


def fit(x: np.ndarray, male: np.ndarray, speakers: Sequence[str]) -> tuple[np.ndarray, float]:
    """Weights (7,) and bias for inputs (n, 7); every speaker weighs the same."""
    from sklearn.linear_model import LogisticRegression

    _, speaker, counts = np.unique(speakers, return_inverse=True, return_counts=True)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    model = LogisticRegression().fit(
        (x - mean) / deviation, male, sample_weight=100.0 / counts[speaker]
    )
    weights = model.coef_[0] / deviation
    return weights, float(model.intercept_[0] - weights @ mean)


def leave_one_speaker_out(x: np.ndarray, male: np.ndarray, speakers: Sequence[str]) -> np.ndarray:
    """Whether each row (n,) is told rightly by a fit on all other speakers."""
    speakers, right = np.asarray(speakers), np.zeros(len(x), dtype=bool)
    for speaker in np.unique(speakers):
        mine = speakers == speaker
        weights, bias = fit(x[~mine], male[~mine], speakers[~mine])
        right[mine] = (x[mine] @ weights + bias > 0) == male[mine]
    return right


def main(data: str, cache: str) -> None:
    """Fit on the training recordings under `data` and print weights and accuracies."""
    from emotts.corpora.packed import read_packed
    from emotts.evaluation.corpus_features import extract

    features = extract(data, cache)
    sexes = {u.path: str(u.sex) for u in read_packed(data)}
    train = features.where(features["split"] == "train")
    x = inputs(train.values, train.names)
    male = np.array([sexes[path] == "male" for path in train["path"]])
    right = leave_one_speaker_out(x, male, train["voice"])
    by_speaker = [right[train["voice"] == voice].mean() for voice in np.unique(train["voice"])]
    weights, bias = fit(x, male, train["voice"])
    print("WEIGHTS =", tuple(round(float(w), 4) for w in weights), "BIAS =", round(bias, 4))
    print(f"{len(x)} clips {right.mean():.3f}, men {right[male].mean():.3f}, "
          f"women {right[~male].mean():.3f}, neutral "
          f"{right[train['emotion'] == 'neutral'].mean():.3f}, mean over speakers "
          f"{np.mean(by_speaker):.3f}, speakers mostly right "
          f"{np.mean(np.array(by_speaker) > 0.5):.3f}")  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise EmottsError("name the folder of packed recordings and the cache of functionals")
    main(*sys.argv[1:])
