"""The training loop: exact resume, averaged weights, clear logs, a safe stop at any moment."""

import math
import os
import signal
import time
from pathlib import Path

import numpy as np
import torch

from emotts.errors import EmottsError
from emotts.training.average import Average
from emotts.training.config import Recipe
from emotts.training.task import Task

STATE_FILE = "state.pt"


def learning_rate_factor(recipe: Recipe, step: int) -> float:
    """Linear warm-up, a plateau, then linear decay to `final_rate` at the last step."""
    warm = min(1.0, (step + 1) / max(1, recipe.warmup))
    start = recipe.decay_from * recipe.steps
    gone = min(1.0, max(0.0, (step - start) / max(1.0, recipe.steps - start)))
    return warm * (1.0 - (1.0 - recipe.final_rate) * gone)


class Loop:
    """Runs a task to the recipe's last step, or to its minutes, or to a signal."""

    def __init__(self, task: Task, recipe: Recipe, accelerator):
        self.task, self.recipe, self.accelerator = task, recipe, accelerator
        torch.manual_seed(recipe.seed)
        task.device = accelerator.device
        raw = {k: m.to(accelerator.device) for k, m in task.networks().items()}
        self.optimizers = task.optimizers(raw)
        self.base_rates = {
            k: [g["lr"] for g in o.param_groups] for k, o in self.optimizers.items()
        }
        task.modules = {k: accelerator.prepare(m) for k, m in raw.items()}
        self.optimizers = {k: accelerator.prepare(o) for k, o in self.optimizers.items()}
        self.raw = raw
        self.average = Average({k: raw[k] for k in task.averaged()}, recipe.ema)
        self.step, self.stop_asked = 0, False
        recipe.run.mkdir(parents=True, exist_ok=True)

    def state(self) -> dict:
        return {
            "step": self.step,
            "modules": {k: m.state_dict() for k, m in self.raw.items()},
            "optimizers": {k: o.state_dict() for k, o in self.optimizers.items()},
            "average": self.average.state_dict(),
        }

    def save(self) -> None:
        """Write the state whole or not at all."""
        if not self.accelerator.is_main_process:
            return
        target = self.recipe.run / STATE_FILE
        temporary = target.with_suffix(".part")
        torch.save(self.state(), temporary)
        os.replace(temporary, target)

    def resume(self) -> bool:
        path = self.recipe.run / STATE_FILE
        if not path.exists():
            return False
        state = torch.load(path, map_location=self.accelerator.device, weights_only=True)
        try:
            for k, m in self.raw.items():
                m.load_state_dict(state["modules"][k])
            for k, o in self.optimizers.items():
                o.load_state_dict(state["optimizers"][k])
            self.average.load_state_dict(state["average"])
        except (KeyError, RuntimeError) as error:
            raise EmottsError(
                f"The state in {path} is of another model; use --restart or another --run."
            ) from error
        self.step = state["step"]
        return True

    def generator(self) -> np.random.Generator:
        """The randomness of this step on this process, the same after any resume."""
        seed = [self.recipe.seed, self.step, self.accelerator.process_index]
        generator = np.random.default_rng(seed)
        torch.manual_seed(int(generator.integers(2**31)))
        return generator

    def _update(self, name: str, loss: torch.Tensor) -> None:
        if not torch.isfinite(loss):
            raise EmottsError(
                f"The loss is {loss.item()} at step {self.step}; the state of an earlier step is "
                f"in {self.recipe.run}: run again with a lower learning_rate."
            )
        optimizer = self.optimizers[name]
        factor = learning_rate_factor(self.recipe, self.step)
        for group, rate in zip(optimizer.param_groups, self.base_rates[name], strict=True):
            group["lr"] = rate * factor
        optimizer.zero_grad(set_to_none=True)
        self.accelerator.backward(loss)
        parameters = [p for g in optimizer.param_groups for p in g["params"]]
        torch.nn.utils.clip_grad_norm_(parameters, self.recipe.gradient_clip)
        optimizer.step()

    def run(self, writer, report) -> None:
        """Train. report(step, logs, seconds left) is called every `log_every` steps."""
        previous = {s: signal.signal(s, self._ask_stop) for s in (signal.SIGTERM, signal.SIGINT)}
        begun, first = time.monotonic(), self.step
        sums: dict[str, list[float]] = {}
        try:
            while self.step < self.recipe.steps and not self.stop_asked:
                batch = self.task.batch(self.generator())
                batch = {k: v.to(self.accelerator.device) for k, v in batch.items()}
                logs = self.task.train_step(batch, self.step, self._update)
                self.average.update()
                self.step += 1
                for key, value in logs.items():
                    sums.setdefault(key, []).append(value)
                elapsed = time.monotonic() - begun
                if self.step % self.recipe.log_every == 0:
                    means = {k: float(np.mean(v)) for k, v in sums.items()}
                    sums.clear()
                    for key, value in means.items():
                        writer.add_scalar(f"train/{key}", value, self.step)
                    left = elapsed / (self.step - first) * (self.recipe.steps - self.step)
                    report(self.step, means, self._left(left, elapsed))
                if self.step % self.recipe.validate_every == 0:
                    self.validate(writer, report)
                if self.step % self.recipe.save_every == 0:
                    self.save()
                if self.recipe.minutes and elapsed > 60 * self.recipe.minutes:
                    break
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
        self.save()

    def _left(self, seconds: float, elapsed: float) -> float:
        if self.recipe.minutes:
            seconds = min(seconds, 60 * self.recipe.minutes - elapsed)
        return seconds if math.isfinite(seconds) else 0.0

    def _ask_stop(self, number, frame) -> None:
        self.stop_asked = True

    @torch.no_grad()
    def validate(self, writer, report) -> dict[str, float]:
        with self.average.applied():
            for module in self.raw.values():
                module.eval()
            figures = self.task.validate(writer, self.step)
            for module in self.raw.values():
                module.train()
        for key, value in figures.items():
            writer.add_scalar(f"dev/{key}", value, self.step)
        if figures:
            report(self.step, {f"dev {k}": v for k, v in figures.items()}, None)
        return figures

    def export(self) -> tuple[dict, dict, dict]:
        with self.average.applied(), torch.no_grad():
            tensors, config, facts = self.task.export()
            return {k: v.detach().clone() for k, v in tensors.items()}, config, facts


def tensorboard_writer(folder: Path):
    """TensorBoard's writer, imported late: it is slow to load."""
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(folder))
