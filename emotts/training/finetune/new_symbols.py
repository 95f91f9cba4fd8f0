"""Phones that a set has never heard begin as the ones that it knows and that are said most alike.

Likeness is the weighted distance of articulatory features, by `panphon` (Mortensen et al. 2016,
"PanPhon: A Resource for Mapping IPA Segments to Articulatory Feature Vectors").
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.util import find_spec

import numpy as np
import torch
from torch import nn

from emotts.errors import EmottsError
from emotts.models.content import PhoneEmbedding
from emotts.synthesis.models import SynthesisModels
from emotts.text.symbols import LANGUAGES, PHONES, SYMBOL_IDS, SYMBOLS, VOWELS, language_id

# Letters that panphon's table lacks, and liquids that its features set beside h and j, as the
# letters that are said most alike; pauses by their strength. Tones and modifiers have no
# articulation of their own to compare.
ALIKE = {
    "ɚ": "ə", "ɝ": "ɜ", "ᵻ": "ɨ", "ⱱ": "v", "ʜ": "χ", "ʢ": "ʕ", "ʡ": "ʔ",
    "ʀ": "r", "ɭ": "l", "ʟ": "l", "ɻ": "ɹ", "ʋ": "v",
}  # fmt: skip
PAUSES_ALIKE = {"?": ".", "!": ".", "…": "—", "—": ",", ";": ",", ":": ",", '"': ",", ".": ","}
AVERAGE = "the average phone"


def known_symbols(models: SynthesisModels) -> set[str]:
    """Symbols that the set was trained on: as it says, or those whose duration it has measured."""
    if models.heard is not None:
        return {s for s, heard in zip(SYMBOLS, models.heard, strict=True) if heard}
    unheard = models.durations[-1]
    return {s for s, size in zip(SYMBOLS, models.durations, strict=False) if size != unheard}


@cache
def _features(phone: str) -> np.ndarray | None:
    """Articulatory features of a phone, each from −1 to 1, by their weight; None if it has none."""
    found = _table().word_to_vector_list(ALIKE.get(phone, phone), numeric=True)
    weights = np.array(_table().weights)  # the last features, of tone, have none
    return np.array(found[0])[: len(weights)] * weights if len(found) == 1 else None


@cache
def _table():
    if find_spec("panphon") is None:
        raise EmottsError(
            "a new language needs panphon, which is not installed: pip install 'emotts[train]'"
        )
    import panphon

    return panphon.FeatureTable()


def nearest(symbol: str, known: Iterable[str]) -> str | None:
    """The known symbol that is said most like another one; None where nothing compares.

    A vowel is compared with vowels and a consonant with consonants, as long as some are known.
    """
    known = sorted(known, key=SYMBOL_IDS.__getitem__)
    if symbol not in PHONES:
        while symbol in PAUSES_ALIKE:
            symbol = PAUSES_ALIKE[symbol]
            if symbol in known:
                return symbol
        return None
    for same in (symbol, ALIKE.get(symbol)):
        if same in known:
            return same
    mine = _features(symbol)
    others = [(p, _features(p)) for p in known if p in PHONES]
    others = [(p, f) for p, f in others if f is not None]
    if mine is None or not others:
        return None
    alike = [(p, f) for p, f in others if (p in VOWELS) == (symbol in VOWELS)] or others
    return min(alike, key=lambda pair: np.abs(pair[1] - mine).sum())[0]


def start_symbols(
    models: SynthesisModels, used: Iterable[str], language: str
) -> tuple[SynthesisModels, dict[str, str]]:
    """A set whose networks and tables have rows for all symbols that are used, and for a language.

    Returns the set, with networks of its own, and for each new symbol what it begins as. The row
    of a language that no voice speaks begins as the mean of those that some voice does.
    """
    known = known_symbols(models)
    begun = {s: nearest(s, known) or AVERAGE for s in sorted(set(used) - known)}
    models = replace(
        models, content=copy.deepcopy(models.content), prosody=copy.deepcopy(models.prosody),
        durations=models.durations.copy(), energies=models.energies.copy(),
    )  # fmt: skip
    if models.heard is not None:
        models = replace(models, heard=np.array([s in known or s in begun for s in SYMBOLS]))
    average = [SYMBOL_IDS[s] for s in sorted(known & PHONES)]
    rows = {
        SYMBOL_IDS[s]: [SYMBOL_IDS[old]] if old in SYMBOL_IDS else average
        for s, old in begun.items()
    }
    for table in (models.durations, models.energies):
        for row, old in rows.items():
            table[row] = table[old].mean()
    with torch.no_grad():
        for table in phone_tables(models.content) + phone_tables(models.prosody):
            for row, old in rows.items():
                table.weight[row] = table.weight[old].mean(0)
        spoken = sorted({language_id(v.language) for v in models.voices.values()})
        new = language_id(language)
        if new not in spoken and spoken:
            for table in language_tables(models.content) + language_tables(models.prosody):
                table.weight[new] = table.weight[spoken].mean(0)
    return models, begun


def phone_tables(network: nn.Module) -> list[nn.Embedding]:
    """All tables of a network with a row a symbol."""
    found = [m for m in network.modules() if isinstance(m, nn.Embedding)]
    return [m for m in found if m.num_embeddings == len(SYMBOLS)]


def language_tables(network: nn.Module) -> list[nn.Embedding]:
    """All tables of a network with a row a language."""
    return [m.language for m in network.modules() if isinstance(m, PhoneEmbedding)]


def train_rows(network: nn.Module, symbols: Iterable[str], language: str) -> None:
    """Let only the rows of some symbols and of one language be trained in a network's tables."""
    ids = sorted(SYMBOL_IDS[s] for s in symbols)
    for tables, rows in (
        (phone_tables(network), ids), (language_tables(network), [language_id(language)]),
    ):  # fmt: skip
        for table in tables:
            mask = torch.zeros(table.num_embeddings, 1)
            mask[rows] = 1.0
            table.weight.requires_grad_(True)
            table.weight.register_hook(lambda grad, mask=mask: grad * mask.to(grad.device))


def is_new_language(language: str) -> bool:
    """True for a language without a row of its own among those that ship."""
    return language_id(language) == LANGUAGES["other"]
