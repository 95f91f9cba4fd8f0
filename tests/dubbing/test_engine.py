"""Worker processes that work, die, and are stopped."""

import os
import subprocess
import sys
import time

import pytest
from fake_studio import ToneStudio, tasks

from emotts.dubbing.engine import LocalEngine, by_length
from emotts.dubbing.worker import Failure, Take
from emotts.errors import EmottsError


def children() -> set[str]:
    found = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "pid=,args="],
                           capture_output=True, text=True).stdout.splitlines()  # fmt: skip
    return {row.split()[0] for row in found if "spawn_main" in row}


def run(bench, asked, workers=1, **studio) -> dict[str, Take | Failure]:
    results = {}

    def done(result):
        assert result.key not in results, "a line was reported twice"
        results[result.key] = result

    LocalEngine(ToneStudio(bench.folder / "marks", **studio), workers).run(asked, done)
    assert not children()
    return results


def test_longest_first():
    order = by_length(tasks("aa", "a", "aaaa", "aa"))
    assert [len(task.line.text) for task in order] == [4, 2, 2, 1]


def test_nothing_to_do_starts_nothing(bench):
    assert run(bench, [], workers=4, broken=True) == {}


def test_models_that_cannot_be_loaded_stop_the_job(bench):
    with pytest.raises(EmottsError, match="acoustic.safetensors was altered"):
        run(bench, tasks("One."), broken=True)
    assert not children()


@pytest.mark.slow
def test_workers_share_the_work_and_give_the_same_bits(real_bench):
    asked = tasks(*(f"Line {n} of a few." for n in range(12)))
    two = run(real_bench, asked, workers=2, pause=0.1)
    assert len({pid for pid, _, _ in real_bench.made()}) == 2
    one = run(real_bench, asked, workers=1)
    assert {k: t.sound for k, t in one.items()} == {k: t.sound for k, t in two.items()}


@pytest.mark.slow
def test_a_worker_that_dies_takes_at_most_its_line_with_it(real_bench):
    results = run(real_bench, tasks("One.", "A crash.", "A stumble.", "Four.", "Five."), workers=2)
    failed = {key: r.reason for key, r in results.items() if isinstance(r, Failure)}
    assert failed == {"key2": "its worker died twice (SIGKILL)"}
    assert len(results) == 5


@pytest.mark.slow
def test_machines_on_which_nothing_lives_long_are_given_up(real_bench):
    with pytest.raises(EmottsError, match="workers keep dying .SIGKILL."):
        run(real_bench, tasks(*(f"crash {n}" for n in range(9))))


@pytest.mark.slow
def test_when_the_job_stops_its_workers_go(real_bench):
    def stop(result):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LocalEngine(ToneStudio(real_bench.folder / "marks", pause=0.2), 2).run(
            tasks(*(f"Line {n}." for n in range(20))), stop
        )
    assert not children()


ORPHANS = """
import sys
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from fake_studio import ToneStudio, tasks
from emotts.dubbing.engine import LocalEngine
if __name__ == "__main__":
    studio = ToneStudio(Path(sys.argv[3]), pause=0.05)
    made = lambda result: print("made", flush=True)
    LocalEngine(studio, 2).run(tasks(*(f"Line {n}." for n in range(500))), made)
"""


@pytest.mark.slow
def test_workers_of_a_killed_job_end_by_themselves(real_bench):
    script = real_bench.folder / "job.py"
    script.write_text(ORPHANS)
    here = os.path.dirname(__file__)
    job = subprocess.Popen(
        [sys.executable, script, here, os.path.dirname(here), real_bench.folder / "marks"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert job.stdout.readline() == "made\n"
    job.kill()
    job.wait()
    pids = {pid for pid, _, _ in real_bench.made()}
    deadline = time.monotonic() + 120
    while any(os.path.exists(f"/proc/{pid}") for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert pids and not [pid for pid in pids if os.path.exists(f"/proc/{pid}")]
