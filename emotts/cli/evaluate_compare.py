"""`emotts evaluate compare`: what is really different between two reports."""

import json
from pathlib import Path

import typer

from emotts.errors import EmottsError


def compare(
    a: Path = typer.Argument(help="A report folder of 'emotts evaluate suite' or 'files'."),
    b: Path = typer.Argument(help="The one to compare with it."),
    output: Path = typer.Option(
        None, "--output", "-o", help="A .md or .json file for the table and the sentence."
    ),
) -> None:
    """Compare two reports, row by row.

    Prints b minus a for every shared metric with its 95 % interval, and one
    sentence on what differs by more than chance.

    \b
    Examples:
      emotts evaluate compare old/ new/
      emotts evaluate compare ours/ theirs/ -o compare.md
    """
    if output is not None:
        if output.suffix not in (".md", ".json"):
            raise EmottsError(f"the name of {output} must end in .md or .json")
        if not output.parent.is_dir():
            raise EmottsError(f"the output folder {output.parent} does not exist; make it first")

    from emotts.cli.tables import print_table
    from emotts.evaluation.compare import compare as compare_reports
    from emotts.evaluation.compare import markdown

    found = compare_reports(a, b)
    rows = [
        [d.metric, d.pairs, f"{d.a:.4g}", f"{d.b:.4g}", f"{d.difference:+.3g}",
         f"{d.low:+.3g} … {d.high:+.3g}", f"{d.p_holm:.3g}", "yes" if d.different else "no"]
        for d in found.differences
    ]  # fmt: skip
    head = ["metric", "pairs", "a", "b", "b − a", "95 % interval", "p (Holm)", "different"]
    print_table(head, rows)
    typer.echo(found.sentence)
    alone = found.alone_a + found.alone_b
    if alone or found.paired_by == "place in the list":
        typer.echo(
            f"emotts: {found.pairs} rows were paired by {found.paired_by}; "
            f"{alone} have no partner and do not count",
            err=True,
        )
    if output is not None:
        text = json.dumps(found.as_dict(), indent=1, ensure_ascii=False)
        text = markdown(found) if output.suffix == ".md" else text + "\n"
        output.write_text(text, encoding="utf-8")
