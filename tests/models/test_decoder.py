import pytest
import torch

from emotts.models.content import PAIR
from emotts.models.decoder import LOCAL, ConditionedStack, FlowDecoder, time_embedding


@pytest.fixture(scope="module")
def model():
    """A decoder whose zeroed layers are awake, as after training."""
    torch.manual_seed(0)
    made = FlowDecoder(dim=16, hidden=32, blocks=2, kernel=5, speaker_size=4, emotion_size=6)
    for layer in (made.out, *made.stack.adapt):
        torch.nn.init.normal_(layer.weight, std=0.2)
    torch.nn.init.normal_(made.condition.no_speaker)
    return made.eval()


def inputs(pairs: int = 10, seed: int = 0) -> dict[str, torch.Tensor]:
    g = torch.Generator().manual_seed(seed)
    return {
        "x": torch.randn(1, pairs, PAIR, generator=g), "t": torch.tensor([0.3]),
        "mu": torch.randn(1, pairs, PAIR, generator=g),
        "local": torch.randn(1, pairs, LOCAL, generator=g),
        "speaker": torch.randn(1, 4, generator=g), "emotion": torch.randn(1, 1, 6, generator=g),
        "keep": torch.ones(1, 2), "mask": torch.ones(1, pairs, 1),
    }  # fmt: skip


def differs(a, b) -> bool:
    return not torch.allclose(a, b, atol=1e-5)


def test_padding_changes_nothing(model):
    given = inputs()
    padded = dict(given)
    for name in ("x", "mu", "local", "mask"):
        more = torch.full_like(given[name][:, :4], 0.0 if name == "mask" else 30.0)
        padded[name] = torch.cat([given[name], more], dim=1)
    torch.testing.assert_close(model(**padded)[:, :10], model(**given), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", ["x", "t", "mu", "local", "speaker", "emotion"])
def test_everything_given_is_heard(model, name):
    given = inputs()
    assert differs(model(**given | {name: given[name] + 0.5}), model(**given))


def test_withheld_speaker_and_emotion_are_not_heard(model):
    given = inputs()
    for name, keep in (("speaker", [0.0, 1.0]), ("emotion", [1.0, 0.0])):
        without = given | {"keep": torch.tensor([keep])}
        other = without | {name: given[name] + 5}
        torch.testing.assert_close(model(**other), model(**without))
        assert differs(model(**without), model(**given))


def test_no_emotion_and_a_withheld_one_are_the_same_before_training(model):
    """Neutral is the origin: the emotion layer has no bias."""
    given = inputs() | {"emotion": torch.zeros(1, 1, 6)}
    withheld = given | {"keep": torch.tensor([[1.0, 0.0]])}
    torch.testing.assert_close(model(**withheld), model(**given))


def test_emotion_may_change_from_pair_to_pair(model):
    given = inputs(40)
    whole = given | {"emotion": given["emotion"].expand(1, 40, 6)}
    torch.testing.assert_close(model(**whole), model(**given))
    later = given["emotion"].repeat(1, 40, 1)
    later[:, 30:] += 2
    found, usual = model(**given | {"emotion": later}), model(**given)
    torch.testing.assert_close(found[:, :20], usual[:, :20])
    assert differs(found[:, 30:], usual[:, 30:])


def test_a_fresh_stack_ignores_its_condition():
    torch.manual_seed(0)
    stack, x, mask = ConditionedStack(8, 16, 2, 3), torch.randn(1, 9, 8), torch.ones(1, 9, 1)
    torch.testing.assert_close(stack(x, torch.randn(1, 1, 8), mask), stack(x, 0 * x[:, :1], mask))


def test_times_are_told_apart():
    rows = time_embedding(torch.linspace(0, 1, 50), 64)
    assert rows.shape == (50, 64)
    assert (torch.cdist(rows, rows) + 10 * torch.eye(50)).min() > 0.5


def test_without_strides_the_length_of_a_step_is_not_heard(model):
    torch.testing.assert_close(model(**inputs(), stride=torch.tensor([0.5])), model(**inputs()))


def test_steps_that_go_far_are_told_from_the_flow():
    torch.manual_seed(0)
    told = FlowDecoder(dim=16, hidden=32, blocks=2, kernel=5, speaker_size=4, emotion_size=6,
                       strides=True)  # fmt: skip
    for layer in (told.out, *told.stack.adapt):
        torch.nn.init.normal_(layer.weight, std=0.2)
    given = inputs()
    untrained = told(**given, stride=torch.tensor([0.5]))
    torch.testing.assert_close(untrained, told(**given))  # begins as the flow it learns from
    torch.nn.init.normal_(told.condition.stride.weight)
    half, whole = (told(**given, stride=torch.tensor([s])) for s in (0.5, 1.0))
    assert differs(half, whole) and differs(half, told(**given))
    torch.testing.assert_close(told(**given, stride=torch.zeros(1)), told(**given))
