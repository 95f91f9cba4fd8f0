"""Many files converted, by one process or several; what is done is not done again."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from emotts.errors import EmottsError
from emotts.synthesis.conversion_files import FileJob, check_job, convert_file


@dataclass(frozen=True)
class Done:
    """What became of a job: seconds made, or skipped because the target was there, or why not;
    warned: what is to be said besides."""

    job: FileJob
    seconds: float = 0.0
    skipped: bool = False
    problem: str = ""
    warned: tuple[str, ...] = ()


Work = Callable[[FileJob], Done]
_made: list = []  # of a worker process: what makes its work, with what, and the work


def run_jobs(
    jobs: Sequence[FileJob], make: Callable[..., Work], given: tuple, workers: int = 1,
    overwrite: bool = False,
) -> Iterator[Done]:  # fmt: skip
    """Do the jobs, in the order in which they end.

    make: importable, called with `given` once in every process that works; returns what does a
    job. Targets that exist are skipped unless `overwrite`; the others' folders are made. A job that
    fails stops no other.
    """
    waiting = []
    for job in jobs:
        if job.target.exists() and not overwrite:
            yield Done(job, skipped=True)
        else:
            waiting.append(job)
    if workers <= 1 or len(waiting) < 2:
        work = make(*given) if waiting else None
        for job in waiting:
            yield attempt(work, job)
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    context = get_context("spawn")
    count = min(workers, len(waiting))
    with ProcessPoolExecutor(count, context, _begin, (make, given)) as pool:
        futures = [pool.submit(_in_process, job) for job in waiting]
        for future in as_completed(futures):
            yield future.result()


def attempt(work: Work, job: FileJob) -> Done:
    """A job done, or why it was not."""
    try:
        job.target.parent.mkdir(parents=True, exist_ok=True)
        check_job(job.source, job.target)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", UserWarning)
            done = work(job)
        found = tuple(str(w.message) for w in said if issubclass(w.category, UserWarning))
        return Done(job, done.seconds, warned=found)
    except EmottsError as error:
        return Done(job, problem=str(error))
    except OSError as error:
        return Done(job, problem=f"{job.target} cannot be written: {error.strerror or error}")


def _begin(make: Callable[..., Work], given: tuple) -> None:
    _made[:] = [make, given]


def _in_process(job: FileJob) -> Done:
    def work(job: FileJob) -> Done:
        if len(_made) == 2:  # models are loaded with the first job, whose problem theirs is
            import torch

            torch.set_num_threads(1)
            _made.append(_made[0](*_made[1]))
        return _made[2](job)

    return attempt(work, job)


def file_work(converter, wishes: Mapping, provenance: bool, progress=None) -> Work:
    """Converts a job's file, its own wishes before those of all."""

    def work(job: FileJob) -> Done:
        own = dict(wishes) | dict(job.wishes)
        if "emotion" in job.wishes:  # a row's emotion is heard at the row's intensity
            own["intensity"] = job.wishes.get("intensity", wishes.get("intensity"))
        seconds, _ = convert_file(converter, job.source, job.target, provenance, progress, **own)
        return Done(job, seconds)

    return work
