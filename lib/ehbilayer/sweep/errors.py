"""What a sweep raises, and of what it warns."""

__all__ = ["PointsFailed", "SweepError"]


class SweepError(RuntimeError):
    """A sweep cannot go on: its set-up, not the physics at one point, is at fault."""


class PointsFailed(UserWarning):
    """Some points of a sweep failed; the dataset says which, and why."""
