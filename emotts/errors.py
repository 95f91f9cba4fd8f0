"""The one exception users see."""


class EmottsError(ValueError):
    """One sentence for people: what was wrong, where, and the valid choices."""
