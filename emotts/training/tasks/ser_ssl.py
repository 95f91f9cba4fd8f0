"""Emotion recognition on a frozen self-supervised encoder of another project.

The same objective as `emotts.training.tasks.ser`, heard relative to each speaker's neutral, with
WavLM, HuBERT, wav2vec 2.0 or Whisper's encoder in the place of our own. Only a projection and the
heads are trained and stored; the encoder's weights stay where they came from.
"""

import numpy as np
import torch
from torch import Tensor, nn

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.models import front_ends
from emotts.models.encoder import EmotionHeads
from emotts.training.task import Batch
from emotts.training.tasks import ser


class Projection(nn.Module):
    """Features of the frozen encoder to hidden states: (batch, frames, size) to (…, dim)."""

    def __init__(self, size: int, dim: int):
        super().__init__()
        self.dim = dim
        self.norm, self.linear = nn.LayerNorm(size), nn.Linear(size, dim)

    def forward(self, features: Tensor) -> Tensor:
        return nn.functional.gelu(self.linear(self.norm(features)))


class Training(ser.Training):
    """model: dim. options: as of `ser`, and front_end (what `load_front_end` takes: a folder, a
    hub id or torchaudio:NAME), layer (of it; null is the last)."""

    def networks(self) -> dict[str, nn.Module]:
        o = self.recipe.options
        if not o.get("front_end"):
            raise EmottsError(
                "the task ser_ssl needs options.front_end: a folder or hub id of WavLM, HuBERT, "
                "wav2vec 2.0 or Whisper, or torchaudio:NAME"
            )
        self.index_speakers()
        self.front_end = front_ends.load_front_end(o["front_end"], o.get("layer"))
        self.front_end.to(self.device)
        projection = Projection(self.front_end.dim, self.recipe.model["dim"])
        heads = EmotionHeads(projection.dim, len(CATEGORIES), len(self.names))
        return {"encoder": projection, "heads": heads}

    def clip(self, index: int, frames: int, generator: np.random.Generator | None) -> dict:
        """A crop of audio at the front end's rate, and which pairs of frames hold speech."""
        have = self.store.frames[index]
        start = 0 if have <= frames else (have - frames) // 2
        if generator is not None and have > frames:
            start = int(generator.integers(0, have - frames + 1))
        audio = self.store.audio(index, start, start + frames)
        if generator is not None:
            audio = audio * np.float32(10 ** generator.uniform(-0.05, 0.05))
        audio = np.pad(audio, (0, frames * HOP_LENGTH - len(audio)))
        mask = np.arange(frames // 2) < max(1, min(have, frames) // 2)
        return {"audio": resampled(audio), "mask": mask}

    def _clips(self, picks: list[int], frames: int, generator) -> Batch:
        clips = [self.clip(i, frames, generator) for i in picks]
        return {k: torch.from_numpy(np.stack([c[k] for c in clips])) for k in clips[0]}

    def _embed(self, batch: Batch) -> Tensor:
        with torch.no_grad():
            features = self.front_end(batch["audio"])
        hidden = self.modules["encoder"](features)
        places = torch.linspace(0, batch["mask"].shape[1] - 1, hidden.shape[1]).round().long()
        return self.modules["heads"].embed(hidden, batch["mask"][:, places.to(hidden.device)])

    def export(self):
        parts = {"encoder": self.modules["encoder"], "heads": self.modules["heads"]}
        tensors = {
            f"{name}.{k}": v
            for name, part in parts.items()
            for k, v in part.state_dict().items()
            if not k.startswith("speaker.")
        }
        o = self.recipe.options
        config = {
            "kind": "ser_ssl", "front_end": str(o["front_end"]), "layer": o.get("layer"),
            "dim": self.recipe.model["dim"], "categories": list(CATEGORIES),
        }  # fmt: skip
        return tensors, config, {}


def resampled(audio: np.ndarray) -> np.ndarray:
    """Samples (n,) from our rate to the front ends', float32."""
    import soxr

    return soxr.resample(audio, SAMPLE_RATE, front_ends.SAMPLE_RATE).astype(np.float32)
