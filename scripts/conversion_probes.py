"""What is left of speaker and emotion in the content prior, for conversion_figures.py."""

from __future__ import annotations

import numpy as np

from emotts.audio.io import read_audio
from emotts.text.symbols import is_pause_symbol
from emotts.training.traces import fits


def probes(bench) -> dict:
    """Logistic regression on pooled mu of training actors: who speaks, what is felt.

    The clips are those that `emotts.training.traces` has not learnt from.

    The speaker is told from other clips of the same speakers (folds over clips), the emotion from
    other speakers (folds over speakers); balanced accuracy, so that chance is one over the number
    of classes. Beside them stands what the text's own mu at the same times gives, which knows of a
    speaker and an emotion nothing but the rhythm: less than that no mu can have while rhythm is
    kept. "By phones" every phone counts once, however long it lasts, in both: the rhythm is out.
    The same is asked of "unseen" actors, of dev and test: there are four, so that no figure of a
    speaker can be above 4 times chance.
    """
    acted = [r for r in bench.acted if r.split == "train" and not fits(r.id)]
    drawn = np.random.default_rng(0).permutation(len(acted))[: 150 * bench.asked.limit]
    told = probed(bench, [acted[i] for i in drawn])
    unseen = probed(bench, [r for r in bench.acted if r.split != "train"])
    return told | {f"unseen, {figure}": value for figure, value in unseen.items()}


def probed(bench, rows: list) -> dict[str, float]:
    """What the contents of these clips tell."""
    kept, mus = [], {"mu": [], "text's mu": [], "mu by phones": [], "text's mu by phones": []}
    for row in rows:
        found = contents_of(bench, row)
        if found is not None:
            kept.append(row)
            for values, mu in zip(mus.values(), found, strict=True):
                values.append(mu)
    speakers, felt = np.array([r.speaker for r in kept]), np.array([r.emotion for r in kept])
    out: dict[str, float] = {"clips": len(kept), "of, drawn": len(rows)}
    for asked, y in (("speaker", speakers), ("emotion", felt)):
        out[f"{asked}: chance"] = chance = 1 / len(set(y))
        for whose, values in mus.items():
            for how, x in pooled(values).items():
                score = probe(x, y, speakers if asked == "emotion" else None)
                out[f"{asked}, {whose}, {how}: accuracy"] = score
                out[f"{asked}, {whose}, {how}: times chance"] = score / chance
    return out


def pooled(mus: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Clips' mu (pairs, 160) as rows: means over time, and means with deviations."""
    mean = np.stack([mu.mean(axis=0) for mu in mus])
    return {"mean": mean, "mean and deviation": np.c_[mean, [mu.std(axis=0) for mu in mus]]}


def probe(x: np.ndarray, y: np.ndarray, groups: np.ndarray | None) -> float:
    """Balanced accuracy over four folds, of clips or of groups."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=2000))
    folds = StratifiedKFold(4, shuffle=True, random_state=0) if groups is None else GroupKFold(4)
    scores = cross_val_score(model, x, y, groups=groups, cv=folds, scoring="balanced_accuracy")
    return float(scores.mean())


def by_phones(mu: np.ndarray, words) -> np.ndarray:
    """Mean mu of every sounding phone, (phones, 160)."""
    pause = np.array([is_pause_symbol(i) for i in words.sequence.ids])
    ends = np.cumsum(words.durations)
    spans = zip(ends - words.durations, ends, pause, strict=True)
    return np.stack([mu[a:b].mean(axis=0) for a, b, still in spans if b > a and not still])


def contents_of(bench, row) -> tuple[np.ndarray, ...] | None:
    """mu (pairs, 160) of a clip's speech as heard, and of its text at the same times, then both by
    phones; None where the text is not found in it."""
    from emotts.errors import EmottsError
    from emotts.synthesis.analysis import analyse, padded
    from emotts.synthesis.conversion import hear_content
    from emotts.synthesis.conversion_transcript import align_words
    from emotts.text.phonemes import phonemize
    from emotts.text.sequence import phone_sequence

    samples = read_audio(bench.place(row))
    rms = np.sqrt(np.mean(np.square(samples))) + 1e-9
    frames = analyse(padded(samples * np.float32(0.05 / rms)))
    models = bench.converter.conversion
    mu = hear_content(models, frames)
    spoken = frames.speech.reshape(-1, 2).any(axis=1)
    sequence = phone_sequence(phonemize(row.text, row.language), row.language)
    try:
        words = align_words(models.synthesis, mu, spoken, sequence)
    except EmottsError:
        return None
    return mu[spoken], words.mu[spoken], by_phones(mu, words), by_phones(words.mu, words)
