"""A planted dullness is found and taken away, and nothing else of the set changes."""

import shutil

import numpy as np
import pytest
import torch

from emotts.checkpoints import load_checkpoint, resolve, save_checkpoint
from emotts.synthesis.synthesizer import Synthesizer
from emotts.training.balance import balance, shortfall


@pytest.fixture(scope="module")
def speech():
    said = Synthesizer.from_pretrained().synthesize("The shop sells fish and chips.", seed=1)
    return [said.samples]


@pytest.fixture
def dull(tmp_path):
    """The embedded set with 3 dB less above 6 kHz."""
    folder = tmp_path / "set"
    shutil.copytree(resolve(None), folder)
    stored = load_checkpoint(folder, "vocoder")
    bias = stored.tensors["head.bias"].float()
    bias[256:513] -= 3 * np.log(10) / 20
    tensors = {**stored.tensors, "head.bias": bias}
    card = {"command": "planted", "corpora": ("kathleen",)}
    save_checkpoint(folder, "vocoder", tensors, stored.config, card)
    return folder


@pytest.mark.slow
def test_planted_dullness_is_found_and_mended(dull, speech):
    planted = shortfall(dull, speech) - shortfall(resolve(None), speech)
    decibels = planted * 20 / np.log(10)
    assert decibels[300:480].mean() == pytest.approx(3, abs=0.3)
    assert np.abs(decibels[:230]).mean() < 0.2
    before, _, after = balance(dull, speech)
    assert after < 0.25 * before


@pytest.mark.slow
def test_the_rest_of_the_set_stays(dull, speech):
    before = load_checkpoint(dull, "vocoder")
    balance(dull, speech, rounds=1)
    after = load_checkpoint(dull, "vocoder")
    assert after.config == before.config
    changed = [k for k, v in before.tensors.items() if not torch.equal(v, after.tensors[k])]
    assert changed == ["head.bias"]
    assert torch.equal(before.tensors["head.bias"][513:], after.tensors["head.bias"][513:])
    assert "emotts.training.balance" in (dull / "vocoder.md").read_text(encoding="utf-8")
