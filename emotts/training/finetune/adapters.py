"""Low-rank adapters (LoRA, Hu et al. 2022, by `peft`) on the linear layers of a network."""

from __future__ import annotations

import copy
from importlib.util import find_spec

from torch import Tensor, nn

from emotts.errors import EmottsError
from emotts.models import torchaudio_stand_in


def add_adapters(network: nn.Module, rank: int) -> nn.Module:
    """Wrap a network so that only adapters of this rank on its linear layers are trained.

    At first they change nothing. Raises EmottsError where `peft` is missing.
    """
    if find_spec("peft") is None:
        raise EmottsError(
            "adapters need peft, which is not installed: pip install 'emotts[train]', or tune all "
            "weights with --full"
        )
    torchaudio_stand_in.install()  # peft imports transformers, which imports torchaudio
    from peft import LoraConfig, get_peft_model

    names = [name for name, layer in network.named_modules() if isinstance(layer, nn.Linear)]
    return get_peft_model(network, LoraConfig(r=rank, lora_alpha=rank, target_modules=names))


def merged_weights(network: nn.Module) -> dict[str, Tensor]:
    """Weights of the network as it was before `add_adapters`, with what the adapters learnt."""
    if hasattr(network, "merge_and_unload"):
        network = copy.deepcopy(network).merge_and_unload()
    return network.state_dict()


def trained_parameters(network: nn.Module) -> int:
    """How many numbers are trained."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
