"""The same job on a local Ray cluster of two workers, one of which is killed."""

import os
import signal
import threading
import time

import pytest
from fake_studio import ToneStudio, tasks

from emotts.dubbing.engine import LocalEngine
from emotts.dubbing.ray_engine import RayEngine
from emotts.dubbing.worker import Failure
from emotts.errors import EmottsError

pytestmark = pytest.mark.slow


def run(engine, asked) -> dict:
    results = {}

    def done(result):
        assert result.key not in results, "a line was reported twice"
        results[result.key] = result

    engine.run(asked, done)
    return results


def test_a_killed_worker_costs_nothing_and_the_bits_are_the_same(real_bench):
    pytest.importorskip("ray")
    asked = tasks(*(f"Line {n} of a few." for n in range(24)))
    studio = ToneStudio(real_bench.folder / "marks", pause=0.1)
    killed = []

    def killer():
        while not real_bench.made():
            time.sleep(0.05)
        killed.append(real_bench.made()[0][0])
        os.kill(killed[0], signal.SIGKILL)

    thread = threading.Thread(target=killer)
    thread.start()
    over_ray = run(RayEngine(studio, 2), asked)
    thread.join()
    assert len({pid for pid, _, _ in real_bench.made()}) == 3, "two workers and one in its place"
    here = run(LocalEngine(studio, 1), asked)
    assert {k: t.sound for k, t in over_ray.items()} == {k: t.sound for k, t in here.items()}
    assert {k: t.details["facts"] for k, t in over_ray.items()} == {
        k: t.details["facts"] for k, t in here.items()
    }


def test_lines_that_kill_and_models_that_are_broken(real_bench):
    ray = pytest.importorskip("ray")
    studio = ToneStudio(real_bench.folder / "marks")
    results = run(RayEngine(studio, 2), tasks("One.", "A crash.", "unpronounceable", "Four."))
    failed = {k: r.reason for k, r in results.items() if isinstance(r, Failure)}
    assert set(failed) == {"key2", "key3"} and "its worker died twice" in failed["key2"]
    with pytest.raises(EmottsError, match="acoustic.safetensors was altered"):
        run(RayEngine(ToneStudio(broken=True), 2), tasks("One."))
    assert not ray.is_initialized()
