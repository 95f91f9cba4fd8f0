"""Old lines: all voices, all phones of the languages that ship, the same every time."""

import numpy as np
import pytest
import torch

from emotts.synthesis.models import load_models
from emotts.text.phonemes import phonemize
from emotts.text.symbols import PHONES
from emotts.training.finetune.said import LINES, SaidLines, content_batch, prosody_batch, say_lines

RARE = {"ɣ", "ç", "ʔ"}  # of hemoglobin-like words and exclamations


@pytest.fixture(scope="module")
def lines(synthesizer):
    return say_lines(synthesizer.models, 6)


def test_lines_hold_the_phones_that_the_set_that_ships_knows():
    pytest.importorskip("panphon")
    from emotts.training.finetune.new_symbols import known_symbols

    said = {
        s for name, code in (("en", "en-us"), ("pl", "pl")) for text in LINES[name]
        for s in phonemize(text, code)
    }  # fmt: skip
    known = known_symbols(load_models(vocoder="griffin-lim"))
    assert known & PHONES - said <= RARE


def test_the_same_lines_every_time_by_several_voices(synthesizer, lines):
    again = say_lines(synthesizer.models, 6)
    for one, two in zip(lines, again, strict=True):
        np.testing.assert_array_equal(one.target, two.target)
        np.testing.assert_array_equal(one.tokens, two.tokens)
    assert len({line.speaker.tobytes() for line in lines}) > 1
    assert len({line.emotion.tobytes() for line in lines}) > 1
    assert all((line.durations >= 1).all() for line in lines)


def test_batches_are_what_the_networks_take(synthesizer, lines):
    models = synthesizer.models
    whole = models.content(**content_batch(lines[:3]))[0]
    alone = models.content(**content_batch(lines[:1]))[0]
    size = int(lines[0].durations.sum())
    torch.testing.assert_close(whole[0, :size], alone[0, :size], atol=1e-4, rtol=1e-3)
    batch = prosody_batch(lines[:3])
    target = batch.pop("target")
    answered = models.prosody(target, torch.full((3,), 0.5), **batch)
    assert answered.shape == target.shape


def test_what_is_drawn_depends_on_the_generator_alone(synthesizer):
    made = SaidLines(synthesizer.models, 4, 3, "content")
    first, again = (made.batch(np.random.default_rng(1)) for _ in range(2))
    assert all(torch.equal(first[k], again[k]) for k in first)
