"""The words of a recording, when somebody gives them: where they lie, and the content prior of the
text in the place of what was heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from emotts.audio.constants import FRAME_RATE
from emotts.errors import EmottsError
from emotts.models.content import token_of_pair
from emotts.synthesis.phrasing import DURATION_OFFSET, exact_pairs
from emotts.text.sequence import PhoneSequence
from emotts.text.symbols import is_pause_symbol, language_id

LONGEST_SECONDS = 180.0
FIRST_SHARE = 0.8  # length of the first guess against the speech: states can be stayed in
STAY, SKIP = 0.05, 0.1  # costs of a pair that goes slower or faster than the guess
PAUSE_IN_SPEECH, PHONE_IN_SILENCE = 1.0, 2.0
ROUNDS = 2
# Mean cost of a pair along the path, above which the words are not those of the recording.
MOST_COST = 0.6
FAR = 1e9


@dataclass(frozen=True)
class Words:
    """sequence: n tokens; durations: (n,) pairs of frames each lasts in the recording; mu: (pairs,
    160), the content prior of the text at these times; cost: mean distance to what was heard."""

    sequence: PhoneSequence
    durations: np.ndarray
    mu: np.ndarray
    cost: float


def align_words(synthesis, heard: np.ndarray, speech: np.ndarray, sequence: PhoneSequence) -> Words:
    """Find the words of a text in a recording.

    The text encoder's mu at guessed durations is laid along the recording encoder's by the
    cheapest monotonic path (Viterbi; Sakoe & Chiba 1978), twice, the second time with the durations
    of the first. synthesis: `SynthesisModels`; heard: mu of the recording (pairs, 160); speech:
    (pairs,) bool. Raises EmottsError for more words than there is speech, and for other words.
    """
    pause = np.array([is_pause_symbol(i) for i in sequence.ids])
    usual = np.exp(synthesis.durations[sequence.ids]) - DURATION_OFFSET
    room = int(FIRST_SHARE * speech.sum())
    sounds, seconds = int((~pause).sum()), 2 * speech.sum() / FRAME_RATE
    if room < sounds:
        raise EmottsError(
            f"the transcript has {sounds} sounds, too many for {seconds:.1f} s of speech; give the "
            "words of this recording alone"
        )
    usual = np.where(pause, 0.0, usual)
    durations, cost = exact_pairs(usual, pause, room), FAR
    for _ in range(ROUNDS):
        durations, cost = _fit(synthesis, heard, speech, sequence, durations, pause)
    if cost > MOST_COST:
        raise EmottsError(
            "the transcript does not fit the recording; check its words and its language, or "
            "leave it out, and the words are heard in the recording itself"
        )
    return Words(sequence, durations, text_mu(synthesis, sequence, durations), cost)


def text_mu(synthesis, sequence: PhoneSequence, durations: np.ndarray) -> np.ndarray:
    """mu (pairs, 160) that the text encoder gives for tokens that last so many pairs (n,)."""
    device = synthesis.mel_scale.device
    index, position = token_of_pair(torch.from_numpy(durations))
    tokens = np.stack([sequence.ids, sequence.stress, sequence.length], axis=-1)
    with torch.inference_mode():
        mu, _ = synthesis.content(
            torch.from_numpy(tokens)[None].to(device),
            torch.tensor([language_id(sequence.language)], device=device),
            torch.ones(1, len(tokens), 1, device=device), index[None].to(device),
            position[None].to(device), torch.ones(1, len(index), 1, device=device),
        )  # fmt: skip
    return mu[0].cpu().numpy()


def _fit(synthesis, heard, speech, sequence, durations, pause) -> tuple[np.ndarray, float]:
    """Durations (n,) along the best path, and its mean cost over speech."""
    guess = np.where(pause, np.maximum(durations, 1), durations)  # pauses may be found or missed
    token = np.repeat(np.arange(len(guess)), guess)
    states = np.zeros((len(token), heard.shape[1]), dtype=np.float32)
    spoken = durations > 0
    states[spoken[token]] = text_mu(synthesis, sequence, durations)
    silent = pause[token]
    path, costs = cheapest_path(_distances(heard, states, silent, speech), token, silent)
    found = np.bincount(token[path], minlength=len(guess))
    return found, float(costs[speech].mean()) if speech.any() else FAR


def _distances(heard, states, silent, speech):
    """A function of the pair: cost (states,) of hearing it in every state."""
    size = np.square(states).mean(axis=1)
    none = np.where(silent, 0.0, PHONE_IN_SILENCE)

    def at(pair: int) -> np.ndarray:
        row = heard[pair]
        far = size - 2 * (states @ row) / len(row) + np.mean(row * row)
        if speech[pair]:
            return np.where(silent, PAUSE_IN_SPEECH + 0 * far, far)
        return none + np.where(silent, 0.0, far)

    at.pairs = len(heard)
    return at


def cheapest_path(distance, token: np.ndarray, silent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """State of every pair (pairs,), never going back, and what each costs (pairs,).

    distance: pair to costs (states,), with `pairs`. token: (states,) which token a state belongs
    to; silent: (states,) states that may be left out with their token. No other token is passed
    over.
    """
    count, pairs = len(token), distance.pairs
    before = np.arange(count)[None] - np.arange(3)[:, None]  # stay, go on, skip one
    first = np.searchsorted(token, token)  # first state of each state's token
    jump = first - 1  # over a silent token that ends just before
    over = np.full(count, -1)
    over[1:] = np.where(silent[:-1] & (token[1:] != token[:-1]), jump[:-1], -1)
    alone = np.zeros(count, dtype=bool)
    alone[1:-1] = (token[1:-1] != token[:-2]) & (token[1:-1] != token[2:])
    price = np.array([STAY, 0.0, SKIP, 0.0])[:, None] + np.zeros((4, count))
    price[0, silent] = 0.0
    before = np.concatenate([before, over[None]])
    lost = before < 0
    lost[2, 2:] |= alone[1:-1]
    price[lost], before = FAR, np.maximum(before, 0)
    total = np.full(count, FAR)
    starts = [0, *([int(np.sum(token == token[0]))] if silent[0] else [])]
    total[starts] = distance(0)[starts]
    back = np.zeros((pairs, count), dtype=np.int8)
    for pair in range(1, pairs):
        options = total[before] + price
        back[pair] = options.argmin(axis=0)
        total = options.min(axis=0) + distance(pair)
    ends = [count - 1, *([int(first[-1]) - 1] if silent[-1] else [])]
    path = np.empty(pairs, dtype=np.int64)
    path[-1] = min(ends, key=lambda state: total[state])
    for pair in range(pairs - 1, 0, -1):
        path[pair - 1] = before[back[pair, path[pair]], path[pair]]
    return path, np.array([distance(pair)[path[pair]] for pair in range(pairs)])


def check_length(seconds: float) -> None:
    """Raises EmottsError for a recording that is too long for one transcript."""
    if seconds > LONGEST_SECONDS:
        raise EmottsError(
            f"a transcript is for recordings of up to {LONGEST_SECONDS:g} s and this one has "
            f"{seconds:.0f}; cut it at a pause, or leave the transcript out"
        )
