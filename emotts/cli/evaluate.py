"""`emotts evaluate`: score a checkpoint, files, or the difference of two reports."""

import shutil
from pathlib import Path

import typer

from emotts.cli.evaluate_compare import compare
from emotts.cli.evaluate_files import files
from emotts.cli.evaluate_listen import listen
from emotts.errors import EmottsError

ANCHORS = ("recordings", "resynthesis", "piper")
SEEDS, THREADS = (1, 100), (1, 64)

evaluate = typer.Typer(
    help="Score checkpoints and audio with judges that never steered them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@evaluate.command()
def suite(
    sentences: Path = typer.Option(
        ..., help="Folder with english.txt, hard.txt and polish.txt, a sentence a line."
    ),
    output: Path = typer.Option(Path("report"), "--output", "-o", help="Folder of the report."),
    checkpoint: str = typer.Option(None, help="A folder or hub id; default: the set that ships."),
    data: Path = typer.Option(None, help="Folder of packed recordings, for the recordings' rows."),
    ser_b: Path = typer.Option(
        None, "--ser-b", help="Folder of another judge SER B than the one that ships."
    ),
    only: str = typer.Option(None, help="Entries by name, with commas; default: all."),
    quick: bool = typer.Option(False, "--quick", help="Small sets, one seed: a first look."),
    seeds: int = typer.Option(3, help="How many seeds."),
    seed: int = typer.Option(0, help="The first of them."),
    threads: int = typer.Option(1, help="Threads of the word judge."),
    without: str = typer.Option(
        "", help="Rows to leave out, with commas: recordings, resynthesis, piper."
    ),
    again: bool = typer.Option(False, "--again", help="Make audio and scores anew."),
) -> None:
    """Run the protocol on a checkpoint and write a report.

    Writes report.json, rows.jsonl, report.md and report.html after synthesizing
    what it needs. A stopped run goes on where it was. Ends with 1 if a judge was
    absent or an entry could not be scored; the report says which, and why.

    \b
    Examples:
      emotts evaluate suite --sentences sentences --data data -o report
      emotts evaluate suite --sentences sentences --only words,speed --quick
    """
    from emotts.cli.options import check_number
    from emotts.evaluation.suite import Options
    from emotts.evaluation.suite_bench import Bench
    from emotts.evaluation.suite_run import choose, complete, run_suite, shown_progress

    check_number("--seeds", seeds, *SEEDS)
    check_number("--seed", seed, 0, 2**32 - 1 - seeds)
    check_number("--threads", threads, *THREADS)
    left_out = tuple(name.strip() for name in without.split(",") if name.strip())
    if unknown := set(left_out) - set(ANCHORS):
        raise EmottsError(
            f"--without has no row {', '.join(sorted(unknown))}; choose from {', '.join(ANCHORS)}"
        )
    for name, folder in (("--sentences", sentences), ("--data", data)):
        if folder is not None and not folder.is_dir():
            raise EmottsError(f"{name}: there is no folder {folder}")
    if output.exists() and not output.is_dir():
        raise EmottsError(f"--output: {output} is a file; name a folder")
    chosen = choose(only)
    options = Options(
        output, sentences, checkpoint, data, ser_b, quick, seed, 1 if quick else seeds, threads,
        left_out,
    )  # fmt: skip
    bench = Bench(options)
    if again:
        shutil.rmtree(bench.folder, ignore_errors=True)
        for name in ("report.json", "rows.jsonl", "scores.jsonl"):
            (output / name).unlink(missing_ok=True)
        bench = Bench(options)
    with shown_progress(bench) as show:
        report = run_suite(options, chosen, bench, show)
    typer.echo(output / "report.md")
    if not complete(report, chosen):
        raise typer.Exit(1)


for command in (files, compare, listen):
    evaluate.command()(command)
