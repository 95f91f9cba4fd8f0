"""Several processes as one: gradients averaged, decisions taken together."""

import torch
from torch import Tensor, nn


class Processes:
    """What the processes of one training run tell each other; nothing where there is but one.

    Gradients are averaged by one flat reduction after `backward` rather than by a wrapper around
    the networks, so that tasks may call any method of theirs, and use or leave out any part.
    """

    def __init__(self, accelerator):
        self.accelerator = accelerator
        self.count, self.main = accelerator.num_processes, accelerator.is_main_process

    @torch.no_grad()
    def share_weights(self, modules: dict[str, nn.Module]) -> None:
        """Give every process the first one's weights and buffers."""
        if self.count > 1:
            for module in modules.values():
                for value in module.state_dict().values():
                    torch.distributed.broadcast(value, 0)

    @torch.no_grad()
    def average_gradients(self, parameters: list[Tensor]) -> None:
        """Replace every gradient by its mean over the processes.

        One that is missing counts as zero; one that is missing everywhere stays so, for its
        parameter took no part in the step.
        """
        if self.count == 1:
            return
        wanted = [p for p in parameters if p.requires_grad]
        there = wanted[0].new_tensor([p.grad is not None for p in wanted], dtype=torch.float32)
        grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in wanted]
        flat = torch.cat([there, *(g.reshape(-1) for g in grads)])
        torch.distributed.all_reduce(flat)
        there, *parts = flat.split([len(wanted), *(p.numel() for p in wanted)])
        for p, grad, part, anywhere in zip(wanted, grads, parts, there.tolist(), strict=True):
            p.grad = grad.copy_(part.view_as(p) / self.count) if anywhere else None

    def any(self, flag: bool) -> bool:
        """True if one of the processes says so; all of them must ask."""
        if self.count == 1:
            return flag
        told = torch.tensor([float(flag)], device=self.accelerator.device)
        torch.distributed.all_reduce(told)
        return bool(told.item() > 0)

    def mean(self, figures: dict[str, float]) -> dict[str, float]:
        """Means over the processes of figures that all of them have."""
        if self.count == 1 or not figures:
            return figures
        told = torch.tensor(list(figures.values()), device=self.accelerator.device)
        torch.distributed.all_reduce(told)
        return dict(zip(figures, (told / self.count).tolist(), strict=True))


def part(accelerator) -> None:
    """Leave the others once all are done: a process that ends while its connections are open may
    be aborted by them."""
    accelerator.wait_for_everyone()
    if accelerator.num_processes > 1:
        torch.distributed.destroy_process_group()
