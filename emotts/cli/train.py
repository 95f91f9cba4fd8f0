"""`emotts train`: a recipe to a checkpoint."""

from pathlib import Path

import typer

from emotts.errors import EmottsError


def train(
    recipe: Path = typer.Argument(help="A recipe such as recipes/base/vocoder.yaml."),
    overrides: list[str] = typer.Option(
        [], "--set", "-s", metavar="KEY=VALUE", help="Change a value of the recipe; repeatable."
    ),
    run: Path = typer.Option(None, "--run", help="The run's folder; default: the recipe's own."),
    restart: bool = typer.Option(
        False, "--restart/--resume", help="Begin anew, or go on from the run's last state."
    ),
) -> None:
    """Train a model from a recipe.

    An interrupted run goes on exactly where it stopped.

    \b
    Examples:
      emotts train recipes/base/vocoder.yaml
      emotts train recipes/base/acoustic.yaml --set steps=2000 --run runs/short --restart
    """
    if not recipe.is_file():
        raise EmottsError(f"there is no recipe {recipe}; the base ones are in recipes/base")
    for override in overrides:
        key, equals, _ = override.partition("=")
        if not equals or not key.strip():
            raise EmottsError(f"--set needs KEY=VALUE, not {override!r}")
    if run is not None and run.exists() and not run.is_dir():
        raise EmottsError(f"the run {run} is a file; name a folder")

    from emotts.training.run import train_recipe

    exported = train_recipe(recipe, overrides=overrides, run_folder=run, restart=restart)
    typer.echo(f"{exported}: trained", err=True)
