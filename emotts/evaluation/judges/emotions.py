"""Judges of emotion: emotion2vec's classes and likeness, and audeering's affect model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.judges.base import (
    Comparer,
    Judge,
    Reference,
    from_pretrained,
    lacking,
    listen,
    looks_local,
    normaliser,
    optional,
    source_reason,
)

FUNASR = "funasr"


class Emotion2vec(Comparer):
    """emotion2vec (Ma et al. 2024), or any audio classifier of emotions in transformers' form.

    source: a folder in transformers' form (config.json), a folder of funasr's (with that package
    installed), or a hub id, which goes to transformers. Scores are `emotion2vec_LABEL`, the
    probability of each of its classes, and with a reference `emotion_similarity`.
    """

    name = "emotion2vec"
    metrics = ("emotion_similarity",)

    def __init__(self, source: str | None = None):
        super().__init__()
        self._read = _funasr(source) if _is_funasr(source) else _classifier(source)

    @staticmethod
    def missing(source: str | None) -> str | None:
        """Why it cannot be made."""
        reason = source_reason(source, "emotion2vec")
        if reason:
            return reason
        if _is_funasr(source):
            return lacking(FUNASR, extra=FUNASR)
        return lacking("transformers", extra="'emotts[ssl]'")

    def embed(self, samples: np.ndarray) -> np.ndarray:
        """Mean of the last hidden states (d,)."""
        return self._read(samples)[1]

    def score(
        self, path: str | Path, reference: Reference | None = None, text: str | None = None,
        language: str = "en",
    ) -> dict[str, float]:  # fmt: skip
        """Probabilities by class, and the likeness to the references where there are some."""
        probabilities, _ = self._read(listen(path))
        scores = {f"emotion2vec_{label}": value for label, value in probabilities.items()}
        if reference:
            scores["emotion_similarity"] = self.likeness(path, reference)
        return scores


def _is_funasr(source: str) -> bool:
    folder = Path(source).expanduser()
    return (folder / "model.pt").is_file() and not (folder / "config.json").is_file()


def _label(name: str) -> str:
    """funasr's labels are in two languages: 生气/angry."""
    name = name.rsplit("/", 1)[-1].strip().lower()
    return "unknown" if name in ("<unk>", "") else name.replace(" ", "_")


def _classifier(source: str):
    """A reader of probabilities and embedding by transformers."""
    from emotts.models.torchaudio_stand_in import install

    install()
    import torch
    from transformers import AutoModelForAudioClassification

    model = from_pretrained(AutoModelForAudioClassification, source)
    normalise = normaliser(source, model.config)
    labels = [_label(model.config.id2label[i]) for i in range(model.config.num_labels)]

    def read(samples: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
        heard = torch.from_numpy(normalise(samples).astype(np.float32))[None]
        with torch.inference_mode():
            out = model(heard, output_hidden_states=True)
        shares = out.logits.softmax(-1)[0].tolist()
        return dict(zip(labels, shares, strict=True)), out.hidden_states[-1][0].mean(0).numpy()

    return read


def _funasr(source: str):
    """A reader of probabilities and embedding by the package funasr."""
    model = optional(FUNASR, FUNASR).AutoModel(
        model=str(Path(source).expanduser()), disable_update=True, disable_pbar=True, device="cpu"
    )

    def read(samples: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
        (found,) = model.generate(samples, granularity="utterance", extract_embedding=True)
        pairs = zip(found.get("labels", []), found.get("scores", []), strict=True)
        return {_label(name): float(p) for name, p in pairs}, np.asarray(found["feats"]).ravel()

    return read


class AudeeringAffect(Judge):
    """audeering's wav2vec 2.0 for arousal, dominance and valence, about 0…1 (Wagner et al. 2023).

    "Dawn of the transformer era in speech emotion recognition: closing the valence gap". The model
    is rebuilt from its published description: wav2vec 2.0, the mean over frames, a dense layer,
    tanh, and three outputs whose order its configuration names.
    """

    name = "audeering-affect"
    metrics = ("arousal_emo_vad", "dominance_emo_vad", "valence_emo_vad")

    def __init__(self, source: str | None = None):
        from emotts.models.torchaudio_stand_in import install

        install()
        model_class = _affect_class()
        config = _affect_config(source)
        self.model = from_pretrained(model_class, source, config=config)
        self.normalise = normaliser(source, config)
        self.labels = [str(config.id2label[i]).lower() for i in range(config.num_labels)]
        if sorted(self.labels) != ["arousal", "dominance", "valence"]:
            raise EmottsError(
                f"{source} tells {', '.join(self.labels)}, not arousal, dominance and valence"
            )

    @staticmethod
    def missing(source: str | None) -> str | None:
        """Why it cannot be made."""
        reason = lacking("transformers", extra="'emotts[ssl]'")
        what = "audeering's model (audeering/wav2vec2-large-robust-12-ft-emotion-msp-dim)"
        return reason or source_reason(source, what)

    def score(
        self, path: str | Path, reference: Reference | None = None, text: str | None = None,
        language: str = "en",
    ) -> dict[str, float]:  # fmt: skip
        """{"arousal_emo_vad", "dominance_emo_vad", "valence_emo_vad"}."""
        import torch

        heard = torch.from_numpy(self.normalise(listen(path)).astype(np.float32))[None]
        with torch.inference_mode():
            values = self.model(heard)[0].tolist()
        found = dict(zip(self.labels, values, strict=True))
        return {f"{name}_emo_vad": found[name] for name in sorted(found)}


def _affect_config(source: str):
    """The configuration; audeering's own has values of null, which newer transformers refuse."""
    import json

    from transformers import Wav2Vec2Config

    path = Path(source).expanduser() / "config.json"
    if looks_local(source) and not path.is_file():
        raise EmottsError(f"{source} holds no config.json of audeering's model")
    try:
        if looks_local(source):
            values = json.loads(path.read_text(encoding="utf-8"))
        else:
            values, _ = Wav2Vec2Config.get_config_dict(source)
        return Wav2Vec2Config(**{k: v for k, v in values.items() if v is not None})
    except (OSError, ValueError, TypeError) as error:
        raise EmottsError(f"the configuration of {source} cannot be read") from error


def _affect_class():
    import torch
    from torch import nn
    from transformers import Wav2Vec2Model, Wav2Vec2PreTrainedModel

    class Regression(nn.Module):
        def __init__(self, config):
            super().__init__()
            self.dense = nn.Linear(config.hidden_size, config.hidden_size)
            self.out_proj = nn.Linear(config.hidden_size, config.num_labels)

        def forward(self, pooled):
            return self.out_proj(torch.tanh(self.dense(pooled)))

    class AffectModel(Wav2Vec2PreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.wav2vec2 = Wav2Vec2Model(config)
            self.classifier = Regression(config)
            self.post_init()

        def forward(self, samples):
            return self.classifier(self.wav2vec2(samples).last_hidden_state.mean(dim=1))

    return AffectModel
