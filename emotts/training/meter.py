"""How fast a run goes and how much memory it takes."""

import sys
import time

import torch

GIGABYTE = 1e9


class Meter:
    """Items a second since the last reading, and the most memory that was held.

    items: what one step of all processes together sees.
    """

    def __init__(self, items: int, device: torch.device):
        self.items, self.device = items, device
        self.steps, self.since = 0, time.monotonic()

    def step(self) -> None:
        self.steps += 1

    def read(self) -> dict[str, float]:
        """Figures for the progress line; the count begins anew."""
        now = time.monotonic()
        speed = self.items * self.steps / max(now - self.since, 1e-9)
        self.steps, self.since = 0, now
        memory = peak_memory_gb(self.device)
        return {"items/s": speed} | ({} if memory is None else {"GB": memory})


def peak_memory_gb(device: torch.device) -> float | None:
    """Most memory held so far, of the accelerator or of this process; None where nothing tells."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / GIGABYTE
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / GIGABYTE
