"""Several texts at once: what they ask of the flow decoder is computed in padded calls.

Each text runs through the synthesizer as ever, in a thread of its own. They take turns, so that
never more than one of them runs; a turn ends where a network is asked. Who is behind goes first,
and when all stand before the decoder, sentences of alike length are answered by one call.

Only the decoder answers several at once. Prosody and content make decisions (whole durations, what
is voiced), which the rounding of a padded call could tip; the vocoder hears where a sentence ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from emotts.synthesis.synthesizer import Synthesizer

ALIKE = 1.25  # who joins the first in a padded call is so much longer or shorter at most
NETWORKS = ("prosody", "content", "decoder", "vocoder")  # as a sentence comes by them
JOINED = "decoder"
TIMED = ("x", "mu", "local", "emotion", "mask")  # of its arguments: (1, pairs, …)
_here = threading.local()


class Ensemble:
    """A synthesizer that says sentences of several texts together.

    synthesizer: to be used like any other. Outside `together`, and for a single job, it is the one
    it was made of, to the bit; for several, samples differ by the rounding of floats (below 1e-3).
    size: how many jobs at once.
    """

    def __init__(self, synthesizer: Synthesizer, size: int = 4):
        self.size = size
        models = synthesizer.models
        shared = {name: _Shared(name, getattr(models, name)) for name in NETWORKS}
        self.synthesizer: Synthesizer = _Joining(
            replace(models, **shared), synthesizer.learned, synthesizer.stored
        )
        self._pool = ThreadPoolExecutor(size, "emotts-part")

    def together(self, jobs: Sequence[Callable[[], None]]) -> None:
        """Run jobs that use the synthesizer, until all have ended; at most `size`.

        A job keeps its result itself, the earlier ones have theirs first. What one raises leaves
        the others alone, and is raised here when all have ended. For one thread at a time.
        """
        if len(jobs) > self.size:
            raise ValueError(f"{len(jobs)} jobs are more than the {self.size} that go together")
        if len(jobs) == 1:
            jobs[0]()
            return
        parts = [_Part(job) for job in jobs]
        running = [self._pool.submit(part.run) for part in parts]
        group = parts
        with torch.inference_mode():
            while group:
                for part in group:
                    part.proceed()
                group = _next([part for part in parts if part.question])
                _answer(group)
        for future in running:
            future.result()

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True)


@dataclass(frozen=True)
class _Question:
    """A call of a network; tensors have a batch of one. joined: whether others may join it."""

    network: _Shared
    given: tuple[Tensor, ...]
    named: dict[str, Tensor]
    joined: bool

    @property
    def length(self) -> int:
        """Pairs of frames, where it may be joined."""
        return self.given[0].shape[1]

    def alone(self) -> Any:
        """Its answer, or what was raised in its place."""
        try:
            return self.network.network(*self.given, **self.named)
        except Exception as error:
            return error


class _Part:
    """One job in a thread of its own, which runs only when it is told to proceed."""

    def __init__(self, job: Callable[[], None]):
        self.job, self.joins = job, False
        self.question: _Question | None = None
        self.answer: Any = None
        self._mine, self._theirs = threading.Semaphore(0), threading.Semaphore(0)

    def run(self) -> None:
        """The job, from beginning to end; in a thread."""
        self._mine.acquire()
        _here.part = self
        try:
            self.job()
        finally:
            _here.part = None
            self._theirs.release()

    def proceed(self) -> None:
        """Let it run until it asks or has ended; for the conductor."""
        self.question = None
        self._mine.release()
        self._theirs.acquire()

    def ask(self, question: _Question) -> Any:
        """The answer to a question; for the job's own thread."""
        self.question = question
        self._theirs.release()
        self._mine.acquire()
        answer, self.answer = self.answer, None
        if isinstance(answer, Exception):
            raise answer
        return answer


class _Shared:
    """A network that answers a part of an ensemble through its conductor, and others at once."""

    def __init__(self, name: str, network: Callable[..., Any]):
        self.name, self.network = name, network

    def __call__(self, *given: Tensor, **named: Tensor) -> Any:
        part = _part()
        if part is None:
            return self.network(*given, **named)
        return part.ask(_Question(self, given, named, self.name == JOINED and part.joins))


def _part() -> _Part | None:
    return getattr(_here, "part", None)


class _Joining(Synthesizer):
    """Joins others where it says one take; among several, a rounding could tip the choice."""

    def _say(self, line, options, number, pairs):
        part = _part()
        if part is not None:
            part.joins = options.best_of == 1
        return super()._say(line, options, number, pairs)


def _next(asking: list[_Part]) -> list[_Part]:
    """Whom to answer now: the first of those who are furthest behind, and all who can join it."""
    if not asking:
        return []
    first = min(asking, key=lambda part: NETWORKS.index(part.question.network.name))
    if not first.question.joined:
        return [first]
    length = first.question.length
    return [
        part for part in asking
        if part.question.joined and length / ALIKE <= part.question.length <= length * ALIKE
    ]  # fmt: skip


def _answer(group: list[_Part]) -> None:
    questions = [part.question for part in group]
    try:
        answers = _joined(questions) if len(group) > 1 else [q.alone() for q in questions]
    except Exception:  # whose it is shows when each asks for itself
        answers = [question.alone() for question in questions]
    for part, answer in zip(group, answers, strict=True):
        part.answer = answer


def _joined(questions: list[_Question]) -> list[Tensor]:
    """Answers of a padded call, each cut to its question's length."""
    asked = [{"x": q.given[0], "t": q.given[1], **q.named} for q in questions]
    if any(one["emotion"].shape[1] > 1 for one in asked):  # what stays the same is written out
        for one, question in zip(asked, questions, strict=True):
            one["emotion"] = one["emotion"].expand(-1, question.length, -1)
    longest = max(question.length for question in questions)
    whole = {
        name: torch.cat([_padded(one[name], name, longest) for one in asked]) for name in asked[0]
    }
    answer = questions[0].network.network(whole.pop("x"), whole.pop("t"), **whole)
    return [answer[i : i + 1, : q.length] for i, q in enumerate(questions)]


def _padded(tensor: Tensor, name: str, length: int) -> Tensor:
    """A tensor with zeros behind what it has in time, if it has more than one moment."""
    if name not in TIMED or tensor.shape[1] == 1:
        return tensor
    return F.pad(tensor, (0, 0, 0, length - tensor.shape[1]))
