"""torch's CPU generator in numpy: the same seed gives the same normal numbers.

Both count with MT19937 (Matsumoto & Nishimura 1998) and bend uniform numbers by Box & Muller
(1958); what differs between libraries is which bits become which number, written out here.
"""

import numpy as np

BLOCK = 16  # torch bends sixteen numbers at a time, the first eight with the last eight


class TorchNoise:
    """Stands for `torch.Generator().manual_seed(seed)` and `torch.randn` in float32."""

    def __init__(self, seed: int):
        self._state = np.random.RandomState(int(seed) % 2**32)
        self._kept: float | None = None

    def normal(self, *shape: int) -> np.ndarray:
        """The next normal numbers, float32 of a shape; within 1e-6 of torch's."""
        count = int(np.prod(shape))
        values = self._many(count) if count >= BLOCK else self._few(count)
        return values.reshape(shape)

    def _words(self, count: int) -> np.ndarray:
        return self._state.randint(0, 2**32, size=count, dtype=np.uint32)

    def _uniform(self, count: int) -> np.ndarray:
        return (self._words(count) & 0xFFFFFF).astype(np.float32) * np.float32(2.0**-24)

    def _many(self, count: int) -> np.ndarray:
        values = self._uniform(count)
        whole = count // BLOCK * BLOCK
        values[:whole] = _bent(values[:whole])
        if whole < count:  # the end is drawn anew, over numbers that were there already
            values[-BLOCK:] = _bent(self._uniform(BLOCK))
        return values

    def _few(self, count: int) -> np.ndarray:
        out = []
        while len(out) < count:
            if self._kept is not None:
                out.append(self._kept)
                self._kept = None
                continue
            high, low, other_high, other_low = (int(w) for w in self._words(4))
            angle, size = (
                ((a << 32 | b) & (2**53 - 1)) * 2.0**-53
                for a, b in ((high, low), (other_high, other_low))
            )
            radius = np.sqrt(-2.0 * np.log1p(-size))
            out.append(radius * np.cos(2 * np.pi * angle))
            self._kept = radius * np.sin(2 * np.pi * angle)
        return np.array(out, dtype=np.float32)


def _bent(uniform: np.ndarray) -> np.ndarray:
    halves = uniform.reshape(-1, 2, BLOCK // 2)
    radius = np.sqrt(-2 * np.log(1 - halves[:, 0]))
    angle = np.float32(2 * np.pi) * halves[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)
