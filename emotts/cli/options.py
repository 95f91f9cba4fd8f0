"""Checks that several commands make before anything heavy is loaded."""

import math
import re

from emotts.errors import EmottsError

_DEVICE = re.compile(r"cpu|mps|cuda(:\d+)?")


def check_number(name: str, value: float | None, lowest: float, highest: float) -> None:
    """Raise EmottsError unless the value of an option is None or within its range."""
    if value is not None and not (math.isfinite(value) and lowest <= value <= highest):
        raise EmottsError(f"{name} must be a number from {lowest:g} to {highest:g}, not {value:g}")


def check_device(device: str) -> None:
    """Raise EmottsError for a device that does not exist here; only a GPU's name needs torch."""
    if not _DEVICE.fullmatch(device):
        raise EmottsError(f"unknown device {device!r}; choose from cpu, cuda, cuda:0, …, mps")
    if device == "cpu":
        return
    import torch

    kind, _, number = device.partition(":")
    if kind == "cuda" and int(number or 0) >= torch.cuda.device_count():
        raise EmottsError(f"this machine has no device {device!r}; --device cpu always works")
    if kind == "mps" and not torch.backends.mps.is_available():
        raise EmottsError("this machine has no device 'mps'; --device cpu always works")
