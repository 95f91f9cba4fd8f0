"""Encoders of other projects answer one call; small random ones, nothing downloaded."""

import json
import sys

import pytest
import torch

from emotts.errors import EmottsError
from emotts.models import front_ends
from emotts.models.front_ends import load_front_end

pytest.importorskip("transformers")

CONVOLUTIONS = {
    "conv_dim": [8, 8],
    "conv_kernel": [10, 8],
    "conv_stride": [20, 16],
    "num_feat_extract_layers": 2,
}
SMALL = {
    **CONVOLUTIONS,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "num_conv_pos_embeddings": 8,
    "num_conv_pos_embedding_groups": 2,
}


def made_config(family: str, **changes):
    import transformers

    if family == "whisper":
        return transformers.WhisperConfig(
            vocab_size=60,
            d_model=16,
            encoder_layers=2,
            decoder_layers=1,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=16,
            decoder_ffn_dim=16,
            max_source_positions=100,
            num_mel_bins=40,
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=2,
            decoder_start_token_id=1,
            **changes,
        )
    kinds = {"wav2vec2": "Wav2Vec2Config", "hubert": "HubertConfig", "wavlm": "WavLMConfig"}
    return getattr(transformers, kinds[family])(**{**SMALL, **changes})


@pytest.fixture
def samples():
    return 0.1 * torch.randn(2, 8000, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("family", front_ends.FAMILIES)
def test_every_family_answers_the_same_call(family, samples):
    front_end = load_front_end(made_config(family))
    features = front_end(samples)
    assert front_end.dim == 16 and front_end.frame_rate == 50
    assert features.shape[0] == 2 and features.shape[2] == 16
    assert abs(features.shape[1] - 8000 / 16000 * 50) <= 1
    assert features.std() > 0 and not features.requires_grad


@pytest.mark.parametrize("family", front_ends.FAMILIES)
def test_a_clip_is_read_the_same_alone_and_in_training(family, samples):
    front_end = load_front_end(made_config(family))
    together = front_end(samples)
    holder = torch.nn.Sequential(front_end).train()
    assert not any(module.training for module in front_end.modules())
    torch.testing.assert_close(holder(samples[1:])[0], together[1], rtol=1e-3, atol=1e-4)


def test_layers_differ_and_the_last_is_the_default(samples):
    torch.manual_seed(0)
    config = made_config("wavlm")
    front_end = load_front_end(config)
    seen = []
    for layer in (0, 1, 2):
        front_end.layer = layer
        seen.append(front_end(samples))
    assert load_front_end(config).layer == 2 and load_front_end(config, layer=1).layer == 1
    assert not torch.allclose(seen[0], seen[1]) and not torch.allclose(seen[1], seen[2])
    with pytest.raises(EmottsError, match="no layer 3; choose from 0 to 2"):
        load_front_end(config, layer=3)


@pytest.mark.parametrize("family", ["hubert", "whisper"])
def test_a_saved_folder_gives_the_same_features(family, samples, tmp_path):
    from transformers import AutoModel

    model = AutoModel.from_config(made_config(family)).eval()
    model.save_pretrained(tmp_path)
    loaded = load_front_end(tmp_path)
    assert any(path.suffix == ".safetensors" for path in tmp_path.iterdir())
    direct = front_ends._wrap(model, None, None)
    torch.testing.assert_close(loaded(samples), direct(samples))


def test_the_folder_says_whether_loudness_is_evened_out(samples, tmp_path):
    from transformers import AutoModel

    AutoModel.from_config(made_config("wav2vec2")).save_pretrained(tmp_path)
    (tmp_path / "preprocessor_config.json").write_text(json.dumps({"do_normalize": True}))
    evened = load_front_end(tmp_path)
    torch.testing.assert_close(evened(samples), evened(3 * samples), rtol=1e-3, atol=1e-3)
    assert not load_front_end(made_config("wav2vec2")).normalise
    assert load_front_end(made_config("wav2vec2", feat_extract_norm="layer")).normalise


def test_whisper_hears_its_own_mel_and_long_speech():
    from transformers import WhisperFeatureExtractor

    front_end = load_front_end(made_config("whisper"))
    window = front_end.window_samples
    assert window == 2 * 16000
    speech = 0.1 * torch.randn(1, window, generator=torch.Generator().manual_seed(2))
    theirs = WhisperFeatureExtractor(feature_size=40, chunk_length=2)(
        speech[0].numpy(), sampling_rate=16000, return_tensors="pt"
    )["input_features"]
    torch.testing.assert_close(front_end.log_mel(speech), theirs, rtol=1e-4, atol=1e-4)
    long = torch.cat([speech, speech[:, :1000]], dim=1)
    features = front_end(long)
    assert features.shape == (1, 104, 16)
    torch.testing.assert_close(features[:, :100], front_end(speech), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("factory", ["wav2vec2_model", "wavlm_model"])
def test_torchaudio_models_answer_it_too(factory, samples):
    front_ends.torchaudio_stand_in.install()
    models = pytest.importorskip("torchaudio").models
    settings = {
        "extractor_mode": "group_norm",
        "extractor_conv_layer_config": [(8, 10, 20), (8, 8, 16)],
        "extractor_conv_bias": False,
        "encoder_embed_dim": 16,
        "encoder_projection_dropout": 0.1,
        "encoder_pos_conv_kernel": 8,
        "encoder_pos_conv_groups": 2,
        "encoder_num_layers": 2,
        "encoder_num_heads": 2,
        "encoder_attention_dropout": 0.1,
        "encoder_ff_interm_features": 16,
        "encoder_ff_interm_dropout": 0.1,
        "encoder_dropout": 0.1,
        "encoder_layer_norm_first": False,
        "encoder_layer_drop": 0.5,
        "aux_num_out": None,
    }
    if factory == "wavlm_model":
        settings |= {"encoder_num_buckets": 8, "encoder_max_distance": 16}
    model = getattr(models, factory)(**settings)
    last, first = load_front_end(model), load_front_end(model, layer=1)
    assert (last.dim, last.frame_rate, last.layer) == (16, 50, 2)
    features = last.train()(samples)
    torch.testing.assert_close(features, model.extract_features(samples)[0][1])
    assert features.shape == (2, 25, 16) and not torch.allclose(features, first(samples))
    evened = front_ends.TorchaudioFrontEnd(model, normalise=True)
    torch.testing.assert_close(evened(samples), evened(3 * samples), rtol=1e-3, atol=1e-3)
    with pytest.raises(EmottsError, match="from 1 to 2"):
        load_front_end(model, layer=0)


def test_samples_of_the_wrong_shape_are_named(samples):
    front_end = load_front_end(made_config("hubert"))
    shortest = front_end.shortest
    assert shortest == 7 * 20 + 10
    assert front_end(samples[:, :shortest]).shape == (2, 1, 16)
    for wrong in (samples[0], samples[:, : shortest - 1], samples[None]):
        with pytest.raises(EmottsError, match="150 or more"):
            front_end(wrong)


def test_unknown_encoders_are_named(tmp_path):
    from transformers import BertConfig

    with pytest.raises(EmottsError, match="'bert' is not known; known are wav2vec2"):
        load_front_end(BertConfig())
    with pytest.raises(EmottsError, match="is no encoder"):
        load_front_end(tmp_path)
    with pytest.raises(EmottsError, match="does not exist"):
        load_front_end(tmp_path / "absent")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(EmottsError, match="'bert' is not known"):
        load_front_end(tmp_path)
    made_config("wavlm").save_pretrained(tmp_path)
    with pytest.raises(EmottsError, match="weights"):
        load_front_end(tmp_path)


def test_unknown_pipelines_are_named():
    front_ends.torchaudio_stand_in.install()
    pytest.importorskip("torchaudio")
    for name in ("NO_SUCH", "SQUIM_OBJECTIVE"):
        with pytest.raises(EmottsError, match="WAVLM_BASE_PLUS"):
            load_front_end("torchaudio:" + name)


@pytest.mark.parametrize(
    ("source", "package"), [("torchaudio:HUBERT_BASE", "torchaudio"), ("some/name", "transformers")]
)
def test_a_missing_extra_says_what_to_install(monkeypatch, source, package):
    monkeypatch.setattr(front_ends, "find_spec", lambda name: None if name == package else sys)
    with pytest.raises(EmottsError, match=rf"needs {package}.*emotts\[ssl\]"):
        load_front_end(source)
