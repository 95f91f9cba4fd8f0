import torch
from torch.nn import functional as F

from emotts.models.layers import ConvNeXtBlock, DepthwiseConv, ResidualStack, reverse_gradient


def test_depthwise_convolution_is_conv1d():
    torch.manual_seed(0)
    layer, x = DepthwiseConv(6, kernel=5, dilation=2), torch.randn(2, 30, 6)
    weight, bias = layer.conv.weight.squeeze(2), layer.conv.bias
    expected = F.conv1d(x.transpose(1, 2), weight, bias, padding=4, dilation=2, groups=6)
    torch.testing.assert_close(layer(x), expected.transpose(1, 2))


def test_a_block_without_scale_is_the_identity():
    x = torch.randn(2, 20, 8)
    torch.testing.assert_close(ConvNeXtBlock(8, 16, scale=0.0)(x), x)


def test_an_empty_condition_changes_nothing_and_a_full_one_does():
    torch.manual_seed(0)
    block, x = ConvNeXtBlock(8, 16), torch.randn(2, 20, 8)
    torch.testing.assert_close(block(x, torch.zeros(2, 1, 24)), block(x))
    # A condition that takes the gate away leaves the residual alone.
    closed = torch.cat([torch.ones(2, 1, 16), (-block.scale).expand(2, 1, 8)], -1)
    torch.testing.assert_close(block(x, closed), x)


def test_what_is_masked_reaches_nothing():
    torch.manual_seed(0)
    stack, x = ResidualStack(8, 16, blocks=3), torch.randn(1, 20, 8)
    mask = (torch.arange(20) < 12).float()[None, :, None]
    other = torch.where(mask > 0, x, torch.full_like(x, 50.0))
    torch.testing.assert_close(stack(x, mask), stack(other, mask))
    assert (stack(x, mask)[:, 12:] == 0).all()
    torch.testing.assert_close(stack(x, mask)[:, :12], stack(x[:, :12]), atol=1e-5, rtol=1e-5)


def test_the_gradient_is_reversed_and_weighted():
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    y = reverse_gradient(x, 0.25)
    assert torch.equal(y, x)
    (y * torch.tensor([4.0, 8.0])).sum().backward()
    assert torch.equal(x.grad, torch.tensor([-1.0, -2.0]))
