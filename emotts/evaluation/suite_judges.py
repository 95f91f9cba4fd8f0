"""How the suite finds each judge, and the sentence that says why one is absent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from emotts.errors import EmottsError
from emotts.evaluation.suite import Absent, Options


def _need(*packages: str) -> None:
    for package in packages:
        if find_spec(package) is None:
            raise Absent(f"the package {package} is not installed: pip install 'emotts[eval]'")


def _whisper(options: Options) -> Any:
    _need("faster_whisper", "jiwer")
    from emotts.evaluation.words import WordJudge

    return WordJudge(cpu_threads=options.threads)


def _ser_b(options: Options) -> Any:
    _need("opensmile")
    from emotts.evaluation.ser_b import SerB

    return SerB.load(options.judge)


def _ser_b_whisper(options: Options) -> Any:
    _need("opensmile", "faster_whisper")
    from emotts.evaluation.ser_b_whisper import SerBWhisper

    return SerBWhisper.load(options.judge)


def _ser_a(options: Options) -> Any:
    from emotts.synthesis.recognizer import Recognizer

    return Recognizer.from_pretrained(options.checkpoint)


def _resemblyzer(options: Options) -> Any:
    if find_spec("resemblyzer") is None:
        raise Absent("the package is not installed: pip install --no-deps resemblyzer")
    from emotts.evaluation.identity import VoiceJudge

    return VoiceJudge()


def _distillmos(options: Options) -> Any:
    _need("distillmos", "torchaudio")
    from emotts.evaluation.naturalness import DistillMos

    return DistillMos()


def _dnsmos(options: Options) -> Any:
    _need("speechmos", "onnxruntime")
    from emotts.evaluation.naturalness import Dnsmos

    return Dnsmos()


FINDERS: dict[str, Callable[[Options], Any]] = {
    "whisper": _whisper,
    "ser_b": _ser_b,
    "ser_b_whisper": _ser_b_whisper,
    "ser_a": _ser_a,
    "resemblyzer": _resemblyzer,
    "distillmos": _distillmos,
    "dnsmos": _dnsmos,
}


class Judges:
    """Judges by name, each loaded when first asked for; `absent` says why one is not there."""

    def __init__(self, options: Options, given: dict[str, Any] | None = None):
        """given: judges that are there already, by name; what is None is absent."""
        self.options = options
        self.used: dict[str, Any] = dict(given or {})
        self.absent: dict[str, str] = {}

    def __getitem__(self, name: str) -> Any:
        """The judge. Raises Absent with the reason."""
        if name in self.absent:
            raise Absent(f"{name} is absent: {self.absent[name]}")
        if self.used.get(name) is None:
            try:
                self.used[name] = FINDERS[name](self.options)
            except (EmottsError, ImportError, OSError) as error:
                self.absent[name] = " ".join(str(error).split()).rstrip(".")
                raise Absent(f"{name} is absent: {self.absent[name]}") from error
        return self.used[name]

    def has(self, name: str) -> bool:
        """Whether the judge is there, loading it."""
        try:
            return self[name] is not None
        except Absent:
            return False


def folder_hash(folder: Path | None, pattern: str) -> str | None:
    """Twelve digits of the SHA-256 over the files of a folder that match, by name and content."""
    files = sorted(folder.rglob(pattern)) if folder and folder.is_dir() else []
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12] if files else None
