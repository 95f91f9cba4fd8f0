"""How far the flow decoder's steps go, where it has learnt such long ones."""

LEARNT_STEPS = (1, 2, 4)


def stride_of(steps: int, solver: str = "euler") -> float:
    """Share of the way that each of so many steps goes, or 0: follow the flow's own velocity."""
    return 1.0 / steps if solver == "euler" and steps in LEARNT_STEPS else 0.0
