"""Numbers that are none, and no memory left: a sentence, and a state that goes on."""

import math

import pytest
import torch
from line_task import Line, same, train

from emotts.errors import EmottsError
from emotts.training.loop import STATE_FILE


def test_a_loss_that_is_no_number_stops_with_the_state_before_it(make):
    loop = make(save_every=5)
    loop.task.break_at = 7
    with pytest.raises(EmottsError, match="loss is nan at step 7"):
        train(loop)
    assert torch.load(loop.recipe.run / STATE_FILE, weights_only=True)["step"] == 5
    assert all(torch.isfinite(p).all() for p in loop.raw["line"].parameters())


def test_a_first_loss_that_is_no_number_leaves_the_state_before_it(make):
    loop = make()
    loop.task.break_at = 2
    with pytest.raises(EmottsError, match="at step 2; the state of step 2 is in .*lower learning"):
        train(loop)
    again = make()
    assert again.resume() and again.step == 2
    train(again)
    unbroken = make("unbroken")
    train(unbroken)
    assert same(again.state(), unbroken.state())


def test_a_gradient_that_is_no_number_never_reaches_the_weights(make):
    loop = make()
    loop.raw["line"][0].weight.register_hook(lambda gradient: gradient * math.inf)
    with pytest.raises(EmottsError, match="gradient is not finite at step 0"):
        train(loop)
    assert all(torch.isfinite(p).all() for p in loop.raw["line"].parameters())


@pytest.mark.parametrize(
    "problem",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_no_memory_left_ends_in_a_sentence_and_a_state_that_goes_on(make, monkeypatch, problem):
    loop, loss = make(), Line.loss

    def full(task, batch, step):
        if step == 3:
            raise problem
        return loss(task, batch, step)

    monkeypatch.setattr(Line, "loss", full)
    wanted = (
        "Out of memory at step 3 with batch_size 8; the state of step 3 .*batch_size=4 --set acc"
    )
    with pytest.raises(EmottsError, match=wanted):
        train(loop)
    monkeypatch.setattr(Line, "loss", loss)
    again, unbroken = make(), make("unbroken")
    assert again.resume() and again.step == 3
    train(again)
    train(unbroken)
    assert same(again.state(), unbroken.state())


def test_other_failures_are_not_called_lack_of_memory(make, monkeypatch):
    def broken(task, batch, step):
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(Line, "loss", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        train(make())
