"""Solving the flow: Euler's steps here, other solvers by diffusers' schedulers, one function."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from emotts.errors import EmottsError

SOLVERS = ("euler", "midpoint", "heun")
Velocity = Callable[[Tensor, Tensor], Tensor]


def solve(velocity: Velocity, noise: Tensor, steps: int, solver: str = "euler") -> Tensor:
    """Integrate dx/dt = velocity(x, t) from noise (t = 0) to data (t = 1).

    noise: (batch, time, channels); velocity takes x and t (batch,). Returns noise's shape.
    Euler's is written out: loading diffusers for four additions would double the start-up time.
    Raises EmottsError for an unknown solver.
    """
    if solver == "euler":
        return _euler(velocity, noise, steps)
    if solver == "midpoint":
        return _midpoint(velocity, noise, steps)
    if solver == "heun":
        return _by_scheduler(velocity, noise, steps)
    raise EmottsError(f"unknown solver {solver!r}; choose from {', '.join(SOLVERS)}")


def _euler(velocity: Velocity, x: Tensor, steps: int) -> Tensor:
    for step in range(steps):
        x = x + velocity(x, torch.full((len(x),), step / steps, device=x.device)) / steps
    return x


def _midpoint(velocity: Velocity, x: Tensor, steps: int) -> Tensor:
    """Two evaluations a step: half of Euler's step, and the whole one by the velocity there."""
    for step in range(steps):
        begun = torch.full((len(x),), step / steps, device=x.device)
        half = x + velocity(x, begun) / (2 * steps)
        x = x + velocity(half, begun + 0.5 / steps) / steps
    return x


def _by_scheduler(velocity: Velocity, x: Tensor, steps: int) -> Tensor:
    """diffusers counts the other way: time 1000 (1 - t), noise minus data from the model."""
    from diffusers.schedulers.scheduling_flow_match_heun_discrete import (
        FlowMatchHeunDiscreteScheduler,
    )

    scheduler = FlowMatchHeunDiscreteScheduler()
    scheduler.set_timesteps(steps)
    for time in scheduler.timesteps:
        at = torch.full((len(x),), 1.0 - float(time) / 1000.0, device=x.device)
        x = scheduler.step(-velocity(x, at), time, x).prev_sample
    return x
