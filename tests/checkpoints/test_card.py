import pytest
import torch

from emotts.checkpoints import ModelCard, save_checkpoint
from emotts.checkpoints.card import render, weights_licence
from emotts.errors import EmottsError


def card(*corpora, **more):
    return ModelCard(summary="A model.", corpora=corpora, command="emotts train a.yaml", **more)


@pytest.mark.parametrize(
    "corpora, licence",
    [
        (("kathleen", "lj"), "Apache-2.0"),
        ((), "Apache-2.0"),
        (("ravdess",), "CC BY-NC-SA 4.0"),
        (("kathleen", "nemo"), "CC BY-NC-SA 4.0"),
    ],
)
def test_the_licence_follows_the_recordings(corpora, licence):
    assert weights_licence(card(*corpora)) == licence


def test_share_alike_cannot_be_overruled():
    assert weights_licence(card("ravdess", "mine", licence="MIT")) == "CC BY-NC-SA 4.0"


def test_an_unknown_corpus_needs_a_licence():
    with pytest.raises(EmottsError, match="mine is not known.*kathleen, lj, ravdess, nemo"):
        weights_licence(card("lj", "mine"))
    assert weights_licence(card("lj", "mine", licence="CC BY 4.0")) == "CC BY 4.0"


def test_the_card_says_what_it_is_made_from_and_how():
    text = render(
        "vocoder",
        card("ravdess", steps=12_000, figures={"DistillMOS on dev": 3.98765}, seed=7),
        parameters=1_234_567,
    )
    assert text.startswith("# vocoder\n\nA model.\n")
    for part in (
        "licence of these weights: CC BY-NC-SA 4.0",
        "Livingstone & Russo 2018",
        "    emotts train a.yaml",
        "1,234,567",
        "training steps: 12,000",
        "| DistillMOS on dev | 3.988 |",
        "- seed: 7",
    ):
        assert part in text


def test_a_saved_checkpoint_has_its_card(tmp_path):
    facts = {"corpora": ["nemo"], "command": "emotts train a.yaml"}
    save_checkpoint(tmp_path, "layer", {"w": torch.ones(3)}, {}, facts)
    assert "CC BY-NC-SA 4.0" in (tmp_path / "layer.md").read_text()


@pytest.mark.parametrize("facts", [{}, {"corpora": "lj"}, {"corpora": ["lj"]}])
def test_a_card_that_lacks_something_is_refused_before_writing(tmp_path, facts):
    with pytest.raises(EmottsError, match="card of checkpoint layer needs corpora and command"):
        save_checkpoint(tmp_path, "layer", {"w": torch.ones(3)}, {}, facts)
    assert not list(tmp_path.iterdir())
