"""`emotts train`: a recipe in, a checkpoint out."""

import shutil
import sys
import time
from pathlib import Path

import torch

from emotts.checkpoints import save_checkpoint
from emotts.checkpoints.card import CORPORA as SHIPPED
from emotts.corpora.registry import licences
from emotts.corpora.shards_store import open_store
from emotts.corpora.store import FeatureStore
from emotts.errors import EmottsError
from emotts.training import experiment
from emotts.training.config import Recipe, load_recipe
from emotts.training.loop import Loop, tensorboard_writer
from emotts.training.processes import part
from emotts.training.task import Task


def _tasks() -> dict[str, str]:
    """Task names and the modules that hold their class `Training`."""
    names = ("vocoder", "encoder", "ser", "speaker", "content", "prosody", "acoustic", "guide",
             "recording", "listener", "shortcut", "ser_ssl", "vocoder_wide")  # fmt: skip
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


def _silent_report(step: int, logs: dict[str, float], left: float | None) -> None:
    pass


class SilentWriter:
    """In TensorBoard's place on processes that have nothing to say."""

    def __enter__(self):
        return self

    def __exit__(self, *problem) -> None:
        pass

    def __getattr__(self, name: str):
        return lambda *given, **named: None


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
    accelerator = Accelerator()
    main = accelerator.is_main_process
    if restart and main:
        shutil.rmtree(recipe.run, ignore_errors=True)
    accelerator.wait_for_everyone()
    if accelerator.device.type == "cpu":
        torch.set_num_threads(recipe.threads)
    store = open_store(recipe.data)
    task = make_task(recipe, store)
    loop, figures = train_task(task, recipe, accelerator, f"emotts train {path}")
    if main:
        tensors, config, facts = loop.export()
        corpora = sorted({u.corpus for u in store.utterances})
        card = {
            "command": f"emotts train {path}",
            "steps": loop.step,
            "corpora": corpora,
            "figures": figures,
            "licence": licences(corpora) if set(corpora) - set(SHIPPED) else None,
            **facts,
        }
        save_checkpoint(recipe.export, recipe.name, tensors, config, card)
        for name, more, settings in task.companions():
            save_checkpoint(recipe.export, name, more, settings, {**card, "figures": {}})
    part(accelerator)
    return recipe.export


def train_task(
    task: Task, recipe: Recipe, accelerator, command: str
) -> tuple[Loop, dict[str, float]]:
    """Run a task to its end, resuming its folder, with what it was kept beside it.

    Returns the loop and the figures on dev. Only the first of several processes speaks and writes.
    """
    main = accelerator.is_main_process
    loop = Loop(task, recipe, accelerator)
    if loop.resume() and main:
        print(f"Resumed {recipe.run} at step {loop.step}.", file=sys.stderr)
    told: dict = {}
    if main:
        device = accelerator.device
        told = experiment.begin(recipe, command, loop.step, device, accelerator.num_processes)
        for key, (before, now) in told["sessions"][-1].get("changed", {}).items():
            print(f"Changed since the last session: {key} {before} -> {now}.", file=sys.stderr)
    report = _report if main else _silent_report
    with tensorboard_writer(recipe.run / "logs") if main else SilentWriter() as writer:
        loop.run(writer, report)
        figures = loop.validate(writer, report)
    if main:
        experiment.finish(recipe.run, told, loop.step, figures)
    return loop, figures
