"""One function a figure: clips and judges in, a plain dictionary of numbers out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.bootstrap import bootstrap, bootstrap_mean
from emotts.evaluation.clips import Clip, by_voice, neutral_of
from emotts.evaluation.confusion import (
    confusion_matrix,
    macro_f1,
    uar_interval,
    unweighted_average_recall,
)
from emotts.evaluation.identity import VoiceJudge, identity_ratio
from emotts.evaluation.naturalness import score_file
from emotts.evaluation.score_cache import ScoreCache
from emotts.evaluation.ser_b import CLASSES, SerB
from emotts.evaluation.words import WordJudge, word_errors


def _sentences(clips: Sequence[Clip]) -> list[str]:
    """What bootstrap draws: sentences, since takes of one text hang together."""
    return [clip.text for clip in clips]


def _language(clips: Sequence[Clip]) -> str:
    languages = {clip.language[:2] for clip in clips}
    if len(languages) != 1:
        raise EmottsError(f"One set is scored in one language, not in {sorted(languages)}.")
    return languages.pop()


def score_words(clips: Sequence[Clip], judge: WordJudge, cache: ScoreCache) -> dict[str, Any]:
    """Word and character errors of all clips, and word errors per voice and per emotion."""
    language = _language(clips)
    name = f"whisper-base-int8-beam{judge.beam_size}-{language}"
    heard = [
        cache.get(name, clip.path, lambda c=clip: judge.transcribe(c.path, language))
        for clip in clips
    ]
    errors = word_errors(_sentences(clips), heard, language)
    counts = np.array(errors.per_sentence)

    def rate(rows: np.ndarray) -> float:
        return float(counts[rows, 0].sum() / counts[rows, 1].sum())

    interval = bootstrap(rate, len(clips), _sentences(clips))
    return {
        "clips": len(clips),
        "wer": errors.wer,
        "wer_interval": [interval.low, interval.high],
        "cer": errors.cer,
        "skipped_or_repeated": errors.skipped_or_repeated,
        "wer_by_voice": _by(clips, "voice", rate),
        "wer_by_emotion": _by(clips, "emotion", rate),
    }


def _by(clips: Sequence[Clip], column: str, rate: Callable[[np.ndarray], float]) -> dict:
    values = np.array([getattr(clip, column) for clip in clips])
    return {str(value): rate(np.flatnonzero(values == value)) for value in np.unique(values)}


def emotion_figures(
    clips: Sequence[Clip], heard: Sequence[str], classes: Sequence[str]
) -> dict[str, Any]:
    """Asked against heard: recall, F1, the confusion matrix and recall per voice."""
    asked = ["neutral" if clip.intensity == 0 else clip.emotion for clip in clips]
    counts = confusion_matrix(asked, heard, classes)
    interval = uar_interval(asked, heard, classes, _sentences(clips))
    right = np.array(asked) == np.array(heard)
    return {
        "clips": len(clips),
        "uar": unweighted_average_recall(counts),
        "uar_interval": [interval.low, interval.high],
        "accuracy": float(right.mean()),
        "macro_f1": macro_f1(counts),
        "uar_by_voice": _by(
            clips,
            "voice",
            lambda rows: unweighted_average_recall(
                confusion_matrix(np.array(asked)[rows], np.array(heard)[rows], classes)
            ),
        ),
        "classes": list(classes),
        "confusion": counts.tolist(),
    }


def score_emotion(
    clips: Sequence[Clip], ser_b: SerB, recognizer: Any = None
) -> dict[str, dict[str, Any]]:
    """What SER B hears relative to neutral and absolutely, and what SER A hears beside it."""
    classes = CLASSES[_language(clips)]
    figures = {}
    for name, relative in (("ser_b", True), ("ser_b_absolute", False)):
        heard = [reading.emotion for reading in ser_b.judge(clips, relative)]
        figures[name] = emotion_figures(clips, heard, classes)
    if recognizer is not None:
        figures["ser_a"] = emotion_figures(clips, ser_a_readings(clips, recognizer), classes)
    return figures


def ser_a_readings(clips: Sequence[Clip], recognizer: Any) -> list[str]:
    """The embedded recognizer's word for each clip, relative to its voice's neutral clips.

    It is asked among the classes of the clips' language only, as SER B is.
    """
    from emotts.audio.io import read_audio

    classes = CLASSES[_language(clips)]
    heard: dict[str, str] = {}
    for rows in by_voice(clips).values():
        neutral = recognizer.hear_neutral([read_audio(clip.path) for clip in neutral_of(rows)])
        for clip in rows:
            p = recognizer.recognize(read_audio(clip.path), neutral=neutral).probabilities
            heard[clip.path] = max(classes, key=lambda name: p.get(name, 0.0))
    return [heard[clip.path] for clip in clips]


def score_identity(clips: Sequence[Clip], judge: VoiceJudge, cache: ScoreCache) -> dict[str, Any]:
    """Per voice, emotional to neutral likeness over the neutral takes' own; and their mean."""

    def embedding(clip: Clip) -> list[float]:
        return cache.get(
            "resemblyzer", clip.path, lambda: [float(x) for x in judge.embed_file(clip.path)]
        )

    ratios = {}
    for voice, rows in by_voice(clips).items():
        neutral = neutral_of(rows)
        emotional = [clip for clip in rows if clip not in neutral]
        if len(neutral) > 1 and emotional:
            ratios[voice] = identity_ratio(
                np.array([embedding(clip) for clip in emotional]),
                np.array([embedding(clip) for clip in neutral]),
            )
    if not ratios:
        raise EmottsError("Identity needs voices with two neutral clips and an emotional one.")
    return {"ratio": float(np.mean(list(ratios.values()))), "ratio_by_voice": ratios}


def score_naturalness(clips: Sequence[Clip], judges: Sequence, cache: ScoreCache) -> dict[str, Any]:
    """Mean score of each judge with its interval."""
    figures: dict[str, Any] = {"clips": len(clips)}
    for judge in judges:
        scores = [
            cache.get(
                judge.name,
                clip.path,
                lambda c=clip, j=judge: score_file(c.path, [j])[j.name],
            )
            for clip in clips
        ]
        interval = bootstrap_mean(scores, _sentences(clips))
        figures[judge.name] = interval.value
        figures[f"{judge.name}_interval"] = [interval.low, interval.high]
    return figures
