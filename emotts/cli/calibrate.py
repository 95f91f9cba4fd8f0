"""`emotts calibrate`: intensities that sound even."""

from pathlib import Path

import typer

from emotts.errors import EmottsError

VOICES = "kathleen,lj,actor03,actor04"


def calibrate(
    checkpoint: Path = typer.Option(..., help="Folder of the set whose intensity maps are fitted."),
    output: Path = typer.Option(
        None, "--output", "-o", help="Write the set here; default: show only, change nothing."
    ),
    voices: str = typer.Option(VOICES, help="Whose speech is heard, with commas."),
    emotions: str = typer.Option(None, help="Which emotions, with commas; default: all."),
    takes: int = typer.Option(1, help="Takes of every sentence."),
) -> None:
    """Refit the intensity maps from what is heard, and show before and after.

    Every emotion is synthesized at a ladder of strengths and heard by the own
    recogniser; the maps are bent so that half the intensity sounds half-way.
    Then mixes are heard, and --affect gets those that sound as pleasant and as
    excited as is asked.

    \b
    Examples:
      emotts calibrate --checkpoint checkpoints
      emotts calibrate --checkpoint mine -o calibrated --emotions happy,sad
    """
    from dataclasses import replace
    from functools import partial

    from emotts.cli.options import check_number

    check_number("--takes", takes, 1, 32)
    if not checkpoint.is_dir():
        raise EmottsError(f"there is no folder {checkpoint}")

    from rich.console import Console
    from rich.progress import track

    from emotts.cli.tables import print_table
    from emotts.synthesis.affect_hearing import affect_map
    from emotts.synthesis.calibration import calibrated, compared, measure
    from emotts.synthesis.models import load_models

    models = load_models(checkpoint)
    names = _names(emotions) or [n for n in models.space.emotions if n != "neutral"]
    who, ladders = _names(voices), []
    for name in track(names, description="hearing", console=Console(stderr=True)):
        ladders += measure(models, who, [name], range(takes))
    space = calibrated(models.space, ladders)
    rows = [
        [name, f"{before:.3f}", f"{after:.3f}", f"{ladder.heard[0]:.2f}",
         f"{space.gain(name, 0.5):.2f}"]
        for (name, before, after), ladder in zip(
            compared(ladders, models.space, space), ladders, strict=True
        )
    ]  # fmt: skip
    seen = partial(track, description="mixing", console=Console(stderr=True))
    space = replace(space, affect=affect_map(replace(models, space=space), who, seen))
    print_table(["emotion", "off a straight line, before", "after", "heard at 0", "gain at 0.5"],
                rows)  # fmt: skip
    if output is not None:
        _save(checkpoint, output, space)
        typer.echo(f"{output}: the set with the new maps", err=True)


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _save(source: Path, target: Path, space) -> None:
    """Copy the set where it is to go, with the new maps in its voices."""
    import shutil

    import torch

    from emotts.checkpoints import load_checkpoint, save_checkpoint

    stored = load_checkpoint(source, "voices")
    if source.resolve() != target.resolve():
        shutil.copytree(source, target, dirs_exist_ok=True)
    tensors = {
        k: v for k, v in stored.tensors.items()
        if not k.startswith("space.") or k.startswith("space.prototype.")
    }  # fmt: skip
    tensors |= {f"space.{k}": torch.from_numpy(v) for k, v in space.to_tensors().items()}
    config = {**stored.config, "space": space.config}
    card = {
        "command": "emotts train recipes/base/acoustic.yaml; python -m emotts.training.pacing; "
        "emotts calibrate",
        "corpora": sorted({v["corpus"] for v in config["voices"].values()}),
    }
    save_checkpoint(target, "voices", tensors, config, card)
