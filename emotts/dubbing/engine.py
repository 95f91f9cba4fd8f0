"""Worker processes on this machine: one a core, each with its own models."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from emotts.dubbing.worker import Failure, Maker, Studio, Take, Task
from emotts.errors import EmottsError

AHEAD = 2  # tasks a worker holds, so that it never waits for the next
TRIES = 2  # how often a line may take its worker down
GIVE_UP = 3  # deaths in a row without a line made
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Done = Callable[[Take | Failure], None]


def by_length(tasks: Sequence[Task]) -> list[Task]:
    """Longest texts first, so that no worker is left alone with a long one at the end, and lines
    of a length follow each other."""
    return sorted(tasks, key=lambda task: (-len(task.line.text), task.key))


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    core: int | None
    held: deque[Task] = field(default_factory=deque)
    ready: bool = False


class LocalEngine:
    """Makes lines in worker processes, started anew (spawned) and pinned to a core each where the
    machine can do that."""

    def __init__(self, studio: Studio, workers: int = 1):
        self.studio, self.count = studio, workers
        self.deaths = 0

    def run(self, tasks: Sequence[Task], done: Done) -> None:
        """Make all tasks and call `done` with each result, in any order.

        A worker that dies is replaced and its line tried once more. Raises EmottsError if the
        models cannot be loaded or workers keep dying. When this ends, however it does, no worker
        is left.
        """
        waiting = deque(by_length(tasks))
        tries: dict[str, int] = {}
        cores = _cores(self.count)
        workers = [self._start(cores[i]) for i in range(min(self.count, len(waiting)))]
        try:
            while waiting or any(worker.held for worker in workers):
                for worker in workers:
                    while waiting and worker.ready and len(worker.held) < AHEAD:
                        self._give(worker, waiting.popleft())
                for pipe in wait([worker.pipe for worker in workers]):
                    worker = next(w for w in workers if w.pipe is pipe)
                    if self._received(worker, done):
                        continue
                    workers.remove(worker)
                    waiting.extendleft(reversed(self._buried(worker, tries, done)))
                    workers.append(self._start(worker.core))
        finally:
            for worker in workers:
                _stop(worker)

    def _start(self, core: int | None) -> _Worker:
        context = multiprocessing.get_context("spawn")
        mine, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self.studio, core), daemon=True)
        with _one_thread():
            process.start()
        theirs.close()
        return _Worker(process, mine, core)

    def _give(self, worker: _Worker, task: Task) -> None:
        worker.held.append(task)
        try:
            worker.pipe.send(task.packed())
        except OSError:
            pass  # it is dead: its pipe says so in the next round

    def _received(self, worker: _Worker, done: Done) -> bool:
        """Take one message; False if the worker is dead."""
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            return False
        if message is None:
            worker.ready = True
        elif isinstance(message, str):
            raise EmottsError(message)
        else:
            worker.held.popleft()
            self.deaths = 0
            done(message)
        return True

    def _buried(self, worker: _Worker, tries: dict[str, int], done: Done) -> list[Task]:
        """What a dead worker leaves to be made; the line it was at fails the second time."""
        _stop(worker)
        how = _how(worker.process.exitcode)
        self.deaths += 1
        if self.deaths > GIVE_UP * max(1, self.count):
            raise EmottsError(
                f"workers keep dying ({how}); there may be too little memory for so many"
            )
        left = list(worker.held)
        if left:
            key = left[0].key
            tries[key] = tries.get(key, 0) + 1
            if tries[key] >= TRIES:
                done(Failure(key, f"its worker died twice ({how})"))
                left = left[1:]
        return left


def serve(pipe: Connection, studio: Studio, core: int | None) -> None:
    """A worker: loads the models, says None, then answers every task until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the pipe
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        maker = Maker(studio)
    except EmottsError as error:
        pipe.send(str(error))
        return
    try:
        pipe.send(None)
        while True:
            pipe.send(maker.make(pipe.recv()))
    except (EOFError, OSError):
        return  # the parent is gone or needs no more


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes started meanwhile calculate on one thread.

    NumPy makes its threads when it is imported, which a worker does before its first line of code
    here, and they would not be bound to the worker's core.
    """
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _cores(count: int) -> list[int | None]:
    """A core for every worker, None where there are too few or they cannot be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return [None] * count
    usable: list[int | None] = sorted(os.sched_getaffinity(0))
    return usable[:count] if len(usable) >= count else [None] * count


def _stop(worker: _Worker) -> None:
    worker.pipe.close()
    if worker.process.exitcode is None and not worker.held:
        worker.process.join(1.0)
    if worker.process.exitcode is None:
        worker.process.terminate()
        worker.process.join(5.0)
    if worker.process.exitcode is None:
        worker.process.kill()
        worker.process.join()


def _how(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return signal.Signals(-exitcode).name
    return f"exit status {exitcode}"
