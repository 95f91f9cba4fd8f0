"""Tables on standard output, whole even where there is no terminal to fit."""

import sys
from collections.abc import Iterable, Sequence


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows of values below their column names; numbers stand to the right."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    rows = [list(row) for row in rows]
    table = Table(box=SIMPLE, pad_edge=False, show_edge=False)
    for index, name in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_text(value) for value in row))
    # Into a pipe or file goes every column in full: programs read it, not eyes.
    Console(width=None if sys.stdout.isatty() else 1000, markup=False).print(table)


def _text(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
