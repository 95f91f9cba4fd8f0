import pytest
import torch

from emotts.models.discriminators import (
    Critics,
    PeriodCritic,
    critic_loss,
    generator_loss,
)


def judged(*scores: float) -> list:
    return [(torch.full((2, 1, 4), s), [torch.full((2, 3), s)]) for s in scores]


def test_hinge_losses_have_their_known_values():
    assert critic_loss(judged(1.0, 2.0), judged(-1.0, -3.0)) == 0
    assert critic_loss(judged(0.0), judged(0.0)) == 2
    assert critic_loss(judged(-1.0, 1.0), judged(-1.0, -1.0)) == 1
    adversarial, _ = generator_loss(judged(1.0, 1.0), judged(1.0, -1.0))
    assert adversarial == 1


def test_matching_is_relative_and_nothing_for_the_same():
    assert generator_loss(judged(2.0), judged(2.0))[1] == 0
    assert generator_loss(judged(2.0), judged(3.0))[1] == pytest.approx(0.5, rel=1e-3)


def test_matching_moves_the_fake_not_the_reference():
    real, fake = torch.ones(2, 3, requires_grad=True), torch.zeros(2, 3, requires_grad=True)
    score = torch.zeros(2, 1)
    sum(generator_loss([(score, [real])], [(score, [fake])])).backward()
    assert real.grad is None and (fake.grad < 0).all()


def test_every_step_has_three_resolutions_and_the_next_period():
    torch.manual_seed(0)
    critics, samples = Critics(channels=2), torch.randn(2, 4096)
    scores = [critics(samples, step) for step in range(6)]
    assert all(len(row) == 4 and len(row[0][1]) == 4 for row in scores)
    assert torch.equal(scores[0][3][0], scores[5][3][0])
    assert [row[3][0].shape[-1] for row in scores[:5]] == list(critics.periods)


def test_a_period_critic_folds_by_its_period():
    """Columns never mix: a change in one phase of the period moves that column alone."""
    torch.manual_seed(0)
    critic, samples = PeriodCritic(channels=2), torch.randn(1, 700)
    moved = samples.clone()
    moved[:, 3::7] += 1
    change = (critic(moved, 7)[0] - critic(samples, 7)[0]).abs().amax(dim=(0, 1, 2))
    assert change[3] > 0 and change[[0, 1, 2, 4, 5, 6]].max() == 0
    assert torch.equal(critic(samples[:, :699], 7)[0], critic(samples[:, :693], 7)[0])
