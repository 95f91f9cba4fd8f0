"""A tiny corpus taken the whole way once a session: prepared, aligned, trained, loaded.

Real speech where ../shared/data is beside the checkout, made signals elsewhere. The conftest.py
of every folder that needs it imports these fixtures; the work itself is cached, and done once.
"""

import csv
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
RATE = 24000
ORDER = ("encoder", "ser", "speaker", "content", "prosody", "acoustic", "vocoder")
ACTED = ("neutral normal", "neutral normal", "happy strong", "happy normal", "angry strong",
         "sad strong", "surprised strong")  # fmt: skip
TEXTS = {
    "en-us": ("We may all call.", "You were a long way away.", "No one knew."),
    "pl": ("Mama ma mało miodu.", "Ala wie o nowym domu."),
}
HELD_OUT_TEXT = {"en-us": "Why may we all laugh now?", "pl": "Nie ma nowych map."}
# More than the recipes' two steps, and larger: an emotion that changes nothing cannot be tested.
LIVELY = ("steps=8", "warmup=1", "learning_rate=0.01", "validate_every=8")

# corpus, speaker, split, held_out, emotions with their level
PLAN = [
    ("kathleen", "kathleen", "train", "", ["neutral"] * 10),
    ("kathleen", "kathleen", "dev", "sentence", ["neutral"] * 8),
    ("kathleen", "kathleen", "test", "sentence", ["neutral"] * 3),
    *[("ravdess", f"actor0{n}", "train", "", ACTED) for n in (1, 2, 3)],
    ("ravdess", "actor19", "dev", "speaker", ["neutral normal", "happy strong"]),
    ("ravdess", "actor21", "test", "speaker", ["neutral normal", "angry strong"]),
    *[("nemo", name, "train", "", ["neutral", "happy"]) for name in ("EB0", "IC0", "KD0", "KS0")],
    ("nemo", "EB0", "dev", "sentence", ["neutral", "angry"]),
    ("nemo", "MK0", "test", "speaker", ["neutral", "happy"]),
]


def made_speech(pitch_hz: float, seconds: float = 1.8, seed: int = 0) -> np.ndarray:
    """Syllables of harmonics with a moving formant between short gaps, (n,) at 24 kHz."""
    generator = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE)) / RATE
    f0 = pitch_hz * 2 ** (0.15 * np.sin(2 * np.pi * (1.3 * t + generator.random())))
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    formant = 700 + 300 * np.sin(2 * np.pi * (2.1 * t + generator.random()))
    tone = np.zeros_like(t)
    for k in range(1, 25):
        tone += np.exp(-np.abs(k * f0 - formant) / 600) * np.cos(k * phase) / k**0.5
    syllables = np.clip(3 * np.sin(2 * np.pi * 3.5 * t) + 2, 0, 1)
    loud = syllables * (t > 0.15) * (t < seconds - 0.15)
    return (0.06 * tone * loud + 3e-4 * generator.normal(size=len(t))).astype(np.float32)


def _slots():
    """The plan, clip by clip: manifest values without text, path and seconds."""
    for corpus, speaker, split, held_out, emotions in PLAN:
        for emotion in emotions:
            name, _, level = emotion.partition(" ")
            yield dict(corpus=corpus, speaker=speaker, split=split, held_out=held_out,
                       emotion=name, level=level)  # fmt: skip


def _real_rows(folder: Path) -> list[dict]:
    """The first short recordings that fill the slots, copied."""
    with (SHARED_DATA / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        waiting = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = []
    for slot in _slots():
        row = next(
            r for r in waiting
            if float(r["seconds"]) < 4.5 and all(r[k] == v for k, v in slot.items())
        )  # fmt: skip
        waiting.remove(row)
        (folder / row["path"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SHARED_DATA / row["path"], folder / row["path"])
        rows.append(row)
    return rows


def _made_rows(folder: Path) -> list[dict]:
    """Made signals in every slot, each speaker and emotion at its own pitch."""
    from emotts.audio.io import write_audio

    speakers = list(dict.fromkeys(slot["speaker"] for slot in _slots()))
    rows = []
    for number, slot in enumerate(_slots()):
        language = "pl" if slot["corpus"] == "nemo" else "en-us"
        texts = TEXTS[language]
        if slot["held_out"] == "sentence":
            texts = (HELD_OUT_TEXT[language],)
        pitch = 110 + 15 * speakers.index(slot["speaker"]) + 6 * len(slot["emotion"])
        path = f"{slot['corpus']}/{slot['speaker']}/{number}.wav"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        samples = made_speech(pitch, seed=number)
        write_audio(folder / path, samples, RATE)
        rows.append(slot | dict(path=path, sex="female", age="", language=language,
                                text=texts[number % len(texts)],
                                seconds=f"{len(samples) / RATE:.2f}"))  # fmt: skip
    return rows


def write_manifest(folder: Path, rows: list[dict]) -> None:
    """Write manifest.tsv as `emotts.corpora.packed` reads it."""
    from emotts.corpora.packed import COLUMNS

    lines = ["\t".join(COLUMNS)] + ["\t".join(row[c] for c in COLUMNS) for row in rows]
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_corpus(folder: Path, real: bool) -> Path:
    """A packed corpus folder of the plan."""
    folder.mkdir(parents=True, exist_ok=True)
    write_manifest(folder, _real_rows(folder) if real else _made_rows(folder))
    return folder


@dataclass(frozen=True)
class Trained:
    """Folders of the packed corpus, the prepared features, the runs and the checkpoints."""

    corpus: Path
    data: Path
    runs: Path
    checkpoints: Path

    def train(self, task: str, *overrides: str, **options) -> Path:
        """`emotts train` with a debug recipe on the tiny corpus."""
        from emotts.training.run import train_recipe

        given = [f"data={self.data}", f"run={self.runs / task}", f"export={self.checkpoints}"]
        return train_recipe(
            ROOT / "recipes" / "debug" / f"{task}.yaml", [*given, *overrides], **options
        )


@cache
def _prepared(base: Path) -> Trained:
    from emotts.corpora.prepare import prepare
    from emotts.training.alignment.corpus import align_store

    real = (SHARED_DATA / "manifest.tsv").is_file()
    folders = Trained(
        make_corpus(base / "corpus", real), base / "data", base / "runs", base / "checkpoints"
    )
    align_store(prepare(folders.corpus, folders.data, workers=1), passes=2, workers=1)
    return folders


@cache
def _trained(base: Path) -> Trained:
    folders = _prepared(base)
    for task in ORDER:
        folders.train(task, *(LIVELY if task in ("prosody", "acoustic") else ()))
    return folders


@cache
def _synthesizer(base: Path):
    from emotts.synthesis.synthesizer import Synthesizer

    return Synthesizer.from_pretrained(_trained(base).checkpoints)


def _base(factory: pytest.TempPathFactory) -> Path:
    return factory.getbasetemp() / "pipeline"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Trained:
    """The tiny corpus, prepared and aligned."""
    return _prepared(_base(tmp_path_factory))


@pytest.fixture(scope="session")
def trained(tmp_path_factory) -> Trained:
    """The same with every debug recipe trained on it, in order."""
    return _trained(_base(tmp_path_factory))


@pytest.fixture(scope="session")
def store(prepared):
    from emotts.corpora.store import FeatureStore

    return FeatureStore(prepared.data)


@pytest.fixture(scope="session")
def synthesizer(tmp_path_factory):
    """A Synthesizer of the trained set."""
    return _synthesizer(_base(tmp_path_factory))
