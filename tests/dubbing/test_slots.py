"""Slots: lengths, rates, hints, and places on the track."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.dubbing.slots import OVERFLOWS, place_lines, plan_slot, trim_silence
from emotts.errors import EmottsError

RATE = 24000


@given(st.floats(0.3, 20), st.floats(0.8, 1.25))
def test_a_slot_inside_the_limits_is_met_exactly(natural, stretch):
    slot = natural * stretch
    plan = plan_slot(natural, slot)
    assert plan.seconds == pytest.approx(slot, abs=1e-8)
    assert plan.overrun_seconds == 0 and plan.warning is None and plan.hint is None
    assert plan.rate == pytest.approx(1 / stretch)


@given(st.floats(0.3, 20), st.floats(0.05, 30), st.floats(0.5, 1), st.floats(1, 2))
def test_the_rate_never_leaves_the_limits(natural, slot, slowest, fastest):
    plan = plan_slot(natural, slot, (slowest, fastest))
    assert slowest - 1e-6 <= plan.rate <= fastest + 1e-6
    assert plan.seconds == pytest.approx(natural / plan.rate)
    assert plan.seconds - slot == pytest.approx(plan.overrun_seconds - plan.spare_seconds, abs=1e-6)


def test_a_line_without_a_slot_takes_its_own_time():
    assert plan_slot(2.0, None).seconds is None


def test_what_does_not_fit_is_said_as_fast_as_allowed_and_reported():
    plan = plan_slot(5.0, 3.0, text="One two three four [pause 1s] five six seven eight.")
    assert plan.seconds == 4.0 and plan.rate == 1.25
    assert plan.overrun_seconds == pytest.approx(1.0)
    assert "1.00 s more than its slot of 3.00 s" in plan.warning
    # a quarter of 40 characters and 8 words, tags not counted
    assert plan.hint == "cut about 10 of its 40 characters (2 of 8 words)"


def test_a_hint_without_a_text_is_a_share():
    assert plan_slot(5.0, 3.0).hint == "shorten it by 25 %"


def test_what_is_too_short_is_said_as_slowly_as_allowed_without_warning():
    plan = plan_slot(2.0, 9.0)
    assert (plan.seconds, plan.spare_seconds, plan.warning) == (2.5, 6.5, None)


def test_fail_refuses_with_overrun_and_hint():
    with pytest.raises(EmottsError, match=r"1\.00 s more than its slot.*cut about"):
        plan_slot(5.0, 3.0, overflow="fail", text="some words to say")
    assert plan_slot(5.0, 4.0, overflow="fail").seconds == 4.0


def test_shift_may_start_early_where_there_is_room():
    assert plan_slot(5.0, 3.0, room_before=0.25).start_shift == -0.25
    assert plan_slot(5.0, 3.0, room_before=7.0).start_shift == pytest.approx(-1.0)
    assert plan_slot(5.0, 3.0, overflow="overlap", room_before=7.0).start_shift == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((0.0, 1.0), "natural length"),
        ((1.0, 0.0), "slot must last more than 0"),
        ((1.0, -2.0), "slot must last more than 0"),
        ((1.0, 1.0, (1.1, 1.2)), "rate limits"),
        ((1.0, 1.0, (0.8, 1.2), "squeeze"), "choose from shift, overlap, trim-silence, fail"),
    ],
)
def test_nonsense_is_refused(given, message):
    with pytest.raises(EmottsError, match=message):
        plan_slot(*given)


def _tone(lead: float, seconds: float, trail: float) -> np.ndarray:
    tone = 0.5 * np.sin(np.arange(round(seconds * RATE)) * 0.05)
    return np.concatenate([np.zeros(round(lead * RATE)), tone, np.zeros(round(trail * RATE))])


def test_silence_is_cut_from_the_end_first_and_never_more_than_asked():
    samples = _tone(0.2, 1.0, 0.3).astype(np.float32)
    kept, start, end = trim_silence(samples, RATE, 0.1)
    assert (start, end) == (0.0, 0.1) and len(kept) == len(samples) - 2400
    kept, start, end = trim_silence(samples, RATE, 0.4)
    assert end == pytest.approx(0.3, abs=0.011) and start == pytest.approx(0.1, abs=0.011)
    kept, start, end = trim_silence(samples, RATE, 9.0)
    assert len(kept) == pytest.approx(RATE, abs=2 * 240)
    assert np.array_equal(kept, samples[round(start * RATE) : len(samples) - round(end * RATE)])


def test_nothing_is_cut_from_speech_or_from_silence_alone():
    speech = _tone(0, 1.0, 0)
    assert len(trim_silence(speech, RATE, 0.5)[0]) == len(speech)
    assert len(trim_silence(np.zeros(RATE), RATE, 0.5)[0]) == RATE
    assert len(trim_silence(np.zeros(3), RATE, 0.5)[0]) == 3


def test_an_overrun_moves_what_follows_until_a_pause_takes_it_up():
    slots = [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0), (5.0, 6.0)]
    lengths = [RATE + 7, RATE, RATE, RATE]
    assert place_lines(slots, lengths, RATE) == [0, RATE + 7, 2 * RATE + 7, 5 * RATE]


@pytest.mark.parametrize("overflow", [p for p in OVERFLOWS if p != "shift"])
def test_other_policies_move_nothing(overflow):
    assert place_lines([(0.0, 1.0), (1.0, 2.0)], [RATE * 2, 9], RATE, overflow) == [0, RATE]


def test_two_who_talk_at_once_keep_doing_so_unless_they_are_one():
    slots, lengths = [(0.0, 2.0), (1.0, 3.0), (3.0, 4.0)], [2 * RATE + 5, 2 * RATE, RATE]
    assert place_lines(slots, lengths, RATE) == [0, RATE, 3 * RATE]
    alone = place_lines(slots, lengths, RATE, speakers=["a", "a", "b"])
    assert alone == [0, 2 * RATE + 5, 4 * RATE + 5]


def test_lines_without_slots_follow_each_other():
    assert place_lines([(0.0, None)] * 3, [10, 20, 30], RATE) == [0, 10, 30]


def test_the_order_of_the_list_does_not_matter():
    slots, lengths = [(1.0, 2.0), (0.0, 1.0)], [RATE, RATE + 9]
    assert place_lines(slots, lengths, RATE) == [RATE + 9, 0]


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0.1, 3), st.integers(1, 90000)), max_size=30))
def test_nothing_begins_early_and_lines_in_turn_never_overlap(lines):
    slots = [(start, start + length) for start, length, _ in lines]
    places = place_lines(slots, [n for *_, n in lines], RATE)
    for i, (start, _) in enumerate(slots):
        assert places[i] >= round(start * RATE)
        for j, (_, end) in enumerate(slots):
            if round(end * RATE) <= round(start * RATE):
                assert places[i] >= places[j] + lines[j][2]


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(EmottsError, match="as many lengths"):
        place_lines([(0.0, 1.0)], [1, 2])
