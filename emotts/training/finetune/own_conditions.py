"""What the decoder is told of clips of one's own besides their sound, by a finished set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from emotts.errors import EmottsError
from emotts.models.change import GlobalChange
from emotts.models.recording import RecordingContent, heard_mel
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.networks import build
from emotts.synthesis.voices import Voice
from emotts.training.acoustic.clips import AcousticClips, label_intensity
from emotts.training.acoustic.priors import prior_of
from emotts.training.acoustic.voices import neutral_rows, speaker_embeddings, voice_statistics
from emotts.training.finetune.features import is_told


def own_voice(clips: AcousticClips, models: SynthesisModels, name: str, licence: str) -> Voice:
    """The voice that clips of one speaker show, as the set measures voices."""
    told = [i for i in neutral_rows(clips)[name] if is_told(clips.store, i)]
    facts = voice_statistics(clips, models.durations)[name]
    if not told:
        facts["tempo"] = 0.0
    row = clips.store.utterances[0]
    seconds = sum(clips.store.utterances[i].seconds for i in clips.train)
    return Voice(
        name=name, sex=row.sex or "unknown", language=row.language, corpus=row.corpus,
        licence=licence, minutes=round(seconds / 60, 2),
        embedding=speaker_embeddings(clips, models.folder)[name].tolist(), **facts,
    )  # fmt: skip


class OwnConditions:
    """Emotion and speaker of the clips, and what their emotions do on average: what the set learnt
    of its own actors."""

    def __init__(self, clips: AcousticClips, models: SynthesisModels, voice: Voice):
        self.store, self.models, self.voice = clips.store, models, voice
        self.train, self.changes = clips.train, self
        self.matrix = models.change_matrix(voice)
        # By their length, so that every second is heard as often.
        odds = np.array([self.store.frames[i] for i in self.train], dtype=np.float64)
        self.odds = odds / odds.sum()
        for i in clips.train:
            self.vector(i)  # an emotion that the set has not is told at once

    def vector(self, index: int) -> np.ndarray:
        """Emotion vector (e,) of a clip by its label."""
        u, space = self.store.utterances[index], self.models.space
        if u.emotion == "neutral":
            return np.zeros(space.dim, dtype=np.float32)
        if u.emotion not in space.directions:
            raise EmottsError(
                f"the set in {self.models.folder} has no emotion {u.emotion!r}, which a recording "
                f"is labelled with; it has {', '.join(space.emotions)}"
            )
        return np.float32(label_intensity(u.emotion, u.level)) * space.directions[u.emotion]

    def of(self, index: int) -> GlobalChange:
        """Average change that a clip's label brings."""
        return GlobalChange.from_vector(self.matrix @ self.vector(index))

    def draw(self, index: int, generator: np.random.Generator) -> dict[str, np.ndarray]:
        """speaker (s,), emotion (1, e), keep (2,), as `Conditions.draw` of the acoustic task."""
        speaker = np.asarray(self.voice.embedding)
        speaker = speaker + generator.normal(0, 0.02, speaker.shape)
        return {
            "speaker": speaker.astype(np.float32),
            "emotion": (self.models.emotion_scale * self.vector(index))[None].astype(np.float32),
            "keep": (generator.random(2) > np.array([0.05, 0.1])).astype(np.float32),
        }


@torch.inference_mode()
def own_priors(clips: AcousticClips, models: SynthesisModels) -> dict[int, np.ndarray]:
    """Content priors (pairs, 160) of all clips: of their text, or where nobody wrote it down, of
    what the recording encoder hears. Raises EmottsError if the set has none and needs one."""
    rows = sorted({*clips.train, *clips.dev})
    found = {
        i: prior_of(models.content, clips, i).astype(np.float32)
        for i in rows if is_told(clips.store, i)
    }  # fmt: skip
    if len(found) < len(rows):
        listener = _listener(models.folder)
        for i in rows:
            if i not in found:
                heard = heard_mel(torch.from_numpy(clips.store.mel(i)))
                found[i] = listener(heard.reshape(1, -1, 160))[0].numpy()
    return found


def _listener(folder: Path) -> RecordingContent:
    from emotts.checkpoints import load_checkpoint

    if not (folder / "recording.safetensors").is_file():
        raise EmottsError(
            f"the set in {folder} has no 'recording' network and cannot learn from recordings "
            "without text; write the texts into a table (file,text)"
        )
    stored = load_checkpoint(folder, "recording")
    return build(RecordingContent, stored.config, stored.tensors)


@torch.inference_mode()
def embed_clips(clips: AcousticClips, folder: Path, rows: list[int]) -> np.ndarray:
    """Unit mean (s,) of the speaker embeddings of some clips, by a set's speaker encoder."""
    from emotts.checkpoints import load_checkpoint
    from emotts.models.speaker import SpeakerEncoder

    stored = load_checkpoint(folder, "speaker")
    encoder = build(SpeakerEncoder, stored.config, stored.tensors)
    found = [encoder(torch.from_numpy(clips.store.mel(i))[None])[0].numpy() for i in rows]
    mean = np.mean(found, axis=0)
    return (mean / np.linalg.norm(mean)).astype(np.float32)
