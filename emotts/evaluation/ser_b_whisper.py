"""SER B with Whisper: the encoder's frames beside eGeMAPS, where a Whisper model is at hand.

Averaged frames say mostly what was said and who said it. What survives new texts is what is left
once each voice's neutral mean is taken away and the spread of neutral speech over its texts is
whitened out; a regression over that says which emotion. Whether speech is neutral at all stays
with eGeMAPS: frames call every other sentence of a new voice emotional. The two regressions'
log-probabilities are averaged. It stands beside the judge of record, which needs no Whisper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.evaluation import egemaps, ser_b_fit
from emotts.evaluation.clips import Clip, by_voice, neutral_of
from emotts.evaluation.corpus_features import CorpusFeatures, extract
from emotts.evaluation.ser_b import (
    Reading,
    SerB,
    acted_clips,
    common_centre,
    readings_of,
    relative_values,
    voice_functionals,
)  # fmt: skip
from emotts.evaluation.ser_b_fit import Options
from emotts.evaluation.ser_b_kept import keep, read
from emotts.evaluation.ser_b_model import NEUTRAL, NeutralFirst, log_softmax

FILE = "ser_b_whisper.safetensors"
FORMAT = 1
COMPONENTS = (64, 32)  # of the frames' means and of their deviations
OPTIONS = Options(shrink=0.5, copies=2, hidden=(), penalty=1e-2, waves=0)
SAMPLES_A_FRAME = 320  # at 16 kHz, after the encoder's stride
LONGEST_SECONDS = 30.0


class WhisperEncoder:
    """Mean and deviation over time of the last encoder layer, by faster-whisper."""

    def __init__(self, folder: str | Path | None = None, cpu_threads: int = 1):
        """folder: a faster-whisper model folder or hub id; None joins the packaged base model."""
        self._folder, self._threads = folder, cpu_threads

    @cached_property
    def _model(self):
        from faster_whisper import WhisperModel

        from emotts.evaluation.words import whisper_folder

        return WhisperModel(
            str(self._folder or whisper_folder()),
            device="cpu", compute_type="int8", cpu_threads=self._threads,
        )  # fmt: skip

    def statistics(self, samples: np.ndarray) -> np.ndarray:
        """(2 · width,) of samples (n,) at 24 kHz; what is after 30 s is not heard."""
        import soxr

        from emotts.evaluation.words import WHISPER_RATE

        samples = np.asarray(samples, dtype=np.float32)
        if samples.ndim != 1 or len(samples) < egemaps.RATE // 10 or not np.isfinite(samples).all():
            raise EmottsError("The emotion judge needs mono, finite speech of at least 0.1 s.")
        heard = soxr.resample(samples, egemaps.RATE, WHISPER_RATE)
        heard = heard[: int(LONGEST_SECONDS * WHISPER_RATE)]
        mel = self._model.feature_extractor(heard, padding=0)[:, : int(LONGEST_SECONDS * 100)]
        frames = np.asarray(self._model.encode(mel))[0]
        frames = frames[: max(1, len(heard) // SAMPLES_A_FRAME)].astype(np.float64)
        return np.concatenate([frames.mean(axis=0), frames.std(axis=0)])

    def of_voice(self, clips: list[np.ndarray], neutral: np.ndarray) -> np.ndarray:
        """(n, 2 · width) of clips at 24 kHz; which are neutral changes nothing."""
        return np.stack([self.statistics(clip) for clip in clips])


@dataclass
class SerBWhisper:
    """The judge of record and a regression over Whisper's frames, heard together."""

    record: SerB
    model: NeutralFirst  # over projected statistics; its answer about neutral is not asked
    projection: np.ndarray  # (2 · width, components)
    centre: np.ndarray  # (2 · width,) mean of the training voices' neutral means
    share: float = 0.5  # of the frames in the emotions' log-probabilities

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
        """(n, classes) from functionals (n, 88) and frame statistics (n, 2 · width)."""
        p = self.record.probabilities(functionals, voices, neutral, language, relative)
        classes = self.classifier(language).classes
        if relative:
            heard = egemaps.relative_to_neutral(statistics, voices, neutral)
        else:
            heard = statistics - self.centre
        columns = [self.model.classes.index(name) - 1 for name in classes[1:]]
        logits = self.model.sharpness * self.model.logits(heard @ self.projection)[:, columns]
        first = np.log(np.maximum(p[:, 1:], 1e-12))
        both = self.share * log_softmax(logits) + (1 - self.share) * log_softmax(first)
        emotions = (1 - p[:, :1]) * np.exp(log_softmax(both))
        return np.concatenate([p[:, :1], emotions], axis=1)

    def judge(
        self, clips: Sequence[Clip], relative: bool = True, encoder: WhisperEncoder | None = None
    ) -> list[Reading]:
        """Hear files as `SerB.judge` does. encoder: the packaged Whisper base when None."""
        from emotts.audio.io import read_audio

        encoder = encoder or WhisperEncoder()
        heard = {}
        for voice, rows in by_voice(clips).items():
            statistics = np.stack(
                [encoder.statistics(read_audio(clip.path, rate=egemaps.RATE)) for clip in rows]
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
        tensors = {"projection": np.ascontiguousarray(self.projection), "centre": self.centre}
        config = {"format": FORMAT, "share": self.share, "model": self.model.config()}
        return keep(Path(folder) / FILE, tensors | self.model.arrays("model."), config)

    @classmethod
    def load(cls, folder: str | Path) -> SerBWhisper:
        """Read what `save` wrote, and the judge of record beside it."""
        path = Path(folder) / FILE
        fit_it = f"fit it with 'python -m emotts.evaluation.ser_b_whisper fit DATA -o {folder}'."
        tensors, config = read(path, f"No Whisper head at {path}: {fit_it}")
        model = NeutralFirst.from_kept(config["model"], tensors, "model.")
        record = SerB.load(folder)
        return cls(record, model, tensors["projection"], tensors["centre"], config["share"])


def fit(
    record: SerB,
    statistics: CorpusFeatures,
    corpora: Sequence[str] = ("ravdess", "nemo"),
    options: Options = OPTIONS,
) -> SerBWhisper:
    """Fit the regression over frames on the train split alone, beside a fitted judge of record."""
    train = statistics.where(
        (statistics["split"] == "train") & np.isin(statistics["corpus"], corpora)
    )
    relative = relative_values(train, condition=False)
    projection = _projection(relative, train["emotion"] == NEUTRAL)
    acted = [acted_clips(relative @ projection, train, corpus) for corpus in corpora]
    neutral = [clips.neutral.features for clips in acted]
    classes = record.model.classes if "ravdess" not in corpora else CATEGORIES
    model = ser_b_fit.fit(
        acted, neutral, neutral, [range(projection.shape[1])], [], classes, (), options
    )
    return SerBWhisper(record, model, projection, common_centre(train.values, train))


def _projection(relative: np.ndarray, neutral: np.ndarray) -> np.ndarray:
    """Leading directions of means and of deviations, over their spread in neutral speech."""
    width = relative.shape[1] // 2
    scale = np.sqrt(np.mean(relative[neutral] ** 2, axis=0)) + 1e-9
    blocks = []
    for part, count in zip((slice(0, width), slice(width, None)), COMPONENTS, strict=True):
        z = relative[:, part] / scale[part]
        _, vectors = np.linalg.eigh(z.T @ z)
        blocks.append(vectors[:, ::-1][:, :count] / scale[part][:, None])
    out = np.zeros((relative.shape[1], sum(block.shape[1] for block in blocks)))
    out[:width, : blocks[0].shape[1]] = blocks[0]
    out[width:, blocks[0].shape[1] :] = blocks[1]
    return out


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
    statistics = extract(
        asked.data, asked.output / "whisper.npz", WhisperEncoder().of_voice, names=("whisper",)
    )
    if asked.action == "fit":
        print(fit(SerB.load(asked.output), statistics).save(asked.output))
    judge = SerBWhisper.load(asked.output)
    print(card_markdown(judge, functionals, statistics, asked.data, asked.output, asked.split))


if __name__ == "__main__":
    _main()
