"""Solvers against closed forms and against diffusers' own schedulers."""

import math

import pytest
import torch

from emotts.errors import EmottsError
from emotts.synthesis.sampling import SOLVERS, solve


def noise() -> torch.Tensor:
    return torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("steps", [1, 4, 50])
def test_euler_of_a_linear_equation_is_its_closed_form(steps):
    """x' = a x + b: every step multiplies the distance to −b / a by 1 + a / steps."""
    a, b = -1.7, 0.9
    found = solve(lambda x, t: a * x + b, noise(), steps)
    rest = -b / a
    expected = rest + (noise() - rest) * (1 + a / steps) ** steps
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("steps", [3, 8])
def test_euler_is_what_diffusers_makes_of_the_same_field(steps):
    from diffusers import FlowMatchEulerDiscreteScheduler

    def velocity(x, t):
        return torch.sin(3 * x) * (1 + t[:, None, None])

    scheduler = FlowMatchEulerDiscreteScheduler()
    scheduler.set_timesteps(sigmas=[1 - i / steps for i in range(steps)])
    x = noise()
    for time in scheduler.timesteps:
        at = torch.full((len(x),), 1 - float(time) / 1000)
        x = scheduler.step(-velocity(x, at), time, x).prev_sample
    torch.testing.assert_close(solve(velocity, noise(), steps), x, atol=1e-5, rtol=1e-5)


def test_solvers_converge_to_the_exact_solution_by_their_order():
    """x' = x cos(6 t): x(1) = x(0) exp(sin(6) / 6). Euler is of first order, others of second."""
    exact = noise() * math.exp(math.sin(6.0) / 6)

    def error(solver: str, steps: int) -> float:
        found = solve(lambda x, t: x * torch.cos(6 * t)[:, None, None], noise(), steps, solver)
        return (found - exact).abs().max().item()

    assert error("euler", 64) < 0.02
    assert error("euler", 64) == pytest.approx(error("euler", 16) / 4, rel=0.3)
    assert error("heun", 16) < 0.1 * error("euler", 64)
    assert error("midpoint", 64) == pytest.approx(error("midpoint", 32) / 4, rel=0.3)
    assert error("midpoint", 4) < error("euler", 8)


@pytest.mark.parametrize("solver", SOLVERS)
def test_time_runs_from_noise_to_data_and_stays_inside(solver):
    seen = []

    def velocity(x, t):
        seen.append(t.tolist())
        return torch.zeros_like(x)

    torch.testing.assert_close(solve(velocity, noise(), 4, solver), noise())
    times = [row[0] for row in seen]
    assert times[0] == pytest.approx(0, abs=2e-3) and times == sorted(times)
    assert 0 <= min(times) and max(times) <= 1 and all(len(set(row)) == 1 for row in seen)


def test_the_noise_itself_is_left_alone():
    x = noise()
    solve(lambda x, t: torch.ones_like(x), x, 2)
    assert torch.equal(x, noise())


def test_an_unknown_solver_names_the_solvers():
    with pytest.raises(EmottsError, match="'rk4'; choose from euler, midpoint, heun"):
        solve(lambda x, t: x, noise(), 2, "rk4")
