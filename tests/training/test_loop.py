"""The loop's promises, on a task of four weights: exact resume, safe stops."""

import signal

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from line_task import Line, Writer, same, train

from emotts.checkpoints import save_checkpoint
from emotts.errors import EmottsError
from emotts.training.config import Recipe
from emotts.training.loop import STATE_FILE, learning_rate_factor


@pytest.mark.parametrize("stop", [0, 4, 10])
def test_resume_equals_no_stop_bit_for_bit(make, stop):
    unbroken = make("unbroken")
    train(unbroken)
    first = make("broken")
    first.task.stop_at = stop
    train(first)
    assert first.step == stop + 1
    second = make("broken")
    assert second.resume() and second.step == stop + 1
    train(second)
    assert same(second.state(), unbroken.state())
    assert same(second.export(), unbroken.export())


def test_a_signal_ends_the_step_saves_and_gives_the_handlers_back(make):
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    loop = make()
    loop.task.stop_at = 5
    train(loop)
    assert loop.step == 6 and loop.stop_asked
    state = torch.load(loop.recipe.run / STATE_FILE, weights_only=True)
    assert state["step"] == 6 and same(state["modules"]["line"], loop.raw["line"].state_dict())
    assert [p.name for p in loop.recipe.run.iterdir()] == [STATE_FILE]
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


def test_a_save_that_was_cut_short_harms_nothing(make):
    loop = make(steps=3)
    train(loop)
    (loop.recipe.run / "state.part").write_bytes(b"half a fi")
    again = make(steps=3)
    assert again.resume() and same(again.state(), loop.state())


def test_there_is_nothing_to_resume_at_first(make):
    assert not make().resume()


def test_a_state_of_another_model_is_refused(make):
    train(make(steps=2))
    with pytest.raises(EmottsError, match="of another model; use --restart or another --run"):
        make(steps=2, model={"width": 5}).resume()


def test_a_new_run_may_begin_with_weights_of_a_checkpoint(make, tmp_path):
    first = make(steps=5)
    train(first)
    tensors, config, _ = first.export()
    card = {"command": "emotts train line.yaml", "corpora": ["kathleen"]}
    save_checkpoint(tmp_path / "set", "line", tensors, {"kind": "line", **config}, card)
    second = make("other", start=tmp_path / "set")
    torch.testing.assert_close(second.export()[0], tensors, rtol=1e-3, atol=1e-3)  # half precision
    with pytest.raises(EmottsError, match="line in .* does not fit the recipe's line"):
        make("third", start=tmp_path / "set", model={"width": 5})


def test_batches_of_a_step_are_averaged_whoever_sees_them(make, monkeypatch):
    """Two batches after one another move the weights as their join does; dropout is off."""
    drawn = []

    def batch(task, generator):
        x = generator.normal(size=(8, 3)).astype(np.float32)
        drawn.append(x)
        return {"x": torch.from_numpy(x), "y": torch.from_numpy(x.sum(1, keepdims=True))}

    monkeypatch.setattr(Line, "batch", batch)
    parts = make("parts", steps=3, accumulate=2, log_every=1)
    parts.raw["line"].eval()
    first = train(parts)
    assert len(drawn) == 6 and not np.array_equal(drawn[0], drawn[1])
    joined = iter([np.concatenate(drawn[i : i + 2]) for i in (0, 2, 4)])

    def join(task, generator):
        x = next(joined)
        return {"x": torch.from_numpy(x), "y": torch.from_numpy(x.sum(1, keepdims=True))}

    monkeypatch.setattr(Line, "batch", join)
    whole = make("whole", steps=3, log_every=1)
    whole.raw["line"].eval()
    second = train(whole)
    assert [row[1] for row in first] == pytest.approx([row[1] for row in second], rel=1e-5)
    for a, b in zip(parts.raw["line"].parameters(), whole.raw["line"].parameters(), strict=True):
        torch.testing.assert_close(a, b)


def test_the_progress_line_tells_speed_and_memory(make):
    told, loop = [], make(accumulate=2)
    loop.run(Writer(), lambda step, logs, left: told.append(logs))
    assert [set(logs) for logs in told] == [{"loss", "items/s", "GB"}] * 3
    assert all(logs["items/s"] > 0 and 0.05 < logs["GB"] < 1000 for logs in told)


def test_logs_are_means_since_the_last_and_time_left_runs_out(make):
    loop, told = make(), []
    writer = Writer()
    loop.run(writer, lambda step, logs, left: told.append((step, logs["loss"], left)))
    assert [row[0] for row in told] == [4, 8, 12]
    assert [(name, step) for name, _, step in writer] == [("train/loss", s) for s in (4, 8, 12)]
    every = make("single", log_every=1)
    single = train(every)
    assert writer[1][1] == pytest.approx(np.mean([row[1] for row in single[4:8]]))
    assert told[-1][2] == 0 and told[0][2] > 0


def test_validation_sees_averaged_weights_at_rest(make):
    loop = make(validate_every=6)
    writer = train(loop)
    figures = [row for row in writer if row[0] == "dev/weight"]
    assert [row[2] for row in figures] == [6, 12]
    assert loop.task.modes == [False, False] and loop.raw["line"].training
    assert figures[-1][1] == float(loop.average.shadow["line.0.weight"][0, 0])
    assert figures[-1][1] != loop.raw["line"][0].weight[0, 0].item()
    exported, _, _ = loop.export()
    assert torch.equal(exported["0.weight"], loop.average.shadow["line.0.weight"])


def test_validation_does_not_change_what_is_learnt(make):
    often, never = make("often", validate_every=2), make("never")
    train(often)
    train(never)
    assert same(often.state(), never.state())


def test_minutes_end_a_run_that_can_go_on(make):
    loop = make(minutes=1e-9)
    train(loop)
    assert loop.step == 1
    more = make()
    assert more.resume()
    train(more)
    assert more.step == 12


def test_large_gradients_are_clipped_to_their_limit(make):
    loop = make(gradient_clip=0.01, steps=1)
    train(loop)
    norm = torch.stack([p.grad.norm() for p in loop.raw["line"].parameters()]).norm()
    assert norm == pytest.approx(0.01, rel=1e-3)


def schedule(**settings) -> Recipe:
    return Recipe(task="a", name="a", run="a", batch_size=1, **settings)


def test_the_schedule_warms_up_stays_and_falls_to_its_end():
    recipe = schedule(steps=1000, warmup=10, decay_from=0.5, final_rate=0.1)
    assert learning_rate_factor(recipe, 0) == pytest.approx(0.1)
    assert learning_rate_factor(recipe, 9) == learning_rate_factor(recipe, 500) == 1.0
    assert learning_rate_factor(recipe, 750) == pytest.approx(0.55)
    assert learning_rate_factor(recipe, 999) == pytest.approx(0.1, abs=0.002)
    assert learning_rate_factor(recipe, 1000) == pytest.approx(0.1)
    assert learning_rate_factor(recipe, 5000) == learning_rate_factor(recipe, 1000)


@given(st.integers(1, 300), st.integers(0, 100), st.floats(0, 1), st.floats(0, 1))
def test_the_rate_never_rises_after_warm_up_nor_leaves_its_range(steps, warmup, start, final):
    recipe = schedule(steps=steps, warmup=warmup, decay_from=start, final_rate=final)
    rates = [learning_rate_factor(recipe, s) for s in range(steps + 1)]
    assert 0 <= min(rates) and max(rates) <= 1
    assert all(b <= a + 1e-12 for a, b in zip(rates[warmup:], rates[warmup + 1 :], strict=False))


def test_the_schedule_reaches_the_optimizer(make):
    loop = make(learning_rate=0.5, steps=8, warmup=1, decay_from=0.5, final_rate=0.2)
    train(loop)
    (group,) = loop.optimizers["all"].param_groups
    assert group["lr"] == pytest.approx(0.5 * (1 - 0.8 * 3 / 4))
