"""What became of a job's lines, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from emotts.dubbing.store import DONE, FAILED, WAITING, JobStore, Row


@dataclass(frozen=True)
class Summary:
    """rows: all lines in order; mix: what is known of the track, empty before there is one;
    warnings: of the script."""

    rows: tuple[Row, ...]
    mix: dict[str, Any]
    warnings: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many lines are done, failed and waiting."""
        found = Counter(row.state for row in self.rows)
        return {state: found[state] for state in (DONE, FAILED, WAITING)}

    @property
    def failed(self) -> tuple[Row, ...]:
        """The lines that could not be made."""
        return tuple(row for row in self.rows if row.state == FAILED)

    def sentences(self) -> Iterator[str]:
        """Counts, then what failed, then what is not as asked, a sentence each."""
        counts = self.counts
        yield ", ".join(f"{count} {state}" for state, count in counts.items())
        if self.mix.get("track"):
            level = "silent" if self.mix["lufs"] is None else f"{self.mix['lufs']:.1f} LUFS"
            yield f"{self.mix['track']}: {self.mix['seconds']:.1f} s, {level}"
        for row in self.failed:
            yield f"{where(row)} failed: {row.reason}"
        for row in self.rows:
            for warning in warnings_of(row, self.mix):
                yield f"{where(row)} {warning}"


def summary(store: JobStore) -> Summary:
    """Read a job's table."""
    script = store.note("script", {})
    return Summary(
        tuple(store.rows()), store.note("mix", {}), tuple(script.get("warnings", ()))
    )  # fmt: skip


def where(row: Row) -> str:
    """Such as "line 12 (row 47 of the script)"."""
    source = row.line.get("source_line")
    return f"line {row.number}" + (f" (row {source} of the script)" if source else "")


def warnings_of(row: Row, mix: dict[str, Any]) -> list[str]:
    """What is not as asked about a finished line."""
    if row.facts is None:
        return []
    warnings = list(row.facts["warnings"])
    if row.facts["hint"]:
        warnings[0] = f"{warnings[0]}; {row.facts['hint']}"
    moved = shift_of(row, mix)
    if moved is not None and moved > 0.001:
        warnings.append(f"begins {moved:.2f} s late")
    return warnings


def shift_of(row: Row, mix: dict[str, Any]) -> float | None:
    """How many seconds after its time a line begins on the track."""
    start = mix.get("starts", {}).get(str(row.number))
    return None if start is None else start - row.line["start"]
