"""What sounds when in a line: words, phonemes, visemes, pitch, level and emotion, as JSON.

Also the subtitles of what was really spoken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emotts.audio.constants import HOP_LENGTH, SAMPLE_RATE
from emotts.audio.speech import Segment, Speech
from emotts.dubbing.script import Line
from emotts.dubbing.textgrid import write_text
from emotts.dubbing.timeline_words import match_words
from emotts.dubbing.visemes import mouth, share_out
from emotts.errors import EmottsError
from emotts.text.markup import MarkedText, Style, read_text

if TYPE_CHECKING:
    from emotts.emotion.palette import Palette
    from emotts.emotion.track import EmotionTrack

FORMAT = 1
TRACK_STEP = 0.05
SILENT_DBFS = -80.0


def line_timeline(
    line: Line, speech: Speech, start: float | None = None, *,
    phones: Sequence[Segment] | None = None, palette: Palette | None = None,
    track: EmotionTrack | None = None, language: str = "en-us", curves: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Everything about a spoken line, as JSON values; times in seconds from its own beginning.

    start: where it stands on the track, its slot's start if None. phones: measured times of the
    phones; without them every word's time is shared among its phones by typical lengths, and
    `phoneme_times` says "estimated". palette: adds valence, arousal and dominance to emotions;
    track: what was felt where it was no name, sampled every TRACK_STEP seconds (needs palette).

    Keys: number, character, text (plain), voice, start, end (on the track), seconds, slot,
    words [text, phonemes, start, end] (`word_match`: see `timeline_words`), phonemes [phone,
    stress, start, end], visemes [viseme, id, start, end], emotion [emotion, intensity, start,
    end, …], and curves of one value every `step` seconds: f0
    in Hz, null where unvoiced, and level in dB relative to full scale.
    """
    marked = _marked(line.text)
    words, match = match_words(marked, speech.timeline, language)
    begins = line.start if start is None else start
    spoken = [pair for word in speech.timeline for pair in share_out(word)]
    stresses = [phone.stress for phone, _ in spoken]
    measured = [segment for _, segment in spoken] if phones is None else list(phones)
    if phones is not None and len(phones) != len(stresses):
        stresses = [0] * len(phones)
    timeline: dict[str, Any] = {
        "format": FORMAT,
        "number": line.number,
        "character": line.character,
        "voice": speech.provenance.get("voice", line.voice),
        "text": " ".join(marked.text.split()),
        "start": _rounded(begins),
        "end": _rounded(begins + speech.seconds),
        "seconds": _rounded(speech.seconds),
        "slot": None if line.end is None else [line.start, line.end],
        "word_match": match,
        "words": [
            {"text": text, "phonemes": word.label, **_times(word)}
            for (text, _), word in zip(words, speech.timeline, strict=True)
        ],
        "phoneme_times": "estimated" if phones is None else "measured",
        "phonemes": [
            {"phone": x.label, "stress": stress, **_times(x)}
            for x, stress in zip(measured, stresses, strict=True)
        ],
        "visemes": [
            {"viseme": x.label, "id": number, **_times(x)}
            for x, number in mouth(measured, speech.seconds)
        ],
        "emotion": _emotions(line, [style for _, style in words], speech, palette),
    }
    if track is not None:
        timeline["emotion"] = [
            {"emotion": "as heard", "intensity": None, "start": 0.0,
             "end": _rounded(speech.seconds)}
        ]  # fmt: skip
        timeline["emotion_track"] = _sampled(track, speech.seconds, palette)
    if curves:
        timeline["curves"] = _curves(speech)
    return timeline


def spoken_subtitles(timelines: Iterable[Mapping[str, Any]], speakers: bool = False) -> str:
    """SRT of what was really spoken: from the first word of every line to its last, in order.

    speakers: whether names stand before the text.
    """
    try:
        from pysubs2 import SSAEvent, SSAFile
    except ImportError as error:
        raise EmottsError(
            "writing subtitles needs the package pysubs2: pip install 'emotts[dub]'"
        ) from error
    subs = SSAFile()
    for line in sorted(timelines, key=lambda line: (line["start"], line["number"])):
        words = line["words"]
        first = words[0]["start"] if words else 0.0
        last = words[-1]["end"] if words else line["seconds"]
        name = f"{line['character']}: " if speakers and line["character"] else ""
        text = (name + line["text"]).replace("{", "(").replace("}", ")").replace("\\", "/")
        start, end = (round(1000 * (line["start"] + x)) for x in (first, last))
        subs.append(SSAEvent(start=start, end=max(end, start + 1), text=text))
    return subs.to_string("srt")


def write_spoken_subtitles(
    path: str | Path, timelines: Iterable[Mapping[str, Any]], speakers: bool = False
) -> Path:
    """Write `spoken_subtitles` to a file, which appears whole or not at all."""
    return write_text(path, spoken_subtitles(timelines, speakers))


def _marked(text: str) -> MarkedText:
    try:
        return read_text(text)
    except EmottsError:
        return MarkedText.plain(text)  # it was said with markup off


def _emotions(
    line: Line, styles: Sequence[Style], speech: Speech, palette: Palette | None
) -> list[dict[str, Any]]:
    """What is felt from 0 to the end, in stretches of whole words."""
    felt = [_felt(line, style) for style in styles] or [_felt(line, Style())]
    starts = [0.0, *(word.start_seconds for word in speech.timeline[1:])]
    out: list[dict[str, Any]] = []
    for (emotion, intensity), begin in zip(felt, starts, strict=False):
        same = out and (out[-1]["emotion"], out[-1]["intensity"]) == (emotion, intensity)
        if same:
            continue
        out.append({"emotion": emotion, "intensity": intensity, "start": _rounded(begin)})
    for one, end in zip(out, [*(x["start"] for x in out[1:]), speech.seconds], strict=True):
        one["end"] = _rounded(end)
        if palette is not None:
            affect = palette.affect(palette.vector(one["emotion"], one["intensity"]))
            one |= {k: round(v, 3) for k, v in affect._asdict().items()}
    return out


def _felt(line: Line, style: Style) -> tuple[str, float | None]:
    if style.emotion is not None:
        return style.emotion, style.intensity
    own = line.intensity if style.intensity is None else style.intensity
    return line.emotion or "neutral", own if line.emotion else None


def _sampled(track: EmotionTrack, seconds: float, palette: Palette | None) -> dict[str, Any]:
    if palette is None:
        raise EmottsError("the timeline of an emotion track needs a palette to read it with")
    places = np.arange(0.0, seconds, TRACK_STEP)
    asked = places if track.unit == "seconds" else places / max(seconds, TRACK_STEP)
    affects = np.array([palette.affect(vector) for vector in track.at(asked)])
    names = ("valence", "arousal", "dominance")
    return {"step": TRACK_STEP} | {
        name: [round(float(v), 3) for v in affects[:, i]] for i, name in enumerate(names)
    }


def _curves(speech: Speech) -> dict[str, Any]:
    from emotts.audio.activity import level_dbfs
    from emotts.audio.f0 import track_f0

    f0, voiced = track_f0(speech.samples, speech.rate)
    level = np.maximum(level_dbfs(speech.samples, speech.rate), SILENT_DBFS)
    return {
        "step": HOP_LENGTH / SAMPLE_RATE,
        "f0": [round(float(x), 1) if v else None for x, v in zip(f0, voiced, strict=True)],
        "level": [round(float(x), 1) for x in level],
    }


def _times(segment: Segment) -> dict[str, float]:
    return {"start": _rounded(segment.start_seconds), "end": _rounded(segment.end_seconds)}


def _rounded(seconds: float) -> float:
    """To the microsecond: finer than a sample."""
    return round(float(seconds), 6)
