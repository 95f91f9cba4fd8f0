"""Judges of naturalness, all about 1…5: DistillMOS, DNSMOS, UTMOS22 strong and UTMOSv2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.judges.base import (
    Judge,
    Reference,
    lacking,
    listen,
    optional,
)
from emotts.evaluation.judges.utmos import load_utmos, utmos_weights

UTMOSV2, UTMOSV2_INSTALL = "utmosv2", "git+(the UTMOSv2 repository)"


class _Opinion(Judge):
    """One mean opinion score a file, without reference or text."""

    def __init__(self, opinion: Callable[[np.ndarray], float]):
        self.opinion = opinion

    def score(
        self, path: str | Path, reference: Reference | None = None, text: str | None = None,
        language: str = "en",
    ) -> dict[str, float]:  # fmt: skip
        """{the metric: the opinion}."""
        return {self.metrics[0]: float(self.opinion(listen(path)))}


class DistillMos(_Opinion):
    """DistillMOS (Stahl & Gamper 2025)."""

    name = "distillmos"
    metrics = ("distill_mos",)

    def __init__(self, source: str | None = None):
        from emotts.evaluation import naturalness

        super().__init__(naturalness.DistillMos())

    @staticmethod
    def missing(source: str | None) -> str | None:
        """Why it cannot be made."""
        return lacking("distillmos", "torchaudio", extra="'emotts[eval]'")


class Dnsmos(_Opinion):
    """DNSMOS P.835 overall (Reddy et al. 2022)."""

    name = "dnsmos"
    metrics = ("dnsmos",)  # VERSA: dnsmos_overall

    def __init__(self, source: str | None = None):
        from emotts.evaluation import naturalness

        super().__init__(naturalness.Dnsmos())

    @staticmethod
    def missing(source: str | None) -> str | None:
        """Why it cannot be made."""
        return lacking("speechmos", "onnxruntime", "librosa", extra="'emotts[eval]'")


class Utmos(_Opinion):
    """UTMOS22's strong learner (Saeki et al. 2022), from a folder with its published weights."""

    name = "utmos"
    metrics = ("utmos",)

    def __init__(self, source: str | None = None):
        import torch

        model = load_utmos(source)

        def opinion(samples: np.ndarray) -> float:
            with torch.inference_mode():
                return float(model(torch.from_numpy(samples)[None])[0])

        super().__init__(opinion)

    @staticmethod
    def missing(source: str | None) -> str | None:
        """Why it cannot be made."""
        reason = lacking("transformers", extra="'emotts[ssl]'")
        if reason is None and source is None:
            reason = "no source was given: name a local folder with the weights of UTMOS22 strong"
        if reason is None:
            try:
                utmos_weights(source)
            except EmottsError as error:
                reason = str(error)
        return reason


class UtmosV2(Judge):
    """UTMOSv2 (Baba et al. 2024) through its own package.

    source: its hub id, `sarulab-speech/UTMOSv2`: the package fetches its parts by itself, so it is
    used only where a user says so.
    """

    name = "utmosv2"
    metrics = ("utmosv2",)
    HUB_ID = "sarulab-speech/UTMOSv2"

    def __init__(self, source: str | None = None):
        self.model = optional(UTMOSV2, UTMOSV2_INSTALL).create_model(pretrained=True, device="cpu")

    @classmethod
    def missing(cls, source: str | None) -> str | None:
        """Why it cannot be made."""
        reason = lacking(UTMOSV2, extra=UTMOSV2_INSTALL)
        if reason is None and source != cls.HUB_ID:
            reason = f"the package fetches its weights: name {cls.HUB_ID} as the source to allow it"
        return reason

    def score(
        self, path: str | Path, reference: Reference | None = None, text: str | None = None,
        language: str = "en",
    ) -> dict[str, float]:  # fmt: skip
        """{"utmosv2": the opinion}."""
        listen(path)  # so that a bad file is named
        opinion = self.model.predict(input_path=str(path), device="cpu", verbose=False)
        return {"utmosv2": float(opinion)}
