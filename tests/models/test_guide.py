"""The classifier's pull points where its own score grows."""

import torch

from emotts.models.guide import NoisyMelClassifier


def made():
    torch.manual_seed(0)
    guide = NoisyMelClassifier(dim=16, hidden=32, blocks=1).eval().requires_grad_(False)
    x, local = torch.randn(1, 20, 160), torch.randn(1, 20, 6)
    return guide, x, torch.full((1,), 0.5), local, torch.ones(1, 20, 1)


def test_a_step_along_the_pull_raises_the_wanted_class_and_lowers_the_rest():
    guide, x, t, local, mask = made()
    wanted = torch.zeros(8)
    wanted[3] = 1.0
    with torch.inference_mode():
        before = guide(x, t, local, mask).softmax(-1)[0]
        pull = guide.pull(x, t, local, mask, wanted)
        after = guide(x + 0.5 * pull / pull.norm(), t, local, mask).softmax(-1)[0]
    assert pull.shape == x.shape and after[3] > before[3]
    assert after.sum() - after[3] < before.sum() - before[3]


def test_masked_pairs_are_neither_heard_nor_pulled():
    guide, x, t, local, mask = made()
    mask = mask.clone()
    mask[:, 12:] = 0
    other = x.clone()
    other[:, 12:] = 5.0
    torch.testing.assert_close(guide(x * mask, t, local * mask, mask)[0],
                               guide(x * mask, t, local * mask, mask)[0])  # fmt: skip
    wanted = torch.zeros(8)
    wanted[1] = 1.0
    pull = guide.pull(x, t, local, mask, wanted)
    assert pull[:, :12].abs().max() > 100 * pull[:, 19:].abs().max()
