"""Flow matching against the equations of Lipman et al. 2023."""

import torch

from emotts.models.flow import SIGMA, flow_pair, masked_error
from emotts.synthesis.sampling import solve


def exact_velocity(x, t, data):
    """The velocity that carries everything to `data`, eq. 21."""
    at = t[:, None, None]
    return (data - (1 - SIGMA) * x) / (1 - (1 - SIGMA) * at)


def test_pairs_lie_on_the_exact_field():
    torch.manual_seed(0)
    data, t = torch.randn(16, 5, 3), torch.linspace(0, 0.95, 16)
    x, velocity = flow_pair(data, t)
    torch.testing.assert_close(velocity, exact_velocity(x, t, data), rtol=1e-3, atol=1e-3)


def test_the_exact_field_carries_noise_to_data_in_any_number_of_steps():
    torch.manual_seed(0)
    data, noise = torch.randn(2, 4, 5, 3)
    for steps in (1, 4, 16):
        found = solve(lambda x, t: exact_velocity(x, t, data), noise, steps)
        torch.testing.assert_close(found, data + SIGMA * noise, atol=1e-3, rtol=0)


def test_the_path_begins_in_noise_and_ends_in_data():
    torch.manual_seed(0)
    data = torch.full((2000, 2, 2), 3.0)
    begin, velocity = flow_pair(data, torch.zeros(2000))
    assert abs(begin.mean()) < 0.05 and abs(begin.std() - 1) < 0.05
    torch.testing.assert_close(begin + velocity, data, atol=1e-3, rtol=0)
    end, _ = flow_pair(data, torch.ones(2000))
    torch.testing.assert_close(end, data, atol=1e-3, rtol=0)


def test_errors_count_where_the_mask_is_one():
    predicted, target = torch.zeros(1, 4, 2), torch.tensor([[[1.0, 3], [2, 2], [9, 9], [9, 9]]])
    mask = torch.tensor([1.0, 1, 0, 0])[None, :, None]
    assert masked_error(predicted, target, mask) == ((1 + 9) / 2 + (4 + 4) / 2) / 2
    assert masked_error(predicted, target, 0 * mask) == 0
