"""Does a mark on a word move that word and leave the rest alone?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotts.audio.io import read_audio
from emotts.errors import EmottsError
from emotts.evaluation.agreement import mean_interval
from emotts.evaluation.bootstrap import Interval
from emotts.evaluation.clips import Clip
from emotts.evaluation.sets import NoControl, Take, speak, word_times
from emotts.evaluation.suite import Entry
from emotts.evaluation.word_changes import (
    CUES,
    change_on_and_off,
    choose_word,
    mark_word,
    word_measures,
)

ABOUT = (
    "One word of a neutral sentence is marked: the change of its F0, level and duration against "
    "the same take without the mark, beside the mean change of all other words."
)
MARKS = {
    "angry word": ("[angry 1]", "[/]"),
    "sad word": ("[sad 1]", "[/]"),
    "emphasis": ("*", "*"),
}
NOTHING = (None, None, None)
UNITS = ("semitones", "dB", "times as long")
PROBE = Take("One two three.", "", spoken="One [angry 0.9]two[/] three.")


def check_markup(bench) -> None:
    """Raise NoControl if the synthesizer would read inline markup aloud."""
    voice = bench.voices[0]
    plain = Take(PROBE.text, voice)
    marked = Take(PROBE.text, voice, spoken=PROBE.spoken)
    if len(speak(bench.synthesizer, marked).timeline) != len(
        speak(bench.synthesizer, plain).timeline
    ):
        raise NoControl("this synthesizer reads inline markup such as [angry 0.9]…[/] aloud")


def marked_takes(bench, before: str, after: str) -> list[tuple[int, Take, Take]]:
    """The marked word's place, the plain take and the marked one, for each sentence."""
    texts = bench.texts(count=4 * bench.sizes.marked)
    pairs = []
    for i, text in enumerate(texts[:: max(1, len(texts) // bench.sizes.marked)]):
        voice = bench.voices[i % len(bench.voices)]
        place, seed = choose_word(text), bench.seeds[i % len(bench.seeds)]
        spoken = mark_word(text, place, before, after)
        pairs.append((place, Take(text, voice, seed=seed), Take(text, voice, seed=seed,
                                                               spoken=spoken)))  # fmt: skip
    return pairs[: bench.sizes.marked]


def measured(bench, before: str, after: str, what: str) -> list[tuple]:
    """(place, plain clip, marked clip, plain (n, 3), marked (n, 3)) of every usable sentence."""
    wishes = marked_takes(bench, before, after)
    plain = bench.make([take for _, take, _ in wishes], what)
    marked = bench.make([take for _, _, take in wishes], what)
    out = []
    for (place, _, _), one, other in zip(wishes, plain, marked, strict=True):
        a, b = measure_file(one), measure_file(other)
        if len(a) == len(b) == len(one.text.split()):
            out.append((place, one, other, a, b))
    if not out:
        raise EmottsError("No marked sentence has a spoken word for each written one.")
    return out


def measure_file(clip: Clip) -> np.ndarray:
    """F0, level and log2 duration of each word of a file: (n, 3)."""
    return word_measures(read_audio(clip.path), word_times(clip.path))


def mean_change(changes: Sequence[np.ndarray], where: int, cue: int) -> Interval | None:
    """Mean over sentences of a cue's change on the word (where 0) or elsewhere (1)."""
    return mean_interval([change[where, cue] for change in changes])


def run(bench) -> Entry:
    """Mark words by emotion and by emphasis and measure what moves."""
    entry = Entry("Words under control", ABOUT)
    check_markup(bench)
    rows = []
    for name, (before, after) in MARKS.items():
        sentences = measured(bench, before, after, name)
        changes = []
        for place, plain, marked, a, b in sentences:
            change = change_on_and_off(a, b, place)
            changes.append(change)
            entry.row(name, marked, word=plain.text.split()[place],
                      **{cue: _json(change[0, i]) for i, cue in enumerate(CUES)},
                      **{f"{cue}_elsewhere": _json(change[1, i])
                         for i, cue in enumerate(CUES)})  # fmt: skip
        for i, cue in enumerate(CUES):
            on, off = (mean_change(changes, where, i) for where in (0, 1))
            entry.figure(f"{name}: {cue}", on)
            entry.figure(f"{name}: {cue}_elsewhere", off)
            rows.append([name, cue, UNITS[i], *(on or NOTHING), *(off or NOTHING), len(changes)])
        _, plain, marked, _, _ = sentences[0]
        word = plain.text.split()[sentences[0][0]]
        entry.example(f"{name}: {word}", [(plain.path, "plain"), (marked.path, name)])
    head = ["mark", "cue", "unit", "on the word", "low", "high", "elsewhere", "low", "high",
            "sentences"]  # fmt: skip
    entry.table("Change by a mark", head, rows)
    return entry


def _json(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
