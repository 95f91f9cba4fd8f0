"""What a set begins with where it has never heard a phone."""

import numpy as np
import pytest
import torch

pytest.importorskip("panphon")

from emotts.models.content import ContentEncoder
from emotts.text.symbols import PHONES, SYMBOL_IDS, SYMBOLS
from emotts.training.finetune.new_symbols import (
    AVERAGE,
    known_symbols,
    nearest,
    start_symbols,
    train_rows,
)

ENGLISH = set("abdefhijklmnoprstuvwxzæðŋɐɑɔəɛɜɡɪɹɾʃʊʌʒʔθ")


@pytest.mark.parametrize(
    "symbol, expected",
    [("ɟ", "ɡd"), ("ʂ", "ʃs"), ("y", "uiɪ"), ("ø", "eɔo"), ("ɱ", "mn"), ("β", "bv"), ("ʈ", "t"),
     ("ɭ", "l"), ("ʀ", "rɹɾ"), ("ɸ", "fp"), ("ɝ", "ɜ"), ("ʜ", "xh")],
)  # fmt: skip
def test_the_nearest_phone_is_one_a_phonetician_might_name(symbol, expected):
    assert nearest(symbol, ENGLISH) in expected


def test_every_letter_of_the_table_has_a_nearest_one_of_its_kind():
    from emotts.text.symbols import VOWELS

    bare = [s for s in PHONES if nearest(s, ENGLISH) is None]
    assert set(bare) <= set("ʲʰʷˠˤʼⁿˡᵐᵝ123456789")
    for symbol in PHONES - set(bare):
        assert (nearest(symbol, ENGLISH) in VOWELS) == (symbol in VOWELS)


def test_a_known_phone_is_its_own_nearest_and_pauses_keep_their_strength():
    assert all(nearest(p, ENGLISH) == p for p in ENGLISH)
    assert nearest("?", {".", ",", "a"}) == "." and nearest("…", {",", "a"}) == ","
    assert nearest("?", {"a"}) is None and nearest("a", {"."}) is None


def test_new_rows_begin_as_old_ones_and_old_ones_stay(synthesizer):
    models = synthesizer.models
    known = known_symbols(models)
    assert {"a", "m", " "} <= known and not known & set("øχ3")
    start, begun = start_symbols(models, {"a", "ø", "3", "m"}, "de")
    assert set(begun) == {"ø", "3"} and begun["3"] == AVERAGE and begun["ø"] in known
    row, old = SYMBOL_IDS["ø"], SYMBOL_IDS[begun["ø"]]
    was, now = models.content.embed, start.content.embed
    assert torch.equal(now.phone.weight[row], was.phone.weight[old])
    assert torch.equal(start.prosody.ending.weight[row], models.prosody.ending.weight[old])
    assert start.durations[row] == models.durations[old]
    rest = torch.ones(len(SYMBOLS), dtype=bool)
    rest[[row, SYMBOL_IDS["3"]]] = False
    assert torch.equal(now.phone.weight[rest], was.phone.weight[rest])
    torch.testing.assert_close(now.language.weight[2], was.language.weight[:2].mean(0))
    assert not torch.equal(now.language.weight[2], was.language.weight[2])
    np.testing.assert_array_equal(
        start.durations[: SYMBOL_IDS["a"]], models.durations[: SYMBOL_IDS["a"]]
    )


def test_a_language_that_is_spoken_keeps_its_row(synthesizer):
    models = synthesizer.models
    start, begun = start_symbols(models, {"a"}, "pl")
    assert not begun
    assert torch.equal(start.content.embed.language.weight, models.content.embed.language.weight)


def test_only_the_rows_asked_for_are_trained():
    network = ContentEncoder(dim=8, hidden=16, blocks=1, frame_blocks=1).requires_grad_(False)
    train_rows(network, ["ø"], "de")
    before = {k: v.clone() for k, v in network.state_dict().items()}
    moving = [p for p in network.parameters() if p.requires_grad]
    tables = (network.embed.phone.weight, network.embed.language.weight)
    loss = sum(t.square().sum() for t in tables)
    loss.backward()
    torch.optim.AdamW(moving, 0.1, weight_decay=0.0).step()
    moved = {
        k: v != before[k] for k, v in network.state_dict().items() if not torch.equal(v, before[k])
    }
    assert set(moved) == {"embed.phone.weight", "embed.language.weight"}
    assert moved["embed.phone.weight"].any(1).nonzero().tolist() == [[SYMBOL_IDS["ø"]]]
    assert moved["embed.language.weight"].any(1).nonzero().tolist() == [[2]]
