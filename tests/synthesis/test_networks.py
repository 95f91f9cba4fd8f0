import pytest
import torch

from emotts.models.speaker import SpeakerEncoder
from emotts.synthesis.networks import build

CONFIG = {"kind": "speaker", "dim": 8, "hidden": 8, "blocks": 1, "size": 4}


@pytest.fixture
def weights():
    return SpeakerEncoder(**{k: v for k, v in CONFIG.items() if k != "kind"}).state_dict()


def test_networks_hold_exactly_what_was_stored_at_rest_and_frozen(weights):
    network = build(SpeakerEncoder, CONFIG, weights)
    assert all(torch.equal(v, weights[k]) for k, v in network.state_dict().items())
    assert not network.training and not any(p.requires_grad for p in network.parameters())


def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(RuntimeError, match="front.weight"):
        build(SpeakerEncoder, CONFIG | {"dim": 16}, weights)
    with pytest.raises(RuntimeError, match="Missing key"):
        build(SpeakerEncoder, CONFIG, {k: v for k, v in weights.items() if k != "front.bias"})
