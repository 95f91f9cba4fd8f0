"""`emotts train`: a recipe in, a checkpoint out."""

import shutil
import sys
import time
from pathlib import Path

import torch

from emotts.checkpoints import save_checkpoint
from emotts.corpora.store import FeatureStore
from emotts.errors import EmottsError
from emotts.training.config import Recipe, load_recipe
from emotts.training.loop import Loop, tensorboard_writer
from emotts.training.task import Task


def _tasks() -> dict[str, str]:
    """Task names and the modules that hold their class `Training`."""
    names = ("vocoder", "encoder", "ser", "speaker", "content", "prosody", "acoustic", "guide",
             "recording")  # fmt: skip
    return {name: f"emotts.training.tasks.{name}" for name in names}


def make_task(recipe: Recipe, store: FeatureStore) -> Task:
    from importlib import import_module

    tasks = _tasks()
    if recipe.task not in tasks:
        raise EmottsError(f"Unknown task '{recipe.task}'; there are {', '.join(tasks)}.")
    return import_module(tasks[recipe.task]).Training(recipe, store)


def _report(step: int, logs: dict[str, float], left: float | None) -> None:
    figures = "  ".join(f"{k} {v:.4g}" for k, v in logs.items())
    rest = "" if left is None else f"  {int(left // 60)}:{int(left % 60):02d} left"
    print(f"{time.strftime('%H:%M:%S')} step {step}  {figures}{rest}", file=sys.stderr, flush=True)


def train_recipe(
    path: str | Path,
    overrides: list[str] = (),
    run_folder: Path | None = None,
    restart: bool = False,
) -> Path:
    """Train what a recipe describes, resuming its run folder; export at the end.

    Returns the checkpoint folder. Raises EmottsError for a wrong recipe, missing data or a
    state of another model.
    """
    from accelerate import Accelerator

    recipe = load_recipe(path, overrides)
    if run_folder:
        recipe.run = Path(run_folder)
    if restart:
        shutil.rmtree(recipe.run, ignore_errors=True)
    accelerator = Accelerator()
    if accelerator.device.type == "cpu":
        torch.set_num_threads(recipe.threads)
    store = FeatureStore(recipe.data)
    task = make_task(recipe, store)
    loop = Loop(task, recipe, accelerator)
    if loop.resume():
        print(f"Resumed {recipe.run} at step {loop.step}.", file=sys.stderr)
    with tensorboard_writer(recipe.run / "logs") as writer:
        loop.run(writer, _report)
        figures = loop.validate(writer, _report)
    if accelerator.is_main_process:
        tensors, config, facts = loop.export()
        card = {
            "command": f"emotts train {path}",
            "steps": loop.step,
            "corpora": sorted({u.corpus for u in store.utterances}),
            "figures": figures,
            **facts,
        }
        save_checkpoint(recipe.export, recipe.name, tensors, config, card)
        for name, more, settings in task.companions():
            save_checkpoint(recipe.export, name, more, settings, {**card, "figures": {}})
    return recipe.export
