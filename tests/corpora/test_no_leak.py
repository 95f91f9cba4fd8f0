"""No clip of dev or test, and no held-out speaker, reaches a batch of any task."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from pipeline import ORDER, ROOT

from emotts.corpora.manifest import assert_no_leak, training_rows
from emotts.corpora.store import FeatureStore
from emotts.errors import EmottsError
from emotts.training.config import load_recipe
from emotts.training.run import make_task


class Listener(FeatureStore):
    """A store that notes whose features are read."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.heard: set[int] = set()

    def _slice(self, name, index, *rest):
        self.heard.add(index)
        return super()._slice(name, index, *rest)

    def held_out(self) -> list[str]:
        return [self.utterances[i].id for i in self.heard if self.utterances[i].split != "train"]


@pytest.fixture
def bare(trained, tmp_path):
    """The prepared folder without what tasks have kept beside the features."""
    kept = shutil.ignore_patterns("emotion-*", "priors-*")
    return shutil.copytree(trained.data, tmp_path / "data", ignore=kept, copy_function=os.link)


@pytest.mark.parametrize("task", [*ORDER, "listener", "recording", "guide"])
def test_training_hears_only_the_train_split(bare, trained, task):
    store = Listener(bare)
    overrides = [f"data={bare}", f"run={bare}/runs", f"export={trained.checkpoints}"]
    recipe = load_recipe(ROOT / "recipes" / "debug" / f"{task}.yaml", overrides)
    made = make_task(recipe, store)
    made.modules = made.networks()
    assert store.held_out() == [], "heard while setting up"
    for step in range(20):
        generator = np.random.default_rng([1, step])
        torch.manual_seed(step)
        made.batch(generator)
    assert store.heard and store.held_out() == []
    assert_no_leak([store.utterances[i] for i in store.heard], store.utterances)


def test_emotion_vectors_of_held_out_clips_are_never_made(bare, trained):
    from emotts.training.acoustic.emotions import emotion_vectors

    store = Listener(bare)
    space, vectors = emotion_vectors(store, trained.checkpoints)
    held_out = [i for i, u in enumerate(store.utterances) if u.split != "train"]
    assert not vectors[held_out].any() and vectors[store.select("train")].any()
    assert store.held_out() == []
    again = emotion_vectors(Listener(bare), trained.checkpoints)[1]
    np.testing.assert_array_equal(again, vectors)
    assert set(space.emotions) <= {"neutral"} | {u.emotion for u in store.utterances}


def test_exported_tables_name_no_held_out_speaker(trained, store):
    from emotts.checkpoints import load_checkpoint

    held_out = {u.speaker for u in store.utterances if u.held_out == "speaker"}
    assert held_out
    for name in ("voices", "ser", "prosody", "acoustic"):
        keys = load_checkpoint(trained.checkpoints, name).tensors
        assert not {key for key in keys for speaker in held_out if key.endswith(speaker)}


def test_the_guard_finds_what_is_planted(store):
    rows = training_rows(store.utterances)
    assert_no_leak(rows, store.utterances)
    unseen = next(u for u in store.utterances if u.held_out == "speaker")
    with pytest.raises(EmottsError, match=unseen.id):
        assert_no_leak([*rows, unseen], store.utterances)
    disguised = unseen.model_copy(update={"id": "new", "split": "train", "held_out": ""})
    with pytest.raises(EmottsError, match=f"held-out speaker '{unseen.speaker}'"):
        assert_no_leak([*rows, disguised], store.utterances)
