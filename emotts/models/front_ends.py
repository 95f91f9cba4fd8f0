"""Self-supervised speech encoders of other projects behind one call, frozen.

torchaudio's and transformers' wav2vec 2.0, HuBERT and WavLM, Whisper's encoder, and emotion2vec.
"""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn

from emotts.errors import EmottsError
from emotts.models import torchaudio_stand_in
from emotts.models.emotion2vec import Emotion2vec, Emotion2vecConfig, load_emotion2vec

SAMPLE_RATE = 16000
TORCHAUDIO = "torchaudio:"
FAMILIES = ("wav2vec2", "hubert", "wavlm", "whisper")
WHISPER_N_FFT, WHISPER_HOP = 400, 160


class SSLFrontEnd(nn.Module, ABC):
    """Samples to frames of features; always in evaluation mode, its weights without gradients.

    dim: size of a frame's features; frame_rate: frames a second; shortest: samples a call needs.
    """

    def __init__(self, model: nn.Module, dim: int, frame_rate: float, shortest: int):
        super().__init__()
        self.model = model.eval().requires_grad_(False)
        self.dim, self.frame_rate, self.shortest = dim, frame_rate, shortest
        self.training = False

    def train(self, mode: bool = True) -> SSLFrontEnd:
        """Stay in evaluation mode: dropout and masking would disturb a frozen encoder."""
        return super().train(False)

    def forward(self, samples: Tensor) -> Tensor:
        """Encode speech.

        samples: (batch, n) at 16 kHz in -1…1. Returns (batch, frames, dim). Raises EmottsError for
        another shape or fewer samples than one frame needs.
        """
        if samples.dim() != 2 or samples.shape[1] < self.shortest:
            raise EmottsError(
                "the encoder reads (batch, n) samples at 16 kHz with n of "
                f"{self.shortest} or more, not {tuple(samples.shape)}"
            )
        return self.encode(samples)

    @abstractmethod
    def encode(self, samples: Tensor) -> Tensor:
        """Do what `forward` says, on checked samples."""


class TorchaudioFrontEnd(SSLFrontEnd):
    """A `torchaudio.models.Wav2Vec2Model`, which wav2vec 2.0, HuBERT and WavLM all are there.

    layer: transformer block whose output is read, 1 to the last (the default). normalise: bring
    each clip to zero mean and unit variance, as the large models were trained.
    """

    def __init__(self, model: nn.Module, layer: int | None = None, normalise: bool = False):
        convolutions = [block.conv for block in model.feature_extractor.conv_layers]
        strides = [conv.stride[0] for conv in convolutions]
        kernels = [conv.kernel_size[0] for conv in convolutions]
        dim = model.encoder.feature_projection.projection.out_features
        super().__init__(
            model, dim, SAMPLE_RATE / math.prod(strides), _receptive_field(kernels, strides)
        )
        self.layer = _pick_layer(layer, 1, len(model.encoder.transformer.layers))
        self.normalise = normalise

    def encode(self, samples: Tensor) -> Tensor:
        """samples: (batch, n). Returns (batch, frames, dim)."""
        samples = _zero_mean_unit_variance(samples) if self.normalise else samples
        return self.model.extract_features(samples, num_layers=self.layer)[0][-1]


class TransformersFrontEnd(SSLFrontEnd):
    """transformers' Wav2Vec2Model, HubertModel or WavLMModel.

    layer: hidden state that is read: 0 is what enters the first block, the last is the default.
    normalise: bring each clip to zero mean and unit variance first.
    """

    def __init__(self, model: nn.Module, layer: int | None = None, normalise: bool = False):
        config = model.config
        super().__init__(
            model,
            config.hidden_size,
            SAMPLE_RATE / math.prod(config.conv_stride),
            _receptive_field(config.conv_kernel, config.conv_stride),
        )
        self.layer = _pick_layer(layer, 0, config.num_hidden_layers)
        self.normalise = normalise

    def encode(self, samples: Tensor) -> Tensor:
        """samples: (batch, n). Returns (batch, frames, dim)."""
        samples = _zero_mean_unit_variance(samples) if self.normalise else samples
        return self.model(samples, output_hidden_states=True).hidden_states[self.layer]


class WhisperFrontEnd(SSLFrontEnd):
    """The encoder of Whisper (Radford et al. 2022); longer speech goes through in windows of 30 s.

    layer: hidden state that is read: 0 is what enters the first block, the last is the default.
    """

    def __init__(self, encoder: nn.Module, layer: int | None = None):
        from transformers.audio_utils import mel_filter_bank

        config = encoder.config
        super().__init__(encoder, config.d_model, SAMPLE_RATE / (2 * WHISPER_HOP), 1)
        self.layer = _pick_layer(layer, 0, config.encoder_layers)
        self.window_samples = config.max_source_positions * 2 * WHISPER_HOP
        filters = mel_filter_bank(
            num_frequency_bins=WHISPER_N_FFT // 2 + 1,
            num_mel_filters=config.num_mel_bins,
            min_frequency=0.0,
            max_frequency=8000.0,
            sampling_rate=SAMPLE_RATE,
            norm="slaney",
            mel_scale="slaney",
        )
        self.register_buffer("filters", torch.tensor(filters.T, dtype=torch.float32))
        self.register_buffer("window", torch.hann_window(WHISPER_N_FFT))

    def encode(self, samples: Tensor) -> Tensor:
        """samples: (batch, n). Returns (batch, ⌈n / 320⌉, dim)."""
        batch, n = samples.shape
        n_windows = math.ceil(n / self.window_samples)
        padded = nn.functional.pad(samples, (0, n_windows * self.window_samples - n))
        mel = self.log_mel(padded.reshape(batch * n_windows, self.window_samples))
        states = self.model(mel, output_hidden_states=True).hidden_states[self.layer]
        return states.reshape(batch, -1, self.dim)[:, : math.ceil(n / (2 * WHISPER_HOP))]

    def log_mel(self, samples: Tensor) -> Tensor:
        """Whisper's own input. samples: (batch, n). Returns (batch, mels, n // 160)."""
        spectrum = torch.stft(
            samples, WHISPER_N_FFT, WHISPER_HOP, window=self.window, return_complex=True
        )
        power = spectrum[..., :-1].abs() ** 2
        mel = (self.filters @ power).clamp(min=1e-10).log10()
        loudest = mel.amax(dim=(1, 2), keepdim=True)
        return (torch.maximum(mel, loudest - 8.0) + 4.0) / 4.0


class Emotion2vecFrontEnd(SSLFrontEnd):
    """emotion2vec (Ma et al. 2023), by our own network: neither torchaudio nor transformers.

    layer: how many blocks are run, those of the prenet included; all by default.
    """

    def __init__(self, model: Emotion2vec, layer: int | None = None):
        settings, spec = model.config, model.config.audio.feature_encoder_spec
        kernels, strides = [k for _, k, _ in spec], [s for _, _, s in spec]
        rate, field = SAMPLE_RATE / math.prod(strides), _receptive_field(kernels, strides)
        super().__init__(model, settings.model_conf.embed_dim, rate, field)
        self.layer = _pick_layer(layer, 0, len(model.prenet) + len(model.blocks))
        self.normalise = settings.model_conf.normalize

    def encode(self, samples: Tensor) -> Tensor:
        """samples: (batch, n). Returns (batch, frames, dim)."""
        samples = _zero_mean_unit_variance(samples, 1e-5) if self.normalise else samples
        return self.model(samples, self.layer)


def load_front_end(name_or_folder, layer: int | None = None) -> SSLFrontEnd:
    """Load an encoder.

    name_or_folder: `torchaudio:` and a pipeline's name (`torchaudio:WAVLM_BASE`, downloaded by
    torchaudio); a folder in transformers' form or a hub id; a folder of emotion2vec as published
    (config.yaml and model.pt); or a transformers or `Emotion2vecConfig` configuration or a
    `torchaudio.models.Wav2Vec2Model`, taken as it is (a configuration gives random weights).
    layer: which hidden state to read; the last by default. Raises EmottsError when the `ssl` extra
    is missing or the model is of another kind.
    """
    if isinstance(name_or_folder, Emotion2vecConfig):
        return Emotion2vecFrontEnd(Emotion2vec(name_or_folder), layer)
    if _is_emotion2vec(name_or_folder):
        return Emotion2vecFrontEnd(load_emotion2vec(name_or_folder), layer)
    if isinstance(name_or_folder, nn.Module):
        return TorchaudioFrontEnd(name_or_folder, layer)
    if isinstance(name_or_folder, str) and name_or_folder.startswith(TORCHAUDIO):
        return _from_pipeline(name_or_folder.removeprefix(TORCHAUDIO), layer)
    _need("transformers")
    from transformers import AutoModel, PretrainedConfig

    if isinstance(name_or_folder, PretrainedConfig):
        _check_family(name_or_folder.model_type)
        return _wrap(AutoModel.from_config(name_or_folder), layer, None)
    return _from_pretrained(str(name_or_folder), layer)


def _is_emotion2vec(name_or_folder) -> bool:
    """A folder in FunASR's form, which has a config.yaml where transformers has a config.json."""
    if not isinstance(name_or_folder, str | Path):
        return False
    folder = Path(name_or_folder)
    return (folder / "config.yaml").is_file() and not (folder / "config.json").exists()


def _from_pipeline(name: str, layer: int | None) -> SSLFrontEnd:
    _need("torchaudio")
    import torchaudio.pipelines

    bundle = getattr(torchaudio.pipelines, name, None)
    if not isinstance(bundle, torchaudio.pipelines.Wav2Vec2Bundle):
        known = [
            key
            for key, value in vars(torchaudio.pipelines).items()
            if isinstance(value, torchaudio.pipelines.Wav2Vec2Bundle)
        ]
        raise EmottsError(
            f"torchaudio has no speech encoder {name!r}; it has {', '.join(sorted(known))}"
        )
    model = bundle.get_model()
    # Models that want normalised input come in a wrapper that normalises over the whole batch.
    return TorchaudioFrontEnd(getattr(model, "model", model), layer, hasattr(model, "model"))


def _from_pretrained(name_or_folder: str, layer: int | None) -> SSLFrontEnd:
    from transformers import AutoConfig, AutoModel

    folder = Path(name_or_folder)
    if not folder.is_dir() and (folder.is_absolute() or name_or_folder.startswith(".")):
        raise EmottsError(f"the folder {folder} does not exist")
    try:
        config = AutoConfig.from_pretrained(name_or_folder)
    except (OSError, ValueError) as error:
        raise EmottsError(
            f"{name_or_folder} is no encoder: give a folder with config.json and weights, a hub "
            f"id, or {TORCHAUDIO}NAME"
        ) from error
    _check_family(config.model_type)
    try:
        model = AutoModel.from_pretrained(name_or_folder)
    except (OSError, ValueError) as error:
        raise EmottsError(f"the weights of {name_or_folder} cannot be read: {error}") from error
    preprocessor = folder / "preprocessor_config.json"
    normalise = None
    if preprocessor.is_file():
        normalise = json.loads(preprocessor.read_text(encoding="utf-8")).get("do_normalize")
    return _wrap(model, layer, normalise)


def _wrap(model: nn.Module, layer: int | None, normalise: bool | None) -> SSLFrontEnd:
    """normalise: None where nothing says; then models with layer-normed convolutions want it."""
    if model.config.model_type == "whisper":
        return WhisperFrontEnd(model.get_encoder(), layer)
    if normalise is None:
        normalise = model.config.feat_extract_norm == "layer"
    return TransformersFrontEnd(model, layer, normalise)


def _need(package: str) -> None:
    """Make a package of the `ssl` extra importable, or say what to install."""
    torchaudio_stand_in.install()
    if find_spec(package) is None:
        raise EmottsError(
            f"this encoder needs {package}, which is not installed: pip install 'emotts[ssl]'"
        )


def _check_family(model_type: str) -> None:
    if model_type not in FAMILIES:
        raise EmottsError(
            f"an encoder of the kind {model_type!r} is not known; known are {', '.join(FAMILIES)}"
        )


def _pick_layer(layer: int | None, first: int, last: int) -> int:
    if layer is None:
        return last
    if not first <= layer <= last:
        raise EmottsError(f"the encoder has no layer {layer}; choose from {first} to {last}")
    return layer


def _receptive_field(kernels, strides) -> int:
    """Samples that one output frame of a stack of unpadded convolutions sees."""
    field = 1
    for kernel, stride in zip(reversed(kernels), reversed(strides), strict=True):
        field = (field - 1) * stride + kernel
    return field


def _zero_mean_unit_variance(samples: Tensor, floor: float = 1e-7) -> Tensor:
    mean = samples.mean(dim=1, keepdim=True)
    variance = samples.var(dim=1, keepdim=True, correction=0)
    return (samples - mean) / torch.sqrt(variance + floor)
