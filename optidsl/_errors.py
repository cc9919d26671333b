"""The exceptions this package raises on purpose, in a module that costs nothing to import."""

from __future__ import annotations


class OptidslError(Exception):
    """Base of every exception this package raises on purpose."""


class UsageError(OptidslError):
    """The command line or the API was called wrongly."""


class GaveUp(OptidslError):
    """The solver used up its resource limit before it could answer."""

    def __init__(self, best: int | None = None, bound: int | None = None) -> None:
        super().__init__("the solver used up its resource limit")
        self.best = best
        self.bound = bound


class InternalError(OptidslError):
    """A state that cannot be: a bug of the compiler, never a mistake of the user."""
