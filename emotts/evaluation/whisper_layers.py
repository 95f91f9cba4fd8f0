"""Every layer of Whisper's encoder, of the weights that faster-whisper keeps.

CTranslate2 returns the last layer alone. Its `model.bin` is a plain list of named arrays, so the
encoder (Radford et al. 2022, "Robust speech recognition via large-scale weak supervision") is
computed here from them: two convolutions, then transformer blocks with the norm before each half.
"""

from __future__ import annotations

import struct
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np

from emotts.errors import EmottsError

BINARY_VERSION = 6  # of CTranslate2's format since 2022
NUMBERS = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
EPSILON = 1e-5  # of the layer norms


def read_weights(path: str | Path, prefix: str = "encoder/") -> dict[str, np.ndarray]:
    """The arrays of a CTranslate2 Whisper `model.bin` whose names start with prefix, by the rest.

    Weights kept as integers come out as float32, each row over its scale.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            version, kind, _, count = _int(file), _text(file), _int(file), _int(file)
            if version != BINARY_VERSION or kind != "WhisperSpec":
                raise ValueError
            kept = {}
            for _ in range(count):
                name, shape = _text(file), tuple(_int(file) for _ in range(_byte(file)))
                number, size = _byte(file), _int(file)
                if name.startswith(prefix):
                    kept[name[len(prefix) :]] = _array(file.read(size), NUMBERS[number], shape)
                else:
                    file.seek(size, 1)
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise EmottsError(f"{path} is not a Whisper model as faster-whisper keeps it.") from error
    return {name: _restored(kept, name) for name in kept if not name.endswith("weight_scale")}


def _restored(kept: dict[str, np.ndarray], name: str) -> np.ndarray:
    array, scale = kept[name], kept.get(f"{name}_scale")
    if scale is None:
        return array
    return array / scale.astype(np.float32).reshape(-1, *[1] * (array.ndim - 1))


def _byte(file: BinaryIO) -> int:
    return struct.unpack("<B", file.read(1))[0]


def _int(file: BinaryIO) -> int:
    return struct.unpack("<I", file.read(4))[0]


def _text(file: BinaryIO) -> str:
    (length,) = struct.unpack("<H", file.read(2))
    return file.read(length)[:-1].decode()


def _array(data: bytes, number: type, shape: tuple[int, ...]) -> np.ndarray:
    return np.frombuffer(data, dtype=np.dtype(number).newbyteorder("<")).reshape(shape)


class WhisperLayers:
    """The encoder, one clip at a time and at its own length."""

    def __init__(self, folder: str | Path):
        """folder: a faster-whisper model folder, with `model.bin`."""
        self._path = Path(folder) / "model.bin"

    @cached_property
    def _weights(self) -> dict:
        import torch

        kept = read_weights(self._path)
        return {name: torch.from_numpy(array.astype(np.float32)) for name, array in kept.items()}

    @property
    def bands(self) -> int:
        """How many mel bands the model hears."""
        return self._weights["conv1/weight"].shape[1]

    @property
    def blocks(self) -> int:
        """How many transformer blocks the encoder has."""
        return sum(name.endswith("/ffn/linear_0/weight") for name in self._weights)

    def frames(self, mel: np.ndarray, blocks: int | None = None) -> np.ndarray:
        """(1 + blocks, t, width) of a log-mel spectrogram (bands, 2 · t), 10 ms a column.

        The first layer is what the convolutions say, then come as many blocks as are asked for,
        all by default. Each frame has mean 0 and variance 1 over the width, as the next block
        hears it, so the last layer is what CTranslate2 returns, save for its gains and biases.
        """
        import torch

        weights = self._weights
        with torch.inference_mode():
            x = torch.from_numpy(np.ascontiguousarray(mel, dtype=np.float32))[None]
            x = self._convolved(self._convolved(x, "conv1", 1), "conv2", 2)[0].T
            x = x + weights["position_encodings/encodings"][: len(x)]
            layers = [x]
            for index in range(self.blocks if blocks is None else blocks):
                layers.append(self._block(layers[-1], f"layer_{index}"))
            stacked = torch.stack(layers)
            return torch.nn.functional.layer_norm(stacked, stacked.shape[-1:]).numpy()

    def _convolved(self, x, name: str, stride: int):
        from torch.nn import functional

        kernel, bias = (self._weights[f"{name}/{part}"] for part in ("weight", "bias"))
        return functional.gelu(functional.conv1d(x, kernel, bias, stride=stride, padding=1))

    def _block(self, x, name: str):
        """One transformer block over frames (t, width)."""
        from torch.nn import functional

        heads = int(self._weights["num_heads"])
        inner = self._normed(x, f"{name}/self_attention/layer_norm")
        inner = self._linear(inner, f"{name}/self_attention/linear_0")
        asked, offered, carried = inner.reshape(len(x), 3, heads, -1).permute(1, 2, 0, 3)
        seen = functional.scaled_dot_product_attention(asked[None], offered[None], carried[None])
        seen = seen[0].transpose(0, 1).reshape(x.shape)
        x = x + self._linear(seen, f"{name}/self_attention/linear_1")
        inner = self._linear(self._normed(x, f"{name}/ffn/layer_norm"), f"{name}/ffn/linear_0")
        return x + self._linear(functional.gelu(inner), f"{name}/ffn/linear_1")

    def _linear(self, x, name: str):
        from torch.nn import functional

        return functional.linear(x, self._weights[f"{name}/weight"], self._weights[f"{name}/bias"])

    def _normed(self, x, name: str):
        from torch.nn import functional

        gain, bias = (self._weights[f"{name}/{part}"] for part in ("gamma", "beta"))
        return functional.layer_norm(x, x.shape[-1:], gain, bias, EPSILON)
