"""`--emotion auto`: the emotion and intensity that a sentence's own words suggest.

A small transparent model, no network: a lexicon of cues (`auto_cues`), punctuation, capitals, and
for English the valence of vaderSentiment (Hutto & Gilbert, "VADER: A parsimonious rule-based model
for sentiment analysis of social media text", ICWSM 2014). Every Guess says what it was made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from emotts.emotion.auto_cues import LANGUAGES, Cue, lexicon
from emotts.emotion.vocabulary import CATEGORIES
from emotts.errors import EmottsError

EMOTIONS = tuple(name for name in CATEGORIES if name != "neutral")
# What a "not" leaves: (emotion it turns to, share of the weight). "Not afraid" is calm, a little.
TURNED = {
    "happy": ("sad", 0.6),
    "sad": ("calm", 0.3),
    "angry": ("calm", 0.4),
    "fearful": ("calm", 0.7),
    "calm": ("fearful", 0.5),
    "disgust": ("disgust", 0.0),
    "surprised": ("surprised", 0.0),
}
# What vaderSentiment's valence adds, times its size: pleasant words are mostly happy ones.
PLEASANT = {"happy": 1.2, "calm": 0.3, "surprised": 0.2}
UNPLEASANT = {"sad": 0.8, "angry": 0.7, "fearful": 0.6, "disgust": 0.5}
LIVELY = ("happy", "angry", "fearful", "surprised", "disgust")  # what "!" makes stronger
ENOUGH = 1.5  # less evidence than this stays neutral: a hint alone does not decide
LONGEST = 1000  # characters; no sentence needs more, and time stays bounded
UNSURE = 0.4  # confidence of neutral where nothing speaks for anything


@dataclass(frozen=True)
class Guess:
    """What a sentence suggests: a category, how strongly (0…1.2) and how surely (0…1), and why.

    why: a few words for people, the cues in quotation marks.
    """

    emotion: str
    intensity: float
    confidence: float
    why: str


Reader = Callable[[str], Guess]


def read_emotion(sentence: str, language: str = "en-us") -> Guess:
    """Guess the emotion of one sentence from its words.

    language: an espeak language; English and Polish are read, any other is neutral and says so.
    Neutral, at intensity 0, also wherever the words do not point clearly enough. Of a sentence
    the first thousand characters are read. Raises EmottsError for what is not a text.
    """
    if not isinstance(sentence, str):
        raise EmottsError(f"the sentence must be a text, not {type(sentence).__name__}")
    cues = lexicon(language)
    if cues is None:
        known = " and ".join(LANGUAGES)
        return Guess("neutral", 0.0, 0.0, f"emotion is read in {known} only, not in {language}")
    sentence = re.sub(r"\[\[.*?\]\]", " ", sentence[:LONGEST])  # phonemes say nothing
    if not any(letter.isalnum() for letter in sentence):
        return Guess("neutral", 0.0, UNSURE, "there is no word in it")
    found = cues.find(sentence)
    evidence = Evidence(found)
    _hear_valence(sentence, language, evidence)
    _hear_marks(sentence, evidence)
    return _decide(evidence, _strength(found, sentence))


def text_reader(language: str = "en-us", model: str | Path | None = None) -> Reader:
    """Return what reads a sentence: `read_emotion` of a language, or a classifier that is named.

    model: folder or hub id of a transformers text classifier (see `auto_classifier`).
    """
    if model is None:
        return partial(read_emotion, language=language)
    from emotts.emotion.auto_classifier import TextClassifier

    return TextClassifier.from_pretrained(model)


class Evidence:
    """What speaks for each emotion: a score and the words it comes from."""

    def __init__(self, cues: list[Cue]):
        """Weigh cues; every further one of the same emotion counts for less."""
        self.scores = dict.fromkeys(EMOTIONS, 0.0)
        self.reasons: dict[str, list[str]] = {name: [] for name in EMOTIONS}
        weights: dict[str, list[float]] = {name: [] for name in EMOTIONS}
        for cue in cues:
            kind, share = TURNED[cue.kind] if cue.negated else (cue.kind, 1.0)
            if share:
                weights[kind].append(cue.weight * cue.factor * share)
                self.reasons[kind].append(f'not "{cue.text}"' if cue.negated else f'"{cue.text}"')
        for kind, values in weights.items():
            values.sort(reverse=True)
            self.scores[kind] = sum(value * 0.6**i for i, value in enumerate(values))

    def add(self, kind: str, weight: float, reason: str) -> None:
        """Add what something other than a cue says."""
        self.scores[kind] += weight
        self.reasons[kind].append(reason)


def _hear_valence(sentence: str, language: str, evidence: Evidence) -> None:
    """Add what the words' pleasantness says, to the emotions that share it."""
    if not language.lower().startswith("en"):
        return
    valence = _vader().polarity_scores(sentence)["compound"]
    if abs(valence) < 0.3:
        return
    reason = f"valence {valence:+.1f}"
    for kind, weight in (PLEASANT if valence > 0 else UNPLEASANT).items():
        if evidence.scores[kind] > 0 or kind in ("happy", "sad"):
            evidence.add(kind, weight * abs(valence), reason)
    if "!" in sentence and valence > 0:
        evidence.add("happy", 0.5, '"!"')
    elif "!" in sentence and re.search(r"\byou(?:r|'re|'ve)?\b", sentence, re.IGNORECASE):
        evidence.add("angry", 0.7, '"you … !"')


def _hear_marks(sentence: str, evidence: Evidence) -> None:
    """Add what exclamation marks, question marks and capitals say."""
    if re.search(r"\?!|!\?|\?\?|^\W*\w+\?", sentence):
        evidence.add("surprised", 1.0, '"?!"' if "!" in sentence else '"?"')
    marks = min(sentence.count("!"), 3)
    shouted = len(re.findall(r"\b[^\W\d_]{3,}\b", sentence)) > 2 and sentence.isupper()
    if not marks and not shouted:
        return
    for kind, score in evidence.scores.items():
        if kind in LIVELY and score > 0:
            evidence.scores[kind] = score * (1.15 + 0.1 * marks) + 0.3
    evidence.scores["calm"] *= 0.7
    evidence.scores["sad"] *= 0.8


def _strength(cues: list[Cue], sentence: str) -> Callable[[str], float]:
    """How intensely a category is meant: its strongest word, its degree, and the marks."""

    def of(kind: str) -> float:
        own = [c for c in cues if c.kind == kind and not c.negated]
        level = max((0.2 + 0.2 * c.weight * c.factor for c in own), default=0.4)
        if kind in LIVELY:
            level += 0.1 * min(sentence.count("!"), 2)
        if len(own) > 1:
            level += 0.05 * min(len(own) - 1, 3)
        return round(min(max(level, 0.2), 1.2), 2)

    return of


def _decide(evidence: Evidence, strength: Callable[[str], float]) -> Guess:
    best = max(EMOTIONS, key=evidence.scores.__getitem__)
    score, total = evidence.scores[best], sum(evidence.scores.values())
    words = ", ".join(dict.fromkeys(evidence.reasons[best]))
    if total == 0:
        return Guess("neutral", 0.0, UNSURE, "no word points to an emotion")
    if score < ENOUGH:
        return Guess("neutral", 0.0, UNSURE, f"too little for {best}: {words}")
    return Guess(best, strength(best), round(score / (total + ENOUGH), 2), words)


@cache
def _vader():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
