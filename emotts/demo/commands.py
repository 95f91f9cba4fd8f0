"""Wish: what a visitor asks for, said three ways: to the library, as a command, as Python."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emotts.audio.speech import Speech
    from emotts.demo.studio import Studio


@dataclass(frozen=True)
class Wish:
    """text, voice; what is felt: emotion in words with an intensity, or in its place a curve
    (eased where `smooth`), an affect (valence, arousal, …) or a reference recording (followed in
    time where `moving`, heard against `neutral`); options: as `Synthesizer.synthesize` has them.
    """

    text: str
    voice: str = "kathleen"
    emotion: str = "neutral"
    intensity: float | None = None
    curve: str | None = None
    smooth: bool = False
    affect: Mapping[str, float] | None = None
    reference: str | Path | None = None
    moving: bool = False
    neutral: str | Path | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seed(self) -> int:
        """Of the take."""
        return int(self.options.get("seed", 0))

    def felt(self, studio: Studio) -> Any:
        """What `Synthesizer.synthesize` takes as emotion."""
        if self.curve:
            from emotts.emotion.curves import parse_curve

            return parse_curve(self.curve, studio.palette, "smooth" if self.smooth else "linear")
        if self.affect:
            return dict(self.affect)
        if self.reference:
            from emotts.emotion.track import EmotionTrack
            from emotts.synthesis.reference import reference_track, reference_vector

            heard = reference_track if self.moving else reference_vector
            found = heard(studio.embedder, self.reference, self.neutral)
            return found if self.moving else EmotionTrack.constant(found)
        return self.emotion

    def speak(self, studio: Studio) -> Speech:
        """Have it said; raises EmottsError for what cannot be."""
        return studio.synthesizer.synthesize(
            self.text, voice=self.voice, emotion=self.felt(studio),
            intensity=None if self._other else self.intensity, **self.options,
        )  # fmt: skip

    @property
    def _other(self) -> bool:
        """Whether something stands in the place of the emotion's words."""
        return bool(self.curve or self.affect or self.reference)

    def told(self) -> dict[str, Any]:
        """Options that differ from what is done without them, and the seed."""
        from emotts.synthesis.options import Options

        plain = Options()
        kept = {k: v for k, v in self.options.items() if v is not None and v != getattr(plain, k)}
        return {**kept, "seed": self.seed}

    def command(self, checkpoint: str | Path | None = None) -> str:
        """The command line that gives the same clip."""
        words = [f"--voice={self.voice}", *self._feeling()]
        for name, value in self.told().items():
            option = name.replace("_", "-")
            if isinstance(value, bool):
                words.append(f"--{option}" if value else f"--no-{option}")
            elif isinstance(value, Mapping):
                words.append(f"--{option}=" + ",".join(f"{k}:{v}" for k, v in value.items()))
            else:
                words.append(f"--{option}={value}")
        words += [f"--checkpoint={checkpoint}"] if checkpoint else []
        said = ["--", self.text] if self.text.startswith("-") else [self.text]
        return shlex.join(["emotts", "say", *words, "--output=speech.wav", *said])

    def _feeling(self) -> list[str]:
        if self.curve:
            return [f"--curve={self.curve}", *(["--smooth"] if self.smooth else [])]
        if self.affect:
            return ["--affect=" + ",".join(f"{k}={v}" for k, v in self.affect.items())]
        if self.reference:
            named = [f"--reference={Path(self.reference).name}"]
            named += ["--reference-track"] if self.moving else []
            return named + (
                [f"--reference-neutral={Path(self.neutral).name}"] if self.neutral else []
            )
        level = [] if self.intensity is None else [f"--intensity={self.intensity}"]
        return [f"--emotion={self.emotion}", *level]

    def python(self, checkpoint: str | Path | None = None, learned: bool = False) -> str:
        """The Python lines that give the same clip, as `speech`.

        learned: also load learnt emotions and stored voices, which a Synthesizer does not by
        itself.
        """
        source = repr(str(checkpoint)) if checkpoint else ""
        lines = ["from emotts import Synthesizer",
                 f"synthesizer = Synthesizer.from_pretrained({source})"]  # fmt: skip
        if learned:
            lines += [
                "from emotts.emotion.learned import LearnedEmotions",
                "from emotts.synthesis.stored_voices import stored_voices",
                "synthesizer.learned |= LearnedEmotions().directions(synthesizer.mark)",
                "synthesizer.stored |= stored_voices(synthesizer.models.folder)",
            ]
        before, felt = self._felt_in_python()
        given = {"voice": repr(self.voice), "emotion": felt}
        if self.intensity is not None and not self._other:
            given["intensity"] = repr(self.intensity)
        given |= {name: repr(_plain(value)) for name, value in self.told().items()}
        call = ", ".join([repr(self.text), *(f"{name}={value}" for name, value in given.items())])
        return "\n".join([*lines, *before, f"speech = synthesizer.synthesize({call})"])

    def _felt_in_python(self) -> tuple[list[str], str]:
        """Lines that come before the call, and what the call takes as emotion."""
        if self.curve:
            kind = "smooth" if self.smooth else "linear"
            return ["from emotts.emotion.curves import parse_curve"], (
                f"parse_curve({self.curve!r}, synthesizer.palette(), {kind!r})"
            )
        if self.affect:
            return [], repr(_plain(self.affect))
        if self.reference:
            return self._reference_in_python()
        return [], repr(self.emotion)

    def _reference_in_python(self) -> tuple[list[str], str]:
        name = "reference_track" if self.moving else "reference_vector"
        files = repr(Path(self.reference).name)
        files += f", {Path(self.neutral).name!r}" if self.neutral else ""
        lines = [f"from emotts.synthesis.reference import Embedder, {name}",
                 "embedder = Embedder.from_pretrained(synthesizer.models.folder)"]  # fmt: skip
        if self.moving:
            return lines, f"{name}(embedder, {files})"
        lines.append("from emotts import EmotionTrack")
        return lines, f"EmotionTrack.constant({name}(embedder, {files}))"


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def needs_learned(wish: Wish, studio: Studio) -> bool:
    """Whether a wish names a learnt emotion or a stored voice."""
    known = studio.synthesizer
    named = " ".join([wish.emotion, wish.curve or "", wish.text, *wish.options.get("suppress", ())])
    return wish.voice in known.stored or any(name in named for name in known.learned)
