"""Every figure of the results table for a checkpoint folder, with its anchor rows.

    python scripts/figures.py checkpoints
    python scripts/figures.py --quick --only words,emotion

A thin call of `emotts evaluate suite` on ../shared; SER B is fitted once by
`python -m emotts.evaluation.ser_b fit ../shared/data -o runs/ser_b`. Prints the report as markdown.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from emotts.errors import EmottsError
from emotts.evaluation.report import markdown
from emotts.evaluation.suite import Options
from emotts.evaluation.suite_bench import Bench
from emotts.evaluation.suite_run import choose, complete, run_suite, shown_progress


def arguments() -> argparse.Namespace:
    """What was asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", nargs="?", help="a folder or hub id; default: the embedded")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sentences", type=Path, default=Path("../shared/sentences"))
    parser.add_argument("--ser-b", type=Path, default=None, help="another than the one that ships")
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/figures"))
    parser.add_argument("--only", help="a comma-separated choice of entries")
    parser.add_argument("--quick", action="store_true", help="small sets, one seed")
    parser.add_argument("--seeds", type=int, default=3, help="seeds of the neutral sentences")
    parser.add_argument("--threads", type=int, default=1, help="of the word judge")
    parser.add_argument(
        "--without", nargs="+", default=[], choices=("recordings", "resynthesis", "piper"),
        help="anchor rows to leave out",
    )  # fmt: skip
    return parser.parse_args()


def main() -> int:
    """Score, print the report; return the exit status."""
    asked = arguments()
    try:
        chosen = choose(asked.only)
        bench = Bench(
            Options(
                asked.output, asked.sentences, asked.checkpoints, asked.data, asked.ser_b,
                asked.quick, 0, 1 if asked.quick else asked.seeds, asked.threads,
                tuple(asked.without),
            )
        )  # fmt: skip
        with shown_progress(bench) as show:
            report = run_suite(bench.options, chosen, bench, show)
    except EmottsError as error:
        print(error, file=sys.stderr)
        return 2
    print(markdown(report))
    return 0 if complete(report, chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
