"""The models of a server, and how requests take turns with them, step by step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from functools import partial
from typing import TypeVar

from emotts.errors import EmottsError
from emotts.serve.formats import Last
from emotts.serve.metrics import Metrics
from emotts.serve.settings import Settings
from emotts.serve.turns import Step, Turns

T = TypeVar("T")


class Engine:
    """Loads what a server needs and runs it step by step.

    A step is one sentence said, one window converted or one recording heard. Steps stand in one
    queue (`Turns`), and who has had one joins it again at its end: a long text delays nobody by
    more than a sentence for each other request. The converter and recognizer are None where the
    checkpoints have none. Raises EmottsError as `Synthesizer.from_pretrained` does.
    """

    def __init__(self, settings: Settings, metrics: Metrics):
        self.settings, self.metrics = settings, metrics
        self.synthesizer, self.converter, self.recognizer = _load(settings)
        self._ensemble = None
        if settings.batch_size > 1:
            from emotts.synthesis.many import Ensemble

            self._ensemble = Ensemble(self.synthesizer, settings.batch_size)
            self.synthesizer = self._ensemble.synthesizer
        self._personal = None
        if settings.personal:
            from emotts.synthesis.personal import Personal

            self._personal = Personal(self.synthesizer, *filter(None, [self.converter]))
        together = self._ensemble and self._ensemble.together
        self._turns = Turns(metrics, together, settings.batch_size)
        self._readers = ThreadPoolExecutor(1, "emotts-reader")
        if settings.warm:
            self._turns.put(Step(self._warm)).result()

    def _warm(self) -> None:
        voice = next(iter(self.synthesizer.voices))
        self.synthesizer.synthesize("Hello.", voice)

    def refresh(self) -> None:
        """Offer what has been taught since, and no longer what is gone."""
        if self._personal:
            self._personal.refresh()

    async def run(self, step: Callable[..., T], *given) -> T:
        """The result of one step. A waiting step whose task is cancelled is never begun."""
        return await self._take(Step(partial(step, *given)))

    async def _take(self, step: Step):
        with self.metrics.queue.track_inprogress():
            return await asyncio.wrap_future(self._turns.put(step))

    async def read(self, work: Callable[..., T], *given) -> T:
        """The result of work that needs no model, such as decoding an upload."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, work, *given)

    async def steps(
        self, begin: Callable[[], Iterator[bytes]], joins: bool = False, streamed: bool = True
    ) -> AsyncIterator[bytes]:
        """The bytes that an iterator gives, begun and continued in steps; empty ones are left out.

        joins: whether its steps may be taken together with others; streamed: whether a client
        hears the first before the last is made. Nothing is made ahead of what is taken. Once left,
        the iterator is closed when the step that may be under way has ended.
        """
        iterator, piece = await self._take(Step(partial(_begun, begin), joins, streamed))
        try:
            while piece is not None:
                if piece:
                    yield piece
                following = Step(partial(next, iterator, None), joins)
                piece = None if isinstance(piece, Last) else await self._take(following)
        finally:
            with suppress(RuntimeError):  # the engine has been closed
                self._turns.put(Step(iterator.close))

    def close(self) -> None:
        """Finish what has been begun, and stop."""
        self._turns.close()
        if self._ensemble:
            self._ensemble.close()
        self._readers.shutdown(wait=True)


def _begun(begin: Callable[[], Iterator[bytes]]) -> tuple[Iterator[bytes], bytes | None]:
    iterator = begin()
    return iterator, next(iterator, None)


def _load(settings: Settings):
    from emotts.checkpoints import resolve
    from emotts.synthesis.converter import Converter
    from emotts.synthesis.recognizer import Recognizer
    from emotts.synthesis.synthesizer import Synthesizer

    folder = resolve(settings.checkpoint)
    given = (folder, settings.device, settings.vocoder)
    converter = recognizer = None
    if (folder / "recording.safetensors").is_file():
        converter = Converter.from_pretrained(*given)
        synthesizer, recognizer = Synthesizer(converter.models), converter.conversion.recognizer
    else:
        synthesizer = Synthesizer.from_pretrained(*given)
        if (folder / "ser.safetensors").is_file():
            recognizer = Recognizer.from_pretrained(folder)
    return synthesizer, converter, recognizer


async def first_of(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """All pieces, once the first is there; what makes the first fail is raised here."""
    try:
        first = await anext(pieces)
    except StopAsyncIteration:
        raise EmottsError("there is nothing to be heard in this") from None

    async def all_of() -> AsyncIterator[bytes]:
        async with aclosing(pieces):
            yield first
            async for piece in pieces:
                yield piece

    return all_of()
