"""Naturalness judges: DistillMOS and DNSMOS overall, both 1…5, both on 16 kHz."""

from __future__ import annotations

import contextlib
import io
from functools import cached_property
from pathlib import Path

import numpy as np

from emotts.errors import EmottsError

RATE = 16000


def _judged_samples(samples: np.ndarray) -> np.ndarray:
    samples = np.asarray(samples, dtype=np.float32)
    if samples.ndim != 1 or not len(samples) or not np.isfinite(samples).all():
        raise EmottsError("The naturalness judges need mono, finite samples at 16 kHz.")
    return np.clip(samples, -1.0, 1.0)


class DistillMos:
    """DistillMOS, a small student of XLS-R quality models (Stahl & Gamper 2025)."""

    name = "distillmos"

    @cached_property
    def _model(self):
        from emotts.models.torchaudio_stand_in import install

        install()
        from distillmos import ConvTransformerSQAModel

        with contextlib.redirect_stdout(io.StringIO()):  # it prints where its weights lie
            return ConvTransformerSQAModel().eval()

    def __call__(self, samples: np.ndarray) -> float:
        """Score samples (n,) at 16 kHz."""
        import torch

        with torch.inference_mode():
            return float(self._model(torch.from_numpy(_judged_samples(samples))[None]))


class Dnsmos:
    """DNSMOS P.835 overall (Reddy et al. 2022), on one thread: by itself it takes every one."""

    name = "dnsmos"

    @cached_property
    def _model(self):
        import onnxruntime
        from speechmos import dnsmos

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        folder = Path(dnsmos.__file__).parent / "dnsmos_models"
        judge = dnsmos.DNSMOS.__new__(dnsmos.DNSMOS)  # its own constructor sets no threads
        judge.primary_model_path = str(folder / "sig_bak_ovr.onnx")
        for name, file in (("onnx_sess", "sig_bak_ovr.onnx"), ("p808_onnx_sess", "model_v8.onnx")):
            session = onnxruntime.InferenceSession(
                str(folder / file), options, providers=["CPUExecutionProvider"]
            )
            setattr(judge, name, session)
        return judge

    def __call__(self, samples: np.ndarray) -> float:
        """Score samples (n,) at 16 kHz."""
        return float(self._model(_judged_samples(samples), RATE, False)["ovrl_mos"])


def score_file(path: str | Path, judges: list) -> dict[str, float]:
    """Every judge's score of one file, by the judge's name."""
    from emotts.audio.io import read_audio

    samples = read_audio(path, rate=RATE)
    return {judge.name: judge(samples) for judge in judges}
