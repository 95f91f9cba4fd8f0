"""The emotion of a long text, read sentence by sentence and smoothed so that it does not jump."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from emotts.emotion.auto import EMOTIONS, Guess, Reader, text_reader
from emotts.emotion.plan import Paragraph, Plan, PlanLine, paragraphs
from emotts.errors import EmottsError

Split = Callable[[str], Sequence[str]]

NEIGHBOURS = (1.0, 0.25, 0.05)  # how much a sentence itself, the next, the one after count
ACROSS_PARAGRAPHS = 0.4  # of that, for each end of a paragraph between two sentences
LEAST_CONFIDENCE = 0.1
LEAST_INTENSITY = 0.1  # less is neutral


def trajectory(
    text: str, split: Split, language: str = "en-us", read: Reader | None = None
) -> list[PlanLine]:
    """Return the sentences of a text with smoothed emotions, in their order.

    split: cuts a paragraph into sentences; `emotts.text.split.split_sentences` does.
    read: guesses one sentence; default: `read_emotion` in the language.
    """
    return make_plan(text, split, language, read).lines


def make_plan(text: str, split: Split, language: str = "en-us", read: Reader | None = None) -> Plan:
    """Return a plan for a text, a paragraph of it wherever an empty line stands.

    Arguments as in `trajectory`. Raises EmottsError for a text without words.
    """
    parts = [
        [sentence.strip() for sentence in split(paragraph) if sentence.strip()]
        for paragraph in paragraphs(text)
    ]
    if not parts:
        raise EmottsError("nothing in the text can be planned; it needs at least one word")
    read = read or text_reader(language)
    sentences = [sentence for part in parts for sentence in part]
    places = [p for p, part in enumerate(parts) for _ in part]
    guesses = [read(sentence) for sentence in sentences]
    lines = [
        PlanLine(text=sentence, emotion=name, intensity=level, why=why)
        for sentence, (name, level, why) in zip(sentences, smooth(guesses, places), strict=True)
    ]
    return Plan(
        language=language,
        paragraphs=[
            Paragraph(sentences=[line for line, at in zip(lines, places, strict=True) if at == p])
            for p in range(len(parts))
        ],
    )


def open_plan(
    path: str | Path,
    text: str,
    split: Split,
    language: str = "en-us",
    read: Reader | None = None,
) -> tuple[Plan, bool]:
    """Return the plan of a file, or make one there, and whether it was made.

    A plan that exists is read and checked against the text, never written to. Arguments as in
    `trajectory`; raises EmottsError as `Plan.load` and `Plan.check` do.
    """
    if Path(path).exists():
        plan = Plan.load(path)
        plan.check(text)
        return plan, False
    plan = make_plan(text, split, language, read)
    plan.save(path)
    return plan, True


def smooth(guesses: Sequence[Guess], places: Sequence[int]) -> list[tuple[str, float, str]]:
    """Return (emotion, intensity, why) of every sentence after listening to its neighbours.

    places: the paragraph of every sentence, counted up. A sentence is a mean of what it and its
    neighbours say, by distance and confidence, so that an unsure sentence goes along with a clear
    one beside it; of that mean the strongest emotion is kept.
    """
    smoothed = []
    for i, guess in enumerate(guesses):
        levels, total = dict.fromkeys(EMOTIONS, 0.0), 0.0
        reach = len(NEIGHBOURS) - 1
        for j in range(max(0, i - reach), min(len(guesses), i + reach + 1)):
            other = guesses[j]
            weight = NEIGHBOURS[abs(i - j)] * ACROSS_PARAGRAPHS ** abs(places[i] - places[j])
            weight *= max(other.confidence, LEAST_CONFIDENCE)
            total += weight
            if other.emotion != "neutral":
                levels[other.emotion] += weight * other.intensity
        best = max(EMOTIONS, key=levels.__getitem__)
        level = round(levels[best] / total, 2)
        name, level = (best, level) if level >= LEAST_INTENSITY else ("neutral", 0.0)
        why = guess.why if name == guess.emotion else f"from its neighbours; alone: {guess.why}"
        smoothed.append((name, level, why))
    return smoothed
