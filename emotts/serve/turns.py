"""The queue of steps that wait for the model, and the one thread that takes them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from emotts.serve.metrics import Metrics

Together = Callable[[Sequence[Callable[[], None]]], None]


@dataclass(frozen=True)
class Step:
    """Work and where its result goes. joins: whether it may be done together with others; first:
    whether a client waits for its first audio."""

    work: Callable[[], Any]
    joins: bool = False
    first: bool = False
    future: Future = field(default_factory=Future)

    def take(self, spent: Callable[[], None] = lambda: None) -> None:
        """Do the work; whatever it raises belongs to whoever waits for it. spent: called before
        they are told."""
        try:
            result = self.work()
        except BaseException as error:
            spent()
            self.future.set_exception(error)
        else:
            spent()
            self.future.set_result(result)


class Turns:
    """Takes steps in the order in which they came, up to `size` together where they may be.

    A batch is what stands at the head of the queue, so that nobody is overtaken. Whoever waits for
    first audio shares a batch only as the last who came, and is the first to be done: it is never
    made to wait for more than stood before it. A step that is cancelled while it waits is left out.
    """

    def __init__(self, metrics: Metrics, together: Together | None = None, size: int = 1):
        self.metrics, self.together, self.size = metrics, together, size if together else 1
        self._waiting: deque[Step] = deque()
        self._changed, self._closed = threading.Condition(), False
        self._thread = threading.Thread(target=self._work, name="emotts-model", daemon=True)
        self._thread.start()

    def put(self, step: Step) -> Future:
        """Let a step wait for its turn. Raises RuntimeError once closed."""
        with self._changed:
            if self._closed:
                raise RuntimeError("the queue has been closed")
            self._waiting.append(step)
            self._changed.notify()
        return step.future

    def close(self) -> None:
        """Finish what waits, and stop."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while (batch := self._next()) is not None:
            if any(step.joins for step in batch):
                self.metrics.batch.observe(len(batch))
            self._take(batch, self._clock())

    def _clock(self) -> Callable[[], None]:
        """Counts the model's time since it was last called: before anybody has a result, so that
        who then reads the counters finds it there."""
        begun = time.monotonic()

        def spent() -> None:
            nonlocal begun
            now = time.monotonic()
            self.metrics.model.inc(now - begun)
            begun = now

        return spent

    def _take(self, batch: list[Step], spent: Callable[[], None]) -> None:
        if len(batch) < 2:
            for step in batch:
                step.take(spent)
            return
        try:
            self.together([partial(step.take, spent) for step in batch])
        except Exception as error:  # of no step: it is told to all that wait
            for step in batch:
                if not step.future.done():
                    step.future.set_exception(error)

    def _next(self) -> list[Step] | None:
        """The steps to be taken now, those first that somebody waits to hear; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if not self._waiting:
                return None
            batch = [self._waiting.popleft()]
            while self._waiting and len(batch) < self.size and _may_follow(batch, self._waiting[0]):
                batch.append(self._waiting.popleft())
        begun = [step for step in batch if step.future.set_running_or_notify_cancel()]
        return sorted(begun, key=lambda step: not step.first)


def _may_follow(batch: list[Step], step: Step) -> bool:
    return step.joins and batch[-1].joins and not batch[-1].first
