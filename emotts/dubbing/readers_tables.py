"""Tables of lines: CSV, TSV and JSON lines, with columns by name."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import fields
from typing import Any

from emotts.dubbing.readers_cue import Cue, Source, check_slot, read_time
from emotts.dubbing.readers_text import marked
from emotts.dubbing.script import OPTIONS
from emotts.emotion.parse import plain
from emotts.errors import EmottsError
from emotts.synthesis.options import Options

# Column → other names it goes by.
COLUMNS = {
    "start": ("begin", "from", "start time", "start seconds", "time in", "in", "tc in"),
    "end": ("stop", "to", "end time", "end seconds", "time out", "out", "tc out"),
    "duration": ("seconds", "length", "slot", "slot seconds"),
    "character": ("speaker", "actor", "role", "name", "who"),
    "text": ("line", "dialogue", "dialog", "sentence", "translation"),
    "emotion": ("feeling", "mood"),
    "intensity": ("strength",),
    "voice": (),
    "rate": ("tempo", "speed"),
    "pitch": (),
    "energy": ("level", "volume", "gain"),
    "seed": (),
}
IGNORED = ("number", "id", "index", "#", "")
_NUMBER = re.compile(r"([+-]?)(\d+(?:[.,]\d*)?|[.,]\d+)\s*(%|st|db|x)?", re.IGNORECASE | re.ASCII)
_WHOLE = ("seed", "steps", "best_of")
_SWITCHES = {"yes": True, "true": True, "1": True, "on": True,
             "no": False, "false": False, "0": False, "off": False}  # fmt: skip
_DEFAULTS = {f.name: getattr(Options(), f.name) for f in fields(Options)}
_BY_NAME = {plain(n): column for column, others in COLUMNS.items() for n in (column, *others)}
_BY_NAME |= {plain(name): name for name in OPTIONS if plain(name) not in _BY_NAME}


def read_csv(source: Source) -> list[Cue]:
    """Rows under a header; commas, semicolons or tabs. Raises EmottsError naming the line of a
    row that does not fit its header or of a value that cannot be read."""
    rows = csv.reader(io.StringIO(source.text, newline=""), delimiter=_delimiter(source.text),
                      strict=True)  # fmt: skip
    columns: list[str] = []
    cues: list[Cue] = []
    row = last = 0
    try:
        for values in rows:
            row, last = last + 1, rows.line_num
            if not any(value.strip() for value in values):
                if columns and values and len(values) > 1:
                    source.warn(row, "an empty row, skipped")
                continue
            if not columns:
                columns = _header(source, row, values)
                continue
            if len(values) > len(columns):
                raise source.error(
                    row, f"{len(values)} fields under {len(columns)} columns; put quotes around "
                    "text that holds the delimiter"
                )  # fmt: skip
            given = {k: v.strip() for k, v in zip(columns, values, strict=False) if v.strip()}
            cues.append(_cue(source, row, given, cues))
    except csv.Error as error:
        raise source.error(last + 1, f"no valid CSV ({error}); close quotes, and double those "
                                     "inside quoted text") from None  # fmt: skip
    return cues


def read_jsonl(source: Source) -> list[Cue]:
    """One JSON object a line, with the keys of `COLUMNS` and the synthesizer's options."""
    cues: list[Cue] = []
    unused: set[str] = set()
    for row, line in enumerate(source.text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", None) or str(error)
            raise source.error(row, f"no valid JSON ({reason})") from None
        if not isinstance(values, dict):
            raise source.error(row, "must be a JSON object like "
                                    '{"start": 0.5, "end": 2.0, "text": "Hello."}')  # fmt: skip
        given: dict[str, Any] = {}
        for key, value in values.items():
            column = _BY_NAME.get(plain(key), key)
            if column in given:
                raise source.error(row, f"{column} is given twice")
            if value is not None:
                given[column] = value
            if column not in COLUMNS and column not in OPTIONS | {*IGNORED} | unused:
                unused.add(column)
                source.warn(row, f"{key!r} is not used; choose from {_choices()}")
        cues.append(_cue(source, row, given, cues))
    return cues


def _delimiter(text: str) -> str:
    header = next((line for line in text.split("\n") if line.strip()), "")
    return max(",;\t", key=header.count)


def _choices() -> str:
    return ", ".join((*COLUMNS, *sorted(OPTIONS - set(COLUMNS))))


def _header(source: Source, row: int, values: list[str]) -> list[str]:
    columns = [_BY_NAME.get(plain(v), v.strip()) for v in values]
    if "text" not in columns:
        raise source.error(row, f"the header needs a column text; others are {_choices()}")
    for column in columns:
        if column and columns.count(column) > 1:
            raise source.error(row, f"two columns mean {column}; keep one")
        if column not in COLUMNS and column not in OPTIONS and plain(column) not in IGNORED:
            source.warn(row, f"the column {column!r} is not used; choose from {_choices()}")
    return columns


def _cue(source: Source, row: int, given: dict[str, Any], before: list[Cue]) -> Cue:
    try:
        return _read_cue(row, given, before)
    except EmottsError as error:
        raise source.error(row, error) from None
    except OverflowError:
        raise source.error(row, "a number is too large") from None


def _read_cue(row: int, given: dict[str, Any], before: list[Cue]) -> Cue:
    text = given.pop("text", "")
    if not isinstance(text, str):
        raise EmottsError(f"text must be a string, not {json.dumps(text)}")
    cue = Cue(row, marked(text))
    if before:  # a line without a time follows the one above
        cue.start = before[-1].start if before[-1].end is None else before[-1].end
    if "start" in given:
        cue.start = read_time(given.pop("start"))
    if "end" in given and "duration" in given:
        raise EmottsError("both end and duration are given; keep one")
    if "end" in given:
        cue.end = read_time(given.pop("end"))
    if "duration" in given:
        cue.end = cue.start + read_time(given.pop("duration"))
    check_slot(cue.start, cue.end)
    for name in ("character", "emotion", "voice"):
        if name in given:
            setattr(cue, {"character": "speaker"}.get(name, name), _text(name, given.pop(name)))
    for name in ("intensity", "rate", "pitch", "energy", "seed"):
        if name in given:
            setattr(cue, name, _number(name, given.pop(name)))
    cue.extra = {k: _option(k, v) if k in OPTIONS else v for k, v in given.items() if k}
    return cue


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise EmottsError(f"{name} must be a string, not {json.dumps(value)}")
    return value.strip()


def _number(name: str, value: Any) -> float | int:
    """A number, also as "0,8", "80%", "-3 dB", "+2st" or "1.1x"."""
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.replace("−", "-").strip())
        if match is None:
            raise EmottsError(f"{name} is {value!r}; it must be a number")
        number = float(match[1] + match[2].replace(",", "."))
        number = number / 100 if match[3] == "%" else number
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise EmottsError(f"{name} is {json.dumps(value)}; it must be a number")
    else:
        number = value
    if not math.isfinite(number):
        raise EmottsError(f"{name} is {value}; it must be a finite number")
    if name in _WHOLE:
        if number != int(number):
            raise EmottsError(f"{name} is {value!r}; it must be a whole number")
        return int(number)
    return float(number)


def _option(name: str, value: Any) -> Any:
    """A value for an option of the synthesizer, of the kind of its default."""
    default = _DEFAULTS[name]
    if isinstance(default, bool):
        switch = value if isinstance(value, bool) else _SWITCHES.get(str(value).casefold())
        if switch is None:
            raise EmottsError(f"{name} is {value!r}; choose from yes, no")
        return switch
    if isinstance(default, int | float):
        return _number(name, value)
    if name == "suppress":
        if not isinstance(value, dict):
            raise EmottsError('suppress must be an object like {"angry": 0.5}')
        return {str(k): _number(f"suppression of {k}", v) for k, v in value.items()}
    return _text(name, value)
