import torch
from torch.nn import functional as F

from emotts.models.speaker import AngularMargin, SpeakerEncoder


def test_voices_are_unit_vectors_that_know_no_loudness():
    torch.manual_seed(0)
    encoder = SpeakerEncoder(dim=16, hidden=32, blocks=1, size=6).eval()
    mel = torch.randn(3, 20, 80)
    found = encoder(mel)
    torch.testing.assert_close(found.norm(dim=-1), torch.ones(3))
    torch.testing.assert_close(encoder(mel + 4.0), found, atol=1e-4, rtol=1e-3)
    tilted = mel + torch.linspace(-1, 1, 80)
    assert not torch.allclose(encoder(tilted), found, atol=1e-3)


def test_without_a_margin_it_is_softmax_over_cosines():
    torch.manual_seed(0)
    embedding = F.normalize(torch.randn(5, 8), dim=-1)
    speaker = torch.tensor([0, 1, 2, 2, 0])
    head = AngularMargin(8, 3, margin=0.0, scale=10.0)
    loss, logits = head(embedding, speaker)
    expected = 10 * F.cosine_similarity(embedding[:, None], head.weight[None], dim=-1)
    torch.testing.assert_close(logits, expected)
    torch.testing.assert_close(loss, F.cross_entropy(expected, speaker), atol=1e-4, rtol=1e-4)


def test_the_margin_turns_the_own_speaker_away_by_its_angle():
    head = AngularMargin(2, 2, margin=0.2, scale=20.0)
    head.weight.data = torch.eye(2)
    angle = torch.tensor(0.5)
    embedding = torch.stack([angle.cos(), angle.sin()])[None]
    loss, _ = head(embedding, torch.tensor([0]))
    moved = 20 * torch.stack([(angle + 0.2).cos(), angle.sin()])[None]
    torch.testing.assert_close(loss, F.cross_entropy(moved, torch.tensor([0])))


def test_perfect_matches_keep_finite_gradients():
    head = AngularMargin(2, 2)
    head.weight.data = torch.eye(2)
    embedding = torch.eye(2, requires_grad=True)
    head(embedding, torch.tensor([0, 1]))[0].backward()
    assert torch.isfinite(embedding.grad).all() and torch.isfinite(head.weight.grad).all()
