import pytest

from emotts.models.stride import LEARNT_STEPS, stride_of


@pytest.mark.parametrize("steps", LEARNT_STEPS)
def test_learnt_steps_cover_the_whole_way(steps):
    assert stride_of(steps) * steps == 1.0


@pytest.mark.parametrize(("steps", "solver"), [(3, "euler"), (8, "euler"), (2, "heun")])
def test_others_follow_the_flow(steps, solver):
    assert stride_of(steps, solver) == 0.0
