"""The training loop: exact resume, averaged weights, clear logs, a safe stop at any moment."""

import math
import os
import signal
import time
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint
from emotts.corpora.shards_window import open_windows
from emotts.errors import EmottsError
from emotts.training.average import Average
from emotts.training.config import Recipe
from emotts.training.meter import Meter
from emotts.training.processes import Processes
from emotts.training.task import Task

STATE_FILE = "state.pt"


def learning_rate_factor(recipe: Recipe, step: int) -> float:
    """Linear warm-up, a plateau, then linear decay to `final_rate` at the last step."""
    warm = min(1.0, (step + 1) / max(1, recipe.warmup))
    start = recipe.decay_from * recipe.steps
    gone = min(1.0, max(0.0, (step - start) / max(1.0, recipe.steps - start)))
    return warm * (1.0 - (1.0 - recipe.final_rate) * gone)


class Loop:
    """Runs a task to the recipe's last step, or to its minutes, or to a signal.

    A step sees `accumulate` batches on every process, each drawn from (seed, step, its number):
    two processes learn what one with twice the `accumulate` learns.
    """

    def __init__(self, task: Task, recipe: Recipe, accelerator):
        self.task, self.recipe, self.accelerator = task, recipe, accelerator
        self.processes = Processes(accelerator)
        torch.manual_seed(recipe.seed)
        task.device = accelerator.device
        with accelerator.main_process_first():  # it may leave files for the others
            raw = {k: m.to(accelerator.device) for k, m in task.networks().items()}
            begin_from(recipe, raw)
        self.processes.share_weights(raw)
        self.optimizers = task.optimizers(raw)
        self.base_rates = {k: [g["lr"] for g in o.param_groups] for k, o in self.optimizers.items()}
        task.modules = {
            k: accelerator.prepare_model(m, evaluation_mode=True) for k, m in raw.items()
        }
        self.optimizers = {k: accelerator.prepare(o) for k, o in self.optimizers.items()}
        self.raw = raw
        self.average = Average({k: raw[k] for k in task.averaged()}, recipe.ema)
        self.windows = open_windows(
            task.store, recipe.seed, recipe.window, accelerator.process_index,
            self.processes.count, recipe.accumulate,
        )  # fmt: skip
        self.step, self.part, self.stop_asked = 0, 0, False
        self.saved_step: int | None = None
        self.half_done = False  # an optimizer has moved in a step that has not ended
        recipe.run.mkdir(parents=True, exist_ok=True)

    def state(self) -> dict:
        return {
            "step": self.step,
            "modules": {k: m.state_dict() for k, m in self.raw.items()},
            "optimizers": {k: o.state_dict() for k, o in self.optimizers.items()},
            "average": self.average.state_dict(),
            "windows": self.windows[0].state_dict() if self.windows else {},
        }

    def save(self) -> None:
        """Write the state whole or not at all."""
        self.saved_step = self.step
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
        for window in self.windows if state.get("windows") else []:
            window.load_state_dict(state["windows"])
        self.step = self.saved_step = state["step"]
        return True

    def generator(self, part: int = 0) -> np.random.Generator:
        """The randomness of a batch of this step on this process, the same after any resume."""
        number = self.accelerator.process_index * self.recipe.accumulate + part
        generator = np.random.default_rng([self.recipe.seed, self.step, number])
        torch.manual_seed(int(generator.integers(2**31)))
        return generator

    def _update(self, name: str, loss: torch.Tensor) -> None:
        optimizer, last = self.optimizers[name], self.part + 1 == self.recipe.accumulate
        if not torch.isfinite(loss) and self.processes.count == 1:
            self._fail(f"The loss is {loss.item()}")
        if self.part == 0:
            optimizer.zero_grad(set_to_none=True)
        self.accelerator.backward(loss / self.recipe.accumulate)
        if not last:
            return
        factor = learning_rate_factor(self.recipe, self.step)
        for group, rate in zip(optimizer.param_groups, self.base_rates[name], strict=True):
            group["lr"] = rate * factor
        parameters = [p for g in optimizer.param_groups for p in g["params"]]
        self.processes.average_gradients(parameters)
        norm = self.accelerator.clip_grad_norm_(parameters, self.recipe.gradient_clip)
        # A gradient scaler (half precision) leaves such a step out by itself.
        if self.accelerator.scaler is None and not torch.isfinite(norm):
            self._fail("The gradient is not finite")
        self.half_done = True
        optimizer.step()

    def _fail(self, what: str) -> None:
        """Stop for a number that is none; what is saved is from before it."""
        if self.saved_step is None and not self.half_done:
            self.save()
        raise EmottsError(
            f"{what} at step {self.step}; {self._kept()}: run again with a lower learning_rate."
        )

    def _out_of_memory(self) -> EmottsError:
        r = self.recipe
        for optimizer in self.optimizers.values():
            optimizer.zero_grad(set_to_none=True)
        if not self.half_done:
            self.save()
        return EmottsError(
            f"Out of memory at step {self.step} with batch_size {r.batch_size}; {self._kept()}: "
            f"run again with less at once and as much in all, such as --set batch_size="
            f"{max(1, r.batch_size // 2)} --set accumulate={2 * r.accumulate}."
        )

    def _kept(self) -> str:
        if self.saved_step is None:
            return f"no state is in {self.recipe.run} yet"
        return f"the state of step {self.saved_step} is in {self.recipe.run}"

    def _step(self) -> dict[str, float]:
        """One step of the recipe; returns the means of what its batches logged."""
        logs: list[dict[str, float]] = []
        try:
            for part in range(self.recipe.accumulate):
                self.part = part
                if self.windows:
                    self.task.window = self.windows[part]
                batch = self.task.batch(self.generator(part))
                batch = {k: v.to(self.accelerator.device) for k, v in batch.items()}
                logs.append(self.task.train_step(batch, self.step, self._update))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            raise self._out_of_memory() from error
        self.average.update()
        for window in self.windows:
            window.advance(self.recipe.batch_size)
        self.step += 1
        self.half_done = False
        return {k: float(np.mean([one[k] for one in logs])) for k in logs[0]}

    def run(self, writer, report) -> None:
        """Train. report(step, logs, seconds left) is called every `log_every` steps."""
        previous = {s: signal.signal(s, self._ask_stop) for s in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._run(writer, report)
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
        self.save()

    def _run(self, writer, report) -> None:
        r, begun, first = self.recipe, time.monotonic(), self.step
        meter = Meter(r.batch_size * r.accumulate * self.processes.count, self.accelerator.device)
        sums: dict[str, list[float]] = {}
        while self.step < r.steps:
            for key, value in self._step().items():
                sums.setdefault(key, []).append(value)
            meter.step()
            elapsed = time.monotonic() - begun
            if self.step % r.log_every == 0:
                means = self.processes.mean({k: float(np.mean(v)) for k, v in sums.items()})
                sums.clear()
                for key, value in means.items():
                    writer.add_scalar(f"train/{key}", value, self.step)
                left = elapsed / (self.step - first) * (r.steps - self.step)
                report(self.step, means | meter.read(), self._left(left, elapsed))
            if self.step % r.validate_every == 0:
                self.validate(writer, report)
            if self.step % r.save_every == 0:
                self.save()
            over = bool(r.minutes and elapsed > 60 * r.minutes)
            if self.processes.any(over or self.stop_asked):
                break

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


def begin_from(recipe: Recipe, networks: dict[str, torch.nn.Module]) -> None:
    """Give the networks of a new run the weights of the recipe's `start`, if it names one.

    Raises EmottsError where those are of another model.
    """
    if recipe.start is None or (recipe.run / STATE_FILE).exists():
        return
    stored = load_checkpoint(recipe.start, recipe.name).tensors
    for name, network in networks.items():
        own = network.state_dict()
        try:
            network.load_state_dict({k: stored[k] for k in own})
        except (KeyError, RuntimeError) as error:
            raise EmottsError(
                f"The checkpoint {recipe.name} in {recipe.start} does not fit the recipe's {name}; "
                "its `model` must be the one that the checkpoint was trained with."
            ) from error


def is_out_of_memory(error: BaseException) -> bool:
    """True for what torch raises when an accelerator or the machine has no memory left."""
    known = isinstance(error, MemoryError | torch.OutOfMemoryError)
    return known or any(s in str(error) for s in ("can't allocate memory", "not enough memory"))


def tensorboard_writer(folder: Path):
    """TensorBoard's writer, imported late: it is slow to load."""
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(folder))
