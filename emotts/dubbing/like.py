"""Lines as the original actor said them: timing, pauses and emotion taken from a recording."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from emotts.audio.constants import SAMPLE_RATE
from emotts.audio.speech import Segment, Speech
from emotts.dubbing.phrases import Span, heard_phrases, split_text, timed_phrases
from emotts.dubbing.slots import SlotPlan, shortening_hint
from emotts.errors import EmottsError
from emotts.text.markup import RANGES, Mark, MarkedText, Pause, read_text

if TYPE_CHECKING:
    from emotts.emotion.track import EmotionTrack
    from emotts.synthesis.recognizer import Neutral
    from emotts.synthesis.reference import Embedder

MARKING_SECONDS, MARKED_SECONDS = 1.5, 1.1  # a pause put in to find phrases, and the least of it
TOLERANCE_SECONDS = 0.015
ROUNDS = 2
FADE_SECONDS, TAIL_SECONDS = 0.01, 0.1


@dataclass(frozen=True)
class Likeness:
    """speech: from the beginning of the original to its end, or to the last word if that is later;
    plan: what became of the slot; error_seconds: how far the beginning or end of a phrase is from
    where it should be, at most; phrases: of the original, pauses: kept of it."""

    speech: Speech
    plan: SlotPlan
    natural_seconds: float
    error_seconds: float
    phrases: int


def heard_track(
    embedder: Embedder, samples: np.ndarray, neutral: Neutral | None
) -> EmotionTrack | None:
    """What is felt in an original, in seconds from its first word; None, with a warning, where it
    is too short or quiet to be heard."""
    from emotts.synthesis.reference import reference_track

    phrases = heard_phrases(samples)
    if not phrases:
        return None
    first, last = (round(x * SAMPLE_RATE) for x in (phrases[0][0], phrases[-1][1]))
    try:
        track = reference_track(embedder, samples[first:last], neutral, unit="seconds")
        return track if neutral is not None else _less_unknown(embedder, track)
    except EmottsError as error:
        warnings.warn(f"has an original whose emotion cannot be heard: {error}", stacklevel=2)
        return None


def _less_unknown(embedder: Embedder, track: EmotionTrack) -> EmotionTrack:
    """A track without what even neutral speech is away from everybody's neutral; see UNHEARD."""
    from emotts.synthesis.conversion import UNHEARD

    directions = embedder.space.directions.values()
    if not directions:
        return track
    usual = np.mean([np.linalg.norm(d) for d in directions])
    lengths = np.maximum(np.linalg.norm(track.vectors, axis=1, keepdims=True), 1e-9)
    kept = np.maximum(0.0, 1 - UNHEARD * usual / lengths)
    return replace(track, vectors=track.vectors * kept)


def say_like(
    synthesizer: Any, text: str, asked: Mapping[str, Any], samples: np.ndarray,
    slot_seconds: float | None, limits: tuple[float, float],
) -> Likeness | None:  # fmt: skip
    """Say a text in the time of an original.

    asked: keywords of `synthesize`; samples: the original, (n,) at 24 kHz, which begins with the
    slot. slot_seconds: how long the line may take, as long as the original if None. limits: of
    the rate, for every phrase. None where nobody speaks in the original.
    """
    heard = heard_phrases(samples)
    if not heard:
        return None
    asked = {k: v for k, v in asked.items() if k != "best_of"}
    marked = replace(_read(synthesizer, text, asked), pauses=())
    cuts, heard = split_text(marked.text, heard)
    natural, last = _natural(synthesizer, marked, cuts, asked)
    if len(natural) != len(heard):
        warnings.warn("cannot be cut where its original pauses; it is said as one", stacklevel=2)
        cuts, last, heard = [], [], [(heard[0][0], heard[-1][1])]
        natural, _ = _natural(synthesizer, marked, cuts, asked)
    wanted = timed_phrases(natural, heard, limits)
    speech, spoken = _said(synthesizer, Parts(marked, cuts, last), asked, natural, wanted)
    room = len(samples) / SAMPLE_RATE if slot_seconds is None else slot_seconds
    placed, moved = _placed(speech, wanted[0][0] - spoken[0][0], spoken[-1][1], room)
    error = max(
        abs(x + moved - y)
        for a, b in zip(spoken, wanted, strict=True) for x, y in zip(a, b, strict=True)
    )  # fmt: skip
    plan = _plan(marked.text, natural, wanted, placed.seconds, room, limits)
    return Likeness(placed, plan, sum(natural), error, len(heard))


@dataclass(frozen=True)
class Parts:
    """A text, where its phrases but the first begin, and which words end all but the last."""

    text: MarkedText
    cuts: Sequence[int]
    last: Sequence[int]

    def timed(self, rates: Sequence[float], pauses: Sequence[float]) -> MarkedText:
        """With phrases at so many times their own rates, and pauses in seconds between them."""
        edges = [0, *self.cuts, len(self.text.text)]
        marks = []
        for start, end, style in self.text.runs():
            for a, b, rate in zip(edges, edges[1:], rates, strict=False):
                if max(a, start) < min(b, end):
                    own = min(max((style.rate or 1.0) * rate, RANGES["rate"][0]), RANGES["rate"][1])
                    marks.append(Mark(max(a, start), min(b, end), replace(style, rate=own)))
        given = tuple(Pause(at, s) for at, s in zip(self.cuts, pauses, strict=True))
        return replace(self.text, marks=tuple(marks), pauses=given)

    def spans(self, words: Sequence[Segment]) -> list[Span]:
        """(start, end) of the phrases."""
        edges = [-1, *self.last, len(words) - 1]
        return [
            (words[a + 1].start_seconds, words[b].end_seconds)
            for a, b in zip(edges, edges[1:], strict=False)
        ]


def _read(synthesizer: Any, text: str, asked: Mapping[str, Any]) -> MarkedText:
    if asked.get("markup") is False:
        return MarkedText.plain(text)
    language = asked.get("language") or synthesizer.voice(asked["voice"]).language
    return read_text(text, synthesizer.palette().names, language)


def _natural(
    synthesizer: Any, marked: MarkedText, cuts: Sequence[int], asked: Mapping[str, Any]
) -> tuple[list[float], list[int]]:
    """How long each phrase takes if nobody hurries it, and the words that end all but the last,
    found by long pauses that are put between them."""
    apart = replace(marked, pauses=tuple(Pause(at, MARKING_SECONDS) for at in cuts))
    words = synthesizer.synthesize(apart, **{**asked, "steps": 1}).timeline
    gaps = [b.start_seconds - a.end_seconds for a, b in zip(words, words[1:], strict=False)]
    last = [i for i, gap in enumerate(gaps) if gap >= MARKED_SECONDS] if cuts else []
    spans = Parts(marked, cuts, last).spans(words)
    return [max(end - start, 0.05) for start, end in spans], last


def _said(
    synthesizer: Any, parts: Parts, asked: Mapping[str, Any], natural: Sequence[float],
    wanted: Sequence[Span],
) -> tuple[Speech, list[Span]]:  # fmt: skip
    """Speech whose phrases last as wanted, and where they are in it.

    Rates and pauses are corrected by what came of them: whole frames, and the quiet at the edges
    of sentences, are not known before.
    """
    lengths = [end - start for start, end in wanted]
    pauses = [b[0] - a[1] for a, b in zip(wanted, wanted[1:], strict=False)]
    rates = [n / length for n, length in zip(natural, lengths, strict=True)]
    given = list(pauses)
    for number in range(ROUNDS + 1):
        speech = synthesizer.synthesize(parts.timed(rates, given), **asked)
        spoken = parts.spans(speech.timeline)
        got = [end - start for start, end in spoken]
        gaps = [b[0] - a[1] for a, b in zip(spoken, spoken[1:], strict=False)]
        off = [abs(a - b) for a, b in zip([*got, *gaps], [*lengths, *pauses], strict=True)]
        if number == ROUNDS or max(off) <= TOLERANCE_SECONDS:
            break
        rates = [r * a / b for r, a, b in zip(rates, got, lengths, strict=True)]
        given = [max(0.0, g + b - a) for g, a, b in zip(given, gaps, pauses, strict=True)]
    return speech, spoken


def _placed(
    speech: Speech, moved: float, end: float, room: float
) -> tuple[Speech, float]:  # fmt: skip
    """Speech that begins `moved` seconds later, as long as there is room for it, or until its last
    word, which ends at `end`; and by how much it was moved, to the sample."""
    rate = speech.rate
    first = round(moved * rate)
    length = max(round(room * rate), first + min(round((end + TAIL_SECONDS) * rate),
                                                 len(speech.samples)))  # fmt: skip
    if first + round(end * rate) <= round(room * rate):
        length = round(room * rate)
    samples = speech.samples[max(0, -first) :][: length - max(0, first)].copy()
    fade = min(round(FADE_SECONDS * rate), len(samples) // 2)
    if fade:
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        samples[:fade] *= ramp
        samples[-fade:] *= ramp[::-1]
    out = np.zeros(length, dtype=np.float32)
    out[max(0, first) : max(0, first) + len(samples)] = samples
    seconds = first / rate
    words = tuple(
        Segment(w.label, max(0.0, w.start_seconds + seconds), max(0.0, w.end_seconds + seconds))
        for w in speech.timeline
    )
    return replace(speech, samples=out, timeline=words), seconds


def _plan(
    text: str, natural: Sequence[float], wanted: Sequence[Span], seconds: float, room: float,
    limits: tuple[float, float],
) -> SlotPlan:  # fmt: skip
    rate = sum(natural) / sum(end - start for start, end in wanted)
    overrun = seconds - room
    if overrun <= 1e-4:
        return SlotPlan(seconds, rate)
    said = (
        f"begins and pauses as its original and needs {seconds:.2f} s at {limits[1]:g} times its "
        f"natural rate at most, {overrun:.2f} s more than the {room:.2f} s there are"
    )
    return SlotPlan(seconds, rate, overrun, 0.0, said, shortening_hint(text, seconds, room))
