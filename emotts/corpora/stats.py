"""What a corpus holds: hours, speakers, emotions, levels, lengths, agreement of listeners."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from emotts.errors import EmottsError


class Described(Protocol):
    """What statistics need of a clip: a `Clip` and an `Utterance` both have it."""

    speaker: str
    sex: str
    language: str
    emotion: str
    original_emotion: str
    level: str
    text: str
    seconds: float
    split: str
    votes: dict[str, int]


@dataclass(frozen=True)
class Group:
    """Clips that share something. speakers: how many people; words: the corpus's own."""

    clips: int
    seconds: float
    speakers: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stats:
    """Everything counted. seconds: (clips,) of every clip. percentiles: seconds by percent.

    agreement: share of clips whose listeners mostly heard the label, by label and level, where
    there are votes by category; (share, clips).
    """

    total: Group
    seconds: np.ndarray
    percentiles: dict[int, float]
    splits: dict[str, Group]
    languages: dict[str, Group]
    speakers: dict[str, Group]
    emotions: dict[str, Group]
    levels: dict[str, Group]
    sexes: dict[str, Group]
    texts: int
    agreement: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)


PERCENTS = (0, 5, 50, 95, 100)
UNKNOWN = "–"


def describe(clips: Sequence[Described]) -> Stats:
    """Count a corpus. Raises EmottsError if it is empty."""
    if not clips:
        raise EmottsError("there are no clips to count")
    seconds = np.array([clip.seconds for clip in clips])
    return Stats(
        total=_group(clips),
        seconds=seconds,
        percentiles={p: float(np.percentile(seconds, p)) for p in PERCENTS},
        splits=_by(clips, "split"),
        languages=_by(clips, "language"),
        speakers=_by(clips, "speaker"),
        emotions=_by(clips, "emotion", words=True),
        levels=_by(clips, "level"),
        sexes=_by(clips, "sex"),
        texts=len({clip.text for clip in clips if clip.text}),
        agreement=_agreement(clips),
    )


def _group(clips: Sequence[Described], words: bool = False) -> Group:
    own = tuple(sorted({c.original_emotion for c in clips if c.original_emotion}))
    return Group(
        len(clips), float(sum(c.seconds for c in clips)), len({c.speaker for c in clips}),
        own if words else (),
    )  # fmt: skip


def _by(clips: Sequence[Described], name: str, words: bool = False) -> dict[str, Group]:
    parts: dict[str, list[Described]] = defaultdict(list)
    for clip in clips:
        parts[getattr(clip, name) or UNKNOWN].append(clip)
    return {key: _group(part, words) for key, part in sorted(parts.items())}


def _agreement(clips: Sequence[Described]) -> dict[tuple[str, str], tuple[float, int]]:
    """A tie of the label with another category is no agreement."""
    heard: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for clip in clips:
        votes = Counter(clip.votes)
        if not votes or not clip.emotion or any(answer.isdigit() for answer in votes):
            continue
        others = max((n for word, n in votes.items() if word != clip.emotion), default=0)
        heard[clip.emotion, clip.level or UNKNOWN].append(votes[clip.emotion] > others)
    return {key: (float(np.mean(flags)), len(flags)) for key, flags in sorted(heard.items())}


def plot(stats: Stats, folder: str | Path) -> list[Path]:
    """Draw durations, and minutes by emotion, by speaker and by split, as PNG files.

    Returns the files. Raises EmottsError where matplotlib is not installed or the folder cannot
    be made.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise EmottsError(
            "drawing needs matplotlib, which is not installed: pip install matplotlib"
        ) from error
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmottsError(f"the folder {folder} cannot be made: {error.strerror}") from error
    written = []

    def save(figure: Figure, name: str) -> None:
        figure.savefig(folder / f"{name}.png", dpi=110)
        written.append(folder / f"{name}.png")

    figure = Figure(figsize=(6, 2.8), layout="constrained")
    axes = figure.add_subplot(xlabel="seconds", ylabel="clips")
    axes.hist(stats.seconds, bins=min(60, max(10, len(stats.seconds) // 20)))
    save(figure, "durations")
    parts = {"emotions": stats.emotions, "speakers": stats.speakers, "splits": stats.splits,
             "levels": stats.levels}  # fmt: skip
    for name, groups in parts.items():
        height = min(1.2 + 0.22 * len(groups), 12)
        figure = Figure(figsize=(6, height), layout="constrained")
        axes = figure.add_subplot(xlabel="minutes")
        axes.barh(list(groups), [group.seconds / 60 for group in groups.values()])
        axes.invert_yaxis()
        axes.tick_params(axis="y", labelsize=7 if len(groups) > 30 else 9)
        save(figure, name)
    return written
