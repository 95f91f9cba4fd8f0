"""Benchmarks whose figures stand in docs/results.md, as markdown tables.

python scripts/benchmark.py dub
python scripts/benchmark.py dub --only slots,mix --lines 20
python scripts/benchmark.py dub --only kills --lines 5
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import benchmark_dub  # noqa: E402

from emotts.errors import EmottsError  # noqa: E402

SENTENCES = Path(__file__).resolve().parents[2] / "shared" / "sentences" / "english.txt"


def main() -> int:
    """Run the benchmark that was asked for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    dub = commands.add_parser("dub", help="dubbing jobs")
    parts = ", ".join(benchmark_dub.PARTS)
    dub.add_argument("--only", help=f"a comma-separated choice of {parts}")
    dub.add_argument("--lines", type=int, help="so many lines (kills: moments) in every part")
    dub.add_argument("--sentences", type=Path, default=SENTENCES, help="a text file, one a line")
    dub.add_argument("--checkpoint", help="a folder or hub id; default: the embedded set")
    dub.add_argument("--workers", type=int, default=2, help="of the larger job in speed")
    dub.add_argument("--json", type=Path, help="also write the figures to this file")
    asked = parser.parse_args()
    chosen = asked.only.split(",") if asked.only else list(benchmark_dub.PARTS)
    if unknown := set(chosen) - set(benchmark_dub.PARTS):
        parser.error(f"unknown {', '.join(sorted(unknown))}; choose from {parts}")
    if asked.lines is not None and asked.lines < 1:
        parser.error("--lines must be 1 or more")
    if not asked.sentences.is_file():
        parser.error(f"there is no {asked.sentences}; name a text file with --sentences")
    try:
        figures, rows = benchmark_dub.run(asked, chosen)
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    print(_table(("figure", "measured", "at least", "aim"), rows))
    if asked.json is not None:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
