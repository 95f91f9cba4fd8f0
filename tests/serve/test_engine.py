import asyncio
import re
import threading

import numpy as np
import pytest
from live_server import wait_for

from emotts import EmottsError
from emotts.serve.engine import Engine, first_of
from emotts.serve.turns import Step


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


def test_requests_that_wait_are_said_together_and_each_gets_its_own(make_app):
    """Many at once against a server of batches: every answer is what the library says."""
    from fastapi.testclient import TestClient

    texts = ["No one knew where we were.", "You were a long way away.", "We may all call. No one."]
    body = {"model": "emotts", "voice": "kathleen", "response_format": "pcm"}
    wishes = [{"input": text, "seed": n, "stream": n % 2 == 0} for n, text in enumerate(4 * texts)]
    wishes += [{"input": "?!"}, {"input": texts[0], "emotion": "hungry"}]
    answers = [None] * len(wishes)
    with TestClient(make_app(batch=4)) as client:
        engine, go = client.app.state.engine, threading.Event()
        engine._turns.put(Step(lambda: go.wait(60)))

        def ask(n):
            answers[n] = client.post("/v1/audio/speech", json=body | wishes[n])

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(wishes))]
        for thread in threads:
            thread.start()
        wait_for(lambda: b"emotts_queue 13.0" in engine.metrics.text())
        go.set()
        for thread in threads:
            thread.join(60)
        counted = client.get("/metrics").text
        for wish, answer in zip(wishes[:-2], answers, strict=False):
            heard = np.frombuffer(answer.content, "<i2") / 32767
            alone = engine.synthesizer.synthesize(wish["input"], "kathleen", seed=wish["seed"])
            np.testing.assert_allclose(heard, alone.samples, atol=1e-3)
    assert [answer.status_code for answer in answers[-2:]] == [400, 400]
    sizes = dict(re.findall(r'emotts_batch_sentences_bucket\{le="([\d.]+)"\} ([\d.]+)', counted))
    assert float(sizes["16.0"]) > float(sizes["1.0"])
