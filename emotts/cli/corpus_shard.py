"""`emotts corpus shard`: a prepared folder as tar shards that training streams."""

from pathlib import Path

import typer

from emotts.errors import EmottsError


def shard(
    data: Path = typer.Argument(help="A folder made by 'emotts prepare' (and 'emotts align')."),
    output: Path = typer.Option(..., "--output", "-o", help="Where the shards go."),
    size: str = typer.Option("512MB", help="Of one shard, about: 100kB or more."),
    seed: int = typer.Option(0, help="Another seed, another order of the clips."),
) -> None:
    """Write a prepared folder as shards: few large files that are read in order.

    For corpora that do not fit into memory, or lie on slow or distant disks.
    Recipes take the folder as their data: --set data=runs/shards. The shards
    are tar files as webdataset has them. Run it again to go on where it stopped.

    \b
    Examples:
      emotts corpus shard runs/data -o runs/shards
      emotts corpus shard runs/data -o runs/shards --size 2GB
      emotts train recipes/base/encoder.yaml --set data=runs/shards
    """
    from emotts.cli.prepare import shown_progress
    from emotts.corpora.shards import parse_size, write_shards
    from emotts.corpora.store import FeatureStore

    wanted = parse_size(size)
    if output.exists() and not output.is_dir():
        raise EmottsError(f"the output {output} is a file; name a folder")
    store = FeatureStore(data)
    with shown_progress() as moved:
        written = write_shards(store, output, wanted, seed, moved)
    training = sum(path.name.startswith("train-") for path in written)
    typer.echo(f"{output}: {len(written)} shards, {training} of them for training", err=True)
