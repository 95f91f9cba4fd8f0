"""A dubbing job: a script becomes takes, takes become a track; only what changed is made again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotts.dubbing.cast import RATE_LIMITS, Cast
from emotts.dubbing.engine import LocalEngine
from emotts.dubbing.finish import finish
from emotts.dubbing.loudness import LUFS
from emotts.dubbing.mix import RATE, RATES, read_bed
from emotts.dubbing.originals import Originals, check_originals, gather
from emotts.dubbing.readers import read_script
from emotts.dubbing.report import Summary, summary
from emotts.dubbing.script import Line, Script
from emotts.dubbing.slots import check_overflow
from emotts.dubbing.stems import FORMATS
from emotts.dubbing.store import DONE, JobStore
from emotts.dubbing.studio import Models, Names, Studio
from emotts.dubbing.worker import Failure, Take, Task
from emotts.errors import EmottsError
from emotts.synthesis.options import check_range

ENGINES = ("local", "ray")
VOICE = "kathleen"
FORMAT = 1  # of takes: another number makes all of them anew
MOST_WORKERS = 256
LOUDNESS, DUCK = (-40.0, -10.0), (0.0, 60.0)
SEEDS = 2**32
_SOUNDS = ("original", "neutral")
Progress = Callable[[int, int, float], None]


@dataclass(frozen=True)
class DubOptions:
    """What can be asked of a job.

    workers: processes, or actors with engine "ray"; overflow: see `slots.plan_slot`. only: lines to
    make, None for all; retake: lines to make once more, with `seed` or else the seed after their
    last; seed: without retake, of all lines that have none of their own. bed: sound to lie under
    the lines, duck dB lower there; stems: a file a character; video: a film that gets the track;
    loudness: LUFS; rate: Hz and format: "wav" or "flac", of the track. like: the original actors'
    lines, a folder or a recording (see `originals.gather`), whose timing, pauses and emotion are
    taken; convert: they are converted instead. Raises EmottsError for other values.
    """

    workers: int = 1
    engine: str = "local"
    overflow: str = "shift"
    only: frozenset[int] | None = None
    retake: frozenset[int] = frozenset()
    seed: int | None = None
    bed: Path | None = None
    duck: float = 12.0
    stems: bool = False
    video: Path | None = None
    loudness: float = LUFS
    rate: int = RATE
    format: str = "wav"
    like: Path | None = None
    convert: bool = False

    def __post_init__(self) -> None:
        check_overflow(self.overflow)
        for name, value, choices in (
            ("engine", self.engine, ENGINES),
            ("sample rate", self.rate, RATES),
            ("format", self.format, FORMATS),
        ):
            if value not in choices:
                listed = ", ".join(map(str, choices))
                raise EmottsError(f"unknown {name} {value!r}; choose from {listed}")
        check_range("workers", self.workers, 1, MOST_WORKERS)
        check_range("loudness", self.loudness, *LOUDNESS)
        check_range("duck", self.duck, *DUCK)
        if self.seed is not None:
            check_range("seed", self.seed, 0, SEEDS - 1)
        if self.convert and self.like is None:
            raise EmottsError("lines are converted from originals; name them with like (--like)")


def dub(
    script: str | Path, folder: str | Path, cast: str | Path | None = None,
    options: DubOptions | None = None, studio: Studio | None = None,
    progress: Progress | None = None,
) -> Summary:  # fmt: skip
    """Make a script's track in a folder, or go on with it: see `DubOptions`.

    studio: where the models are, the set that ships if None. progress: called with lines made,
    lines to make, and the share of the work that is done. Lines that cannot be made are marked
    with their reason in what is returned, the others are mixed. Raises EmottsError for anything
    that stops the whole job; what is finished by then stays finished.
    """
    options, studio = options or DubOptions(), studio or Models()
    names = studio.names()
    people = Cast.load(cast) if cast is not None else None
    read = read_script(script, people, tuple(names.learned))
    read.check(names.voices, names.emotions)
    _check_inputs(options, names, people)
    with JobStore.open(folder) as store:
        heard = Originals()
        if options.like is not None:
            heard = gather(store, options.like, read.lines, people)
        asked = plan(read, people, names, options, store.seeds(), heard)
        _take_again(store, asked, options)
        tasks = plan(read, people, names, options, store.seeds(), heard)
        store.set_lines((t.line.number, t.line.model_dump(mode="json"), t.key) for t in tasks)
        warnings = [*read.warnings, *heard.warnings]
        store.keep("script", {"path": str(script), "warnings": warnings})
        store.keep("originals", heard.keys)
        _check_overruns(store, options)
        _make(store, _to_do(store, tasks, options), studio, options, progress)
        finish(store, options)
        return summary(store)


def plan(
    script: Script, cast: Cast | None, names: Names, options: DubOptions, seeds: Mapping[str, int],
    originals: Originals,
) -> list[Task]:  # fmt: skip
    """What every line asks for, with its key. seeds: of retakes, by `asked_hash`."""
    tasks = []
    for line in script.lines:
        asked = {"voice": VOICE, **line.wishes()}
        character = cast.find(line.character)[1] if cast is not None else None
        limits = character.rate_limits if character is not None else RATE_LIMITS
        slot = None if line.slot_seconds is None else round(line.slot_seconds, 6)
        seed = line.seed if line.seed is not None else 0 if options.retake else options.seed or 0
        asked["seed"] = seeds.get(asked_hash(line, asked, slot), seed)
        content = {
            "text": line.text, "asked": asked, "slot": slot, "limits": limits,
            "set": names.mark, "learned": _used(names.learned, line), "format": FORMAT,
            "emotts": _version(),
        }  # fmt: skip
        own_voices = _used(names.stored, line)
        original = originals.lines.get(line.number)
        neutral = originals.neutral.get(line.character) if original is not None else None
        usual = character.emotion if character is not None else None
        made_of: dict[str, Any] = {
            "original": original, "neutral": neutral, "convert": options.convert,
            "felt": original is not None and line.emotion in (None, usual),
        }  # fmt: skip
        if own_voices:
            content["voices"] = own_voices
        if original is not None or options.convert:
            content |= made_of | {k: x and x.key for k, x in made_of.items() if k in _SOUNDS}
        tasks.append(Task(_hash(content), line, asked, slot, limits, options.overflow, **made_of))
    return tasks


def asked_hash(line: Line, asked: Mapping[str, Any], slot: float | None) -> str:
    """Names what a line asks, whatever its seed and its place."""
    rest = {name: value for name, value in asked.items() if name != "seed"}
    return _hash({"text": line.text, "asked": rest, "slot": slot})


def read_numbers(text: str) -> frozenset[int]:
    """Line numbers such as "12,40-55". Raises EmottsError for anything else."""
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not 1 <= first <= last or last - first > 1_000_000:
            raise EmottsError(f"{part.strip()!r} is no line number; write such as 12,40-55")
        found.update(range(first, last + 1))
    return frozenset(found)


def _check_inputs(options: DubOptions, names: Names, cast: Cast | None) -> None:
    """Raise for what would only be found out after hours."""
    if cast is not None:
        cast.check(names.voices, names.emotions)
    if options.bed is not None:
        read_bed(options.bed, options.rate)
    if options.like is not None:
        check_originals(options.like, cast)
    if options.video is not None:
        from emotts.dubbing.video import check_video

        check_video(options.video)


def _take_again(store: JobStore, tasks: Iterable[Task], options: DubOptions) -> None:
    by_number = {task.line.number: task for task in tasks}
    for number in sorted(options.retake | (options.only or frozenset())):
        if number not in by_number:
            raise EmottsError(
                f"there is no line {number}; the script has the numbers {_ranges(by_number)}"
            )
    for number in sorted(options.retake):
        task = by_number[number]
        seed = options.seed if options.seed is not None else (task.asked["seed"] + 1) % SEEDS
        store.set_seed(asked_hash(task.line, task.asked, task.slot_seconds), seed)


def _check_overruns(store: JobStore, options: DubOptions) -> None:
    """With overflow "fail", takes that are there but too long for their slots fail, too."""
    if options.overflow != "fail":
        return
    for row in store.rows():
        if row.facts is not None and row.facts["overrun_seconds"] > 0:
            store.fail(row.key, f"the line {row.facts['warnings'][0]}; {row.facts['hint']}")


def _to_do(store: JobStore, tasks: Iterable[Task], options: DubOptions) -> list[Task]:
    """One task a key: lines that ask the same share their take."""
    missing = {
        row.key
        for row in store.rows()
        if row.state != DONE and (options.only is None or row.number in options.only)
    }
    return list({task.key: task for task in tasks if task.key in missing}.values())


def _make(
    store: JobStore, tasks: list[Task], studio: Studio, options: DubOptions,
    progress: Progress | None,
) -> None:  # fmt: skip
    if not tasks:
        return
    weights = {task.key: 20 + len(task.line.text) for task in tasks}
    total, made, done = sum(weights.values()), 0.0, 0

    def keep(result: Take | Failure) -> None:
        nonlocal made, done
        if isinstance(result, Take):
            store.finish(result.key, result.sound, result.details)
        else:
            store.fail(result.key, result.reason)
        made, done = made + weights[result.key], done + 1
        if progress:
            progress(done, len(tasks), made / total)

    if progress:
        progress(0, len(tasks), 0.0)
    _engine(studio, options).run(tasks, keep)


def _engine(studio: Studio, options: DubOptions) -> Any:
    if options.engine == "local":
        return LocalEngine(studio, options.workers)
    from emotts.dubbing.ray_engine import RayEngine

    return RayEngine(studio, options.workers)


def _used(learned: Mapping[str, str], line: Line) -> dict[str, str]:
    """Hashes of the learnt emotions, or own voices, that a line may mean."""
    words = f"{line.emotion or ''} {line.voice or ''} {line.text} {line.extra}"
    words = words.lower().replace(" ", "-")
    return {name: value for name, value in learned.items() if name in words}


def _hash(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _version() -> str:
    from emotts import __version__

    return __version__


def _ranges(numbers: Collection[int]) -> str:
    """Such as "1-3, 7"."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = [f"{a}-{b}" if b > a else str(a) for a, b in spans]
    return ", ".join(shown[:8]) + (", …" if len(shown) > 8 else "")
