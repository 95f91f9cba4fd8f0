"""The table of a dubbing job: which lines there are, and which takes of them are finished.

A take is known by its key, the hash of everything that it depends on. Its sound is put into the
folder before its row is written, so what the table calls done is on the disk whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotts.dubbing.folder import (
    ORIGINALS,
    TABLE,
    TAKES,
    check_folder,
    check_table,
    digest,
    inside,
    locked,
    put_all,
    sweep,
)
from emotts.errors import EmottsError

FORMAT = 1
WAITING, DONE, FAILED = "waiting", "done", "failed"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS takes (key TEXT PRIMARY KEY, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS retakes (asked TEXT PRIMARY KEY, seed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS lines (
  number INTEGER PRIMARY KEY, place INTEGER NOT NULL, line TEXT NOT NULL, key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')), reason TEXT
);
"""


@dataclass(frozen=True)
class Row:
    """A line of the table. line: JSON values of `script.Line`; facts: of its take, once done;
    reason: why it failed."""

    number: int
    line: dict[str, Any]
    key: str
    state: str
    reason: str | None = None
    facts: dict[str, Any] | None = None


class JobStore:
    """The table and the takes of one folder. Use it in a `with`; only one can be open to write."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, lock: Any = None):
        self.folder, self._connection, self._lock = folder, connection, lock

    @classmethod
    def open(cls, folder: str | Path) -> JobStore:
        """Open a job to work on it, made if there is none.

        What a killed run left half written is removed. Raises EmottsError if another run is at
        work in the folder, if it holds something else, and if it cannot be written.
        """
        folder = Path(folder)
        check_folder(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EmottsError(f"cannot make the folder {folder}: {error.strerror}") from error
        lock = locked(folder)
        try:
            sweep(folder)
            store = cls(folder, _connected(inside(folder, TABLE)), lock)
            store._check_format()
        except BaseException:
            lock.release()
            raise
        return store

    @classmethod
    def existing(cls, folder: str | Path) -> JobStore:
        """`open` for a job that is there already."""
        check_table(Path(folder))
        return cls.open(folder)

    @classmethod
    def read(cls, folder: str | Path) -> JobStore:
        """Open a job only to look at it, also while another run is at work."""
        path = check_table(Path(folder))
        store = cls(Path(folder), sqlite3.connect(path, isolation_level=None, timeout=30))
        store._check_format()
        return store

    def __enter__(self) -> JobStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the table and let others work in the folder."""
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def note(self, name: str, default: Any = None) -> Any:
        """A JSON value that was kept under a name."""
        rows = self._read("SELECT value FROM notes WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else default

    def keep(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name."""
        with self._writing() as write:
            write("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, json.dumps(value)))

    def seeds(self) -> dict[str, int]:
        """The seeds of lines that were asked for again, by the hash of what they ask."""
        return dict(self._read("SELECT asked, seed FROM retakes"))

    def set_seed(self, asked: str, seed: int) -> None:
        """From now on a line that asks this is made with this seed."""
        with self._writing() as write:
            write("INSERT OR REPLACE INTO retakes VALUES (?, ?)", (asked, seed))

    def set_lines(self, lines: Iterable[tuple[int, dict, str]]) -> None:
        """Replace the lines: number, JSON values and key of each, in order. Those whose take is
        there are done, failed ones stay failed while they ask the same."""
        before = {row.number: row for row in self.rows()}
        lines = list(lines)
        takes = self._whole_takes({key for _, _, key in lines})
        rows = []
        for place, (number, line, key) in enumerate(lines):
            state, reason = (DONE if key in takes else WAITING), None
            old = before.get(number)
            if state == WAITING and old is not None and (old.state, old.key) == (FAILED, key):
                state, reason = FAILED, old.reason
            rows.append((number, place, json.dumps(line), key, state, reason))
        with self._writing() as write:
            write("DELETE FROM lines")
            for row in rows:
                write("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)", row)

    def rows(self) -> list[Row]:
        """All lines in order, with the facts of their takes."""
        found = self._read(
            "SELECT number, line, lines.key, state, reason, facts FROM lines "
            "LEFT JOIN takes ON takes.key = lines.key ORDER BY place"
        )
        return [
            Row(number, json.loads(line), key, state, reason,
                json.loads(facts) if facts and state == DONE else None)
            for number, line, key, state, reason, facts in found
        ]  # fmt: skip

    def take_path(self, key: str) -> Path:
        """Where the sound of a take is."""
        return inside(self.folder, _sound(key))

    def take_details(self, key: str) -> dict[str, Any]:
        """Facts of a take and its timeline, as they lie beside the sound."""
        path = inside(self.folder, _details(key))
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EmottsError(
                f"{path} cannot be read ({error}); run the job again to make it anew"
            ) from error

    def finish(self, key: str, sound: bytes, details: dict[str, Any]) -> None:
        """Keep a finished take: its sound and details first, then the rows of its lines."""
        text = json.dumps(details, ensure_ascii=False)
        put_all(self.folder, {_details(key): text.encode(), _sound(key): sound})
        self._enter(key, details["facts"])

    def fail(self, key: str, reason: str) -> None:
        """Mark the lines of a take as failed."""
        with self._writing() as write:
            write("UPDATE lines SET state = ?, reason = ? WHERE key = ?", (FAILED, reason, key))

    def clean(self) -> int:
        """Remove takes, and originals, that no line uses any more; returns how many files went."""
        used = {row.key for row in self.rows()}
        heard = set(self.note("originals", ()))
        with self._writing() as write:
            for (key,) in self._read("SELECT key FROM takes"):
                if key not in used:
                    write("DELETE FROM takes WHERE key = ?", (key,))
        count = 0
        for path in sorted((self.folder / TAKES).glob("*")):
            if path.stem not in used and path.suffix in (".wav", ".json"):
                path.unlink(missing_ok=True)
                count += 1
        for path in sorted((self.folder / ORIGINALS).glob("*.wav")):
            if path.stem not in heard:
                path.unlink(missing_ok=True)
                count += 1
        return count + sweep(self.folder)

    def _whole_takes(self, wanted: set[str]) -> set[str]:
        """Keys whose take is there whole; rows of others are dropped, and takes that were put into
        the folder just before a run was killed are entered."""
        known = dict(self._read("SELECT key, facts FROM takes"))
        whole = set()
        for key in sorted(wanted):
            sha256 = digest(self.take_path(key))
            facts = json.loads(known[key]) if key in known else None
            if sha256 is None:
                continue
            if facts is None:
                facts = self._left_facts(key)
                if facts is not None and facts.get("sha256") == sha256:
                    self._enter(key, facts)
            if facts is not None and facts.get("sha256") == sha256:
                whole.add(key)
        with self._writing() as write:
            for key in sorted(wanted & set(known) - whole):
                write("DELETE FROM takes WHERE key = ?", (key,))
        return whole

    def _left_facts(self, key: str) -> dict | None:
        try:
            return self.take_details(key)["facts"]
        except (EmottsError, KeyError, TypeError):
            return None

    def _enter(self, key: str, facts: dict) -> None:
        with self._writing() as write:
            write("INSERT OR REPLACE INTO takes VALUES (?, ?)", (key, json.dumps(facts)))
            write("UPDATE lines SET state = ?, reason = NULL WHERE key = ?", (DONE, key))

    def _check_format(self) -> None:
        try:
            found = self.note("format")
        except EmottsError:
            self._connection.close()
            raise
        if found is None and self._lock is not None:
            self.keep("format", FORMAT)
        elif found != FORMAT:
            raise EmottsError(f"{self.folder / TABLE} is no table of dubbing jobs that can be read")

    def _read(self, sql: str, values: tuple = ()) -> list[tuple]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise EmottsError(f"{self.folder / TABLE} cannot be read: {error}") from error

    @contextmanager
    def _writing(self):
        """One transaction: all of it, or nothing."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection.execute
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise EmottsError(
                f"{self.folder / TABLE} cannot be written ({error}); what is finished is kept"
            ) from error
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(_SCHEMA)
    except sqlite3.Error as error:
        connection.close()
        raise EmottsError(f"{path} cannot be opened as a table of dubbing jobs: {error}") from error
    return connection


def _sound(key: str) -> str:
    return f"{TAKES}/{key}.wav"


def _details(key: str) -> str:
    return f"{TAKES}/{key}.json"
