import pytest
import torch

from emotts.models.prosody import TARGETS, ProsodyFlow, token_place


def test_places_count_from_the_pauses():
    pause = torch.tensor([1, 0, 0, 0, 1, 0, 1], dtype=torch.bool)
    place = token_place(pause)
    torch.testing.assert_close(place[:, 0], torch.arange(7) / 7)
    torch.testing.assert_close(12 * place[:, 2], torch.tensor([0.0, 1, 2, 3, 0, 1, 0]))
    torch.testing.assert_close(12 * place[:, 3], torch.tensor([0.0, 3, 2, 1, 0, 1, 0]))


def test_distances_end_at_twelve_tokens():
    pause = torch.zeros(60, dtype=torch.bool)
    pause[0] = pause[-1] = True
    place = token_place(pause)
    assert place[:, 2:].max() == 1 and (place[20:40, 2:] == 1).all()


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    made = ProsodyFlow(dim=16, hidden=32, blocks=2, kernel=3, speaker_size=4, emotion_size=6)
    for layer in (made.out, *made.stack.adapt):
        torch.nn.init.normal_(layer.weight, std=0.2)
    return made.eval()


def inputs(n: int = 8) -> dict[str, torch.Tensor]:
    g = torch.Generator().manual_seed(0)
    return {
        "x": torch.randn(1, n, TARGETS, generator=g), "t": torch.tensor([0.5]),
        "tokens": torch.randint(0, 2, (1, n, 3), generator=g),
        "ending": torch.full((1, n), 5), "place": torch.rand(1, n, 4, generator=g),
        "language": torch.tensor([0]), "speaker": torch.randn(1, 4, generator=g),
        "emotion": torch.randn(1, 1, 6, generator=g), "keep": torch.ones(1, 2),
        "mask": torch.ones(1, n, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    "name, other",
    [("ending", 6), ("language", 1), ("place", 0.9), ("speaker", 0.9), ("emotion", 0.9),
     ("t", 0.9)],
)  # fmt: skip
def test_everything_given_is_heard(model, name, other):
    given = inputs()
    changed = given | {name: torch.full_like(given[name], other)}
    assert not torch.allclose(model(**changed), model(**given), atol=1e-5)


def test_padding_changes_nothing(model):
    given = inputs()
    padded = dict(given)
    for name in ("x", "tokens", "ending", "place", "mask"):
        fill = {"mask": 0, "tokens": 1, "ending": 3}.get(name, 20.0)
        padded[name] = torch.cat([given[name], torch.full_like(given[name][:, :3], fill)], dim=1)
    torch.testing.assert_close(model(**padded)[:, :8], model(**given), atol=1e-5, rtol=1e-4)
