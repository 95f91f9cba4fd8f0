"""Learnt emotions: a direction from 1–50 examples, and the folder that keeps a user's own.

The direction is the one of EmoKnob (Chen, Chen & Hirschberg, "EmoKnob: Enhance Voice Cloning with
Fine-Grained Emotion Control", EMNLP 2024): the mean of the examples' normalised offsets from
neutral, here times their mean length, so that intensity 1 is as strong as the examples.
"""

import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from emotts.emotion.adverbs import ADVERBS
from emotts.emotion.parse import known_names, plain
from emotts.emotion.presets import PRESETS, STYLES
from emotts.errors import EmottsError

MOST_EXAMPLES = 50
MOST_BYTES = 1 << 20
FORMAT = "emotts learnt emotion 1"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# File names that Windows keeps for devices.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{i}" for d in ("com", "lpt") for i in range(10))}


@dataclass(frozen=True)
class Facts:
    """Where a learnt emotion comes from.

    clips: how many examples; created: ISO date; neutral: what they were heard against; checkpoint:
    mark of the recogniser that embedded them, without which the direction means nothing.
    """

    clips: int
    created: str
    neutral: str
    checkpoint: str


def learn_direction(offsets: np.ndarray) -> np.ndarray:
    """Return the direction (dim,) float32 of an emotion shown by offsets (n, dim) from neutral.

    Raises EmottsError unless there are 1 to 50 examples, finite, and at least one off neutral.
    """
    offsets = np.asarray(offsets, dtype=np.float64)
    if offsets.ndim != 2 or not 1 <= len(offsets) <= MOST_EXAMPLES:
        found = len(offsets) if offsets.ndim == 2 else f"an array of shape {offsets.shape}"
        raise EmottsError(f"an emotion is learnt from 1 to {MOST_EXAMPLES} examples, not {found}")
    lengths = np.linalg.norm(offsets, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.any():
        raise EmottsError("the examples do not differ from neutral, or are not finite numbers")
    units = offsets / np.where(lengths > 0, lengths, 1)
    return (units.mean(axis=0) * lengths.mean()).astype(np.float32)


def default_folder() -> Path:
    """Where learnt emotions are kept: $EMOTTS_HOME/emotions, or the platform's data folder."""
    home = os.environ.get("EMOTTS_HOME")
    if home:
        return Path(home).expanduser() / "emotions"
    from platformdirs import user_data_path

    return user_data_path("emotts", appauthor=False) / "emotions"


def checked_name(name: str) -> str:
    """Return the name as it is kept, such as "smug-smile" for "Smug smile".

    Raises EmottsError unless it is 1 to 40 letters a–z, digits and hyphens, begins with a letter,
    and can be told from the emotions, presets and adverbs that ship.
    """
    kept = plain(name).replace(" ", "-")
    if not _NAME.fullmatch(kept) or len(kept) > 40 or kept in _DEVICES:
        raise EmottsError(
            f"{str(name)[:60]!r} cannot be an emotion's name; use up to 40 letters a-z, digits and "
            "hyphens, a letter first"
        )
    words = plain(kept)
    if words in known_names([*PRESETS, *STYLES]):
        raise EmottsError(f"{words!r} is the name of an emotion that ships; choose another name")
    adverb = next((a for a in ADVERBS if words == a or words.startswith(a + " ")), None)
    if adverb:
        raise EmottsError(f"the name {words!r} begins with the adverb {adverb!r}; leave it out")
    return kept


class LearnedEmotions:
    """A folder of learnt emotions, one safetensors file each; made when something is saved."""

    def __init__(self, folder: str | Path | None = None):
        """folder: where they are kept; None for the user's own (`default_folder`)."""
        self.folder = default_folder() if folder is None else Path(folder)

    def names(self) -> tuple[str, ...]:
        """Return the names, sorted."""
        found = self.folder.glob("*.safetensors") if self.folder.is_dir() else ()
        return tuple(sorted(path.stem for path in found if _NAME.fullmatch(path.stem)))

    def load(self, name: str) -> tuple[np.ndarray, Facts]:
        """Return an emotion's direction (dim,) float32 and its facts.

        Raises EmottsError, listing the names there are, if there is none of that name.
        """
        return read_emotion(self._existing(name))

    def directions(self, checkpoint: str | None = None) -> dict[str, np.ndarray]:
        """Return name → direction of all of them, as `Palette` takes them.

        checkpoint: the mark of the recogniser in use; emotions learnt with another one are left
        out with a warning.
        """
        import warnings

        out = {}
        for name in self.names():
            vector, facts = self.load(name)
            if checkpoint is not None and facts.checkpoint != checkpoint:
                warnings.warn(
                    f"the learnt emotion {name} was learnt with other checkpoints and is left out; "
                    "learn it anew",
                    stacklevel=2,
                )
                continue
            out[name] = vector
        return out

    def save(self, name: str, vector: np.ndarray, facts: Facts, replace: bool = False) -> Path:
        """Keep a direction (dim,) under a name; an existing one only with `replace`."""
        path = self._free(name, replace)
        _write(path, vector, facts)
        return path

    def rename(self, name: str, new: str) -> None:
        """Give an emotion another name, which must be free."""
        source, target = self._existing(name), self._free(new)
        os.replace(source, target)

    def delete(self, name: str) -> None:
        """Remove an emotion."""
        self._existing(name).unlink()

    def export_file(self, name: str, path: str | Path, replace: bool = False) -> Path:
        """Write an emotion into a file, or into a folder under its own name; returns the file."""
        vector, facts = self.load(name)
        path = Path(path)
        if path.is_dir():
            path = path / f"{checked_name(name)}.safetensors"
        if path.exists() and not replace:
            raise EmottsError(f"{path} exists already; name another file")
        _write(path, vector, facts)
        return path

    def import_file(
        self, path: str | Path, name: str | None = None, dim: int | None = None,
        replace: bool = False,
    ) -> str:  # fmt: skip
        """Take over a file that `export_file` wrote; returns the name it has here.

        name: otherwise the file's own. dim: refuse other dimensions.
        Raises EmottsError for a file that is no learnt emotion, or a name that is taken.
        """
        path = Path(path)
        vector, facts = read_emotion(path)
        if dim is not None and vector.shape != (dim,):
            raise EmottsError(
                f"{path} holds {vector.shape[0]} dimensions where these checkpoints have {dim}"
            )
        return self.save(path.stem if name is None else name, vector, facts, replace).stem

    def _existing(self, name: str) -> Path:
        kept = plain(name).replace(" ", "-")
        if kept not in self.names():
            known = ", ".join(self.names()) or "none; make one with 'emotts learn-emotion'"
            raise EmottsError(f"there is no learnt emotion {name!r}; there are: {known}")
        return self.folder / f"{kept}.safetensors"

    def _free(self, name: str, replace: bool = False) -> Path:
        path = self.folder / f"{checked_name(name)}.safetensors"
        if path.exists() and not replace:
            raise EmottsError(f"there is a learnt emotion {path.stem} already; delete or rename it")
        return path


def read_emotion(path: str | Path) -> tuple[np.ndarray, Facts]:
    """Read one learnt emotion's file; raises EmottsError for any other file."""
    from safetensors import SafetensorError, safe_open

    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise EmottsError(f"{path} is too large for a learnt emotion")
        with safe_open(path, framework="numpy") as file:
            metadata, keys = file.metadata() or {}, list(file.keys())
            vector = file.get_tensor("direction") if keys == ["direction"] else None
        facts = Facts(**json.loads(metadata["facts"])) if metadata.get("format") == FORMAT else None
    except OSError as error:
        raise EmottsError(f"cannot read {path}: {error.strerror or error}") from error
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, EmottsError):
            raise
        raise EmottsError(f"{path} is no learnt emotion: {error}") from error
    if facts is None or vector is None:
        raise EmottsError(f"{path} is no learnt emotion; export one with 'emotts learned export'")
    return _checked_vector(vector, str(path)), facts


def _checked_vector(vector: np.ndarray, where: str) -> np.ndarray:
    vector = np.asarray(vector)
    if vector.ndim != 1 or vector.size == 0 or vector.dtype.kind not in "fiu":
        raise EmottsError(f"{where}: a direction is numbers (dim,), not of shape {vector.shape}")
    vector = vector.astype(np.float32)
    if not np.isfinite(vector).all() or not vector.any():
        raise EmottsError(f"{where}: a direction is finite numbers, not all 0")
    return vector


def _write(path: Path, vector: np.ndarray, facts: Facts) -> None:
    """The file appears whole or not at all."""
    from safetensors.numpy import save

    metadata = {"format": FORMAT, "facts": json.dumps(asdict(facts), ensure_ascii=False)}
    data = save({"direction": _checked_vector(vector, path.stem)}, metadata)
    partial = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".learned-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(partial, 0o644)
        os.replace(partial, path)
    except OSError as error:
        raise EmottsError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if partial is not None:
            Path(partial).unlink(missing_ok=True)
