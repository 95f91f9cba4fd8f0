"""SER B, the emotion judge of record: eGeMAPS relative to neutral, two plain questions.

It never steers synthesis: nothing in `synthesis` or `training` imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.evaluation import egemaps, ser_b_fit
from emotts.evaluation.clips import Clip, by_voice, neutral_of
from emotts.evaluation.corpus_features import CorpusFeatures, extract, functionals_of_voice
from emotts.evaluation.ser_b_fit import Acted, Options
from emotts.evaluation.ser_b_kept import SHIPPED, keep, read
from emotts.evaluation.ser_b_model import NEUTRAL, NeutralFirst

FILE = "ser_b.safetensors"
FORMAT = 2
POLISH = ("neutral", "happy", "sad", "angry", "fearful", "surprised")
CLASSES = {"en": CATEGORIES, "pl": POLISH}
SHOWN = {"ravdess": CATEGORIES, "nemo": POLISH}  # what each acted corpus can show
POOR_IN_TEXTS = ("ravdess",)  # two sentences say little of how far neutral speech may lie
KEPT = 256  # how many lists of a voice's files have their functionals kept
PLANTED_WEIGHT = 0.5  # of the training voices' planted shifts, beside 1 for each corpus


@dataclass(frozen=True)
class Reading:
    """What the judge heard in one clip."""

    clip: Clip
    emotion: str
    probabilities: dict[str, float]


@dataclass(frozen=True)
class Hearing:
    """The judge asked among the classes of one language."""

    classes: tuple[str, ...]
    model: NeutralFirst

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """(n, classes) of conditioned features (n, d) relative to neutral."""
        return self.model.probabilities(features, self.classes)


@dataclass
class SerB:
    """One model over conditioned functionals relative to neutral, asked by language."""

    model: NeutralFirst
    names: list[str]  # of the functionals
    centre: np.ndarray  # (88,) mean of the training voices' neutral means, conditioned
    card: dict = field(default_factory=dict)

    def classifier(self, language: str) -> Hearing:
        """Eight classes for English voices, nemo's six for Polish."""
        known = [key for key, names in CLASSES.items() if set(names) <= set(self.model.classes)]
        if language[:2] not in known:
            raise EmottsError(f"SER B judges {', '.join(known)} voices, not language {language}.")
        return Hearing(CLASSES[language[:2]], self.model)

    def probabilities(
        self,
        functionals: np.ndarray,
        voices: Sequence[str],
        neutral: np.ndarray,
        language: str = "en",
        relative: bool = True,
    ) -> np.ndarray:
        """(n, classes) from functionals (n, 88); neutral (n,) marks each voice's own neutral.

        relative=False reads absolutely, against the training voices' common neutral centre.
        """
        conditioned = egemaps.condition(functionals, self.names)
        if relative:
            heard = egemaps.relative_to_neutral(conditioned, voices, neutral)
        else:
            heard = conditioned - self.centre
        return self.classifier(language).probabilities(heard)

    def judge(self, clips: Sequence[Clip], relative: bool = True) -> list[Reading]:
        """Hear files of any voices, each against its own voice's neutral files in the list.

        All of a voice's clips must come from one system (all recordings, or all one checkpoint).
        """
        readings: dict[str, Reading] = {}
        for voice, rows in by_voice(clips).items():
            functionals = voice_functionals(rows)
            spoken = {clip.path for clip in neutral_of(rows)}
            neutral = np.array([clip.path in spoken for clip in rows])
            language = rows[0].language
            p = self.probabilities(functionals, [voice] * len(rows), neutral, language, relative)
            readings |= readings_of(rows, p, self.classifier(language).classes)
        return [readings[clip.path] for clip in clips]

    def save(self, folder: str | Path) -> Path:
        """Write `ser_b.safetensors` into the folder."""
        tensors = {"centre": self.centre} | self.model.arrays("model.")
        config = {
            "format": FORMAT, "names": self.names, "card": self.card, "model": self.model.config(),
        }  # fmt: skip
        return keep(Path(folder) / FILE, tensors, config)

    @classmethod
    def load(cls, folder: str | Path | None = None) -> SerB:
        """Read what `save` wrote; None: the judge that ships."""
        path = Path(folder or SHIPPED) / FILE
        again = f"fit it with 'python -m emotts.evaluation.ser_b fit DATA -o {path.parent}'."
        tensors, config = read(path, f"No emotion judge at {path}: {again}")
        if config.get("format") != FORMAT:
            raise EmottsError(f"The emotion judge at {path} is of an older kind: {again}")
        model = NeutralFirst.from_kept(config["model"], tensors, "model.")
        return cls(model, config["names"], tensors["centre"], config["card"])


def readings_of(
    clips: Sequence[Clip], probabilities: np.ndarray, classes: Sequence[str]
) -> dict[str, Reading]:
    """Readings by path of clips with probabilities (n, classes)."""
    readings = {}
    for clip, row in zip(clips, probabilities, strict=True):
        heard = dict(zip(classes, map(float, row), strict=True))
        readings[clip.path] = Reading(clip, max(heard, key=heard.get), heard)
    return readings


def voice_functionals(clips: Sequence[Clip]) -> np.ndarray:
    """Functionals (n, 88) of one voice's files, with the one gain its neutral files ask for.

    Measured once for every judge and reading that asks for the same files.
    """
    return _measured(tuple((clip, _changed(Path(clip.path))) for clip in clips)).copy()


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0  # reading it says what is wrong


@lru_cache(maxsize=KEPT)
def _measured(stamped: tuple[tuple[Clip, int], ...]) -> np.ndarray:
    from emotts.audio.io import read_audio

    clips = [clip for clip, _ in stamped]
    samples = {clip.path: read_audio(clip.path, rate=egemaps.RATE) for clip in clips}
    spoken = {clip.path for clip in neutral_of(clips)}
    neutral = np.array([clip.path in spoken for clip in clips])
    return functionals_of_voice([samples[clip.path] for clip in clips], neutral)


def relative_values(features: CorpusFeatures, condition: bool = True) -> np.ndarray:
    """(n, d) relative to each voice's neutral; condition: the values are functionals."""
    values = features.values
    if condition:
        values = egemaps.condition(values, features.names)
    return egemaps.relative_to_neutral(values, features["voice"], features["emotion"] == NEUTRAL)


def acted_clips(relative: np.ndarray, features: CorpusFeatures, corpus: str) -> Acted:
    """A corpus' clips for fitting, of values (n, d) that are relative already."""
    rows = features["corpus"] == corpus
    return Acted(relative[rows], features["emotion"][rows], features["voice"][rows], SHOWN[corpus])


def common_centre(values: np.ndarray, features: CorpusFeatures) -> np.ndarray:
    """(d,) mean of the voices' neutral means of values (n, d)."""
    spoken = features["emotion"] == NEUTRAL
    voices = np.unique(features["voice"])
    means = [values[spoken & (features["voice"] == voice)].mean(axis=0) for voice in voices]
    return np.mean(means, axis=0)


def fit(
    features: CorpusFeatures,
    corpora: Sequence[str] = ("ravdess", "nemo"),
    readers: Sequence[str] = (),
    planted: CorpusFeatures | None = None,
    options: Options | None = None,
) -> SerB:
    """Fit on the train split alone.

    corpora: the acted ones that teach emotions. readers: further corpora whose neutral readings
    say what neutral speech does by itself. planted: the training voices' neutral clips moved as
    actors move theirs (`ser_b_planted.training_shifts`); they only teach which emotion.
    """
    train = features.where(
        (features["split"] == "train") & np.isin(features["corpus"], [*corpora, *readers])
    )
    relative, spoken = relative_values(train), train["emotion"] == NEUTRAL
    acted = [acted_clips(relative, train, corpus) for corpus in corpora]
    neutral = {c: relative[spoken & (train["corpus"] == c)] for c in [*corpora, *readers]}
    rich = [clips for corpus, clips in neutral.items() if corpus not in POOR_IN_TEXTS]
    extra = []
    if planted is not None:
        planted = planted.where(np.isin(planted["voice"], np.unique(train["voice"])))
    if planted is not None and len(planted.values):
        emotions, voices = planted["emotion"], planted["voice"]
        extra = [Acted(relative_values(planted), emotions, voices, CATEGORIES, PLANTED_WEIGHT)]
    pitch, level, tempo, colour = egemaps.blocks(train.names).values()
    classes = CATEGORIES if any(SHOWN[c] == CATEGORIES for c in corpora) else POLISH
    model = ser_b_fit.fit(
        acted, list(neutral.values()), rich or list(neutral.values()),
        [level, [*pitch, *tempo, *colour]], [pitch, level, tempo, colour], classes, extra, options,
    )  # fmt: skip
    card = {
        "corpora": list(corpora), "readers": list(readers), "split": "train",
        "planted": 0 if planted is None else len(planted.values),
        "planted_weight": PLANTED_WEIGHT, "options": asdict(options or Options()),
    }  # fmt: skip
    centre = common_centre(egemaps.condition(train.values, train.names), train)
    return SerB(model, list(train.names), centre, card)


def _main() -> None:
    import argparse

    from emotts.evaluation.ser_b_card import card_markdown
    from emotts.evaluation.ser_b_planted import training_shifts

    parser = argparse.ArgumentParser(description="Fit SER B, or print its card.")
    parser.add_argument("action", choices=("fit", "card"))
    parser.add_argument("data", help="the folder of packed recordings")
    parser.add_argument("-o", "--output", default="runs/ser_b", type=Path)
    parser.add_argument("--split", choices=("dev", "test"), default="test", help="of the card")
    asked = parser.parse_args()
    features = extract(asked.data, asked.output / "egemaps.npz")
    planted = training_shifts(asked.data, asked.output)
    if asked.action == "fit":
        print(fit(features, planted=planted).save(asked.output))
    judge = SerB.load(asked.output)
    print(card_markdown(judge, features, asked.data, asked.output, planted, asked.split))


if __name__ == "__main__":
    _main()
