"""Adapters change nothing at first, train alone, and melt into the weights."""

import pytest
import torch

from emotts.models import torchaudio_stand_in
from emotts.models.decoder import FlowDecoder
from emotts.training.finetune.adapters import add_adapters, merged_weights, trained_parameters

torchaudio_stand_in.install()
pytest.importorskip("peft")
SIZE = dict(dim=16, hidden=32, blocks=1, speaker_size=8, emotion_size=4)


def inputs() -> list[torch.Tensor]:
    torch.manual_seed(1)
    return [
        torch.randn(2, 6, 160), torch.rand(2), torch.randn(2, 6, 160), torch.randn(2, 6, 6),
        torch.randn(2, 8), torch.randn(2, 1, 4), torch.ones(2, 2), torch.ones(2, 6, 1),
    ]  # fmt: skip


def test_adapters_train_alone_and_melt_into_the_weights():
    torch.manual_seed(0)
    decoder = FlowDecoder(**SIZE)
    torch.nn.init.normal_(decoder.out.weight)
    before = {k: v.clone() for k, v in decoder.state_dict().items()}
    plain = decoder(*inputs())
    tuned = add_adapters(decoder, rank=2)
    torch.testing.assert_close(tuned(*inputs()), plain)
    assert 0 < trained_parameters(tuned) < sum(v.numel() for v in before.values()) / 2

    moving = [p for p in tuned.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(moving, 0.05)
    for _ in range(3):
        optimizer.zero_grad()
        tuned(*inputs()).square().mean().backward()
        optimizer.step()
    learnt = tuned(*inputs())
    assert not torch.allclose(learnt, plain, atol=1e-3)
    again = FlowDecoder(**SIZE)
    again.load_state_dict(merged_weights(tuned))
    torch.testing.assert_close(again(*inputs()), learnt, atol=1e-4, rtol=1e-4)
    conv = "stack.blocks.0.depthwise.conv.weight"
    assert torch.equal(again.state_dict()[conv], before[conv]), "no linear layer, yet it moved"
    torch.testing.assert_close(tuned(*inputs()), learnt)  # merging is of a copy


def test_a_network_without_adapters_gives_its_own_weights():
    decoder = FlowDecoder(**SIZE)
    found = merged_weights(decoder)
    assert all(torch.equal(found[k], v) for k, v in decoder.state_dict().items())
