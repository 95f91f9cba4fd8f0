"""From takes to everything that is handed over: track, stems, film, timelines, report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emotts.dubbing.folder import TIMELINE, digest, put_all
from emotts.dubbing.mix import Clip, Placed, mix, place, read_bed
from emotts.dubbing.review import write_review
from emotts.dubbing.stems import write_sound, write_stems
from emotts.dubbing.store import JobStore, Row
from emotts.dubbing.textgrid import format_textgrid, timeline_tiers
from emotts.dubbing.timeline import spoken_subtitles

if TYPE_CHECKING:
    from emotts.dubbing.job import DubOptions

FORMAT = 1
TEXTGRID, SUBTITLES = "track.TextGrid", "spoken.srt"


def finish(store: JobStore, options: DubOptions) -> bool:
    """Write what follows from the finished lines; False where all of it is there already."""
    rows = [row for row in store.rows() if row.facts is not None]
    mark = _mark(store, rows, options)
    known = store.note("finished") or {}
    if known.get("mark") == mark and _are_there(store.folder, known.get("files", {})):
        return False
    files: list[Path] = []
    placed: list[Placed] = []
    facts: dict[str, Any] = {"starts": {}}
    if rows:
        placed = place([_clip(store, row) for row in rows], options.rate, options.overflow)
        made, facts = _sound(store, placed, options)
        files += made
    files += _timelines(store, rows, placed, options.rate)
    store.keep("mix", facts)
    files.append(write_review(store))
    sizes = {path.relative_to(store.folder).as_posix(): path.stat().st_size for path in files}
    store.keep("finished", {"mark": mark, "files": sizes})
    return True


def _sound(
    store: JobStore, placed: Sequence[Placed], options: DubOptions
) -> tuple[list[Path], dict[str, Any]]:
    folder, rate = store.folder, options.rate
    bed = read_bed(options.bed, rate) if options.bed is not None else None
    made = mix(placed, rate, options.loudness, bed, options.duck)
    track = write_sound(folder, f"track.{options.format}", made.track, rate)
    length, files = len(made.track), [track]
    facts = {
        "track": track.name, "rate": rate, "seconds": length / rate, "lufs": made.lufs,
        "true_peak_db": made.true_peak_db, "gain_db": made.voice_gain_db, "stems": {},
        "starts": {p.clip.number: p.start / rate for p in placed}, "video": None,
    }  # fmt: skip
    for name in ("lufs", "true_peak_db"):
        facts[name] = round(facts[name], 3) if abs(facts[name]) < 1e6 else None
    if options.stems:
        gain = made.voice_gain_db
        del made, bed
        facts["stems"] = write_stems(folder, placed, rate, length, gain, options.format)
        files += [folder / name for name in facts["stems"].values()]
    if options.video is not None:
        from emotts.dubbing.video import write_video

        files.append(write_video(folder, options.video, track))
        facts["video"] = files[-1].name
    return files, facts


def _timelines(
    store: JobStore, rows: Sequence[Row], placed: Sequence[Placed], rate: int
) -> list[Path]:
    """Write a JSON a line, a TextGrid and subtitles; older timelines go."""
    timelines: list[dict] = []
    texts: dict[str | Path, bytes] = {}
    for row, p in zip(rows, placed, strict=True):
        timeline = placed_timeline(store.take_details(row.key)["timeline"], row.line, p, rate)
        text = json.dumps(timeline, ensure_ascii=False) + "\n"
        texts[f"{TIMELINE}/{row.number:04d}.json"] = text.encode()
        timelines.append({k: v for k, v in timeline.items() if k != "curves"})
    if timelines:
        end = max(line["end"] for line in timelines)
        texts[TEXTGRID] = format_textgrid(timeline_tiers(timelines), end).encode()
        texts[SUBTITLES] = spoken_subtitles(timelines).encode()
    files = put_all(store.folder, texts)
    for path in (store.folder / TIMELINE).glob("*.json"):
        if path not in files:
            path.unlink()
    return files


def placed_timeline(timeline: dict, line: dict, placed: Placed, rate: int) -> dict:
    """A take's timeline as it stands on the track: of this line, there, without what was cut."""
    cut, seconds = placed.cut[0] / rate, placed.length / rate
    out = timeline | {
        "number": line["number"], "character": line["character"],
        "slot": None if line["end"] is None else [line["start"], line["end"]],
        "start": round(placed.start / rate, 6), "end": round(placed.start / rate + seconds, 6),
        "seconds": round(seconds, 6),
    }  # fmt: skip
    if placed.cut == (0, 0):
        return out
    for name in ("words", "phonemes", "visemes", "emotion"):
        moved = [
            x | {k: round(min(max(x[k] - cut, 0.0), seconds), 6) for k in ("start", "end")}
            for x in timeline.get(name, [])
        ]
        out[name] = [x for x in moved if x["end"] > x["start"]]
    for name in ("curves", "emotion_track"):
        if name not in timeline:
            continue
        step = timeline[name]["step"]
        first, count = round(cut / step), round(seconds / step)
        out[name] = {
            k: v[first : first + count] if isinstance(v, list) else v
            for k, v in timeline[name].items()
        }
    return out


def _clip(store: JobStore, row: Row) -> Clip:
    facts, line = row.facts, row.line
    return Clip(
        row.number, line["character"], store.take_path(row.key), facts["samples"] / facts["rate"],
        (line["start"], line["end"]), facts["overrun_seconds"],
    )  # fmt: skip


def _mark(store: JobStore, rows: Sequence[Row], options: DubOptions) -> str:
    """Names all that the output follows from."""
    lines = [[r.number, r.key, r.state, r.reason, r.line] for r in store.rows()]
    asked = [
        options.overflow, options.duck, options.stems, options.loudness, options.rate,
        options.format, *(path and digest(path) for path in (options.bed, options.video)),
    ]  # fmt: skip
    warnings = store.note("script", {})
    text = json.dumps([FORMAT, lines, asked, warnings], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _are_there(folder: Path, sizes: dict[str, int]) -> bool:
    return bool(sizes) and all(
        (folder / name).is_file() and (folder / name).stat().st_size == size
        for name, size in sizes.items()
    )
