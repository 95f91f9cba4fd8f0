"""Solving the flow: diffusers' schedulers behind one function."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from emotts.errors import EmottsError

SOLVERS = ("euler", "heun")


def _scheduler(solver: str):
    from diffusers.schedulers.scheduling_flow_match_euler_discrete import (
        FlowMatchEulerDiscreteScheduler,
    )

    if solver == "euler":
        return FlowMatchEulerDiscreteScheduler()
    if solver == "heun":
        from diffusers.schedulers.scheduling_flow_match_heun_discrete import (
            FlowMatchHeunDiscreteScheduler,
        )

        return FlowMatchHeunDiscreteScheduler()
    raise EmottsError(f"unknown solver {solver!r}; choose from {', '.join(SOLVERS)}")


def solve(
    velocity: Callable[[Tensor, Tensor], Tensor], noise: Tensor, steps: int,
    solver: str = "euler",
) -> Tensor:  # fmt: skip
    """Integrate dx/dt = velocity(x, t) from noise (t = 0) to data (t = 1).

    noise: (batch, time, channels); velocity takes x and t (batch,). Returns noise's shape.
    diffusers counts the other way: its time is 1000 (1 - t), its model gives noise minus data.
    """
    scheduler = _scheduler(solver)
    if solver == "euler":
        scheduler.set_timesteps(sigmas=torch.linspace(1.0, 1.0 / steps, steps).tolist())
    else:
        scheduler.set_timesteps(steps)
    x = noise
    for time in scheduler.timesteps:
        at = torch.full((len(x),), 1.0 - float(time) / 1000.0, device=x.device)
        x = scheduler.step(-velocity(x, at), time, x).prev_sample
    return x
