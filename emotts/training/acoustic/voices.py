"""Voices: what the acoustic model must know of a speaker, measured on training clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint
from emotts.models.contours import token_values
from emotts.models.speaker import SpeakerEncoder
from emotts.text.sequence import is_pause_symbol
from emotts.training.acoustic.clips import AcousticClips

CLIPS_A_SPEAKER = 40


def speaker_embeddings(clips: AcousticClips, checkpoints: Path) -> dict[str, np.ndarray]:
    """Mean speaker embedding of some neutral training clips of each speaker, of length 1."""
    stored = load_checkpoint(checkpoints, "speaker")
    config = {k: v for k, v in stored.config.items() if k != "kind"}
    encoder = SpeakerEncoder(**config).eval()
    encoder.load_state_dict(stored.tensors)
    out = {}
    for name, rows in neutral_rows(clips).items():
        vectors = []
        for i in rows[:: max(1, len(rows) // CLIPS_A_SPEAKER)]:
            with torch.no_grad():
                vectors.append(encoder(torch.from_numpy(clips.store.mel(i))[None])[0].numpy())
        mean = np.mean(vectors, axis=0)
        out[name] = (mean / np.linalg.norm(mean)).astype(np.float32)
    return out


def neutral_rows(clips: AcousticClips) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for i in clips.train:
        u = clips.store.utterances[i]
        if u.emotion == "neutral":
            rows.setdefault(u.speaker, []).append(i)
    return rows


def phone_energies(clips: AcousticClips) -> np.ndarray:
    """Mean energy in dB of every token id over neutral training speech."""
    sums, counts = np.zeros(512), np.full(512, 3.0)
    for rows in neutral_rows(clips).values():
        for i in rows:
            clip = clips.clip(i)
            values = token_values(clip.tokens.durations, clip.semitones, clip.energy)[:, 2]
            np.add.at(sums, clip.tokens.ids, values)
            np.add.at(counts, clip.tokens.ids, 1.0)
    return (sums / counts).astype(np.float32)


def voice_statistics(clips: AcousticClips, phone_means: np.ndarray) -> dict[str, dict]:
    """Per speaker: mean and deviation of F0, neutral energy, spectrum and tempo."""
    out = {}
    for name, rows in neutral_rows(clips).items():
        tempo = []
        for i in rows:
            t = clips.tokens[i]
            pause = np.array([is_pause_symbol(k) for k in t.ids])
            tempo.append((np.log(t.durations[~pause] + 0.5) - phone_means[t.ids[~pause]]).mean())
        s = clips.store.speakers[name]
        out[name] = {
            "log_f0": s.log_f0,
            "pitch_deviation": float(s.log_f0_std * 12 / np.log(2)),
            "energy": clips.energy_mean[name],
            "tempo": float(np.mean(tempo)),
            "mel_mean": list(s.mel_mean),
        }
    return out


LICENCES = {"kathleen": "CC0-1.0", "lj": "public domain"}
SHARED_LICENCE = "CC-BY-NC-SA-4.0"


def voice_checkpoint(clips: AcousticClips, conditions, names: list[str]) -> tuple[dict, dict]:
    """Tensors and configuration of the checkpoint `voices`: who speaks, and the emotion space.

    conditions: `emotts.training.acoustic.conditions.Conditions`; names: speakers to ship.
    """
    statistics = voice_statistics(clips, conditions.phone_means)
    rows = {u.speaker: u for u in clips.store.utterances}
    tensors, voices = {}, {}
    for name in names:
        u, facts = rows[name], dict(statistics[name])
        tensors[f"spectrum.{name}"] = torch.tensor(facts.pop("mel_mean"))
        tensors[f"embedding.{name}"] = torch.from_numpy(conditions.speakers[name])
        mine = [i for i in clips.train if clips.store.utterances[i].speaker == name]
        seconds = sum(clips.store.utterances[i].seconds for i in mine)
        voices[name] = facts | {
            "sex": u.sex, "language": u.language, "corpus": u.corpus,
            "licence": LICENCES.get(u.corpus, SHARED_LICENCE),
            "minutes": round(seconds / 60, 1),
        }  # fmt: skip
    for key, value in conditions.space.to_tensors().items():
        tensors[f"space.{key}"] = torch.from_numpy(np.asarray(value))
    config = {
        "kind": "voices", "voices": voices, "space": conditions.space.config,
        "emotion_scale": conditions.scale,
    }  # fmt: skip
    return tensors, config
