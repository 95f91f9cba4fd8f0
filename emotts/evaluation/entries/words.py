"""Are all words said? Word and character errors by Whisper, minus the recordings' own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from emotts.evaluation.bootstrap import bootstrap
from emotts.evaluation.clips import Clip
from emotts.evaluation.sets import Take
from emotts.evaluation.suite import Entry

ABOUT = (
    "Word errors (WER) and character errors (CER) of what Whisper base writes down, and the share "
    'of sentences with a skipped or repeated word, by spelling ("seashells" skips a word of '
    '"sea shells") and by sound; intervals over sentences.'
)


def word_figures(clips: Sequence[Clip], heard: Sequence[str]) -> dict[str, Any]:
    """wer (with its interval), cer, skipped_or_repeated, unsaid (the same by sound), and sentences:
    (errors, words) of each."""
    from emotts.evaluation.unsaid import share_unsaid
    from emotts.evaluation.words import word_errors

    errors = word_errors([c.text for c in clips], heard, clips[0].language)
    counts = np.array(errors.per_sentence)

    def rate(rows: np.ndarray) -> float:
        return float(counts[rows, 0].sum() / counts[rows, 1].sum())

    return {
        "wer": bootstrap(rate, len(clips), [c.text for c in clips]),
        "cer": errors.cer,
        "skipped_or_repeated": errors.skipped_or_repeated,
        "unsaid": share_unsaid([c.text for c in clips], heard, clips[0].language),
        "sentences": errors.per_sentence,
    }


def spoken_sets(bench, recordings: int, sentences: int) -> dict[str, list[Clip]]:
    """The sets that words and naturalness are measured on, the anchors first; names to clips.

    recordings: how many of the first voice's test recordings. sentences: at most, of each set.
    """
    texts = bench.texts(count=min(sentences, bench.sizes.sentences))
    first, *others = bench.voices
    recorded = bench.anchor("recordings", lambda: bench.recordings("kathleen")[:recordings])
    made: dict[str, list[Clip] | None] = {"recordings": recorded}
    if recorded and bench.wanted("resynthesis"):
        made["resynthesis"] = bench.resynthesis(recorded)
    made["Piper, joe"] = bench.anchor("piper", lambda: bench.piper(texts))
    takes = [Take(text, first, seed=seed) for seed in bench.seeds for text in texts]
    made[f"{first}, neutral"] = bench.make(takes[: max(len(texts), sentences)], "words")
    for voice in others[:1]:
        shorter = texts[: bench.sizes.others]
        made[f"{voice}, neutral"] = bench.make(bench.takes(shorter, [voice]), "words")
    turns = bench.actors
    if turns:
        several = texts[: 2 * bench.sizes.others]
        takes = [Take(t, turns[i % len(turns)], seed=bench.seeds[0]) for i, t in enumerate(several)]
        made["actors, neutral"] = bench.make(takes, "words")
    return {name: clips for name, clips in made.items() if clips}


def taking_turns(clips: Sequence[Clip]) -> list[Clip]:
    """Of clips in all voices, for each emotion and sentence one, the voices taking turns."""
    voices = list(dict.fromkeys(c.voice for c in clips))
    texts = list(dict.fromkeys(c.text for c in clips))
    emotions = list(dict.fromkeys(c.emotion for c in clips))
    turn = {
        (e, t): voices[(i + j) % len(voices)]
        for i, e in enumerate(emotions)
        for j, t in enumerate(texts)
    }
    return [c for c in clips if turn[c.emotion, c.text] == c.voice]


def run(bench) -> Entry:
    """Score the neutral sets, every emotion at intensity 1, hard sentences and Polish ones."""
    entry = Entry("Words", ABOUT)
    bench.judges["whisper"]
    made = spoken_sets(bench, bench.sizes.recordings, len(bench.seeds) * bench.sizes.sentences)
    acted = taking_turns(bench.emotional(bench.voices))
    made["every emotion"] = acted
    first = bench.voices[0]
    hard = bench.texts("hard", bench.sizes.hard)
    takes = [Take(text, first, seed=seed) for seed in bench.seeds for text in hard]
    made["hard sentences"] = bench.make(takes, "hard")
    if bench.polish_voices:
        polish, turns = bench.texts("polish", bench.sizes.polish), bench.polish_voices
        takes = [Take(t, turns[i % len(turns)], language="pl") for i, t in enumerate(polish)]
        made["Polish"] = bench.make(takes, "Polish")
    scored = {name: _score(bench, entry, name, clips) for name, clips in made.items()}
    _tables(entry, made, scored)
    _by_emotion(entry, acted, scored["every emotion"]["sentences"])
    return entry


def _score(bench, entry: Entry, name: str, clips: list[Clip]) -> dict[str, Any]:
    from emotts.evaluation.words import word_errors

    heard = bench.transcripts(clips)
    for clip, text in zip(clips, heard, strict=True):
        alone = word_errors([clip.text], [text], clip.language)
        entry.row(name, clip, wer=alone.wer, cer=alone.cer, whisper_text=text,
                  words=alone.per_sentence[0][1], word_errors=alone.per_sentence[0][0])  # fmt: skip
    return word_figures(clips, heard)


def _tables(entry: Entry, made: dict, scored: dict) -> None:
    base = scored["recordings"]["wer"].value if "recordings" in scored else None
    rows = []
    for name, f in scored.items():
        alone = base is None or name in ("recordings", "Polish")  # the recordings are English
        minus = None if alone else f["wer"].value - base
        entry.figure(f"{name}: wer", f["wer"])
        entry.figure(f"{name}: cer", f["cer"])
        entry.figure(f"{name}: skipped_or_repeated", f["skipped_or_repeated"])
        entry.figure(f"{name}: skipped_or_repeated_by_sound", f["unsaid"])
        if minus is not None:
            entry.figure(f"{name}: wer_minus_recordings", minus)
        rows.append([name, len(made[name]), *f["wer"], minus, f["cer"], f["skipped_or_repeated"],
                     f["unsaid"]])  # fmt: skip
    head = ["set", "clips", "WER", "low", "high", "minus recordings", "CER", "skipped or repeated",
            "by sound"]  # fmt: skip
    entry.table("Words", head, rows)
    worst = [
        (row["path"], f"{row['set']}: {row['whisper_text']}")
        for row in sorted(entry.rows, key=lambda r: -r["wer"])[:5]
    ]
    entry.example("Most word errors", worst)


def _by_emotion(entry: Entry, clips: list[Clip], counts: Sequence) -> None:
    rows = []
    for emotion in dict.fromkeys(c.emotion for c in clips):
        mine = [n for c, n in zip(clips, counts, strict=True) if c.emotion == emotion]
        errors, words = np.sum(mine, axis=0)
        entry.figure(f"{emotion}: wer", errors / words)
        rows.append([emotion, len(mine), float(errors / words)])
    entry.table("Words by emotion, intensity 1", ["emotion", "clips", "WER"], rows)
