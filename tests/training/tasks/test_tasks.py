"""What every task must hold to, and what is particular to some."""

import numpy as np
import pytest
import torch
from pipeline import ORDER, ROOT

from emotts.training.config import load_recipe
from emotts.training.run import make_task
from emotts.training.tasks.content import pad
from emotts.training.tasks.ser import concordance


@pytest.fixture(scope="module")
def task(trained, store):
    """Makes a task on the tiny corpus, its networks built: task("ser", "batch_size=16")."""

    def make(name: str, *overrides: str):
        given = [f"run={trained.runs}/none", f"export={trained.checkpoints}", *overrides]
        recipe = load_recipe(ROOT / "recipes" / "debug" / f"{name}.yaml", given)
        made = make_task(recipe, store)
        torch.manual_seed(0)
        made.modules = made.networks()
        return made

    return make


def draw(made, seed: int = 0) -> dict[str, torch.Tensor]:
    torch.manual_seed(seed)
    return made.batch(np.random.default_rng(seed))


@pytest.mark.parametrize("name", ORDER)
def test_a_batch_is_a_function_of_its_generator(task, name):
    first, again, other = (draw(task(name), seed) for seed in (0, 0, 1))
    assert all(torch.equal(first[k], again[k]) for k in first)
    assert any(
        first[k].shape != other[k].shape or not torch.equal(first[k], other[k]) for k in first
    )
    assert all(torch.isfinite(v.float()).all() for v in first.values())


@pytest.mark.parametrize("name", [*(n for n in ORDER if n != "vocoder"), "listener"])
def test_a_batch_seen_again_and_again_is_learnt(task, name):
    made = task(name)
    for module in made.modules.values():
        module.eval()  # without dropout: only the weights may explain it
    batch = draw(made)
    parameters = [p for m in made.modules.values() for p in m.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(parameters, 1e-2)
    losses = []
    for _ in range(40):
        torch.manual_seed(0)
        loss, logs = made.loss(batch, 0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert all(np.isfinite(v) for v in logs.values())
    assert losses[-1] < 0.9 * losses[0]


@pytest.mark.parametrize(("name", "whole"), [("content", "prior"), ("acoustic", "flow")])
def test_frames_about_a_release_outweigh_the_others(task, name, whole):
    made = task(name)
    for module in made.modules.values():
        module.eval()
    batch = draw(made)
    assert (batch["weight"] >= batch["mask" if name == "acoustic" else "pair_mask"]).all()
    batch["weight"][:] = 1.0
    batch["weight"][:, 3:5] = 1e6  # as if stops opened there in every clip
    torch.manual_seed(0)
    logs = made.loss(batch, 0)[1]
    assert logs[whole] == pytest.approx(logs["stops"], rel=1e-3)
    batch["weight"][:, 3:5] = 1.0
    torch.manual_seed(0)
    plain = made.loss(batch, 0)[1]
    assert plain["stops"] == 0 and plain[whole] != pytest.approx(logs[whole], rel=1e-3)


def test_long_steps_learn_releases_without_a_listener(task, tmp_path):
    asked = (f"run={tmp_path}", "options.said_weight=0")
    plain, told = (task("shortcut", *asked, f"options.released_weight={w}") for w in (0, 2))
    batch = draw(told)
    batch["weight"][:, 3:5] = 8.0
    found = []
    for made in (plain, told):
        made.modules["decoder"].load_state_dict(plain.modules["decoder"].state_dict())
        torch.manual_seed(0)
        found.append(made.loss(batch, 0))
    assert "released" not in found[0][1] and "said" not in found[1][1]
    more = found[1][0] - found[0][0]
    assert more.item() == pytest.approx(2 * found[1][1]["released"], rel=1e-4) and more > 0


@pytest.mark.parametrize("step, updated", [(0, ["vocoder"]), (2, ["vocoder", "critics"])])
def test_critics_begin_when_asked_and_teach_the_vocoder_alone(task, step, updated):
    """Critics judge from step 1, the vocoder listens from step 2; neither moves the other."""
    made = task("vocoder")
    seen = []

    def update(name, loss):
        for module in made.modules.values():
            module.zero_grad()
        loss.backward()
        moved = {
            k for k, m in made.modules.items()
            if any(p.grad is not None and p.grad.abs().sum() > 0 for p in m.parameters())
        }  # fmt: skip
        seen.append((name, moved))

    made.train_step(draw(made), step, update)
    assert seen == [(name, {name}) for name in updated]


def test_ser_batches_open_every_group_with_the_speakers_neutral(task, store):
    made = task("ser", "batch_size=16")
    batch = draw(made)
    speakers, category = batch["speaker"].reshape(4, 4), batch["category"].reshape(4, 4)
    assert (speakers == speakers[:, :1]).all() and len(speakers[:, 0].unique()) == 4
    assert (category[:, :2] == 0).all()
    assert (batch["level"][batch["category"] == 0] == 0).all()
    polish = torch.tensor([made.corpus[made.names[s]] == "nemo" for s in batch["speaker"]])
    assert torch.equal(batch["six"], polish)


def test_ser_offsets_of_neutral_speech_cancel(task, store):
    made = task("ser")
    rows = store.select("train", ["ravdess"])
    with torch.no_grad():
        _, offsets, found = made.offsets(rows)
    for name in {u.speaker for u in found}:
        calm = torch.tensor([u.speaker == name and u.emotion == "neutral" for u in found])
        assert offsets[calm].mean(0).abs().max() < 1e-5


def test_pretraining_hides_whole_spans_of_about_the_asked_share(task):
    made = task("encoder", "batch_size=40")
    hide = draw(made)["hide"].numpy()
    assert 0.25 < hide.mean() < 0.5
    for row in hide:
        edges = np.flatnonzero(np.diff(np.r_[0, row.astype(int), 0]))
        sizes, ends = edges[1::2] - edges[::2], edges[1::2]
        assert all(s >= 8 or e == len(row) for s, e in zip(sizes, ends, strict=True))


def test_concordance_is_lins():
    a = torch.tensor([[1.0, 1], [2, 5], [3, 3], [6, 2]])
    torch.testing.assert_close(concordance(a, a), torch.ones(2), atol=1e-5, rtol=0)
    centred = a - a.mean(0)
    torch.testing.assert_close(concordance(centred, -centred), -torch.ones(2), atol=1e-5, rtol=0)
    variance = a.var(0, unbiased=False)
    expected = 2 * variance / (2 * variance + 4)  # shifted by 2: the square stands below
    torch.testing.assert_close(concordance(a + 2, a), expected, atol=1e-5, rtol=0)


def test_padding_is_zeros_at_the_end():
    found = pad([np.array([[1.0]]), np.array([[2.0], [3.0]])])
    assert found.tolist() == [[[1.0], [0.0]], [[2.0], [3.0]]]
