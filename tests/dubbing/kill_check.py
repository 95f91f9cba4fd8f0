"""Kills a job at random moments and checks what is left; `test_kill.py` runs it.

In a process of its own, as only one without threads can be forked safely.

    python kill_check.py FOLDER MOMENTS SEED
"""

import os
import random
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

import numpy as np
from fake_studio import Bench, Here, ToneStudio, bench_in

from emotts.audio import f0
from emotts.dubbing import job
from emotts.dubbing.folder import digest
from emotts.dubbing.store import JobStore

COUNT = 14
SCRIPT = [
    dict(start=0.9 * n, end=0.9 * n + 0.8, character="Ben", text=f"Line {n} of many.")
    for n in range(COUNT)
]


def run(bench) -> None:
    bench.run(SCRIPT, stems=True, rate=24000)


def exit_status(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def forked(bench) -> int:
    """The process number of a child that runs the job."""
    child = os.fork()
    if child == 0:
        try:
            run(bench)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return child


def outputs(bench) -> dict[str, str]:
    return {
        path.relative_to(bench.out).as_posix(): digest(path)
        for path in bench.out.rglob("*")
        if path.is_file() and not path.name.startswith("job.")
    }


def finished(bench) -> set[str]:
    """Texts of the lines that the table calls done; each has to be whole."""
    if not (bench.out / "job.sqlite").exists():
        return set()
    with JobStore.open(bench.out) as store:
        rows = [row for row in store.rows() if row.facts]
        for row in rows:
            assert digest(store.take_path(row.key)) == row.facts["sha256"], "a half file"
        return {row.line["text"] for row in rows}


def check_kills(bench, whole, moments: int, seed: int) -> None:
    run(whole)  # imports everything, too, so that children begin at once
    expected = outputs(whole)
    shutil.rmtree(whole.out)
    begun = time.monotonic()
    assert exit_status(forked(whole)) == 0 and outputs(whole) == expected
    longest = time.monotonic() - begun
    generator = random.Random(seed)
    for _ in range(moments):
        done = finished(bench)
        if len(done) == COUNT and generator.random() < 0.5:
            shutil.rmtree(bench.out)  # all over again, so that moments go on being early
            done = set()
        before = len(bench.made())
        child = forked(bench)
        time.sleep(generator.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        again = [text for _, _, text in bench.made()[before:]]
        assert not done & set(again), "a finished line was made again"
        assert len(set(again)) == len(again)
        assert done <= finished(bench), "a finished line was lost"
    assert exit_status(forked(bench)) == 0
    assert outputs(bench) == expected
    assert not [path for path in bench.out.rglob(".*.part")]


def bench_of(folder: Path) -> Bench:
    folder.mkdir()
    bench = bench_in(folder)
    bench.studio = ToneStudio(folder / "marks", pause=0.002)
    return bench


if __name__ == "__main__":
    job._engine = lambda studio, options: Here(studio)
    os.fsync = lambda handle: None  # a killed process loses nothing by that
    f0.track_f0 = lambda samples, rate: (np.zeros(1), np.zeros(1))
    base = Path(sys.argv[1])
    check_kills(bench_of(base / "killed"), bench_of(base / "whole"), *map(int, sys.argv[2:]))
