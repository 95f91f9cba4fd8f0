"""What a clip's statistics tell of a speaker is taken from its content, and the words are left."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from emotts.checkpoints import load_checkpoint
from emotts.corpora.store import FeatureStore
from emotts.models.recording import RecordingContent, heard_mel, loud_pairs, statistics
from emotts.synthesis.networks import build
from emotts.training.traces import erasure, fits, main


def planted(seed: int = 0, count: int = 600):
    """Statistics (count, 12) with speakers and emotions in a few directions, and their labels."""
    g = np.random.default_rng(seed)
    who, how = g.integers(0, 4, count), g.integers(0, 3, count)
    x = g.normal(size=(count, 12)) @ np.diag(np.linspace(0.5, 2, 12))
    plant = np.random.default_rng(99)
    return x + plant.normal(size=(4, 12))[who] + plant.normal(size=(3, 12))[how], who, how


def accuracy(x: np.ndarray, y: np.ndarray) -> float:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score

    return cross_val_score(LogisticRegression(max_iter=500), x, y, cv=4).mean()


def test_planted_labels_are_no_longer_told_and_the_rest_stays():
    x, who, how = planted()
    found, taken = erasure(x, [who, how], np.cov(x.T))
    assert found.shape == (5, 12) and taken.shape == (12, 5)  # 3 + 2 independent directions
    fresh, who, how = planted(seed=1)
    silent = fresh - (fresh - x.mean(axis=0)) @ (taken @ found).T
    assert accuracy(fresh, who) > 0.5 and accuracy(silent, who) < 0.3
    assert accuracy(fresh, how) > 0.5 and accuracy(silent, how) < 0.4
    assert np.linalg.matrix_rank(silent - silent.mean(axis=0)) == 12 - 5


def test_erasing_twice_changes_nothing_more():
    x, who, how = planted()
    found, taken = erasure(x, [who, how], np.cov(x.T))
    once = x - (x - x.mean(axis=0)) @ (taken @ found).T
    np.testing.assert_allclose(once - (once - x.mean(axis=0)) @ (taken @ found).T, once, atol=1e-9)


def test_half_of_the_clips_are_left_for_measuring():
    ids = [f"ravdess/actor01/03-01-{a:02d}-{b:02d}" for a in range(20) for b in range(20)]
    assert 0.4 < np.mean([fits(i) for i in ids]) < 0.6
    # published figures rest on this choice: it must not move
    assert [int(fits(i)) for i in ids[:8]] == [0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.slow
def test_the_encoder_of_a_set_forgets_what_it_was_fitted_to(trained, tmp_path):
    folder = tmp_path / "set"
    shutil.copytree(trained.checkpoints, folder)
    folders = replace(trained, runs=tmp_path / "runs", checkpoints=folder)
    folders.train("recording", "steps=2")
    plain = load_checkpoint(folder, "recording")
    main([str(folder), "--data", str(trained.data)])
    stored = load_checkpoint(folder, "recording")
    assert stored.config["traces"] == len(stored.tensors["trace_found"]) > 0
    assert "emotts.training.traces" in (folder / "recording.md").read_text(encoding="utf-8")
    before = build(RecordingContent, plain.config, plain.tensors)
    after = build(RecordingContent, stored.config, stored.tensors)
    store = FeatureStore(trained.data)
    found, centre = stored.tensors["trace_found"], stored.tensors["trace_centre"]
    row = next(i for i, u in enumerate(store.utterances) if u.corpus == "ravdess" and fits(u.id))
    mel = heard_mel(torch.from_numpy(np.array(store.mel(row))))
    mel = mel[: len(mel) // 2 * 2].reshape(-1, 160)
    spoken = loud_pairs(mel, torch.ones(len(mel), dtype=torch.bool))
    told = [
        (found @ (statistics(n(mel[None])[0][spoken]) - centre)).norm() for n in (before, after)
    ]
    assert told[1] < told[0]
    main([str(folder), "--data", str(trained.data)])  # fitted to the bare network, not to itself
    again = load_checkpoint(folder, "recording")
    assert torch.equal(again.tensors["trace_found"], found)
