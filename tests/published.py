"""Small vocoders as their authors publish them: names and shapes of the tensors, configurations."""

import math

import torch
from torch import Tensor

# The low-pass filter that BigVGAN's files hold beside every activation.
PUBLISHED_FILTER = torch.tensor([
    0.0020290, 0.0093895, -0.0255435, -0.0576574, 0.1285726, 0.4432098,
    0.4432098, 0.1285726, -0.0576574, -0.0255435, 0.0093895, 0.0020290,
])  # fmt: skip
VOCOS_DIM, VOCOS_HIDDEN, VOCOS_BLOCKS = 8, 12, 2


def waves(names: dict[str, tuple[int, ...]], size: float = 0.3) -> dict[str, Tensor]:
    """The same values in every tensor of a name on every machine; gains of 0.3 or so."""
    out = {}
    for number, (name, shape) in enumerate(sorted(names.items())):
        angles = torch.arange(math.prod(shape), dtype=torch.float64).square() * 0.37 + number
        out[name] = (size * torch.sin(angles)).float().reshape(shape)
        if name.endswith("weight_g"):
            out[name] = 0.3 + 0.3 * out[name]
    return out


def vocos_config(padding: str = "center", bands: int = 100, rate: int = 24000) -> dict:
    """A published config.yaml, small."""
    frames = {"n_fft": 1024, "hop_length": 256, "padding": padding}
    return {
        "feature_extractor": {
            "class_path": "vocos.feature_extractors.MelSpectrogramFeatures",
            "init_args": {"sample_rate": rate, "n_mels": bands, **frames},
        },
        "backbone": {
            "class_path": "vocos.models.VocosBackbone",
            "init_args": {
                "input_channels": bands, "dim": VOCOS_DIM, "intermediate_dim": VOCOS_HIDDEN,
                "num_layers": VOCOS_BLOCKS,
            },
        },
        "head": {"class_path": "vocos.heads.ISTFTHead", "init_args": {"dim": VOCOS_DIM, **frames}},
    }  # fmt: skip


def vocos_state(bands: int = 100) -> dict[str, Tensor]:
    """A published pytorch_model.bin, small, its buffers included."""
    d, h = VOCOS_DIM, VOCOS_HIDDEN
    names = {
        "backbone.embed.weight": (d, bands, 7), "backbone.embed.bias": (d,),
        "backbone.norm.weight": (d,), "backbone.norm.bias": (d,),
        "backbone.final_layer_norm.weight": (d,), "backbone.final_layer_norm.bias": (d,),
        "head.out.weight": (1026, d), "head.out.bias": (1026,),
    }  # fmt: skip
    for i in range(VOCOS_BLOCKS):
        block = f"backbone.convnext.{i}."
        names |= {
            block + "gamma": (d,), block + "dwconv.weight": (d, 1, 7), block + "dwconv.bias": (d,),
            block + "norm.weight": (d,), block + "norm.bias": (d,),
            block + "pwconv1.weight": (h, d), block + "pwconv1.bias": (h,),
            block + "pwconv2.weight": (d, h), block + "pwconv2.bias": (d,),
        }  # fmt: skip
    buffers = {
        "feature_extractor.mel_spec.spectrogram.window": torch.hann_window(1024),
        "feature_extractor.mel_spec.mel_scale.fb": torch.zeros(513, bands),
        "head.istft.window": torch.hann_window(1024),
    }
    return waves(names) | buffers


def bigvgan_config(**changes) -> dict:
    """A published config.json, small; training settings are in it too."""
    return {
        "resblock": "1", "upsample_rates": [16, 16], "upsample_kernel_sizes": [32, 32],
        "upsample_initial_channel": 8, "resblock_kernel_sizes": [3],
        "resblock_dilation_sizes": [[1, 3]], "activation": "snakebeta", "snake_logscale": True,
        "use_tanh_at_final": False, "use_bias_at_final": False, "num_mels": 80, "n_fft": 1024,
        "hop_size": 256, "win_size": 1024, "sampling_rate": 24000, "fmin": 0, "fmax": None,
        "batch_size": 32, **changes,
    }  # fmt: skip


def bigvgan_state(bands: int = 80) -> dict[str, Tensor]:
    """The `generator` of a published file, small: weight-normed, its filters included."""
    names = weight_normed("conv_pre", (8, bands, 7)) | {"conv_pre.bias": (8,)}
    names |= weight_normed("conv_post", (1, 2, 7))
    names |= snake("activation_post", 2)
    for i, channels in enumerate((4, 2)):
        names |= weight_normed(f"ups.{i}.0", (2 * channels, channels, 32))
        names[f"ups.{i}.0.bias"] = (channels,)
        for number in range(2):
            for part in ("convs1", "convs2"):
                conv = f"resblocks.{i}.{part}.{number}"
                names |= weight_normed(conv, (channels, channels, 3))
                names[conv + ".bias"] = (channels,)
        for number in range(4):
            names |= snake(f"resblocks.{i}.activations.{number}", channels)
    return waves(names) | {
        name.removesuffix("act.alpha") + place: PUBLISHED_FILTER.view(1, 1, -1)
        for name in names
        if name.endswith("act.alpha")
        for place in ("upsample.filter", "downsample.lowpass.filter")
    }


def weight_normed(name: str, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    return {name + ".weight_g": (shape[0], 1, 1), name + ".weight_v": shape}


def snake(name: str, channels: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.act.alpha": (channels,), f"{name}.act.beta": (channels,)}
