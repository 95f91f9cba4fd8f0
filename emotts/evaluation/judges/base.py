"""What a judge by name is, and the steps that all of them share."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from emotts.errors import EmottsError

RATE = 16000
SHORTEST_SECONDS = 0.4
SILENT = 1e-5
Reference = str | Path | Sequence[str | Path]


class Judge(ABC):
    """Scores files. `metrics` are VERSA's names where it has one (Shi et al. 2024)."""

    name: str
    metrics: tuple[str, ...]

    @abstractmethod
    def score(
        self, path: str | Path, reference: Reference | None = None, text: str | None = None,
        language: str = "en",
    ) -> dict[str, float]:  # fmt: skip
        """Score one file, metric by metric.

        reference: a recording, or several, that judges of likeness compare with. text: what judges
        of words expect. Each judge raises EmottsError for what it needs and was not given, and
        for a file that cannot be judged.
        """


@dataclass(frozen=True)
class JudgeEntry:
    """How a judge is found and made.

    needs: what `score` must be given beside the file ("reference", "text"). missing: the reason
    why the judge cannot be made from a source, or None. make: builds it from that source.
    """

    name: str
    about: str
    metrics: tuple[str, ...]
    needs: tuple[str, ...]
    missing: Callable[[str | None], str | None]
    make: Callable[[str | None], Judge]


def listen(path: str | Path) -> np.ndarray:
    """Samples (n,) at 16 kHz of a file that is long and loud enough to be judged."""
    from emotts.audio.io import read_audio

    samples = read_audio(path, rate=RATE)
    if len(samples) < SHORTEST_SECONDS * RATE:
        raise EmottsError(f"{path} is shorter than {SHORTEST_SECONDS} s, too short to be judged")
    if np.abs(samples).max() < SILENT:
        raise EmottsError(f"{path} is silent; judges need speech")
    return samples


def references(judge: Judge, reference: Reference | None) -> list[Path]:
    """The recordings to compare with, one or more."""
    given = [reference] if isinstance(reference, str | Path) else list(reference or [])
    if not given:
        raise EmottsError(f"the judge {judge.name} compares voices: give a reference recording")
    return [Path(path) for path in given]


class Comparer(Judge):
    """A judge of likeness: the mean cosine of a file's embedding to those of its references.

    The references' embeddings are kept, since a voice is compared with the same ones many times.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple, np.ndarray] = {}

    @abstractmethod
    def embed(self, samples: np.ndarray) -> np.ndarray:
        """Embedding (d,) of samples (n,) at 16 kHz."""

    def likeness(self, path: str | Path, reference: Reference | None) -> float:
        """Mean cosine, −1…1."""
        from emotts.evaluation.identity import similarity

        others = [self._embedding_of(other) for other in references(self, reference)]
        return similarity(self.embed(listen(path)), np.stack(others))

    def _embedding_of(self, path: Path) -> np.ndarray:
        if not path.is_file():
            raise EmottsError(f"there is no audio file {path}")
        facts = path.stat()
        key = (path.resolve(), facts.st_mtime_ns, facts.st_size)
        if key not in self._kept:
            self._kept[key] = self.embed(listen(path))
        return self._kept[key]


def lacking(*packages: str, extra: str) -> str | None:
    """The reason a judge is absent because a package is, or None."""
    absent = [package for package in packages if find_spec(package) is None]
    return f"the package {absent[0]} is not installed: pip install {extra}" if absent else None


def optional(package: str, install: str) -> ModuleType:
    """A package outside emotts' extras, imported only where a user installed it."""
    reason = lacking(package, extra=install)
    if reason:
        raise EmottsError(reason)
    return import_module(package)


def source_reason(source: str | None, what: str) -> str | None:
    """The reason a model's source cannot be used, or None; nothing is downloaded to find out."""
    if source is None:
        return f"no source was given: name a local folder with {what}, or a hub id"
    if looks_local(source) and not Path(source).expanduser().exists():
        return f"there is no folder {source}; it should hold {what}"
    return None


def looks_local(source: str) -> bool:
    """Whether a source is a path and not a hub id, which is NAME or OWNER/NAME."""
    path = Path(source).expanduser()
    return path.exists() or path.is_absolute() or source.startswith(".") or source.count("/") > 1


def from_pretrained(model_class: Any, source: str, **options: Any) -> Any:
    """A transformers model in evaluation mode; a folder is read alone, a hub id is fetched.

    Raises EmottsError for what cannot be read, and for weights that are missing, which
    transformers would draw at random.
    """
    from safetensors import SafetensorError
    from transformers import logging

    local = looks_local(source)
    where = str(Path(source).expanduser()) if local else source
    loudness = logging.get_verbosity()
    logging.set_verbosity(logging.CRITICAL)  # it prints a table of names, where we say a sentence
    try:
        model, report = model_class.from_pretrained(
            where,
            local_files_only=local,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            **options,
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EmottsError(f"no model can be read from {source}: {first}") from error
    finally:
        logging.set_verbosity(loudness)
    random = {*report["missing_keys"], *(key for key, *_ in report["mismatched_keys"])}
    if random:
        names = ", ".join(sorted(random)[:3])
        raise EmottsError(f"the weights in {source} are of another model: {names} do not fit")
    return model.eval().requires_grad_(False)


def normaliser(source: str, config: Any) -> Callable[[np.ndarray], np.ndarray]:
    """Zero mean and unit variance where the model was trained so.

    A folder's preprocessor_config.json says it; otherwise models with layer-normed convolutions
    want it, as transformers' own recipes have it.
    """
    preprocessor = Path(source).expanduser() / "preprocessor_config.json"
    wanted = getattr(config, "feat_extract_norm", "layer") == "layer"
    if preprocessor.is_file():
        wanted = json.loads(preprocessor.read_text(encoding="utf-8")).get("do_normalize", wanted)

    def normalise(samples: np.ndarray) -> np.ndarray:
        if not wanted:
            return samples
        return (samples - samples.mean()) / math.sqrt(float(samples.var()) + 1e-7)

    return normalise
