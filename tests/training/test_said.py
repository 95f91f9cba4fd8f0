"""Words are heard in mels by their phones at any level, and gradients reach what was made."""

import pytest
import torch

from emotts.models.listener import PhoneListener
from emotts.text.symbols import SYMBOLS
from emotts.training.said import said

PAIRS = 24


@pytest.fixture(scope="module")
def spoken():
    """Mels of two clips whose phones are bands of their own, and an ear that learnt them."""
    torch.manual_seed(0)
    phones = torch.randint(0, 5, (2, PAIRS))
    mel = torch.full((2, PAIRS, 2, 80), -3.0)
    for clip in range(2):
        for pair, phone in enumerate(phones[clip]):
            mel[clip, pair, :, 16 * phone : 16 * phone + 16] = 1.0
    mel = mel.reshape(2, PAIRS, 160)
    ear = PhoneListener(16, 32, 1, dropout=0.0)
    optimizer = torch.optim.Adam(ear.parameters(), 1e-2)
    for _ in range(120):
        optimizer.zero_grad()
        said(ear, mel, phones, torch.ones(2, PAIRS, 1)).backward()
        optimizer.step()
    return ear.requires_grad_(False), mel, phones


def test_phones_that_are_said_cost_less_than_others(spoken):
    ear, mel, phones = spoken
    mask = torch.ones(2, PAIRS, 1)
    right, wrong = said(ear, mel, phones, mask), said(ear, mel, (phones + 1) % 5, mask)
    assert right < 0.3 < 3 < wrong


def test_what_counts_more_is_heard_more(spoken):
    ear, mel, phones = spoken
    mask, counts, wanted = torch.ones(2, PAIRS, 1), torch.ones(2, PAIRS, 1), phones.clone()
    wanted[:, 5] = (phones[:, 5] + 1) % 5  # one pair of each clip is another phone than meant
    counts[:, 5] = 10.0
    found = []
    for given in (1.0, counts):
        torch.manual_seed(1)
        found.append(said(ear, mel, wanted, mask, given))
    assert found[1] > 4 * found[0]


def test_level_and_what_lies_behind_the_mask_say_nothing(spoken):
    ear, mel, phones = spoken
    mask = torch.ones(2, PAIRS, 1)
    mask[1, 16:] = 0
    found = []
    for change in (0.0, 4.0):
        torch.manual_seed(1)
        other = mel + change
        other[1, 16:] = change
        found.append(said(ear, other, phones, mask))
    torch.testing.assert_close(found[0], found[1], atol=1e-4, rtol=1e-4)


def test_a_mel_can_be_moved_until_it_says_something_else(spoken):
    ear, mel, phones = spoken
    mask, wanted = torch.ones(2, PAIRS, 1), (phones + 1) % 5
    mask[1, 16:] = 0
    made = mel.clone().requires_grad_(True)
    optimizer = torch.optim.Adam([made], 0.1)
    first = said(ear, made, wanted, mask).item()
    for _ in range(60):
        optimizer.zero_grad()
        loss = said(ear, made, wanted, mask)
        loss.backward()
        assert made.grad[1, 16:].abs().max() == 0
        optimizer.step()
    assert loss.item() < 0.5 * first
    assert PhoneListener(16, 32, 1)(mel).shape == (2, PAIRS, len(SYMBOLS))
