"""Old lines that the networks of phones are asked again while they learn a language."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from emotts.emotion.emotion import Emotion
from emotts.models.content import token_of_pair
from emotts.models.contours import next_punctuation
from emotts.models.prosody import TARGETS, token_place
from emotts.synthesis.models import SynthesisModels
from emotts.synthesis.phrasing import (
    DURATION_OFFSET,
    DURATION_UNIT,
    LONGEST_PHONE,
    SOLVER,
    STEPS,
    emotion_input,
)
from emotts.synthesis.sampling import solve
from emotts.synthesis.voices import Voice
from emotts.text.phonemes import phonemize
from emotts.text.sequence import phone_sequence
from emotts.text.symbols import BORDER, is_pause_symbol, language_id, symbol_id
from emotts.training.task import Batch
from emotts.training.tasks.content import pad

# Written for this: together they hold the phones of the two languages that ship.
LINES = {
    "en": (
        "The old ship left the harbour before the storm came in.",
        "Which of these yellow jackets would you choose?",
        "My father usually reads the newspaper at breakfast.",
        "Nothing is as quiet as a village under fresh snow.",
        "She thought the journey through the valley was a pleasure.",
        "Put the good books back on the shelf, please!",
        "Five large birds flew over the garage and vanished.",
        "He enjoys singing loud songs in a foreign voice.",
        "There: your money, your keys and a bit of chocolate.",
        "Who heard the measured beat of the butter churn?",
        "We always wash the vegetables in very cold water.",
        "Are you sure that the boys are out there?",
        "Thanks for the ride; it was a huge help.",
        "The judge changed her mind twice that morning.",
        "Zebras graze where the river bends around the hill.",
        "Oh, how the poor child cried when the toy broke!",
    ),
    "pl": (
        "Wczoraj wieczorem padał deszcz, a dziś świeci słońce.",
        "Gdzie leżą moje żółte rękawiczki?",
        "Dziadek opowiadał nam o dawnych czasach.",
        "Kiedy wrócisz, zjemy razem ciepłą zupę.",
        "Mały chłopiec zbierał grzyby w gęstym lesie.",
        "Proszę zamknąć drzwi i okna przed wyjściem!",
        "Nauczycielka dźwigała ciężką torbę pełną książek.",
        "Źrebię biegło przez łąkę za swoją matką.",
        "W każdą niedzielę chodzimy na długi spacer.",
        "Czy ktoś widział tę czarną teczkę?",
        "Są też inne sposoby, żeby się tego nauczyć.",
        "Koń stał w cieniu dębu i czekał na siano.",
    ),
}


@dataclass(frozen=True)
class SaidLine:
    """What the networks are told of a line, and the prosody that the set gives it, (n, 4)."""

    tokens: np.ndarray
    durations: np.ndarray
    ending: np.ndarray
    place: np.ndarray
    target: np.ndarray
    language: int
    speaker: np.ndarray
    emotion: np.ndarray


def say_lines(models: SynthesisModels, count: int) -> list[SaidLine]:
    """Lines by every voice in turn, every other one with an emotion."""
    voices, feelings = list(models.voices.values()), list(models.space.directions)
    out = []
    for number in range(count):
        voice, turn = voices[number % len(voices)], number // len(voices)
        texts = LINES.get(voice.language[:2], LINES["en"])
        feeling = feelings[number // 2 % len(feelings)] if number % 2 and feelings else "neutral"
        text = texts[(turn + 5 * number) % len(texts)]
        out.append(_say(models, voice, text, feeling, number))
    return out


@torch.inference_mode()
def _say(models: SynthesisModels, voice: Voice, text: str, feeling: str, seed: int) -> SaidLine:
    sequence = phone_sequence(phonemize(text, voice.language), voice.language)
    pause = np.array([is_pause_symbol(i) for i in sequence.ids])
    tokens = np.stack([sequence.ids, sequence.stress, sequence.length], axis=-1)
    ending = next_punctuation(sequence.ids, pause, symbol_id(BORDER))
    place = token_place(torch.from_numpy(pause))
    emotion = emotion_input(models, models.space.vector(Emotion(feeling))[None])
    language = language_id(voice.language)
    speaker = torch.tensor([voice.embedding])
    given = (
        torch.from_numpy(tokens)[None], torch.from_numpy(ending)[None], place[None],
        torch.tensor([language]), speaker, emotion, torch.ones(1, 2),
        torch.ones(1, len(pause), 1),
    )  # fmt: skip
    noise = torch.randn(1, len(pause), TARGETS, generator=torch.Generator().manual_seed(seed))
    values = solve(lambda x, t: models.prosody(x, t, *given), noise, STEPS, SOLVER)[0].numpy()
    usual = models.durations[sequence.ids] + DURATION_UNIT * values[:, 0]
    shift = np.where(pause, 0.0, voice.tempo)
    pairs = np.clip(np.exp(usual + shift) - DURATION_OFFSET, 1, LONGEST_PHONE)
    return SaidLine(
        tokens, pairs.round().astype(np.int64), ending, place.numpy(), values.astype(np.float32),
        language, speaker[0].numpy(), emotion[0].numpy(),
    )  # fmt: skip


class SaidLines:
    """Batches of lines for the network of content or for that of prosody."""

    def __init__(self, models: SynthesisModels, count: int, batch_size: int, kind: str):
        self.batch_size = batch_size
        self.lines = say_lines(models, count)
        self.stack = {"content": content_batch, "prosody": prosody_batch}[kind]

    def batch(self, generator: np.random.Generator) -> Batch:
        picks = generator.integers(0, len(self.lines), self.batch_size)
        return self.stack([self.lines[i] for i in picks])


def content_batch(lines: list[SaidLine]) -> Batch:
    """What `ContentEncoder` takes, by the names of its arguments."""
    placed = [token_of_pair(torch.from_numpy(line.durations)) for line in lines]
    return {
        "tokens": pad([line.tokens for line in lines]),
        "language": torch.tensor([line.language for line in lines]),
        "token_mask": pad([np.ones((len(line.tokens), 1), dtype=np.float32) for line in lines]),
        "index": pad([where.numpy() for where, _ in placed]),
        "position": pad([position.numpy() for _, position in placed]),
        "pair_mask": pad([np.ones((len(where), 1), dtype=np.float32) for where, _ in placed]),
    }


def prosody_batch(lines: list[SaidLine]) -> Batch:
    """What `ProsodyFlow` takes besides x and t, by the names of its arguments, and target."""
    whole = {k: np.stack([getattr(line, k) for line in lines]) for k in ("speaker", "emotion")}
    return {
        "tokens": pad([line.tokens for line in lines]),
        "ending": pad([line.ending for line in lines]),
        "place": pad([line.place for line in lines]),
        "mask": pad([np.ones((len(line.tokens), 1), dtype=np.float32) for line in lines]),
        "target": pad([line.target for line in lines]),
        "language": torch.tensor([line.language for line in lines]),
        "keep": torch.ones(len(lines), 2),
    } | {k: torch.from_numpy(v) for k, v in whole.items()}
