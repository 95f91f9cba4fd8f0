"""Judges of voice: Resemblyzer, and WavLM tuned to tell speakers apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emotts.evaluation.judges.base import (
    Comparer,
    Reference,
    from_pretrained,
    lacking,
    normaliser,
    source_reason,
)


class Resemblyzer(Comparer):
    """GE2E speaker embeddings (Wan et al. 2018): `spk_similarity`."""

    name = "resemblyzer"
    metrics = ("spk_similarity",)

    def __init__(self, source: str | None = None):
        super().__init__()
        from emotts.evaluation.identity import VoiceJudge

        self.judge = VoiceJudge()

    @staticmethod
    def missing(source: str | None) -> str | None:
        """Why it cannot be made."""
        return lacking("resemblyzer", extra="--no-deps resemblyzer")

    def embed(self, samples: np.ndarray) -> np.ndarray:
        """Unit embedding (256,)."""
        return self.judge.embed(samples)

    def score(
        self, path: str | Path, reference: Reference | None = None, text: str | None = None,
        language: str = "en",
    ) -> dict[str, float]:  # fmt: skip
        """{"spk_similarity": mean cosine to the references}."""
        return {"spk_similarity": self.likeness(path, reference)}


class WavlmSv(Comparer):
    """WavLM with an x-vector head (Chen et al. 2022; transformers' WavLMForXVector)."""

    name = "wavlm-sv"
    metrics = ("spk_similarity_wavlm",)  # VERSA calls every such cosine spk_similarity

    def __init__(self, source: str | None = None):
        super().__init__()
        from emotts.models.torchaudio_stand_in import install

        install()
        from transformers import WavLMForXVector

        self.model = from_pretrained(WavLMForXVector, source)
        self.normalise = normaliser(source, self.model.config)

    @staticmethod
    def missing(source: str | None) -> str | None:
        """Why it cannot be made."""
        reason = lacking("transformers", extra="'emotts[ssl]'")
        return reason or source_reason(source, "a WavLMForXVector (microsoft/wavlm-base-plus-sv)")

    def embed(self, samples: np.ndarray) -> np.ndarray:
        """Embedding (512,)."""
        import torch

        heard = torch.from_numpy(self.normalise(samples).astype(np.float32))[None]
        with torch.inference_mode():
            return self.model(heard).embeddings[0].numpy()

    def score(
        self, path: str | Path, reference: Reference | None = None, text: str | None = None,
        language: str = "en",
    ) -> dict[str, float]:  # fmt: skip
        """{"spk_similarity_wavlm": mean cosine to the references}."""
        return {"spk_similarity_wavlm": self.likeness(path, reference)}
