"""Times as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotts.dubbing.readers_cue import check_slot, read_time
from emotts.errors import EmottsError


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (2, 2.0), (0.25, 0.25), ("12.5", 12.5), ("12,5", 12.5), ("1.5s", 1.5), ("1:02.5", 62.5),
        ("01:02:03,500", 3723.5), ("0", 0.0), (" 3 ", 3.0),
    ],
)  # fmt: skip
def test_times_are_read(written, seconds):
    assert read_time(written) == seconds


@pytest.mark.parametrize(
    "written", ["", "soon", "1:2:3:4", "1:", ":1", "-1", -0.5, "-0:00:01", float("inf"), True, None]
)
def test_others_are_refused(written):
    with pytest.raises(EmottsError):
        read_time(written)


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999))
def test_clock_times_are_sums(hours, minutes, seconds, ms):
    written = f"{hours:02d}:{minutes:02d}:{seconds:02d}.{ms:03d}"
    assert read_time(written) == pytest.approx(3600 * hours + 60 * minutes + seconds + ms / 1000)


def test_slots_end_after_they_start():
    check_slot(0.0, None)
    check_slot(0.0, 0.001)
    for start, end in ((-1.0, 2.0), (1.0, 1.0), (2.0, 1.0), (-2.0, -1.0)):
        with pytest.raises(EmottsError):
            check_slot(start, end)
