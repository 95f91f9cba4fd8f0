import numpy as np
import pytest
import torch

from emotts.emotion.space import EmotionSpace
from emotts.onnx_runner.flow import euler, mixed_velocity, within_reach
from emotts.synthesis import guidance, phrasing, sampling

X = np.random.default_rng(0).normal(size=(1, 6, 4)).astype(np.float32)


def test_steps_are_those_of_torch():
    wanted = sampling.solve(lambda x, t: x * (t + 0.5)[:, None, None], torch.from_numpy(X), 5)
    given = euler(lambda x, t: x * (t + np.float32(0.5))[:, None, None], X, 5)
    np.testing.assert_allclose(given, wanted.numpy(), atol=1e-6)


@pytest.mark.parametrize("weights", [[1.0], [1.7], [0.6, 0.4], [1.0, -0.5]])
def test_velocities_are_mixed_alike(weights):
    felt = [np.full((1, 1, 4), k + 1.0, np.float32) for k in range(len(weights))]
    told = mixed_velocity(lambda x, t, e: x * t + e * e, weights, felt)
    wanted = phrasing.mixed_velocity(
        lambda x, t, e: x * t + e * e, weights, [torch.from_numpy(e) for e in felt]
    )
    t = np.float32([0.3])
    np.testing.assert_allclose(
        told(X, t), wanted(torch.from_numpy(X), torch.from_numpy(t)).numpy(), atol=1e-5
    )


def test_offsets_are_drawn_back_alike():
    random = np.random.default_rng(1)
    space = EmotionSpace(
        np.eye(5), np.zeros(5), {"happy": random.normal(size=5), "sad": random.normal(size=5)}
    )
    far = 3 * space.directions["happy"]
    vectors = np.stack([np.zeros(5), far, far, 0.5 * space.directions["sad"]]).astype(np.float32)
    drawn = within_reach(space, vectors)
    np.testing.assert_allclose(drawn, guidance.within_reach(space, vectors), atol=1e-6)
    np.testing.assert_allclose(drawn[1], space.directions["happy"], rtol=1e-5)
    assert np.array_equal(drawn[[0, 3]], vectors[[0, 3]])
