import pytest
import torch

from emotts.models.content import PAIR, ContentEncoder, token_of_pair


def test_pairs_know_their_token_and_their_place_in_it():
    index, position = token_of_pair(torch.tensor([2, 0, 1, 4]))
    assert index.tolist() == [0, 0, 2, 3, 3, 3, 3]
    gone, left, size = position.unbind(-1)
    torch.testing.assert_close(8 * gone, torch.tensor([2.0, 6, 4, 1, 3, 5, 7]))
    torch.testing.assert_close(gone + left, torch.ones(7))
    torch.testing.assert_close(size[3:], torch.full((4,), torch.log(torch.tensor(4.0)) - 1))


def given(durations: list[int], seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    index, position = token_of_pair(torch.tensor(durations))
    n = len(durations)
    ids = torch.randint(1, 20, (n, 1), generator=generator)
    tokens = torch.cat([ids, torch.randint(0, 2, (n, 2), generator=generator)], -1)
    return {
        "tokens": tokens, "language": torch.tensor(0), "token_mask": torch.ones(n, 1),
        "index": index, "position": position, "pair_mask": torch.ones(len(index), 1),
    }  # fmt: skip


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return ContentEncoder(dim=16, hidden=32, blocks=2, frame_blocks=2).eval()


def test_a_long_companion_in_the_batch_changes_nothing(model):
    short, long = given([2, 3, 1]), given([4, 2, 5, 6, 1, 3], seed=1)
    batch = {
        k: torch.nn.utils.rnn.pad_sequence([short[k], long[k]], batch_first=True)
        if k != "language" else torch.zeros(2, dtype=torch.long)
        for k in short
    }  # fmt: skip
    together = model(**batch)
    for row, one in enumerate((short, long)):
        alone = model(**{k: v[None] for k, v in one.items()})
        for a, b in zip(alone, together, strict=True):
            torch.testing.assert_close(a[0], b[row, : a.shape[1]], atol=1e-5, rtol=1e-4)


def test_stress_length_and_language_are_heard(model):
    inputs = {k: v[None] for k, v in given([2, 3, 1]).items()}
    mu, voicing = model(**inputs)
    assert mu.shape == (1, 6, PAIR) and voicing.shape == (1, 6, 2)
    for column in (1, 2):
        tokens = inputs["tokens"].clone()
        tokens[:, :, column] = 1 - tokens[:, :, column]
        assert not torch.allclose(model(**inputs | {"tokens": tokens})[0], mu)
    assert not torch.allclose(model(**inputs | {"language": torch.tensor([1])})[0], mu)
