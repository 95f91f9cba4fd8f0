"""Symbols without a recording begin as those said most alike; all others stay as they were."""

import shutil

import numpy as np
import pytest
import torch

pytest.importorskip("panphon")

from emotts.checkpoints import load_checkpoint, verify
from emotts.synthesis.models import load_models
from emotts.synthesis.synthesizer import Synthesizer
from emotts.text.symbols import PHONES, SYMBOL_IDS
from emotts.training.finetune.new_symbols import known_symbols, start_symbols
from emotts.training.unheard import COMMAND, fill


@pytest.fixture(scope="module")
def filled(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unheard") / "set"
    shutil.copytree(trained.checkpoints, folder)
    return folder, fill(folder)


def test_a_row_of_chance_becomes_that_of_its_like(trained, filled):
    folder, begun = filled
    before, after = load_models(trained.checkpoints), load_models(folder)
    assert begun["?"] == begun["!"] == "." and begun["ø"] in PHONES
    for symbol in ("?", "!", "ø"):
        row, like = SYMBOL_IDS[symbol], SYMBOL_IDS[begun[symbol]]
        for was, now in (
            (before.prosody.ending, after.prosody.ending),
            (before.prosody.phones.phone, after.prosody.phones.phone),
            (before.content.embed.phone, after.content.embed.phone),
        ):
            assert torch.equal(now.weight[row], was.weight[like])
            assert not torch.equal(now.weight[row], was.weight[row])
        assert after.durations[row] == before.durations[like]


def test_what_was_heard_stays_and_is_still_known(trained, filled):
    folder, begun = filled
    known = known_symbols(load_models(trained.checkpoints))
    assert known_symbols(load_models(folder)) == known and not known & set(begun)
    one, other = (
        Synthesizer.from_pretrained(trained.checkpoints),
        Synthesizer.from_pretrained(folder),
    )
    voice = next(iter(one.voices))
    said = [s.synthesize("A man. A man.", voice=voice).samples for s in (one, other)]
    np.testing.assert_array_equal(*said)


def test_the_set_stays_whole_and_the_card_tells_of_it(trained, filled):
    folder, _ = filled
    assert verify(folder)
    was, card = (
        (f / "prosody.md").read_text(encoding="utf-8") for f in (trained.checkpoints, folder)
    )
    assert COMMAND in card and COMMAND not in was
    assert was.split("## Recordings")[1].split("## Training")[0] in card
    for name in ("content", "prosody"):
        assert (
            load_checkpoint(folder, name).config
            == load_checkpoint(trained.checkpoints, name).config
        )


def test_a_second_time_changes_nothing(filled):
    folder, begun = filled
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert fill(folder) == begun
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_tuning_to_a_language_adds_its_symbols_to_the_heard(trained, filled):
    models = load_models(filled[0])
    known = known_symbols(models)
    start, begun = start_symbols(models, {"a", "ø"}, "de")
    assert set(begun) == {"ø"} and known_symbols(start) == known | {"ø"}
    start, _ = start_symbols(load_models(trained.checkpoints), {"a", "ø"}, "de")
    assert start.heard is None
