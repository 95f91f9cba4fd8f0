"""Let a voice whose actor has been recorded act as that actor did, where ears follow it better.

    python -m emotts.training.own_acting runs/checkpoints --data runs/data --only angry

All voices do an emotion as the actors did on average. A voice with acted recordings of its own can
do it partly in its own way: what its actor changed against neutral takes the place of a share of
the mean, under the factors that `strength` found (the card of `prosody` lists them). A share is
kept where SER A and the acted ear tell the levels of the emotion apart more surely, for no more
likeness than that is worth. The independent judge is never asked.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from scipy.stats import spearmanr

from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.corpora.store import FeatureStore
from emotts.emotion.emotion import Emotion
from emotts.emotion.vocabulary import CATEGORIES
from emotts.synthesis.calibration import TEXTS
from emotts.synthesis.models import SynthesisModels, load_models, voice_changes
from emotts.synthesis.voices import Voice
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.labels import measure_changes
from emotts.training.acted import ActedListener
from emotts.training.strength import MEASURED, POLISH, Factors, matrix_of
from emotts.training.strength_ears import Ears

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
SHARES = (0.0, 0.25, 0.5)  # an actor is known from two sentences: never more than half
LIKENESS_COST = 0.5  # of likeness at intensity 1, in Spearman's rho of one ear
COMMAND = "python -m emotts.training.own_acting"


def follow(
    folder: Path, data: Path, only: Sequence[str], voices: Sequence[str] = ()
) -> dict[str, dict[str, float]]:
    """Find shares for emotions and store the prosody checkpoint of a set with them, in place.

    voices: only these of the voices with acted recordings. Returns the shares of all voices that
    have any, by voice and emotion.
    """
    models, clips = load_models(folder), AcousticClips(FeatureStore(data), None)
    stored, acted = load_checkpoint(folder, "prosody"), ActedListener(clips)
    card = (folder / "prosody.md").read_text(encoding="utf-8")
    factors = {k: Factors(**v) for k, v in _listed(card, "strength")["ravdess"].items()}
    measured = stored.tensors[MEASURED].numpy()
    chosen = _listed(card, "own_acting")
    tensors = dict(stored.tensors)
    for name, voice in models.voices.items():
        if voice.corpus != "ravdess" or (voices and name not in voices):
            continue
        own = _own(clips, models, name)
        ears = Ears(models, acted, [name])
        ears.texts = TEXTS["en"]  # all of them: order is told by more than four
        for emotion in only:
            direction = models.space.directions[emotion]
            mean = measured @ direction
            polish = models.changes["nemo"] @ direction if emotion in POLISH else mean
            ways = {
                share: factors.get(emotion, Factors())
                .apply((1 - share) * mean + share * own[emotion], polish).vector()
                for share in SHARES
            }  # fmt: skip
            share = best_share({s: order(ears, voice, emotion, w) for s, w in ways.items()})
            print(f"{name} {emotion}: {share:g} of its own", file=sys.stderr, flush=True)
            mine, key = chosen.setdefault(name, {}), voice_changes(name)
            if share or emotion in mine:  # a share of an earlier search may have to go again
                mine[emotion] = share
                models.changes[key] = replaced(models, voice, emotion, ways[share])
                tensors[f"table.changes.{key}"] = torch.from_numpy(models.changes[key])
    chosen = {name: mine for name, mine in chosen.items() if mine}
    _store(folder, tensors, stored.config, card, chosen)
    return chosen


def order(ears: Ears, voice: Voice, emotion: str, change: np.ndarray) -> tuple[float, float]:
    """How surely two ears tell levels of an emotion that changes a voice like this (164,) apart:
    the sum of their Spearman's rho; and the likeness at intensity 1 to neutral takes."""
    key, models = voice_changes(voice.name), ears.models
    before = models.changes.get(key)
    models.changes[key] = replaced(models, voice, emotion, change)
    named, acted, alike = [], [], []
    try:
        for level in LEVELS:
            for line, spoken in ears.said(voice, Emotion(emotion, level)):
                made = ears.acted.statistics(spoken, line.sequence) - ears.neutral[voice.name]
                named.append(ears.hearing.probabilities(spoken, voice)[emotion])
                acted.append(ears.acted.log_probability(emotion, made))
                if level == 1.0:
                    alike.append(ears.hearing.likeness(spoken, voice) / ears.own[voice.name])
    finally:
        del models.changes[key]
        if before is not None:
            models.changes[key] = before
    levels = np.repeat(LEVELS, len(ears.texts))
    surely = sum(float(spearmanr(levels, heard).statistic) for heard in (named, acted))
    return surely, float(np.mean(alike))


def best_share(found: dict[float, tuple[float, float]]) -> float:
    """The share with the best order for the likeness it costs; the smallest of equals."""
    value = {s: surely + LIKENESS_COST * alike for s, (surely, alike) in found.items()}
    return max(sorted(value), key=value.__getitem__)


def replaced(models: SynthesisModels, voice: Voice, emotion: str, change: np.ndarray) -> np.ndarray:
    """A voice's matrix of changes (164, e) with one emotion's change (164,) in it."""
    matrix = models.change_matrix(voice)
    changes = {name: matrix @ d for name, d in models.space.directions.items()}
    return matrix_of(models.space, changes | {emotion: change})


def _own(clips: AcousticClips, models: SynthesisModels, name: str) -> dict[str, np.ndarray]:
    """What one actor changed, by emotion, (164,) each."""
    everyone = clips.train
    try:
        clips.train = [i for i in everyone if clips.store.utterances[i].speaker == name]
        return measure_changes(clips, models.durations, "ravdess")
    finally:
        clips.train = everyone


def _listed(card: str, fact: str) -> dict:
    line = re.search(rf"(?m)^- {fact}: (.*)$", card)
    return ast.literal_eval(line[1]) if line else {}


def _store(folder: Path, tensors: dict, config: dict, card: str, chosen: dict) -> None:
    """Write prosody with what its card told before, and the shares."""
    command = re.search(r"(?m)^ {4}(emotts train .*)$", card)
    command = command[1] if command else "emotts train recipes/base/prosody.yaml"
    if COMMAND not in command:
        command = f"{command}; {COMMAND}"
    facts = {
        "command": command, "corpora": ["kathleen", "lj", "nemo", "ravdess"],
        "strength": _listed(card, "strength"),
        "own_acting": chosen,
    }  # fmt: skip
    save_checkpoint(folder, "prosody", tensors, config, facts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--only", nargs="+", required=True, choices=CATEGORIES[1:],
                        help="these emotions")  # fmt: skip
    parser.add_argument("--voices", nargs="+", default=(), help="only these of the actors")
    asked = parser.parse_args()
    follow(asked.folder, asked.data, asked.only, asked.voices)
