"""Set every voice's tempo so that synthesis lasts as long as the speaker did.

    python -m emotts.training.pacing runs/checkpoints --data runs/data

A flow samples durations around their logarithmic mean, which makes speech a little too fast. For
each voice the ratio of real to sampled phone durations over its neutral training texts corrects
the stored tempo, and the ratio of real to sampled F0 spread, where there is voice, its pitch
deviation.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.corpora.store import FeatureStore
from emotts.emotion.track import EmotionTrack
from emotts.synthesis.course import Course
from emotts.synthesis.line import Delivery, Line
from emotts.synthesis.models import SynthesisModels, load_models
from emotts.synthesis.phrasing import realise, sample_prosody
from emotts.synthesis.sentence import content_of
from emotts.synthesis.voices import Voice
from emotts.text.sequence import PhoneSequence
from emotts.text.symbols import SYMBOLS, is_pause_symbol
from emotts.training.acoustic.clips import AcousticClips
from emotts.training.acoustic.voices import neutral_rows

CLIPS, ROUNDS = 40, 2
SPREAD_LIMITS = (0.9, 1.35)


def _sequence(clips: AcousticClips, index: int) -> PhoneSequence:
    t, u = clips.tokens[index], clips.store.utterances[index]
    names = tuple(SYMBOLS[i] for i in t.ids)
    return PhoneSequence(t.ids, t.stress, t.length, np.zeros(len(names), dtype=np.int64), names,
                         ("",), u.language)  # fmt: skip


@torch.inference_mode()
def measure(
    models: SynthesisModels, clips: AcousticClips, voice: Voice, rows: list[int]
) -> tuple[float, float]:
    """Real over sampled: total phone duration, and mean deviation of F0 in a sentence."""
    real, made, real_spread, made_spread = 0, 0, [], []
    still = (Course(EmotionTrack.constant(np.zeros(models.space.dim))),)
    for i in rows:
        sequence = _sequence(clips, i)
        generator = torch.Generator().manual_seed(i)
        line = Line(sequence, voice, still, Delivery.plain(len(sequence)))
        sampled = realise(sample_prosody(models, line, generator))
        spoken = ~np.array([is_pause_symbol(k) for k in sequence.ids])
        clip = clips.clip(i)
        real += clips.tokens[i].durations[spoken].sum()
        made += sampled.durations[spoken].sum()
        if clip.voiced.any():
            real_spread.append(clip.semitones[clip.voiced].std())
            voiced = content_of(models, sequence, sampled)[1]
            made_spread.append(sampled.semitones[voiced].std())
    return float(real / made), float(np.mean(real_spread) / np.mean(made_spread))


def pace(
    folder: Path, data: Path, only: tuple[str, ...] = (), keep_tempo: bool = False
) -> dict[str, tuple[float, float]]:  # fmt: skip
    """Correct tempo (unless it is kept) and pitch deviation of all voices of a set or only some,
    in place; returns what was left of the two ratios before the last round."""
    clips = AcousticClips(FeatureStore(data), None)
    rows = neutral_rows(clips)
    stored = load_checkpoint(folder, "voices")
    facts = stored.config["voices"]
    found = {}
    for _ in range(ROUNDS):
        models = load_models(folder)
        for name, voice in models.voices.items():
            if only and name not in only:
                continue
            mine = rows[name][:: max(1, len(rows[name]) // CLIPS)]
            slower, wider = measure(models, clips, voice, mine)
            facts[name]["tempo"] += 0.0 if keep_tempo else float(np.log(slower))
            facts[name]["pitch_deviation"] *= float(np.clip(wider, *SPREAD_LIMITS))
            found[name] = (slower, wider)
            print(f"{name}: duration x{slower:.3f}, F0 spread x{wider:.3f}", file=sys.stderr)
        card = {"command": "emotts train recipes/base/acoustic.yaml; "
                "python -m emotts.training.pacing",
                "corpora": sorted({v.corpus for v in models.voices.values()})}  # fmt: skip
        save_checkpoint(folder, "voices", stored.tensors, stored.config, card)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("runs/data"))
    parser.add_argument("--voices", nargs="+", default=[], help="only these")
    parser.add_argument("--keep-tempo", action="store_true", help="correct F0 spread alone")
    asked = parser.parse_args()
    pace(asked.folder, asked.data, tuple(asked.voices), asked.keep_tempo)
