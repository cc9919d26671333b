"""The exceptions this package raises on purpose, in a module that costs nothing to import."""


class OptidslError(Exception):
    """Base of every exception this package raises on purpose."""


class UsageError(OptidslError):
    """The command line or the API was called wrongly."""


class InternalError(OptidslError):
    """A state that cannot be: a bug of the compiler, never a mistake of the user."""
