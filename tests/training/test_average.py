import pytest
import torch
from torch import nn

from emotts.training.average import Average


def network() -> nn.Module:
    """A weight, and a buffer that counts."""
    made = nn.Linear(1, 1, bias=False)
    made.register_buffer("seen", torch.zeros((), dtype=torch.long))
    return made


def drive(average: Average, model: nn.Module, values) -> None:
    for value in values:
        with torch.no_grad():
            model.weight.fill_(value)
        model.seen += 1
        average.update()


def test_averages_follow_the_formula():
    model = network()
    with torch.no_grad():
        model.weight.fill_(4.0)
    average = Average({"m": model}, decay=0.5)
    values, expected = [1.0, 2.0, -3.0, 0.5, 7.0, 7.0, 7.0, 1.0, 9.0, 2.0], 4.0
    for n, value in enumerate(values, start=1):
        decay = min(0.5, (1 + n) / (10 + n))
        expected = decay * expected + (1 - decay) * value
    drive(average, model, values)
    assert average.shadow["m.weight"].item() == pytest.approx(expected, rel=1e-5)
    assert average.shadow["m.seen"] == 10


def test_early_averages_forget_the_beginning():
    """After twenty updates of one value nothing is left of the first, even at a slow decay."""
    model = network()
    average = Average({"m": model}, decay=0.9999)
    start = average.shadow["m.weight"].item()
    drive(average, model, [start + 1.0] * 20)
    assert abs(average.shadow["m.weight"].item() - (start + 1.0)) < 0.01


def test_weights_are_lent_and_given_back_even_after_an_error():
    model = network()
    average = Average({"m": model}, decay=0.9)
    drive(average, model, [3.0, 5.0])
    with pytest.raises(RuntimeError), average.applied():
        assert model.weight.item() == average.shadow["m.weight"].item() != 5.0
        raise RuntimeError
    assert model.weight.item() == 5.0


def test_a_state_continues_exactly():
    torch.manual_seed(0)
    one, other = network(), network()
    first, second = Average({"m": one}, 0.9), Average({"m": other}, 0.9)
    drive(first, one, [1.0, 2.0, 3.0])
    second.load_state_dict({**first.state_dict(), "shadow": dict(first.shadow)})
    drive(first, one, [5.0, 8.0])
    drive(second, other, [5.0, 8.0])
    assert torch.equal(first.shadow["m.weight"], second.shadow["m.weight"])
