"""One's own recordings: a folder and a table that says what is in it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from emotts.corpora.audio import split_path
from emotts.corpora.clips import (
    BEYOND,
    HELD_SENTENCE,
    Clip,
    read_corpus,
    unusable_because,
    usable,
)
from emotts.corpora.layout import read_table, sex_of
from emotts.corpora.quality import Finding, Quality, findings, measure, typical_pace
from emotts.corpora.recording import Corpus, Recording, Splits
from emotts.corpora.utterance import Utterance
from emotts.errors import EmottsError

NEEDED = ("path", "text")
OPTIONAL = ("speaker", "sex", "age", "language", "emotion", "level", "split")
LEVELS = ("", "weak", "normal", "strong")
SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class Report:
    """A folder of one's own, looked through.

    rows: what can be trained on. clips: everything in the table. measured: by clip id, what could
    be read. found: everything that is wrong, the clip's path first.
    """

    rows: list[Utterance]
    clips: list[Clip]
    measured: dict[str, Quality]
    found: list[Finding]


def own_corpus(table: str | Path, speaker: str = "me", language: str = "en-us") -> Corpus:
    """A corpus of one's own: a table with the columns path and text, and any of `OPTIONAL`.

    Cells by commas, semicolons or tabs; paths are relative to the folder. speaker, language: for
    rows that say none. Without a split column every row is for training. Raises EmottsError for a
    table that is not there or has unknown columns, when read also for a wrong value.
    """
    table = Path(table)
    if not table.is_file():
        raise EmottsError(f"there is no table {table}")
    return Corpus(
        name="own",
        title="a folder of your own",
        licence="yours",
        link="",
        language=language,
        hours=0.0,
        emotions="as in the table",
        layout=f"the audio that {table.name} names",
        obtain="",
        splits=Splits("the table's own", official="sentence"),
        read=lambda root: iter(_recordings(table, root, speaker, language)),
    )


def _delimiter(table: Path) -> str:
    with table.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.readline()
    return max("\t,;", key=head.count)


def _recordings(table: Path, root: Path, speaker: str, language: str) -> list[Recording]:
    if not root.is_dir():
        raise EmottsError(f"there is no folder {root}")
    rows = read_table(table, NEEDED, _delimiter(table))
    unknown = [name for name in (rows[0] if rows else ()) if name not in (*NEEDED, *OPTIONAL)]
    if unknown:
        raise EmottsError(
            f"{table} has the unknown columns {', '.join(unknown)}; "
            f"known are {', '.join((*NEEDED, *OPTIONAL))}"
        )
    made = []
    for number, row in enumerate(rows, start=2):
        where = f"{table}, row {number}"
        file = Path(split_path(row["path"])[0])
        if not row["path"] or file.is_absolute() or ".." in file.parts:
            raise EmottsError(f"{where}: the path {row['path']!r} must lie in the folder")
        made.append(Recording(
            path=row["path"], text=row["text"], speaker=row.get("speaker") or speaker,
            emotion=row.get("emotion") or "neutral", sex=sex_of(row.get("sex", "")),
            age=row.get("age", ""), language=row.get("language") or language,
            level=_one_of(LEVELS, row.get("level", ""), f"{where}: level"),
            split=_one_of(SPLITS, row.get("split") or "train", f"{where}: split"),
        ))  # fmt: skip
    return made


def _one_of(choices: Sequence[str], value: str, what: str) -> str:
    if value not in choices:
        named = ", ".join(choice or "nothing" for choice in choices)
        raise EmottsError(f"{what} is {value!r}; choose from {named}")
    return value


def look_through(
    corpus: Corpus,
    folder: str | Path,
    further: bool = False,
    workers: int = 2,
    progress: Callable[[int, int, str], None] | None = None,
) -> Report:
    """Measure every clip of a corpus, say what is wrong, and keep what can be used.

    Works for any corpus, not only one's own. further: as in `emotts.corpora.clips.usable`.
    """
    clips = read_corpus(corpus, folder, progress)
    readable = [clip for clip in clips if not clip.problem]
    measured: dict[str, Quality] = {}
    with ThreadPoolExecutor(workers) as pool:
        jobs = pool.map(lambda c: _measured(folder, c), readable)
        for number, (clip, quality) in enumerate(zip(readable, jobs, strict=True), start=1):
            if quality:
                measured[clip.id] = quality
            if progress:
                progress(number, len(readable), "measuring clips")
    judged = [clip for clip in readable if clip.id in measured]
    typical = typical_pace([c.speaker for c in judged], [measured[c.id] for c in judged])
    found = _unreadable(clips, measured)
    for clip in judged:
        found += findings(clip.path, measured[clip.id], typical.get(clip.speaker))
    wrong = {finding.clip for finding in found if finding.fatal}
    rows, _ = usable([clip for clip in clips if clip.path not in wrong], further)
    kept = {row.path for row in rows}
    found += [
        Finding(clip.path, _reason(clip), "see docs/corpora.md on splits and labels", True)
        for clip in clips
        if clip.path not in wrong and clip.path not in kept
    ]
    return Report(rows, clips, measured, found)


def _reason(clip: Clip) -> str:
    reason = unusable_because(clip)
    return f"{reason}: {clip.emotion}" if reason == BEYOND else reason or HELD_SENTENCE


def _measured(folder: str | Path, clip: Clip) -> Quality | None:
    try:
        return measure(folder, clip.path, clip.text, clip.language)
    except EmottsError:
        return None


def _unreadable(clips: Sequence[Clip], measured: dict[str, Quality]) -> list[Finding]:
    return [
        Finding(clip.path, "cannot be read", "give a wav, flac, ogg, mp3, mp4 or webm file", True)
        for clip in clips
        if clip.id not in measured
    ]
