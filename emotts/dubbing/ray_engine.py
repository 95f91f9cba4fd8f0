"""The same work on a Ray cluster: workers are actors, wherever the cluster puts them."""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from collections.abc import Sequence
from typing import Any

from emotts.dubbing.engine import GIVE_UP, TRIES, Done, by_length
from emotts.dubbing.worker import Failure, Maker, Studio, Task
from emotts.errors import EmottsError


class RayEngine:
    """Makes lines on the cluster that $RAY_ADDRESS names, or on one of its own on this machine.

    Takes come back as bytes and are put into the folder here, so the cluster needs no common
    disk; emotts and the checkpoints have to be on every machine of it.
    """

    def __init__(self, studio: Studio, workers: int = 1):
        self.studio, self.count = studio, workers
        self.actors: list[Any] = []

    def run(self, tasks: Sequence[Task], done: Done) -> None:
        """As `LocalEngine.run`."""
        ray = _ray()
        mine = not ray.is_initialized()
        if mine:
            _connect(ray, self.count)
        try:
            self._run(ray, deque(by_length(tasks)), done)
        finally:
            for actor in self.actors:
                ray.kill(actor)
            self.actors = []
            if mine:
                ray.shutdown()

    def _run(self, ray: Any, waiting: deque[Task], done: Done) -> None:
        remote = ray.remote(num_cpus=1, max_restarts=0)(Maker)
        tries: dict[str, int] = {}
        busy: dict[Any, tuple[Any, Task]] = {}
        deaths = 0
        self.actors = [remote.remote(self.studio) for _ in range(min(self.count, len(waiting)))]
        idle = list(self.actors)
        while waiting or busy:
            while idle and waiting:
                actor, task = idle.pop(), waiting.popleft()
                busy[actor.make.remote(task.packed())] = (actor, task)
            (finished,), _ = ray.wait(list(busy), num_returns=1)
            actor, task = busy.pop(finished)
            try:
                result = ray.get(finished)
            except ray.exceptions.RayActorError as error:
                _raise_own(ray, error)
                deaths += 1
                if deaths > GIVE_UP * self.count:
                    raise EmottsError(f"workers keep dying: {_first(error)}") from None
                self.actors.remove(actor)
                actor = remote.remote(self.studio)
                self.actors.append(actor)
                tries[task.key] = tries.get(task.key, 0) + 1
                if tries[task.key] < TRIES:
                    waiting.appendleft(task)
                else:
                    done(Failure(task.key, f"its worker died twice ({_first(error)})"))
            else:
                deaths = 0
                done(result)
            idle.append(actor)


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        raise EmottsError(
            "--engine ray needs the package ray: pip install 'emotts[ray]'"
        ) from error
    return ray


def _connect(ray: Any, workers: int) -> None:
    options: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
    if not os.environ.get("RAY_ADDRESS"):
        options |= {"num_cpus": workers, "include_dashboard": False, "address": "local"}
        paths = os.pathsep.join(path for path in sys.path if path)
        options["runtime_env"] = {"env_vars": {"PYTHONPATH": paths}}
    try:
        ray.init(**options)
    except (ConnectionError, RuntimeError, OSError) as error:
        raise EmottsError(f"no Ray cluster can be reached or started: {_first(error)}") from error


def _raise_own(ray: Any, error: Exception) -> None:
    """An actor that could not load its models says why."""
    cause = getattr(error, "cause", None)
    while cause is not None and not isinstance(cause, EmottsError):
        cause = getattr(cause, "cause", None)
    if cause is not None:
        raise EmottsError(str(cause)) from None
    text = str(error)
    name = "emotts.errors.EmottsError: "
    if name in text:
        raise EmottsError(text.split(name)[-1].strip().split("\n")[0]) from None


def _first(error: Exception) -> str:
    return " ".join(str(error).strip().split("\n")[0].split())
