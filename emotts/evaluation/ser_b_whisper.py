"""SER B with Whisper: the encoder's lower layers beside eGeMAPS, where a Whisper model is at hand.

Whisper's last layer says words; the ones below still say how they are said. Each clip's frames are
averaged in each of those layers, each voice's neutral mean is taken away, and a regression a layer
says which emotion, over leading directions measured in the spread of neutral speech. Whether
speech is neutral at all stays with eGeMAPS. The layers' log-probabilities are averaged, then these
and eGeMAPS'. It stands beside the judge of record, which needs no Whisper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.evaluation import egemaps, ser_b_fit
from emotts.evaluation.clips import Clip, by_voice, neutral_of
from emotts.evaluation.corpus_features import CorpusFeatures, extract
from emotts.evaluation.ser_b import (
    PLANTED_WEIGHT,
    Reading,
    SerB,
    acted_clips,
    common_centre,
    readings_of,
    relative_values,
    voice_functionals,
)  # fmt: skip
from emotts.evaluation.ser_b_fit import Acted, Options
from emotts.evaluation.ser_b_kept import SHIPPED, keep, read
from emotts.evaluation.ser_b_model import NEUTRAL, NeutralFirst, log_softmax
from emotts.evaluation.ser_b_planted import training_shifts
from emotts.evaluation.whisper_layers import WhisperLayers

FILE = "ser_b_whisper.safetensors"
FORMAT = 2
LAYERS = (1, 2, 3, 4)  # blocks of the encoder that are heard; 5 and 6 say words
COMPONENTS = 64  # of a layer's mean
SHARE = 0.6  # of the layers in the emotions' log-probabilities, beside eGeMAPS
OPTIONS = Options(shrink=0.5, copies=2, hidden=(), penalty=1e-2, waves=0)
SAMPLES_A_FRAME = 320  # at 16 kHz, after the encoder's stride
LONGEST_SECONDS = 30.0


class WhisperEncoder:
    """Mean over time of the heard encoder layers."""

    def __init__(self, folder: str | Path | None = None):
        """folder: a faster-whisper model folder; None joins the packaged base model."""
        self._folder = folder

    @cached_property
    def _layers(self) -> WhisperLayers:
        from emotts.evaluation.words import whisper_folder

        return WhisperLayers(self._folder or whisper_folder())

    @cached_property
    def _spectrogram(self):
        from faster_whisper.feature_extractor import FeatureExtractor

        return FeatureExtractor(feature_size=self._layers.bands)

    def statistics(self, samples: np.ndarray) -> np.ndarray:
        """(layers · width,) of samples (n,) at 24 kHz; what is after 30 s is not heard."""
        import soxr

        from emotts.evaluation.words import WHISPER_RATE

        samples = np.asarray(samples, dtype=np.float32)
        if samples.ndim != 1 or len(samples) < egemaps.RATE // 10 or not np.isfinite(samples).all():
            raise EmottsError("The emotion judge needs mono, finite speech of at least 0.1 s.")
        heard = soxr.resample(samples, egemaps.RATE, WHISPER_RATE)
        heard = heard[: int(LONGEST_SECONDS * WHISPER_RATE)]
        mel = self._spectrogram(heard, padding=0)[:, : int(LONGEST_SECONDS * 100)]
        frames = self._layers.frames(mel, blocks=max(LAYERS))[list(LAYERS)]
        frames = frames[:, : max(1, len(heard) // SAMPLES_A_FRAME)]
        return frames.mean(axis=1, dtype=np.float64).ravel()

    def of_voice(self, clips: list[np.ndarray], neutral: np.ndarray) -> np.ndarray:
        """(n, layers · width) of clips at 24 kHz; which are neutral changes nothing."""
        return np.stack([self.statistics(clip) for clip in clips])


@dataclass
class SerBWhisper:
    """The judge of record and a regression over each of Whisper's layers, heard together."""

    record: SerB
    models: list[NeutralFirst]  # one a layer; their answers about neutral are not asked
    projections: np.ndarray  # (layers, width, components)
    centre: np.ndarray  # (layers · width,) mean of the training voices' neutral means
    share: float = SHARE
    encoder: WhisperEncoder = field(default_factory=WhisperEncoder)

    def classifier(self, language: str):
        """The classes of a language, as the judge of record has them."""
        return self.record.classifier(language)

    def probabilities(
        self,
        functionals: np.ndarray,
        statistics: np.ndarray,
        voices: Sequence[str],
        neutral: np.ndarray,
        language: str = "en",
        relative: bool = True,
    ) -> np.ndarray:
        """(n, classes) from functionals (n, 88) and frame statistics (n, layers · width)."""
        p = self.record.probabilities(functionals, voices, neutral, language, relative)
        classes = self.classifier(language).classes
        if relative:
            heard = egemaps.relative_to_neutral(statistics, voices, neutral)
        else:
            heard = statistics - self.centre
        columns = [self.models[0].classes.index(name) - 1 for name in classes[1:]]
        layers = zip(self.models, _projected(heard, self.projections), strict=True)
        logits = [model.sharpness * model.logits(layer)[:, columns] for model, layer in layers]
        frames = np.mean(log_softmax(np.stack(logits)), axis=0)
        first = np.log(np.maximum(p[:, 1:], 1e-12))
        both = self.share * frames + (1 - self.share) * log_softmax(first)
        emotions = (1 - p[:, :1]) * np.exp(log_softmax(both))
        return np.concatenate([p[:, :1], emotions], axis=1)

    def judge(self, clips: Sequence[Clip], relative: bool = True) -> list[Reading]:
        """Hear files as `SerB.judge` does."""
        from emotts.audio.io import read_audio

        heard = {}
        for voice, rows in by_voice(clips).items():
            statistics = np.stack(
                [self.encoder.statistics(read_audio(clip.path, rate=egemaps.RATE)) for clip in rows]
            )
            spoken = {clip.path for clip in neutral_of(rows)}
            neutral = np.array([clip.path in spoken for clip in rows])
            heard |= readings_of(
                rows,
                self.probabilities(
                    voice_functionals(rows), statistics, [voice] * len(rows), neutral,
                    rows[0].language, relative,
                ),
                self.classifier(rows[0].language).classes,
            )  # fmt: skip
        return [heard[clip.path] for clip in clips]

    def save(self, folder: str | Path) -> Path:
        """Write `ser_b_whisper.safetensors` into the folder; the judge of record has its own."""
        tensors = {"projections": np.ascontiguousarray(self.projections), "centre": self.centre}
        for index, model in enumerate(self.models):
            tensors |= model.arrays(f"models.{index}.")
        config = {
            "format": FORMAT, "share": self.share, "models": [m.config() for m in self.models],
        }  # fmt: skip
        return keep(Path(folder) / FILE, tensors, config)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> SerBWhisper:
        """Read what `save` wrote, and the judge of record beside it; None: what ships."""
        folder = folder or SHIPPED
        path = Path(folder) / FILE
        fit_it = f"fit it with 'python -m emotts.evaluation.ser_b_whisper fit DATA -o {folder}'."
        tensors, config = read(path, f"No Whisper head at {path}: {fit_it}")
        if config.get("format") != FORMAT:
            raise EmottsError(f"The Whisper head at {path} is of an older kind: {fit_it}")
        models = [
            NeutralFirst.from_kept(kept, tensors, f"models.{index}.")
            for index, kept in enumerate(config["models"])
        ]
        record = SerB.load(folder)
        return cls(record, models, tensors["projections"], tensors["centre"], config["share"])


def fit(
    record: SerB,
    statistics: CorpusFeatures,
    corpora: Sequence[str] = ("ravdess", "nemo"),
    planted: CorpusFeatures | None = None,
    options: Options = OPTIONS,
) -> SerBWhisper:
    """Fit a regression a layer on the train split alone, beside a fitted judge of record.

    planted: the same statistics of the training voices' planted shifts, as the record is taught.
    """
    train = statistics.where(
        (statistics["split"] == "train") & np.isin(statistics["corpus"], corpora)
    )
    relative = relative_values(train, condition=False)
    spoken = train["emotion"] == NEUTRAL
    projections = np.stack(
        [_projection(layer, spoken) for layer in np.split(relative, len(LAYERS), axis=1)]
    )
    layers = _projected(relative, projections)
    extra: list[list[Acted]] = [[] for _ in LAYERS]
    if planted is not None:
        planted = planted.where(np.isin(planted["voice"], np.unique(train["voice"])))
    if planted is not None and len(planted.values):
        moved = _projected(relative_values(planted, condition=False), projections)
        about = planted["emotion"], planted["voice"], CATEGORIES, PLANTED_WEIGHT
        extra = [[Acted(layer, *about)] for layer in moved]
    classes = record.model.classes if "ravdess" not in corpora else CATEGORIES
    models = []
    for layer, shifts in zip(layers, extra, strict=True):
        acted = [acted_clips(layer, train, corpus) for corpus in corpora]
        neutral = [clips.neutral.features for clips in acted]
        blocks = [range(layer.shape[1])]
        models.append(ser_b_fit.fit(acted, neutral, neutral, blocks, [], classes, shifts, options))
    return SerBWhisper(record, models, projections, common_centre(train.values, train))


def _projected(relative: np.ndarray, projections: np.ndarray) -> list[np.ndarray]:
    """Each layer's components (n, components) of statistics (n, layers · width)."""
    layers = np.split(relative, len(projections), axis=1)
    return [layer @ matrix for layer, matrix in zip(layers, projections, strict=True)]


def _projection(relative: np.ndarray, neutral: np.ndarray) -> np.ndarray:
    """(width, components): a layer's leading directions over its spread in neutral speech."""
    scale = np.sqrt(np.mean(relative[neutral] ** 2, axis=0)) + 1e-9
    z = relative / scale
    _, vectors = np.linalg.eigh(z.T @ z)
    return vectors[:, ::-1][:, :COMPONENTS] / scale[:, None]


def _main() -> None:
    import argparse

    from emotts.evaluation.ser_b_whisper_card import card_markdown

    parser = argparse.ArgumentParser(description="Fit SER B's Whisper head, or print its card.")
    parser.add_argument("action", choices=("fit", "card"))
    parser.add_argument("data", help="the folder of packed recordings")
    parser.add_argument("-o", "--output", default="runs/ser_b", type=Path)
    parser.add_argument("--split", choices=("dev", "test"), default="test", help="of the card")
    asked = parser.parse_args()
    functionals = extract(asked.data, asked.output / "egemaps.npz")
    encoder = WhisperEncoder()
    statistics = extract(
        asked.data, asked.output / "layers.npz", encoder.of_voice, names=("whisper",)
    )
    planted = training_shifts(asked.data, asked.output, encoder.of_voice, "planted-train-layers")
    if asked.action == "fit":
        print(fit(SerB.load(asked.output), statistics, planted=planted).save(asked.output))
    judge = SerBWhisper.load(asked.output)
    print(
        card_markdown(
            judge, functionals, statistics, planted, asked.data, asked.output, asked.split
        )
    )


if __name__ == "__main__":
    _main()
