"""Every corpus's tree by its name."""

import trees_acted  # noqa: F401
import trees_spoken  # noqa: F401
from making import TREES, lines, tone

__all__ = ["TREES", "lines", "tone"]
