"""External judges by name, where the machine has them; none is downloaded unless a user names it.

`available()` tells which can be used and why the others cannot, `load(name, source)` makes one,
and its `score(path)` gives figures by metric name. A source is a folder, or a hub id to fetch.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from emotts.errors import EmottsError
from emotts.evaluation.judges.base import Judge, JudgeEntry
from emotts.evaluation.judges.emotions import AudeeringAffect, Emotion2vec
from emotts.evaluation.judges.naturalness import DistillMos, Dnsmos, Utmos, UtmosV2
from emotts.evaluation.judges.voices import Resemblyzer, WavlmSv
from emotts.evaluation.judges.words import Pocketsphinx, Whisper

__all__ = ["JUDGES", "Judge", "JudgeEntry", "available", "load"]


def _entry(judge: type, needs: tuple[str, ...] = ()) -> JudgeEntry:
    about = judge.__doc__.strip().splitlines()[0]
    return JudgeEntry(judge.name, about, judge.metrics, needs, judge.missing, judge)


JUDGES: dict[str, JudgeEntry] = {
    entry.name: entry
    for entry in (
        _entry(Whisper, ("text",)),
        _entry(Pocketsphinx, ("text",)),
        _entry(Resemblyzer, ("reference",)),
        _entry(WavlmSv, ("reference",)),
        _entry(DistillMos),
        _entry(Dnsmos),
        _entry(Utmos),
        _entry(UtmosV2),
        _entry(Emotion2vec),
        _entry(AudeeringAffect),
    )
}


def available(
    sources: Mapping[str, str | Path] | None = None,
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Which judges can be loaded, and for every other one the reason why it is absent.

    sources: folders or hub ids by judge name. Loads and downloads nothing.
    """
    sources = dict(sources or {})
    for name in sources:
        _known(name)
    absent = {}
    for name, entry in JUDGES.items():
        reason = entry.missing(_text(sources.get(name)))
        if reason:
            absent[name] = reason
    return tuple(name for name in JUDGES if name not in absent), absent


def load(name: str, source: str | Path | None = None) -> Judge:
    """Make a judge.

    source: its model: a local folder or file, or a hub id, which is fetched only because it was
    named. Raises EmottsError for an unknown name and, with the reason, for an absent judge.
    """
    entry = _known(name)
    reason = entry.missing(_text(source))
    if reason:
        raise EmottsError(f"the judge {name} is absent: {reason}")
    return entry.make(_text(source))


def _known(name: str) -> JudgeEntry:
    if name not in JUDGES:
        raise EmottsError(f"unknown judge {name!r}; choose from {', '.join(JUDGES)}")
    return JUDGES[name]


def _text(source: str | Path | None) -> str | None:
    return None if source is None else str(source)
