"""Writes the tables of docs/controls.md that the code knows: adverbs, presets, styles.

    python scripts/control_tables.py

What stands between `<!-- adverbs -->` and `<!-- /adverbs -->` is replaced, and so on.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from emotts.emotion.adverbs import ADVERBS
from emotts.emotion.parse import format_parts
from emotts.emotion.presets import PRESETS, STYLES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "controls.md"
ABREAST = 3  # presets in a row


def adverbs() -> str:
    """Intensity and the adverbs that stand for it."""
    rows = [
        [f"{level:g}", ", ".join(name for name, _ in same)]
        for level, same in groupby(ADVERBS.items(), key=lambda item: item[1])
    ]
    return _table(["intensity", "adverbs"], rows)


def presets() -> str:
    """Presets and the mixes they are made of, several in a row."""
    cells = [[name, f"`{format_parts(parts)}`"] for name, parts in PRESETS.items()]
    cells += [["", ""]] * (-len(cells) % ABREAST)
    height = len(cells) // ABREAST
    rows = [sum((cells[row + column * height] for column in range(ABREAST)), [])
            for row in range(height)]  # fmt: skip
    return _table(["preset", "mix"] * ABREAST, rows)


def styles() -> str:
    """Styles and the sides of neutral they lie on."""
    rows = [[name, *(f"{value:+.2f}" for value in place)] for name, place in STYLES.items()]
    return _table(["style", "valence", "arousal", "dominance"], rows)


TABLES = {"adverbs": adverbs, "presets": presets, "styles": styles}


def filled(page: str) -> str:
    """The page with every table anew."""
    for name, table in TABLES.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        found = marks.search(page)
        if found is None:
            raise ValueError(f"the page needs <!-- {name} --> with its <!-- /{name} -->")
        anew = f"{found[1]}{table()}\n{found[2]}"
        page = page[: found.start()] + anew + page[found.end() :]
    return page


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def lines() -> Iterator[str]:
        yield "| " + " | ".join(head) + " |"
        yield "|" + "---|" * len(head)
        for row in rows:
            yield "| " + " | ".join(row) + " |"

    return "\n".join(lines())


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
