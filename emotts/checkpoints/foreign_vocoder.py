"""Published vocoders of other projects, converted to safetensors, configuration and card.

HiFi-GAN, BigVGAN and Vocos for mels. Nothing of the file is run: tensors are read, weight norm is
folded in, published names become ours (docs/models.md has the table).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel
from torch import Tensor, nn

from emotts.audio.mel_config import MELS, MelConfig, mel_from
from emotts.checkpoints.index import INDEX, describe, read_index
from emotts.checkpoints.store import load_checkpoint, save_checkpoint
from emotts.errors import EmottsError
from emotts.models import bigvgan, hifigan, vocos
from emotts.models.foreign_weights import fill, fold_weight_norm, read_settings, read_tensors

NAME = "vocoder"
UNSTATED = "not stated here; ask the authors of the weights"


@dataclass(frozen=True)
class Family:
    """A published vocoder: what it is called, a tensor that only it has, and how it is built."""

    title: str
    landmark: str
    settings: type[BaseModel]
    model: Callable[[BaseModel], nn.Module]
    own_names: Callable[[Mapping[str, Tensor]], dict[str, Tensor]]


# In this order: BigVGAN has HiFi-GAN's landmark too.
FAMILIES = {
    "vocos": Family(
        "Vocos", "backbone.embed.weight", vocos.VocosConfig, vocos.Vocos, vocos.own_names
    ),
    "bigvgan": Family(
        "BigVGAN", "activation_post.act.alpha", bigvgan.BigVGANConfig, bigvgan.BigVGAN,
        bigvgan.own_names,
    ),
    "hifigan": Family(
        "HiFi-GAN", "conv_post.bias", hifigan.HiFiGANConfig, hifigan.HiFiGAN, hifigan.own_names
    ),
}  # fmt: skip


@dataclass(frozen=True)
class ImportedVocoder:
    """What was written: kind (a key of `FAMILIES`), its mel, its size, what differs from our mels.

    mismatch: one sentence, or None where the mel is one of `emotts.audio.mel_config.MELS`.
    """

    folder: Path
    kind: str
    mel: MelConfig
    parameters: int
    mismatch: str | None


def import_vocoder(
    weights: str | Path,
    output: str | Path,
    config: str | Path | None = None,
    licence: str | None = None,
) -> ImportedVocoder:
    """Convert published weights into the folder `output`, a set with the one checkpoint `vocoder`.

    weights: .safetensors, or a file of torch.save that holds tensors alone. config: the published
    json or yaml; by default config.json or config.yaml beside the weights. licence: of the weights,
    for the card. Raises EmottsError for a file whose reading would run code, for weights of no
    known vocoder or another configuration, and for a folder that holds another set.
    """
    weights, output = Path(weights), Path(output)
    _check_output(output)
    state = fold_weight_norm(read_tensors(weights))
    kind = _kind_of(state, weights)
    family = FAMILIES[kind]
    settings = read_settings(_config_path(weights, config), family.settings, family.title)
    mel = settings.mel()
    model = fill(family.model(settings), family.own_names(state), weights, family.title)
    tensors = model.state_dict()
    parameters = sum(tensor.numel() for tensor in tensors.values())
    mismatch = _mismatch(weights.name, mel)
    stored = {
        "kind": kind,
        "settings": settings.model_dump(),
        "mel": asdict(mel),
        "source": {"file": weights.name, "sha256": describe(weights).sha256},
    }
    save_checkpoint(output, NAME, tensors, stored, _card(family, weights, mel, mismatch, licence))
    return ImportedVocoder(output, kind, mel, parameters, mismatch)


def load_imported(folder: str | Path) -> tuple[nn.Module, MelConfig]:
    """The vocoder of a folder that `import_vocoder` wrote, and the mel that it reads.

    Returns a frozen network whose forward takes (batch, bands, frames). Raises EmottsError for
    another kind of checkpoint.
    """
    stored = load_checkpoint(folder, NAME)
    kind = stored.config.get("kind")
    if kind not in FAMILIES:
        raise EmottsError(
            f"the vocoder of {folder} is of the kind {kind!r}, not one of {', '.join(FAMILIES)}"
        )
    family = FAMILIES[kind]
    model = family.model(family.settings.model_validate(stored.config["settings"]))
    fill(model, stored.tensors, folder, family.title)
    return model.requires_grad_(False), mel_from(stored.config["mel"])


def _kind_of(state: Mapping[str, Tensor], weights: Path) -> str:
    for kind, family in FAMILIES.items():
        if any(n == family.landmark or n.endswith("." + family.landmark) for n in state):
            return kind
    titles = ", ".join(family.title for family in FAMILIES.values())
    raise EmottsError(f"{weights} holds none of the vocoders that can be imported: {titles}")


def _config_path(weights: Path, config: str | Path | None) -> Path:
    if config is not None:
        return Path(config)
    for name in ("config.json", "config.yaml"):
        if weights.with_name(name).is_file():
            return weights.with_name(name)
    raise EmottsError(
        f"there is no config.json or config.yaml beside {weights}: name the one that was published"
    )


def _check_output(output: Path) -> None:
    """Refuse a folder whose own vocoder, beside other checkpoints, would be replaced."""
    if (output / INDEX).exists():
        others = {Path(name).stem for name in read_index(output).files} - {NAME}
        if others:
            raise EmottsError(
                f"{output} is a set of checkpoints ({', '.join(sorted(others))}): give the "
                "imported vocoder a folder of its own"
            )


def _mismatch(name: str, mel: MelConfig) -> str | None:
    if mel in MELS.values():
        return None
    nearest = min(MELS, key=lambda key: len(mel.differences(MELS[key])))
    differences = ", ".join(mel.differences(MELS[nearest]))
    return f"{name} was trained for other mels than emotts' {nearest} ({differences})"


def _card(
    family: Family, weights: Path, mel: MelConfig, mismatch: str | None, licence: str | None
) -> dict:
    return {
        "summary": f"{family.title}, published weights converted from {weights.name}. "
        f"{mel.n_mels} bands to audio at {mel.sample_rate} Hz."
        + (f" {mismatch}." if mismatch else ""),
        "corpora": ("those of its authors",),
        "licence": licence or UNSTATED,
        "command": f"emotts import-vocoder {weights.name}",
    }
