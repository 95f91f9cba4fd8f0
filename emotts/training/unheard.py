"""Give symbols that no recording of a set holds the rows of those that are said most alike.

    python -m emotts.training.unheard runs/checkpoints

What training never met keeps the random row that it began with. The corpora at hand hold neither a
question mark nor an exclamation mark, so that every question was said to the end of its phrase by
chance. Phones of other languages begin as their neighbours too, and a language of its own as the
mean of those that are spoken.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import numpy as np
import torch

from emotts.checkpoints import load_checkpoint, save_checkpoint
from emotts.checkpoints.files import replace_file
from emotts.checkpoints.index import add_to_index
from emotts.synthesis.models import load_models
from emotts.text.symbols import PAD, SYMBOLS
from emotts.training.finetune.new_symbols import known_symbols, start_symbols

COMMAND = "python -m emotts.training.unheard"
CORPORA = ["kathleen", "lj", "nemo", "ravdess"]


def fill(folder: Path) -> dict[str, str]:
    """Fill the rows of content and prosody in place; returns what each symbol begins as."""
    models = load_models(folder, vocoder="griffin-lim")
    heard = known_symbols(models)
    filled, begun = start_symbols(models, set(SYMBOLS) - {PAD}, "other")
    tables = {
        "durations": filled.durations, "energies": filled.energies,
        "heard": np.array([s in heard for s in SYMBOLS]),
    }  # fmt: skip
    _store(folder, "content", filled.content, {})
    _store(folder, "prosody", filled.prosody, tables)
    return begun


def _store(folder: Path, name: str, network: torch.nn.Module, tables: dict) -> None:
    """Write the weights with everything else as it was, the card's figures too."""
    stored, path = load_checkpoint(folder, name), folder / f"{name}.md"
    card = path.read_text(encoding="utf-8")
    tensors = stored.tensors | network.state_dict()
    tensors |= {f"table.{key}": torch.from_numpy(values) for key, values in tables.items()}
    save_checkpoint(folder, name, tensors, stored.config, {"command": "", "corpora": CORPORA})
    if COMMAND not in card:
        card = re.sub(r"(?m)^( {4}emotts train .*)$", rf"\1; {COMMAND}", card)
    counted = re.search(r"(?m)^- weights: .*$", path.read_text(encoding="utf-8"))[0]
    card = re.sub(r"(?m)^- weights: .*$", counted, card)
    replace_file(path, lambda part: part.write_text(card, encoding="utf-8"))
    add_to_index(folder, [path.name])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    for symbol, alike in fill(parser.parse_args().folder).items():
        print(f"{symbol} as {alike}", file=sys.stderr)
