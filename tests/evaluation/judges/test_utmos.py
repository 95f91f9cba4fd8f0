import pytest

from emotts.audio.io import read_audio
from emotts.errors import EmottsError
from emotts.evaluation.judges import load

KERNELS, STRIDES = (10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2)
CHANNELS, DIM, WIDE, GROUPS, SPAN = 6, 64, 40, 4, 8


@pytest.fixture(scope="module")
def tensors():
    """Random weights under the public checkpoint's names."""
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    out = {}

    def add(name, *shape, centre=0.0):
        out[name] = centre + 0.2 * torch.randn(*shape)

    front = "wav2vec2.feature_extractor.conv_layers"
    for i, kernel in enumerate(KERNELS):
        add(f"{front}.{i}.0.weight", CHANNELS, CHANNELS if i else 1, kernel)
    for name, size in ((f"{front}.0.2", CHANNELS), ("wav2vec2.layer_norm", CHANNELS),
                       ("wav2vec2.encoder.layer_norm", DIM)):  # fmt: skip
        add(f"{name}.weight", size, centre=1.0)
        add(f"{name}.bias", size)
    add("wav2vec2.mask_emb", DIM)
    add("wav2vec2.post_extract_proj.weight", DIM, CHANNELS)
    add("wav2vec2.post_extract_proj.bias", DIM)
    add("wav2vec2.encoder.pos_conv.0.bias", DIM)
    add("wav2vec2.encoder.pos_conv.0.weight_g", 1, 1, SPAN, centre=1.0)
    add("wav2vec2.encoder.pos_conv.0.weight_v", DIM, DIM // GROUPS, SPAN)
    for i in range(2):
        layer = f"wav2vec2.encoder.layers.{i}"
        for part, rows, columns in (
            *((f"self_attn.{p}_proj", DIM, DIM) for p in ("q", "k", "v", "out")),
            ("fc1", WIDE, DIM), ("fc2", DIM, WIDE),
        ):  # fmt: skip
            add(f"{layer}.{part}.weight", rows, columns)
            add(f"{layer}.{part}.bias", rows)
        for part in ("self_attn_layer_norm", "final_layer_norm"):
            add(f"{layer}.{part}.weight", DIM, centre=1.0)
            add(f"{layer}.{part}.bias", DIM)
    add("domain_emb", 1, 5)
    add("judge_emb", 1, 7)
    lstm = torch.nn.LSTM(DIM + 12, 9, batch_first=True, bidirectional=True)
    out |= {f"blstm.{name}": value.detach().clone() for name, value in lstm.state_dict().items()}
    for i, (rows, columns) in ((0, (11, 18)), (2, (1, 11))):
        add(f"projection.{i}.weight", rows, columns)
        add(f"projection.{i}.bias", rows)
    return out


def by_hand(t, samples):
    """The published network in plain operations on the published names, one clip (n,)."""
    import torch
    from torch.nn import functional as F

    def norm(x, name):
        return F.layer_norm(x, x.shape[-1:], t[f"{name}.weight"], t[f"{name}.bias"])

    def linear(x, name):
        return x @ t[f"{name}.weight"].T + t[f"{name}.bias"]

    x = samples[None, None]
    front = "wav2vec2.feature_extractor.conv_layers"
    for i, stride in enumerate(STRIDES):
        x = F.conv1d(x, t[f"{front}.{i}.0.weight"], stride=stride)
        if i == 0:
            x = F.group_norm(x, CHANNELS, t[f"{front}.0.2.weight"], t[f"{front}.0.2.bias"])
        x = F.gelu(x)
    x = linear(norm(x[0].T, "wav2vec2.layer_norm"), "wav2vec2.post_extract_proj")
    v, g = (t[f"wav2vec2.encoder.pos_conv.0.weight_{k}"] for k in "vg")
    kernel = g * v / v.square().sum(dim=(0, 1), keepdim=True).sqrt()
    placed = F.conv1d(x.T[None], kernel, t["wav2vec2.encoder.pos_conv.0.bias"],
                      padding=SPAN // 2, groups=GROUPS)  # fmt: skip
    x = norm(x + F.gelu(placed[0, :, :-1].T), "wav2vec2.encoder.layer_norm")
    for i in range(2):
        layer = f"wav2vec2.encoder.layers.{i}"
        q, k, value = (linear(x, f"{layer}.self_attn.{p}_proj") for p in "qkv")
        mixed = ((q @ k.T) / DIM**0.5).softmax(-1) @ value  # heads of 64: one here
        x = norm(x + linear(mixed, f"{layer}.self_attn.out_proj"), f"{layer}.self_attn_layer_norm")
        x = norm(x + linear(F.gelu(linear(x, f"{layer}.fc1")), f"{layer}.fc2"),
                 f"{layer}.final_layer_norm")  # fmt: skip
    beside = torch.cat([t["domain_emb"], t["judge_emb"]], 1).repeat(len(x), 1)
    lstm = torch.nn.LSTM(DIM + 12, 9, batch_first=True, bidirectional=True)
    lstm.load_state_dict({n[6:]: value for n, value in t.items() if n.startswith("blstm.")})
    heard = lstm(torch.cat([x, beside], 1)[None])[0][0]
    return float(linear(linear(heard, "projection.0").relu(), "projection.2").mean() * 2 + 3)


@pytest.mark.parametrize("ending", ["pt", "safetensors"])
def test_the_score_is_the_published_networks(tensors, clips, tmp_path, ending, transformers):
    import torch
    from safetensors.torch import save_file

    if ending == "pt":
        torch.save(tensors, tmp_path / "utmos22_strong.pt")
    else:
        save_file(tensors, tmp_path / "utmos22_strong.safetensors")
    judge = load("utmos", tmp_path)
    for name in ("low.wav", "high.wav"):
        with torch.inference_mode():
            truth = by_hand(tensors, torch.from_numpy(read_audio(clips / name, 16000)))
        assert judge.score(clips / name) == {"utmos": pytest.approx(truth, abs=1e-4)}


def test_other_weights_are_refused(tensors, tmp_path, transformers):
    import torch

    with pytest.raises(EmottsError, match="holds no weights of UTMOS22"):
        load("utmos", tmp_path)
    path = tmp_path / "weights.pt"
    torch.save({"a": torch.zeros(1)}, path)
    with pytest.raises(EmottsError, match="weights of another model"):
        load("utmos", path)
    torch.save({k: v for k, v in tensors.items() if k != "blstm.bias_hh_l0_reverse"}, path)
    with pytest.raises(EmottsError, match="weights of another model"):
        load("utmos", path)
    torch.save({"code": print}, path)
    with pytest.raises(EmottsError, match="holds more than tensors"):
        load("utmos", path)
    (tmp_path / "weights.safetensors").write_bytes(b"torn")
    with pytest.raises(EmottsError, match="no file of safetensors"):
        load("utmos", tmp_path)
