from pathlib import Path

import pytest

from emotts.errors import EmottsError
from emotts.training.config import Recipe, load_recipe

RECIPES = Path(__file__).resolve().parents[2] / "recipes"
MINIMUM = "task: speaker\nname: speaker\nrun: runs/x\nsteps: 10\nbatch_size: 2\n"


@pytest.fixture
def recipe(tmp_path):
    """Writes a recipe file and returns its path."""

    def write(text: str, name: str = "recipe.yaml") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


@pytest.mark.parametrize(
    "path", sorted(RECIPES.rglob("*.yaml")), ids=lambda p: f"{p.parent.name}/{p.stem}"
)
def test_every_recipe_we_ship_is_valid(path):
    assert load_recipe(path).name


def test_a_recipe_overrides_only_what_differs(recipe):
    recipe(MINIMUM + "model: {dim: 8, hidden: 16}\noptions: {frames: 10}\n", "base.yaml")
    found = load_recipe(recipe("extends: base.yaml\nsteps: 3\nmodel: {dim: 4}\n"))
    assert found.steps == 3 and found.batch_size == 2
    assert found.model == {"dim": 4, "hidden": 16} and found.options == {"frames": 10}


def test_settings_from_the_command_line_reach_inside_and_keep_their_type(recipe):
    path = recipe(MINIMUM + "model: {dim: 8}\n")
    found = load_recipe(
        path, ["steps=7", "model.blocks=2", "options.pretrained=null", "corpora=[a, b]",
               "learning_rate=1.0e-4", "data=some/where"],
    )  # fmt: skip
    assert found.steps == 7 and found.model == {"dim": 8, "blocks": 2}
    assert found.options == {"pretrained": None} and found.corpora == ["a", "b"]
    assert found.learning_rate == 1e-4 and found.data == Path("some/where")
    assert load_recipe(path, ["steps=1", "steps=2"]).steps == 2


@pytest.mark.parametrize(
    "change, named",
    [
        ("stepz=3", "stepz"),
        ("steps=0", "steps: .*greater than 0"),
        ("steps=many", "steps: .*integer"),
        ("batch_size=-1", "batch_size"),
        ("betas=[0.9]", "betas"),
        ("model=8", "model: .*dictionary"),
        ("corpora=nemo", "corpora: .*list"),
        ("minutes=soon", "minutes"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(recipe, change, named):
    with pytest.raises(EmottsError, match=f"recipe.yaml is wrong at .*{named}"):
        load_recipe(recipe(MINIMUM), [change])


def test_every_wrong_setting_is_named_at_once(recipe):
    with pytest.raises(EmottsError, match="batch_size: .*; .*speed"):
        load_recipe(recipe("task: a\nname: a\nrun: a\nsteps: 1\nspeed: 2\n"))


def test_what_is_no_override(recipe):
    with pytest.raises(EmottsError, match="key=value, not 'steps'"):
        load_recipe(recipe(MINIMUM), ["steps"])


@pytest.mark.parametrize(
    "text, message",
    [("- a\n- b\n", "mapping"), ("", "mapping"), ("steps: [1\n", "not valid YAML"),
     ("extends: elsewhere.yaml\n", "elsewhere.yaml cannot be read")],
)  # fmt: skip
def test_files_that_are_no_recipes(recipe, text, message):
    with pytest.raises(EmottsError, match=message):
        load_recipe(recipe(text))


def test_a_missing_file(tmp_path):
    with pytest.raises(EmottsError, match="nowhere.yaml cannot be read"):
        load_recipe(tmp_path / "nowhere.yaml")


def test_recipes_do_not_share_their_tables():
    one, other = (Recipe(task="a", name="a", run="a", steps=1, batch_size=1) for _ in "ab")
    one.model["dim"] = 3
    assert other.model == {}
