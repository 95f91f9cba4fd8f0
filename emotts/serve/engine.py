"""The models of a server, and the one thread in which they work: everybody in turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from typing import TypeVar

from emotts.errors import EmottsError
from emotts.serve.formats import Last
from emotts.serve.metrics import Metrics
from emotts.serve.settings import Settings

T = TypeVar("T")


class Engine:
    """Loads what a server needs and runs it step by step.

    A step is one sentence said, one window converted or one recording heard. Steps stand in one
    queue, and who has had one joins it again at its end: a long text delays nobody by more than a
    sentence for each other request. The converter and recognizer are None where the checkpoints
    have none. Raises EmottsError as `Synthesizer.from_pretrained` does.
    """

    def __init__(self, settings: Settings, metrics: Metrics):
        self.settings, self.metrics = settings, metrics
        self.synthesizer, self.converter, self.recognizer = _load(settings)
        self._thread = ThreadPoolExecutor(1, "emotts-model")
        self._readers = ThreadPoolExecutor(1, "emotts-reader")
        if settings.warm:
            self._thread.submit(self._warm).result()

    def _warm(self) -> None:
        voice = next(iter(self.synthesizer.voices))
        self.synthesizer.synthesize("Hello.", voice)

    async def run(self, step: Callable[..., T], *given) -> T:
        """The result of one step. A waiting step whose task is cancelled is never begun."""

        def timed() -> T:
            begun = time.monotonic()
            try:
                return step(*given)
            finally:
                self.metrics.model.inc(time.monotonic() - begun)

        with self.metrics.queue.track_inprogress():
            return await asyncio.get_running_loop().run_in_executor(self._thread, timed)

    async def read(self, work: Callable[..., T], *given) -> T:
        """The result of work that needs no model, such as decoding an upload."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, work, *given)

    async def steps(self, begin: Callable[[], Iterator[bytes]]) -> AsyncIterator[bytes]:
        """The bytes that an iterator gives, begun and continued in steps; empty ones are left out.

        Nothing is made ahead of what is taken. Once left, the iterator is closed when the step that
        may be under way has ended.
        """
        iterator, piece = await self.run(_begun, begin)
        try:
            while piece is not None:
                if piece:
                    yield piece
                piece = None if isinstance(piece, Last) else await self.run(next, iterator, None)
        finally:
            with suppress(RuntimeError):  # the engine has been closed
                self._thread.submit(iterator.close)

    def close(self) -> None:
        """Finish what has been begun, and stop."""
        self._thread.shutdown(wait=True)
        self._readers.shutdown(wait=True)


def _begun(begin: Callable[[], Iterator[bytes]]) -> tuple[Iterator[bytes], bytes | None]:
    iterator = begin()
    return iterator, next(iterator, None)


def _load(settings: Settings):
    from emotts.checkpoints import resolve
    from emotts.emotion.learned import LearnedEmotions
    from emotts.synthesis.converter import Converter
    from emotts.synthesis.recognizer import Recognizer
    from emotts.synthesis.stored_voices import stored_voices
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
    if settings.personal:
        for holder in filter(None, (synthesizer, converter)):
            holder.learned |= LearnedEmotions().directions(synthesizer.mark)
            holder.stored |= stored_voices(folder)
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
