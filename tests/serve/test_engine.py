import asyncio
import threading

import pytest
from live_server import wait_for

from emotts import EmottsError
from emotts.serve.engine import Engine, first_of


@pytest.fixture
def engine(make_app):
    found = make_app().state.engine
    yield found
    found.close()


def job(log, name, count, end=None):
    def begin():
        def pieces():
            try:
                for n in range(count):
                    log.append(f"{name}{n}")
                    yield log[-1].encode()
            finally:
                if end:
                    end.set()

        return pieces()

    return begin


async def taken(steps) -> bytes:
    return b" ".join([piece async for piece in steps])


def test_a_long_text_and_short_ones_take_turns(engine: Engine):
    log: list[str] = []

    async def both():
        jobs = [engine.steps(job(log, name, n)) for name, n in (("a", 4), ("b", 2), ("c", 1))]
        return await asyncio.gather(*map(taken, jobs))

    assert asyncio.run(both()) == [b"a0 a1 a2 a3", b"b0 b1", b"c0"]
    assert log == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"]


def test_what_nobody_takes_is_neither_made_nor_kept(engine: Engine):
    log, end = [], threading.Event()

    async def leave():
        steps = engine.steps(job(log, "a", 9, end))
        await anext(steps)
        await steps.aclose()

    asyncio.run(leave())
    wait_for(end.is_set)
    assert log == ["a0"]


def test_the_first_piece_tells_what_is_wrong(engine: Engine):
    def wrong():
        raise EmottsError("no such voice")

    async def ask(begin):
        return await taken(await first_of(engine.steps(begin)))

    with pytest.raises(EmottsError, match="no such voice"):
        asyncio.run(ask(wrong))
    with pytest.raises(EmottsError, match="nothing to be heard"):
        asyncio.run(ask(job([], "a", 0)))
    assert asyncio.run(ask(job([], "a", 2))) == b"a0 a1"


def test_checkpoints_that_only_speak_serve_all_the_same(make_app, trained):
    from fastapi.testclient import TestClient

    with TestClient(make_app(checkpoint=str(trained.checkpoints))) as client:
        engine = client.app.state.engine
        engine.converter = None
        answer = client.post("/v1/convert", files={"file": ("a", b"RIFF")})
        assert answer.status_code == 400 and "cannot convert" in answer.text
