"""Slots: how long a line may take, how fast it is said for that, and where it then stands."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotts.dubbing.cast import RATE_LIMITS, check_limits
from emotts.errors import EmottsError
from emotts.text.markup import read_text

OVERFLOWS = ("shift", "overlap", "trim-silence", "fail")
QUIET_UNDER_PEAK_DB = 45.0
WINDOW_SECONDS = 0.01
_NEARLY = 1e-9


@dataclass(frozen=True)
class SlotPlan:
    """seconds: what to ask of the synthesizer, None for its own length. rate: natural length
    divided by that. overrun_seconds: how much longer than its slot the line is, 0 where it fits;
    spare_seconds: how much shorter. start_shift: seconds that the line begins after (negative:
    before) the start of its slot. warning: a sentence where something is not as asked; hint: how
    the text could be shortened to fit."""

    seconds: float | None
    rate: float = 1.0
    overrun_seconds: float = 0.0
    start_shift: float = 0.0
    warning: str | None = None
    hint: str | None = None
    spare_seconds: float = 0.0


def check_overflow(overflow: str) -> str:
    """The policy as given; EmottsError naming the choices for any other."""
    if overflow not in OVERFLOWS:
        raise EmottsError(f"unknown overflow {overflow!r}; choose from {', '.join(OVERFLOWS)}")
    return overflow


def plan_slot(
    natural_seconds: float, slot_seconds: float | None,
    limits: tuple[float, float] = RATE_LIMITS, overflow: str = "shift", *, text: str = "",
    room_before: float = 0.0,
) -> SlotPlan:  # fmt: skip
    """Fit a line into its slot.

    natural_seconds: its length if nobody hurries it. limits: slowest and fastest rate against
    that. A slot inside the limits is met exactly; in a longer one the line is said as slowly as
    allowed and silence follows, in a shorter one as fast as allowed. What is then over: "shift"
    starts the line earlier by what room_before allows (seconds of silence before the slot that
    may be used) and moves later lines back (`place_lines`); "overlap" lets it run into them;
    "trim-silence" has silence cut from its edges (`trim_silence`) and lets the rest overlap;
    "fail" raises EmottsError with overrun and hint. text: the line, for the hint.
    """
    check_overflow(overflow)
    slowest, fastest = check_limits(limits)
    if not 0 < natural_seconds < math.inf:
        raise EmottsError(f"a line's natural length must be over 0 s, not {natural_seconds:g} s")
    if slot_seconds is None:
        return SlotPlan(None)
    if not 0 < slot_seconds < math.inf:
        raise EmottsError(f"a slot must last more than 0 s, not {slot_seconds:g} s")
    shortest, longest = natural_seconds / fastest, natural_seconds / slowest
    if slot_seconds >= longest - _NEARLY:
        seconds = min(slot_seconds, longest)
        return SlotPlan(seconds, natural_seconds / seconds, spare_seconds=slot_seconds - seconds)
    if slot_seconds >= shortest - _NEARLY:
        return SlotPlan(slot_seconds, natural_seconds / slot_seconds)
    overrun = shortest - slot_seconds
    hint = shortening_hint(text, shortest, slot_seconds)
    warning = (
        f"needs {shortest:.2f} s at {fastest:g} times its natural rate, {overrun:.2f} s more than "
        f"its slot of {slot_seconds:.2f} s"
    )
    if overflow == "fail":
        raise EmottsError(f"the line {warning}; {hint}")
    earlier = min(overrun, max(room_before, 0.0)) if overflow == "shift" else 0.0
    return SlotPlan(shortest, fastest, overrun, -earlier if earlier else 0.0, warning, hint)


def shortening_hint(text: str, seconds: float, slot_seconds: float) -> str:
    """How much of a text that takes `seconds` has to go for it to take slot_seconds.

    By characters and words of the plain text, both rounded up; only the share without a text.
    """
    share = 1 - slot_seconds / seconds
    try:
        plain = " ".join(read_text(text).text.split())
    except EmottsError:
        plain = " ".join(text.split())
    if not plain:
        return f"shorten it by {math.ceil(100 * share - _NEARLY)} %"
    words = len(plain.split())
    cut_characters = math.ceil(len(plain) * share - _NEARLY)
    cut_words = math.ceil(words * share - _NEARLY)
    return (
        f"cut about {cut_characters} of its {len(plain)} characters ({cut_words} of {words} "
        f"{'word' if words == 1 else 'words'})"
    )


def trim_silence(samples: np.ndarray, rate: int, seconds: float) -> tuple[np.ndarray, float, float]:
    """Cut quiet from the edges of a line, `seconds` in all at most: first at its end.

    samples: (n,). Quiet is what stays QUIET_UNDER_PEAK_DB under the loudest 10 ms. Returns the
    samples that stay (always some), and the seconds cut from the start and from the end.
    """
    window = max(1, round(WINDOW_SECONDS * rate))
    usable = len(samples) // window * window
    budget = max(0, round(seconds * rate))
    if not usable or not budget:
        return samples, 0.0, 0.0
    power = np.square(samples[:usable].astype(np.float64)).reshape(-1, window).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (-QUIET_UNDER_PEAK_DB / 10))
    if not len(loud):
        return samples, 0.0, 0.0
    end = min(budget, max(0, len(samples) - (int(loud[-1]) + 1) * window))
    end = end if loud[-1] < len(power) - 1 else 0
    start = min(budget - end, int(loud[0]) * window)
    return samples[start : len(samples) - end], start / rate, end / rate


def place_lines(
    slots: Sequence[tuple[float, float | None]], lengths: Sequence[int], rate: int = 24000,
    overflow: str = "shift", speakers: Sequence[str] | None = None,
) -> list[int]:  # fmt: skip
    """The first sample of every line on the track.

    slots: (start, end or None) in seconds, in any order; lengths: samples. Only "shift" moves
    anything: a line then waits for those whose slots ended before its own start, so that an
    overrun pushes later lines back and pauses take it up again. Lines that overlap in the script
    keep their times, unless one of the speakers (one a line) would speak both at once. Without an
    end a slot ends where it starts: such lines follow each other. No line begins before its slot;
    a plan's start_shift belongs added to its start.
    """
    check_overflow(overflow)
    if len(slots) != len(lengths) or (speakers is not None and len(speakers) != len(slots)):
        raise EmottsError("place_lines needs as many lengths, and speakers if any, as slots")
    starts = [round(start * rate) for start, _ in slots]
    if overflow != "shift":
        return starts
    free = 0  # where all lines whose slots have ended are over
    ending: list[tuple[int, int]] = []  # (end of slot, end of speech) of slots not over yet
    busy: dict[str, int] = {}
    for i in sorted(range(len(slots)), key=lambda i: starts[i]):
        while ending and ending[0][0] <= starts[i]:
            free = max(free, heapq.heappop(ending)[1])
        slot_end = starts[i] if slots[i][1] is None else round(slots[i][1] * rate)
        mine = busy.get(speakers[i], 0) if speakers is not None else 0
        position = max(starts[i], free, mine)
        heapq.heappush(ending, (slot_end, position + lengths[i]))
        if speakers is not None:
            busy[speakers[i]] = position + lengths[i]
        starts[i] = position
    return starts
