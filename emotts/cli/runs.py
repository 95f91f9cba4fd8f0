"""`emotts runs`: what was trained, with what, and how two runs differ."""

from __future__ import annotations

import json
from pathlib import Path

import typer

runs = typer.Typer(
    help="Training runs: list them, compare two.", no_args_is_help=True, rich_markup_mode=None
)
_JSON = typer.Option(False, "--json", help="Print JSON instead of tables.")


@runs.command("list")
def list_runs(
    folder: Path = typer.Argument(Path("runs"), help="Where runs are kept."),
    as_json: bool = _JSON,
) -> None:
    """List the runs of a folder and its sub-folders.

    \b
    Examples:
      emotts runs list
      emotts runs list experiments --json
    """
    from emotts.cli.tables import print_table
    from emotts.training.experiment import find_experiments

    rows = [_row(name, told) for name, told in find_experiments(folder).items()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif not rows:
        typer.echo(f"no runs in {folder}; 'emotts train' makes them", err=True)
    else:
        shown = [[*(row[k] for k in _COLUMNS), _figures(row["figures"])] for row in rows]
        print_table([*_COLUMNS, "figures on dev"], shown)


@runs.command()
def compare(
    a: Path = typer.Argument(help="The folder of a run."),
    b: Path = typer.Argument(help="The folder of another."),
    as_json: bool = _JSON,
) -> None:
    """Show what differs between two runs, and the final figures of both.

    \b
    Examples:
      emotts runs compare runs/acoustic runs/acoustic2
      emotts runs compare runs/acoustic runs/short --json
    """
    from emotts.cli.tables import print_table
    from emotts.training import experiment

    found = experiment.compare(experiment.read_experiment(a), experiment.read_experiment(b))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    rows = [
        [part, key, _value(left), _value(right)]
        for part, pairs in found.items()
        for key, (left, right) in pairs.items()
    ]
    print_table(["what", "", str(a), str(b)], rows)
    if not any(found[part] for part in found if part != "figures"):
        typer.echo("the two differ in nothing that was kept", err=True)


_COLUMNS = ("run", "task", "steps", "of", "started", "commit")


def _row(name: str, told: dict) -> dict:
    last = told["sessions"][-1]
    return {
        "run": name, "task": told["recipe"]["task"],
        "steps": told.get("step", last["from_step"]), "of": told["recipe"]["steps"],
        "started": told["sessions"][0]["started"], "commit": last["commit"] or "unknown",
        "ended": "ended" in last, "figures": told.get("figures", {}),
    }  # fmt: skip


def _figures(figures: dict) -> str:
    return ", ".join(f"{key} {_value(value)}" for key, value in figures.items())


def _value(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
