"""Kills a job at random moments and counts what is lost; `test_kill.py` runs it.

Prints a JSON object; the exit status is 1 if anything was lost, made twice, half, or different.

In a process of its own, as only one without threads can be forked safely.

    python kill_check.py FOLDER MOMENTS SEED
"""

import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
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


def finished(bench, found: Counter) -> set[str]:
    """Texts of the lines that the table calls done; those whose file is not whole are counted."""
    if not (bench.out / "job.sqlite").exists():
        return set()
    with JobStore.open(bench.out) as store:
        rows = [row for row in store.rows() if row.facts]
        for row in rows:
            found["half"] += digest(store.take_path(row.key)) != row.facts["sha256"]
        return {row.line["text"] for row in rows}


def check_kills(bench, whole, moments: int, seed: int) -> Counter:
    """Counts of lost and duplicated lines and half files, and of other differences at the end."""
    run(whole)  # imports everything, too, so that children begin at once
    expected = outputs(whole)
    shutil.rmtree(whole.out)
    begun = time.monotonic()
    assert exit_status(forked(whole)) == 0 and outputs(whole) == expected
    longest = time.monotonic() - begun
    generator, found = random.Random(seed), Counter(moments=moments)
    found.update(dict.fromkeys(("lost", "duplicated", "half", "different"), 0))
    for _ in range(moments):
        done = finished(bench, found)
        if len(done) == COUNT and generator.random() < 0.5:
            shutil.rmtree(bench.out)  # all over again, so that moments go on being early
            done = set()
        before = len(bench.made())
        child = forked(bench)
        time.sleep(generator.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        again = [text for _, _, text in bench.made()[before:]]
        found["duplicated"] += len(done & set(again)) + len(again) - len(set(again))
        found["lost"] += len(done - finished(bench, found))
    assert exit_status(forked(bench)) == 0
    after = outputs(bench)
    found["different"] = len(set(expected.items()) ^ set(after.items()))
    found["half"] += len([path for path in bench.out.rglob(".*.part")])
    return found


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
    found = check_kills(
        bench_of(base / "killed"), bench_of(base / "whole"), *map(int, sys.argv[2:])
    )
    print(json.dumps(found))
    sys.exit(any(count for name, count in found.items() if name != "moments"))
