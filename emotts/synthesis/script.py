"""Marked text to lines: sentences with voice, emotion and delivery of every token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from emotts.emotion.palette import Palette
from emotts.emotion.track import EmotionTrack
from emotts.errors import EmottsError
from emotts.synthesis.course import PAIR_SECONDS, Course
from emotts.synthesis.felt import Feeling
from emotts.synthesis.line import EMPHASIS, Delivery, Line
from emotts.synthesis.options import Options
from emotts.synthesis.voices import Voice, find_voice
from emotts.text.echoes import is_echo
from emotts.text.markup import MarkedText, Style
from emotts.text.phonemes import phonemize
from emotts.text.sequence import PhoneSequence, phone_sequence
from emotts.text.split import split_sentences
from emotts.text.symbols import BORDER, PAUSES, PHONES, PUNCTUATION

UNHURRIED = 0.93  # a shade slower than the speakers themselves: clearer words, chosen on dev texts
SENTENCE_PAUSE = 0.25
SILENCE_DB = -120.0


@dataclass(frozen=True)
class Asked:
    """What holds for a whole text: voice, what is felt, the palette that reads
    emotion words, and options; spec: the emotion's words, where it was given so."""

    voice: Voice
    felt: tuple[Feeling, ...]
    palette: Palette
    options: Options
    spec: object = None


def read_lines(text: MarkedText, asked: Asked, voices: dict[str, Voice]) -> list[Line]:
    """The lines of a text. Raises EmottsError for what cannot be said, naming it."""
    if text.sounds:
        sound = text.sounds[0]
        raise EmottsError(
            f"these voices cannot make the sound of a {sound.name} (asked for at character "
            f"{sound.at + 1}); take the tag out"
        )
    lines: list[Line] = []
    waiting: float | None = None
    for start, end in _pieces(text):
        piece = text.slice(start, end)
        lead, body, trail = _trimmed(piece)
        asked_before = _sum(waiting, lead)
        if body is None:
            waiting = _sum(asked_before, trail)
            continue
        share = (start / len(text.text), end / len(text.text))
        gap = SENTENCE_PAUSE / asked.options.rate if lines and asked_before is None else 0.0
        before = gap if asked_before is None else asked_before
        lines.append(replace(_line(body, asked, voices, share), before=before))
        waiting = trail
    if not lines:
        raise EmottsError("nothing in the text can be pronounced; it needs at least one word")
    after = [*(line.before for line in lines[1:]), waiting or 0.0]
    first = replace(lines[0], after=after[0])
    return [first, *(replace(x, before=0.0, after=a) for x, a in zip(lines[1:], after[1:],
                                                                     strict=True))]  # fmt: skip


def _sum(a: float | None, b: float | None) -> float | None:
    return a if b is None else b if a is None else a + b


def _pieces(text: MarkedText) -> list[tuple[int, int]]:
    """Sentences, cut again where voice or language changes."""
    edges, at = {0, len(text.text)}, 0
    for sentence in split_sentences(text.text):
        at += len(sentence)
        edges.add(at)
    runs = text.runs()
    for (_, _, one), (start, _, other) in zip(runs, runs[1:], strict=False):
        if (one.voice, one.language) != (other.voice, other.language):
            edges.add(start)
    places = sorted(edges)
    return list(zip(places, places[1:], strict=False))


def _trimmed(piece: MarkedText) -> tuple[float | None, MarkedText | None, float | None]:
    """Pauses asked for before the first word, the piece without them, and pauses after the last."""
    spoken = [i for i, c in enumerate(piece.text) if c.isalnum()]
    if not spoken:
        asked = [p.seconds for p in piece.pauses]
        return (sum(asked) if asked else None), None, None
    lead = [p.seconds for p in piece.pauses if p.at <= spoken[0]]
    trail = [p.seconds for p in piece.pauses if p.at > spoken[-1]]
    inside = tuple(p for p in piece.pauses if spoken[0] < p.at <= spoken[-1])
    return (sum(lead) if lead else None), replace(piece, pauses=inside), (
        sum(trail) if trail else None
    )  # fmt: skip


def _line(
    piece: MarkedText, asked: Asked, voices: dict[str, Voice], share: tuple[float, float]
) -> Line:
    runs = piece.runs()
    first = next(style for a, b, style in runs if any(c.isalnum() for c in piece.text[a:b]))
    voice = find_voice(voices, first.voice) if first.voice else asked.voice
    language = first.language or asked.options.language or voice.language
    stream, styles, pauses = _stream(piece, lambda part: phonemize(part, language))
    sequence = phone_sequence(stream, language)
    spoken = np.flatnonzero(sequence.word >= 0)
    return Line(
        sequence, voice, _courses(asked, styles, spoken, len(sequence), share),
        _delivery(asked.options, styles, spoken, sequence, pauses), piece.text.strip(),
    )  # fmt: skip


def _stream(
    piece: MarkedText, pronounced: Callable[[str], list[str]]
) -> tuple[list[str], list[Style], dict[int, float]]:
    """Symbols of a piece, the style of every phone in them, and the seconds of silence before the
    phones of these numbers."""
    stream: list[str] = []
    styles: list[Style] = []
    silences: dict[int, float] = {}
    stops = {p.at for p in piece.pauses}
    for start, end, style in piece.runs():
        cuts = [start, *sorted(p for p in stops if start < p < end), end]
        for a, b in zip(cuts, cuts[1:], strict=False):
            asked = [p.seconds for p in piece.pauses if p.at == a]
            if asked:
                silences[len(styles)] = sum(asked)
                stream += [BORDER] if stream and stream[-1] not in PAUSES else []
            part = piece.text[a:b]
            symbols = _bare(part) if not any(c.isalnum() for c in part) else pronounced(part)
            if part[:1].isspace():
                stream.append(BORDER)
            stream += symbols
            if part[-1:].isspace():
                stream.append(BORDER)
            styles += [style] * sum(symbol in PHONES for symbol in symbols)
    return stream, styles, silences


def _bare(part: str) -> list[str]:
    """Symbols of punctuation alone."""
    return [c for c in part if c in PUNCTUATION]


def _courses(
    asked: Asked, styles: list[Style], spoken: np.ndarray, count: int, share: tuple[float, float]
) -> tuple[Course, ...]:
    palette = asked.palette
    vectors = np.zeros((count, palette.space.dim), dtype=np.float32)
    own = np.zeros(count, dtype=bool)
    for token, style in zip(spoken, styles, strict=True):
        if style.emotion is not None or style.intensity is not None:
            own[token] = True
            vectors[token] = _word_vector(style, asked)
    if not own.any():
        return tuple(Course(f.track, *share, weight=f.weight, steers=f.steers) for f in asked.felt)
    if len(asked.felt) > 1:
        raise EmottsError(
            "words with an emotion of their own cannot be said while velocities are mixed; "
            "use mixing='embedding'"
        )
    mine = vectors[spoken]
    if own[spoken].all() and (mine == mine[0]).all():
        return (Course(EmotionTrack.constant(mine[0]), *share),)
    _fill_pauses(own, vectors)
    return (Course(asked.felt[0].track, *share, own=own, vectors=vectors),)


def _word_vector(style: Style, asked: Asked) -> np.ndarray:
    spec = style.emotion if style.emotion is not None else asked.spec
    if spec is None:
        raise EmottsError("an intensity for words needs an emotion, there or for the whole text")
    vector = asked.palette.vector(spec, style.intensity)
    for name, amount in asked.options.suppress.items():
        vector = asked.palette.suppress(vector, name, amount)
    return vector


def _fill_pauses(own: np.ndarray, vectors: np.ndarray) -> None:
    """Pauses between two words of one emotion belong to it."""
    marked = np.flatnonzero(own)
    for one, other in zip(marked, marked[1:], strict=False):
        if other - one == 2 and (vectors[one] == vectors[other]).all():
            own[one + 1] = True
            vectors[one + 1] = vectors[one]


def _delivery(
    options: Options, styles: list[Style], spoken: np.ndarray, sequence: PhoneSequence,
    silences: dict[int, float],
) -> Delivery:  # fmt: skip
    word, echo = sequence.word, is_echo(sequence)
    base = Delivery.plain(
        len(word), options.rate * UNHURRIED, options.pitch, options.pitch_range, options.energy
    )
    for token, style in zip(spoken, styles, strict=True):
        pitch, energy, longer = EMPHASIS[style.emphasis or ("strong" if echo[token] else "none")]
        base.rate[token] *= (style.rate or 1.0) / longer
        base.pitch[token] += (style.pitch or 0.0) + pitch
        base.pitch_range[token] *= 1.0 if style.pitch_range is None else style.pitch_range
        base.energy[token] += max(style.energy or 0.0, SILENCE_DB) + energy
    for number, seconds in silences.items():
        if number < len(spoken) and spoken[number] > 0 and word[spoken[number] - 1] < 0:
            base.pause[spoken[number] - 1] = seconds / PAIR_SECONDS
    return base
