"""Every corpus's recipe loads, learns from that corpus, and keeps its results to itself."""

from pathlib import Path

import pytest
import yaml

from emotts.corpora.registry import CORPORA
from emotts.training.config import load_recipe

RECIPES = Path(__file__).resolve().parents[2] / "recipes"
FOR_TESTING_ONLY = {"emonet"}
FILES = [f for name in CORPORA for f in sorted((RECIPES / name).glob("*.yaml"))]
SMALL = [f for f in FILES if f.parent.name != "esd"]  # that one is of full size


def test_every_corpus_to_train_on_has_a_recipe():
    assert {f.parent.name for f in FILES} >= set(CORPORA) - FOR_TESTING_ONLY
    assert not {f.parent.name for f in FILES} & FOR_TESTING_ONLY


@pytest.mark.parametrize("file", SMALL, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_recipe_loads_and_overrides_only_what_differs(file):
    recipe = load_recipe(file)
    own = yaml.safe_load(file.read_text(encoding="utf-8"))
    base = load_recipe((file.parent / own["extends"]).resolve())
    for key in own.keys() - {"extends", "options", "model"}:
        assert getattr(recipe, key) != getattr(base, key), f"{key} is as in the base"
