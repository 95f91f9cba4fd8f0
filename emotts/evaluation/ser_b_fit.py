"""How SER B's two questions are fitted: numpy and scipy, a few seconds, train clips alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.ser_b_model import (
    NEUTRAL,
    NeutralFirst,
    Whitening,
    expand,
    log_softmax,
)

SHARPNESSES = np.geomspace(0.1, 3, 35)


@dataclass(frozen=True)
class Options:
    """Chosen on train and dev clips alone; docs/results.md says what else was tried."""

    shrink: float = 0.2  # of neutral covariance towards its mean variance
    emotional_shrink: float = 0.3
    emotional_scale: float = 0.8  # emotions to be told from neutral may be so much milder
    neutral_share: float = 0.98  # of the training voices' neutral clips that lie within the edge
    slope: float = 2.0  # log-odds a standard deviation of neutral log distance
    copies: int = 3  # of each emotional clip, each with other parts hidden
    hidden: tuple[float, ...] = (0.2, 0.6, 0.2, 0.4)  # how often each block of features is
    jitter: float = 0.5  # standard deviations of neutral speech
    lively: float = 0.5  # a voice's neutral may lie up to so far towards its emotional mean
    penalty: float = 3e-3
    waves: int = 300  # cosines of the emotion regression
    width: float = 0.5  # of its kernel, exp(−width · ‖z − z′‖² / d)
    folds: int = 3  # of speakers, for the sharpness; 0 leaves it at 1
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Acted:
    """Train clips of one corpus relative to neutral: features (n, d), emotions and speakers (n,).

    classes: the emotions it can show, neutral among them; a clip is evidence among these only.
    Each corpus weighs the same, times weight, however many clips it has.
    """

    features: np.ndarray
    emotions: np.ndarray
    speakers: np.ndarray
    classes: tuple[str, ...]
    weight: float = 1.0

    def where(self, rows: np.ndarray) -> Acted:
        """The clips where rows (n,) is true."""
        return Acted(
            self.features[rows], self.emotions[rows], self.speakers[rows], self.classes, self.weight
        )

    @property
    def emotional(self) -> Acted:
        """All but neutral."""
        return self.where(self.emotions != NEUTRAL)

    @property
    def neutral(self) -> Acted:
        """Neutral alone."""
        return self.where(self.emotions == NEUTRAL)


def fit(
    acted: Sequence[Acted],
    neutral: Sequence[np.ndarray],
    rich: Sequence[np.ndarray],
    blocks: Sequence[Sequence[int]],
    hideable: Sequence[Sequence[int]],
    classes: Sequence[str],
    extra: Sequence[Acted] = (),
    options: Options | None = None,
) -> NeutralFirst:
    """Fit both stages.

    acted: corpora with emotions. neutral: neutral clips (n, d) of each corpus, relative to their
    voice's mean; rich: those of them with many texts, which say how far neutral speech may lie.
    blocks: columns that are whitened together for the emotions; hideable: columns that are hidden
    together, one chance each in `options.hidden`. extra: clips that only teach which emotion.
    """
    options = options or Options()
    _check(acted, classes)
    near = _whitening(neutral, [range(len(neutral[0][0]))], options.shrink)
    mild = [options.emotional_scale * near(a.emotional.features) for a in acted]
    form = _form(mild, options.emotional_shrink)
    apart = _whitening(neutral, blocks, options.shrink)
    regression = _emotions(acted, extra, apart, hideable, classes, options)
    model = NeutralFirst(tuple(classes), 0.0, 1.0, 1.0, near, form, apart, *regression)
    distances = [model.log_distance(clips) for clips in rich]
    model.edge = float(np.mean([np.quantile(d, options.neutral_share) for d in distances]))
    model.slope = float(options.slope / np.mean([d.std() for d in distances]))
    model.sharpness = _sharpness(acted, extra, apart, hideable, classes, options)
    return model


def _check(acted: Sequence[Acted], classes: Sequence[str]) -> None:
    shown = {name for corpus in acted for name in np.unique(corpus.emotions)}
    if classes[0] != NEUTRAL or shown != set(classes) or len(classes) < 3:
        raise EmottsError(f"Clips must cover {list(classes)} (three or more) and nothing else.")
    if not all((a.emotions == NEUTRAL).any() and len(a.emotional.emotions) for a in acted):
        raise EmottsError("Every acted corpus needs neutral and emotional clips.")


def _whitening(
    corpora: Sequence[np.ndarray], blocks: Sequence[Sequence[int]], shrink: float
) -> Whitening:
    """Of neutral speech, each corpus weighing the same."""
    scale = np.sqrt(np.mean([np.mean(clips**2, axis=0) for clips in corpora], axis=0)) + 1e-9
    scaled = [np.clip(clips / scale, -8, 8) for clips in corpora]
    covariance = np.mean([z.T @ z / len(z) for z in scaled], axis=0)
    matrix = np.zeros_like(covariance)
    for block in blocks:
        at = np.ix_(list(block), list(block))
        values, vectors = np.linalg.eigh(_shrunk(covariance[at], shrink))
        matrix[at] = vectors / np.sqrt(values) @ vectors.T
    return Whitening(scale, matrix)


def _shrunk(covariance: np.ndarray, share: float) -> np.ndarray:
    size = len(covariance)
    return (1 - share) * covariance + share * np.trace(covariance) / size * np.eye(size)


def _form(emotional: Sequence[np.ndarray], shrink: float) -> np.ndarray:
    """I − M⁻¹ without its negative part, M the second moment of whitened emotional clips.

    It is the log-likelihood ratio of two centred Gaussians, whichever way an emotion points.
    """
    moment = _shrunk(np.mean([z.T @ z / len(z) for z in emotional], axis=0), shrink)
    values, vectors = np.linalg.eigh(np.eye(len(moment)) - np.linalg.inv(moment))
    return vectors * np.maximum(values, 0) @ vectors.T


def _emotions(acted, extra, apart, hideable, classes, options):
    """Deviation, waves, weights and bias of the regression over emotional clips."""
    rng = np.random.default_rng(options.seed)
    rows, targets, weights, masks = [], [], [], []
    for corpus in [*acted, *extra]:
        clips = corpus.emotional
        z = apart(clips.features)
        balance = _balanced(clips.emotions) * corpus.weight
        shown = np.isin(classes[1:], corpus.classes)
        copies = 1 if corpus in extra else options.copies
        lively = _speaker_means(z, clips)
        for _ in range(copies):
            rows.append(z if corpus in extra else _varied(z, lively, hideable, rng, options))
            targets.append([classes.index(name) - 1 for name in clips.emotions])
            weights.append(balance / copies)
            masks.append(np.tile(shown, (len(z), 1)))
    z, weight = np.concatenate(rows), np.concatenate(weights)
    deviation = np.sqrt(np.average(z**2, axis=0, weights=weight)) + 1e-9
    waves = _waves(z.shape[1], options)
    fitted = multinomial(
        expand(z / deviation, waves),
        np.concatenate(targets), weight, np.concatenate(masks), options.penalty,
    )  # fmt: skip
    return deviation, waves, *fitted


def _waves(size: int, options: Options) -> np.ndarray:
    rng = np.random.default_rng(options.seed)
    directions = rng.normal(size=(size, options.waves)) * np.sqrt(2 * options.width / size)
    return np.concatenate([directions, rng.uniform(0, 2 * np.pi, (1, options.waves))])


def _varied(z, lively, hideable, rng, options) -> np.ndarray:
    """A copy against a livelier neutral, with some blocks hidden and a little noise."""
    z = z - rng.uniform(0, options.lively, (len(z), 1)) * lively
    z = z + options.jitter * rng.normal(size=z.shape)
    for block, chance in zip(hideable, options.hidden, strict=True):
        at = np.ix_(np.flatnonzero(rng.random(len(z)) < chance), list(block))
        z[at] = options.jitter * rng.normal(size=z[at].shape)
    return z


def _speaker_means(z: np.ndarray, clips: Acted) -> np.ndarray:
    """For each clip the mean of its speaker's emotions, (n, d)."""
    means = np.empty_like(z)
    for speaker in np.unique(clips.speakers):
        mine = clips.speakers == speaker
        emotions = np.unique(clips.emotions[mine])
        means[mine] = np.mean(
            [z[mine & (clips.emotions == name)].mean(axis=0) for name in emotions], axis=0
        )
    return means


def _balanced(labels: np.ndarray) -> np.ndarray:
    """Weights (n,) that sum to 1, the same for every class."""
    _, index, count = np.unique(labels, return_inverse=True, return_counts=True)
    return 1 / (count[index] * len(count))


def multinomial(
    z: np.ndarray, targets: np.ndarray, weights: np.ndarray, masks: np.ndarray, penalty: float
) -> tuple[np.ndarray, np.ndarray]:
    """Multinomial logistic regression: weights (d, k) and bias (k,).

    z: (n, d). targets: (n,) below k. weights: (n,). masks: (n, k), the classes each row is judged
    among. penalty: on half the squared weights, of the mean loss.
    """
    from scipy.optimize import minimize

    z = np.concatenate([z, np.ones((len(z), 1))], axis=1)
    weights = weights / weights.sum()
    hidden = np.where(masks, 0.0, -1e9)
    rows = np.arange(len(z))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = flat.reshape(z.shape[1], -1)
        log_p = log_softmax(z @ parameters + hidden)
        value = -(weights * log_p[rows, targets]).sum()
        slope = np.exp(log_p)
        slope[rows, targets] -= 1
        gradient = z.T @ (slope * weights[:, None])
        gradient[:-1] += penalty * parameters[:-1]
        return value + penalty / 2 * (parameters[:-1] ** 2).sum(), gradient.ravel()

    start = np.zeros(z.shape[1] * masks.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100})
    parameters = found.x.reshape(z.shape[1], -1)
    return parameters[:-1], parameters[-1]


def _sharpness(acted, extra, apart, hideable, classes, options) -> float:
    """What makes the regression's probabilities of held-out speakers' whole clips likeliest."""
    likelihood = np.zeros(len(SHARPNESSES))
    for fold in range(options.folds):
        left = [np.isin(a.speakers, np.unique(a.speakers)[fold :: options.folds]) for a in acted]
        kept = [a.where(~rows) for a, rows in zip(acted, left, strict=True)]
        if any(set(a.emotions) != set(b.emotions) for a, b in zip(kept, acted, strict=True)):
            return 1.0  # too few speakers to leave any out
        deviation, waves, weights, bias = _emotions(kept, extra, apart, hideable, classes, options)
        for corpus, rows in zip(acted, left, strict=True):
            clips = corpus.where(rows).emotional
            z = apart(clips.features) / deviation
            shown = np.flatnonzero(np.isin(classes[1:], corpus.classes))
            logits = (expand(z, waves) @ weights + bias)[:, shown]
            index = [list(np.array(classes[1:])[shown]).index(name) for name in clips.emotions]
            balance = _balanced(clips.emotions)
            likelihood += [
                (balance * log_softmax(s * logits)[np.arange(len(z)), index]).sum()
                for s in SHARPNESSES
            ]
    return float(SHARPNESSES[likelihood.argmax()]) if options.folds else 1.0
