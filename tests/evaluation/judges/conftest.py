"""Files to judge, and tiny models with random weights in the judges' own formats on disk."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from emotts.audio.io import write_audio

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline import made_speech  # noqa: E402

CONVOLUTIONS = dict(conv_dim=[8] * 7, conv_kernel=[10, 3, 3, 3, 3, 2, 2],
                    conv_stride=[5, 2, 2, 2, 2, 2, 2], num_feat_extract_layers=7)  # fmt: skip
SMALL = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24,
             num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=4,
             initializer_range=0.5, **CONVOLUTIONS)  # fmt: skip


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """low.wav and high.wav (two voices), quiet.wav (silence), short.wav."""
    folder = tmp_path_factory.mktemp("clips")
    write_audio(folder / "low.wav", made_speech(110, 1.2, seed=1), 24000)
    write_audio(folder / "high.wav", made_speech(260, 1.2, seed=2), 24000)
    write_audio(folder / "quiet.wav", np.zeros(24000, np.float32), 24000)
    write_audio(folder / "short.wav", made_speech(110, 1.2, seed=1)[6000:9000], 24000)
    return folder


@pytest.fixture(scope="session")
def transformers():
    """The package, once torchaudio's stand-in is in place."""
    pytest.importorskip("torch")
    from emotts.models.torchaudio_stand_in import install

    install()
    return pytest.importorskip("transformers")


@pytest.fixture(scope="session")
def wavlm_folder(tmp_path_factory, transformers):
    import torch

    torch.manual_seed(0)
    config = transformers.WavLMConfig(
        **SMALL, tdnn_dim=[12] * 4 + [20], tdnn_kernel=[5, 3, 3, 1, 1],
        tdnn_dilation=[1, 2, 3, 1, 1], xvector_output_dim=10, num_buckets=32,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("wavlm")
    transformers.WavLMForXVector(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def affect_folder(tmp_path_factory, transformers):
    """audeering's format: its own class name, a regression head, and nulls in the configuration."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    config = transformers.Wav2Vec2Config(
        **SMALL, feat_extract_norm="layer", do_stable_layer_norm=True, conv_bias=True,
        id2label={0: "arousal", 1: "dominance", 2: "valence"},
        label2id={"arousal": 0, "dominance": 1, "valence": 2},
        architectures=["Wav2Vec2ForSpeechClassification"],
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("affect")
    model = transformers.Wav2Vec2Model(config)
    tensors = {f"wav2vec2.{name}": value.clone() for name, value in model.state_dict().items()}
    for old in [name for name in tensors if "parametrizations.weight.original" in name]:
        part = {"0": "weight_g", "1": "weight_v"}[old[-1]]  # as older torch wrote them
        tensors[old.replace("parametrizations.weight.original" + old[-1], part)] = tensors.pop(old)
    tensors |= {
        "classifier.dense.weight": torch.randn(16, 16), "classifier.dense.bias": torch.randn(16),
        "classifier.out_proj.weight": torch.randn(3, 16),
        "classifier.out_proj.bias": torch.randn(3),
    }  # fmt: skip
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    values = config.to_dict() | {"vocab_size": None, "adapter_attn_dim": None}
    (folder / "config.json").write_text(json.dumps(values))
    (folder / "preprocessor_config.json").write_text(json.dumps({"do_normalize": True}))
    return folder


@pytest.fixture(scope="session")
def classifier_folder(tmp_path_factory, transformers):
    """An audio classifier in transformers' form."""
    import torch

    torch.manual_seed(0)
    labels = ["生气/angry", "happy", "neutral", "<unk>"]
    config = transformers.Wav2Vec2Config(**SMALL, id2label=dict(enumerate(labels)))
    folder = tmp_path_factory.mktemp("classifier")
    transformers.Wav2Vec2ForSequenceClassification(config).save_pretrained(folder)
    return folder
