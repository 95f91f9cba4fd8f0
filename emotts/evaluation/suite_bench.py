"""What all entries of the suite share: the sets of audio and the ears that judge them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError
from emotts.evaluation import sets
from emotts.evaluation.clips import Clip, by_voice, neutral_of
from emotts.evaluation.score_cache import ScoreCache
from emotts.evaluation.sets import Take
from emotts.evaluation.suite import Absent, Options
from emotts.evaluation.suite_judges import Judges, folder_hash

FIRST_VOICES = ("kathleen", "lj", "actor03", "actor04")
ACTORS = ("actor01", "actor02", "actor03", "actor04")
EMOTIONS = CATEGORIES[1:]
POLISH_EMOTIONS = ("happy", "sad", "angry", "fearful", "surprised")
BATCH = 96  # clips that SER B hears at once; what was heard is kept after each batch


class _NotKept(Exception):
    """Raised inside a look-up of the cache to learn that a score is not there."""


class Bench:
    """The sets and judges of one checkpoint, each made or loaded when first asked for."""

    def __init__(
        self, options: Options, synthesizer: Any = None, judges: dict[str, Any] | None = None
    ):
        """synthesizer, judges: ones that are there already, in place of those by the options."""
        from emotts.checkpoints import resolve

        self.options, self.sizes = options, options.sizes
        self.source = resolve(options.checkpoint)
        self.checkpoint = sets.checkpoint_tag(self.source)
        self.folder = options.output / "audio" / self.checkpoint
        self.cache = ScoreCache(options.output / "scores.jsonl")
        self.judges = Judges(options, judges)
        self.seeds = [options.seed + i for i in range(options.seeds)]
        self.notes: list[str] = []  # what the running entry had to leave out
        self.steps = lambda items, what="": items  # replaced by who shows progress
        self._given = synthesizer

    @cached_property
    def synthesizer(self) -> Any:
        """The checkpoint's."""
        from emotts.synthesis.synthesizer import Synthesizer

        return self._given or Synthesizer.from_pretrained(self.options.checkpoint)

    def wanted(self, row: str) -> bool:
        """Whether an anchor row (recordings, resynthesis, piper) was not left out by wish."""
        return row not in self.options.without

    # -- voices and sentences

    def _voices(self, language: str) -> list[str]:
        known = [n for n, v in self.synthesizer.voices.items() if v.language[:2] == language]
        first = [name for name in FIRST_VOICES if name in known]
        return first + [name for name in known if name not in first]

    @property
    def voices(self) -> list[str]:
        """English voices for emotions, the most used first."""
        voices = self._voices("en")[: self.sizes.voices]
        if not voices:
            raise EmottsError("The checkpoint has no English voice, which the suite needs.")
        return voices

    @property
    def polish_voices(self) -> list[str]:
        """Two Polish voices, if there are any."""
        return self._voices("pl")[:2]

    @property
    def actors(self) -> list[str]:
        """Voices of training actors, or what stands after the first two."""
        known = self._voices("en")
        return [name for name in ACTORS if name in known] or known[2:]

    def texts(self, file: str = "english", count: int | None = None) -> list[str]:
        """The first sentences of a set."""
        return sets.read_sentences(self.options.sentences / f"{file}.txt", count)

    def takes(
        self, texts: Sequence[str], voices: Sequence[str], emotions: Sequence[str] = ("neutral",),
        **asked: Any,
    ) -> list[Take]:  # fmt: skip
        """Every sentence by every voice in every emotion; the seeds take turns over sentences."""
        return [
            Take(text, voice, emotion, seed=self.seeds[i % len(self.seeds)], **asked)
            for voice in voices
            for emotion in emotions
            for i, text in enumerate(texts)
        ]

    # -- audio

    def make(self, takes: Sequence[Take], what: str) -> list[Clip]:
        """Synthesize what is not there yet. Raises NoControl where a control is missing."""
        return sets.synthesized(
            lambda: self.synthesizer, self.folder, takes, partial(self.steps, what=what)
        )

    def neutral(self, voices: Sequence[str], language: str = "en") -> list[Clip]:
        """The neutral clips that emotions of the same voices are heard against."""
        return self.make(self._acted(voices, ("neutral",), language), "neutral")

    def emotional(
        self, voices: Sequence[str], emotions: Sequence[str] = EMOTIONS, language: str = "en"
    ) -> list[Clip]:
        """Every emotion at intensity 1, on the same sentences as `neutral`."""
        return self.make(self._acted(voices, emotions, language), "emotional")

    def _acted(self, voices, emotions, language) -> list[Take]:
        if language == "pl":
            texts = self.texts("polish", self.sizes.acted_polish)
            return self.takes(texts, voices, emotions, language="pl")
        return self.takes(self.texts(count=self.sizes.acted), voices, emotions)

    def recordings(self, corpus: str, held_out: str | None = None) -> list[Clip]:
        """Test recordings. Raises Absent without a folder of recordings."""
        if self.options.data is None:
            raise Absent("recordings are absent: no folder of them was given: --data FOLDER")
        try:
            return sets.recorded(self.options.data, corpus, held_out=held_out)
        except EmottsError as error:
            raise Absent(f"recordings are absent: {error}") from error

    def resynthesis(self, clips: Sequence[Clip]) -> list[Clip]:
        """Recordings through this checkpoint's vocoder and back."""
        from emotts.synthesis.vocode import resynthesize

        return sets.resynthesized(
            clips, self.folder / "resynthesis", partial(resynthesize, source=self.source),
            partial(self.steps, what="resynthesis"),
        )  # fmt: skip

    def piper(self, texts: Sequence[str]) -> list[Clip]:
        """The peer's row. Raises Absent without its packages."""
        folder = self.options.output / "audio" / "piper"
        try:
            return sets.spoken_by_piper(texts, folder, partial(self.steps, what="Piper"))
        except EmottsError as error:
            raise Absent(f"piper is absent: {error}") from error

    def anchor(self, row: str, make) -> list[Clip] | None:
        """An anchor row, or None where it was left out or is absent (which is then noted)."""
        if not self.wanted(row):
            return None
        try:
            return make()
        except Absent as error:
            self.judges.absent.setdefault(row, str(error).partition(": ")[2].rstrip("."))
            self.notes.append(str(error))
            return None

    # -- ears

    def _kept(self, judge: str, clips: Iterable[Clip], score) -> list[Any]:
        clips = list(clips)
        return [
            self.cache.get(judge, clip.path, lambda c=clip: score(c))
            for clip in self.steps(clips, what=judge.split()[0])
        ]

    def transcripts(self, clips: Sequence[Clip]) -> list[str]:
        """What Whisper writes down of clips in one language."""
        from emotts.evaluation.words import judge_key

        judge = self.judges["whisper"]
        name = judge_key(clips[0].language, judge.beam_size)
        return self._kept(name, clips, lambda c: judge.transcribe(c.path, c.language[:2]))

    def ser_b(
        self, clips: Sequence[Clip], neutral: Sequence[Clip], relative: bool = True,
        judge: str = "ser_b",
    ) -> list[dict[str, float]]:  # fmt: skip
        """SER B's probabilities for each clip, heard beside the same voice's neutral clips.

        judge: "ser_b", of record, or "ser_b_whisper", with Whisper's layers beside.
        """
        self.judges[judge]
        fitted = folder_hash(self.options.judge, f"{judge}.safetensors") or "given"
        heard: dict[str, dict[str, float]] = {}
        for voice, rows in by_voice(clips).items():
            reference = [c for c in neutral if c.voice == voice]
            key = f"{judge} {fitted} {'relative' if relative else 'absolute'} {_digest(reference)}"
            missing = {c.path: c for c in rows if not self._is_kept(key, c)}
            todo = list(missing.values())
            batches = [todo[i : i + BATCH] for i in range(0, len(todo), BATCH)]
            for batch in self.steps(batches, what=f"SER B, {voice}"):
                self._hear_batch(key, batch, reference, relative, judge)
            for clip in rows:
                heard[clip.path] = self.cache.get(key, clip.path, dict)
        return [heard[clip.path] for clip in clips]

    def _is_kept(self, key: str, clip: Clip) -> bool:
        def missing() -> None:
            raise _NotKept

        try:
            self.cache.get(key, clip.path, missing)
        except _NotKept:
            return False
        return True

    def _hear_batch(self, key, batch, reference, relative, judge) -> None:
        together = {clip.path: clip for clip in [*batch, *reference]}
        readings = self.judges[judge].judge(list(together.values()), relative)
        told = dict(zip(together, readings, strict=True))
        for clip in batch:
            value = {k: float(v) for k, v in told[clip.path].probabilities.items()}
            self.cache.get(key, clip.path, lambda v=value: v)

    def ser_a(self, clips: Sequence[Clip], neutral: Sequence[Clip]) -> list[dict[str, Any]]:
        """SER A's probabilities, affect and intensity beside the same voice's neutral clips."""
        judge, known = self.judges["ser_a"], {}

        def hear(clip: Clip) -> dict[str, Any]:
            if clip.voice not in known:
                known[clip.voice] = judge.hear_neutral([c.path for c in own[clip.voice]])
            heard = asdict(judge.recognize(clip.path, neutral=known[clip.voice]))
            return {k: heard[k] for k in ("probabilities", "affect", "intensity")}

        own = by_voice(neutral_of(neutral))
        out: dict[str, Any] = {}
        for voice, rows in by_voice(clips).items():
            key = f"ser_a {self.checkpoint} {_digest(own[voice])}"
            values = self._kept(key, rows, hear)
            out |= {clip.path: value for clip, value in zip(rows, values, strict=True)}
        return [out[clip.path] for clip in clips]

    def prosody(self, clips: Sequence[Clip]) -> np.ndarray:
        """Median F0 in semitones re 1 Hz (NaN unvoiced), active level in dBFS, seconds: (n, 3)."""
        from emotts.audio.f0 import track_f0
        from emotts.audio.io import read_audio
        from emotts.corpora.features import active_level_db

        def measure(clip: Clip) -> list[float | None]:
            samples = read_audio(clip.path)
            f0, voiced = track_f0(samples)
            pitch = float(12 * np.log2(np.median(f0[voiced]))) if voiced.any() else None
            return [pitch, active_level_db(samples), len(samples) / 24000]

        return np.array(self._kept("prosody", clips, measure), dtype=np.float64)

    def embeddings(self, clips: Sequence[Clip]) -> np.ndarray:
        """Resemblyzer's embeddings (n, 256)."""
        judge = self.judges["resemblyzer"]
        return np.array(
            self._kept("resemblyzer", clips, lambda c: [float(x) for x in judge.embed_file(c.path)])
        )

    def naturalness(self, name: str, clips: Sequence[Clip]) -> list[float]:
        """Scores by distillmos or dnsmos."""
        from emotts.evaluation.naturalness import score_file

        judge = self.judges[name]
        return self._kept(judge.name, clips, lambda c: score_file(c.path, [judge])[judge.name])


def _digest(clips: Sequence[Clip]) -> str:
    """Eight digits of the content of a voice's neutral files: other neutral, other readings."""
    digest = hashlib.sha256()
    for clip in clips:
        digest.update(Path(clip.path).read_bytes())
    return digest.hexdigest()[:8]
