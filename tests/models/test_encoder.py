import torch

from emotts.models.encoder import (
    EmotionHeads,
    Encoder,
    Pooling,
    RandomQuantizer,
    encoder_inputs,
)


def noise(*shape, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_inputs_are_mel_pitch_voicing_and_level():
    mel, semitones, voiced = noise(2, 8, 80), noise(2, 8), (noise(2, 8) > 0).float()
    found = encoder_inputs(mel, semitones, voiced)
    torch.testing.assert_close(2.5 * found[..., :80], mel)
    torch.testing.assert_close(6 * found[..., 80], semitones)
    assert torch.equal(found[..., 81], voiced)
    torch.testing.assert_close(2.5 * found[..., 82], mel.mean(-1))


def test_hidden_pairs_are_not_seen():
    torch.manual_seed(0)
    encoder = Encoder(dim=16, hidden=32, blocks=2, kernel=3).eval()
    inputs, hide = noise(1, 20, 83), torch.zeros(1, 10, dtype=torch.bool)
    hide[:, 4:7] = True
    other = inputs.clone()
    other[:, 8:14] += 3
    torch.testing.assert_close(encoder(other, hide), encoder(inputs, hide))
    assert not torch.allclose(encoder(other), encoder(inputs))
    assert encoder(inputs).shape == (1, 10, 16)


def test_pooling_hears_speech_only():
    torch.manual_seed(0)
    pooling, x = Pooling(8, 5), noise(1, 12, 8)
    mask = (torch.arange(12) < 7)[None]
    other = torch.where(mask[..., None], x, torch.full_like(x, 9.0))
    torch.testing.assert_close(pooling(other, mask), pooling(x[:, :7]))
    order = torch.randperm(12)
    torch.testing.assert_close(pooling(x[:, order]), pooling(x))


def test_codes_are_the_same_on_every_machine_and_at_every_gain():
    inputs = noise(2, 40, 83)
    codes = RandomQuantizer()(inputs)
    assert codes.shape == (2, 20, 2) and codes.min() >= 0 and codes.max() < 1024
    assert torch.equal(RandomQuantizer()(inputs), codes)
    assert (RandomQuantizer()(3 * inputs + 1) == codes).float().mean() > 0.95
    assert (RandomQuantizer(seed=1)(inputs) != codes).float().mean() > 0.95
    assert len(codes.unique()) > 30
    assert not list(RandomQuantizer().parameters())


def test_heads_answer_within_their_ranges_and_push_speakers_away():
    torch.manual_seed(0)
    heads = EmotionHeads(8, classes=5, speakers=3, size=6)
    z = (20 * noise(7, 6)).requires_grad_(True)
    out = heads(z, reverse=0.5)
    assert out["category"].shape == (7, 5) and out["speaker"].shape == (7, 3)
    assert 0 <= out["level"].min() and out["level"].max() <= 1
    assert out["affect"].abs().max() <= 1
    (pushed,) = torch.autograd.grad(out["speaker"][:, 0].sum(), z, retain_graph=True)
    (usual,) = torch.autograd.grad(heads.speaker(z)[:, 0].sum(), z)
    torch.testing.assert_close(pushed, -0.5 * usual)
