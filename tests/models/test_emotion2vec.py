"""emotion2vec: the published network under our names, read from the published files."""

import math

import published_emotion2vec as published
import pytest
import torch
import yaml
from pydantic import ValidationError
from safetensors.torch import save_file

from emotts.errors import EmottsError
from emotts.models.emotion2vec import (
    Emotion2vec,
    Emotion2vecConfig,
    layers_of,
    load_emotion2vec,
    own_names,
    slopes,
)
from emotts.models.front_ends import Emotion2vecFrontEnd, load_front_end

# Made by funasr 1.4.16 from the same weights and sound: every third frame, every sixth feature.
PUBLISHED = [
    [-0.20369, -0.42855, -0.02486, -0.69759],
    [-0.14976, -0.38662, -0.53382, -0.37293],
    [0.42212, -0.50197, -1.00169, 0.35168],
    [-0.05461, -0.26178, -0.28430, 0.00796],
]


@pytest.fixture
def sound():
    return torch.sin(torch.arange(3200, dtype=torch.float64) ** 1.3 * 0.01).float()[None]


@pytest.fixture
def folder(tmp_path):
    return published.write_folder(tmp_path / "emotion2vec")


def test_it_makes_what_the_published_network_makes(folder, sound):
    front_end = load_front_end(folder)
    assert isinstance(front_end, Emotion2vecFrontEnd)
    features = front_end(sound)
    assert features.shape == (1, 10, 24) and not features.requires_grad
    torch.testing.assert_close(
        features[0, ::3, ::6], torch.tensor(PUBLISHED), atol=2e-5, rtol=0
    )  # fmt: skip


def test_it_answers_the_call_of_all_front_ends(folder, sound):
    front_end = load_front_end(str(folder))
    assert (front_end.dim, front_end.frame_rate, front_end.layer) == (24, 50.0, 4)
    louder = torch.cat(
        [3 * sound, torch.randn(1, 3200, generator=torch.Generator().manual_seed(0))]
    )
    torch.testing.assert_close(front_end(louder)[:1], front_end(sound), rtol=1e-3, atol=1e-3)
    holder = torch.nn.Sequential(front_end).train()
    assert not any(module.training for module in holder[0].modules())
    few = sound[:, : front_end.shortest]
    assert front_end(few).shape == (1, 1, 24)
    with pytest.raises(EmottsError, match=f"{front_end.shortest} or more"):
        front_end(few[:, 1:])


def test_layers_differ_and_can_be_chosen(folder, sound):
    seen = [load_front_end(folder, layer)(sound) for layer in (0, 2, 4)]
    assert not torch.allclose(seen[0], seen[1]) and not torch.allclose(seen[1], seen[2])
    with pytest.raises(EmottsError, match="no layer 5; choose from 0 to 4"):
        load_front_end(folder, 5)


def test_a_configuration_gives_random_weights(sound):
    config = Emotion2vecConfig.model_validate(published.config(num_extra_tokens=0))
    features = load_front_end(config)(sound)
    assert features.shape == (1, 10, 24) and features.std() > 0


def test_attention_falls_off_with_distance_as_press_says():
    assert slopes(8) == [2.0 ** -(i + 1) for i in range(8)]
    assert slopes(6) == [2.0**-2, 2.0**-4, 2.0**-6, 2.0**-8, 2.0**-1, 2.0**-3]
    model = Emotion2vec(Emotion2vecConfig.model_validate(published.config()))
    bias = model.distance_bias(5)
    assert bias.shape == (1, 1, 6, 5, 5) and bias[0, 0, :, 2, 2].abs().max() == 0
    assert bias[0, 0, 0, 1, 4] == -3 / 4 == bias[0, 0, 0, 4, 1]
    with torch.no_grad():
        model.alibi_scale[0, 0, 0] = -1.0
    assert model.distance_bias(5)[0, 0, 0].abs().max() == 0, "a scale below 0 counts as 0"


def test_every_block_may_have_a_scale_of_its_own(sound):
    config = Emotion2vecConfig.model_validate(published.config(learned_alibi_scale_per_layer=True))
    model = Emotion2vec(config).eval()
    assert model.distance_bias(3).shape == (4, 1, 6, 3, 3)
    with torch.no_grad():
        before = model(sound, 4)
        model.alibi_scale[3] = 0.0
        after, third = model(sound, 4), model(sound, 3)
        model.alibi_scale[3] = 1.0
    assert not torch.allclose(before, after)
    torch.testing.assert_close(model(sound, 3), third)


def test_convolutions_are_read_and_nothing_is_run():
    assert layers_of("[(512, 10, 5)] + [(512, 3, 2)] * 2 + [(512,2,2)]") == [
        (512, 10, 5), (512, 3, 2), (512, 3, 2), (512, 2, 2)
    ]  # fmt: skip
    for text in ("__import__('os').getcwd()", "[(1, 2, 3)] * 10 ** 9", "[(", "[x for x in y]"):
        with pytest.raises(ValueError):
            layers_of(text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"extractor_mode": "default"}, "extractor_mode"),
        ({"conv_pos_pre_ln": True}, "conv_pos_pre_ln"),
        ({"learned_alibi": True}, "learned_alibi"),
        ({"feature_encoder_spec": "open('x')"}, "feature_encoder_spec"),
    ],
)
def test_other_kinds_of_encoder_are_refused(folder, changes, words):
    (folder / "config.yaml").write_text(yaml.safe_dump(published.config(**changes)))
    with pytest.raises(EmottsError, match=f"config.yaml is wrong .*{words}"):
        load_emotion2vec(folder)
    with pytest.raises(ValidationError, match="no audio"):
        values = published.config()
        values["model_conf"]["modalities"] = {}
        Emotion2vecConfig.model_validate(values)


def test_weights_that_would_run_code_or_do_not_fit_are_refused(folder):
    torch.save({"model": published.state(), "cfg": math.log}, folder / "model.pt")
    with pytest.raises(EmottsError, match="model.pt is not a PyTorch file of tensors alone"):
        load_front_end(folder)
    torch.save({"model": {"x": torch.ones(1)}}, folder / "model.pt")
    with pytest.raises(EmottsError, match="no emotion2vec encoder"):
        load_front_end(folder)
    state = published.state()
    state.pop("blocks.1.norm2.bias")
    torch.save({"model": state}, folder / "model.pt")
    with pytest.raises(EmottsError, match="model.pt does not fit its emotion2vec configuration"):
        load_front_end(folder)
    (folder / "model.pt").unlink()
    with pytest.raises(EmottsError, match="holds no weights of emotion2vec"):
        load_front_end(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "emotion2vec_base.pt"])
def test_other_file_names_and_prefixes_are_read(folder, sound, name):
    expected = load_front_end(folder)(sound)
    (folder / "model.pt").unlink()
    if name.endswith("safetensors"):
        save_file(published.state("w2v_encoder.w2v_model."), folder / name)
    else:
        torch.save(published.state(), folder / name)
    torch.testing.assert_close(load_front_end(folder)(sound), expected)


def test_old_scales_of_four_dimensions_are_read():
    state = published.state()
    key = published.AUDIO + "alibi_scale"
    state[key] = state[key].squeeze(0)
    assert own_names(state)["alibi_scale"].shape == (1, 1, 6, 1, 1)


def test_the_base_size_is_that_of_the_published_code():
    values = published.config(
        feature_encoder_spec="[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512,2,2)] + [(512,2,2)]",
        conv_pos_width=95, conv_pos_depth=5, conv_pos_groups=16, prenet_depth=4,
        num_extra_tokens=10,
    )  # fmt: skip
    values["model_conf"] |= {"depth": 8, "num_heads": 12, "embed_dim": 768, "mlp_ratio": 4.0}
    with torch.device("meta"):
        model = Emotion2vec(Emotion2vecConfig.model_validate(values))
    front_end = Emotion2vecFrontEnd(model)
    assert (front_end.dim, front_end.frame_rate, front_end.shortest) == (768, 50.0, 400)
    assert round(sum(p.numel() for p in model.parameters()) / 1e3) == 93171
