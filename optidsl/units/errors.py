"""What goes wrong with units, as an exception that callers turn into a diagnostic."""

from __future__ import annotations


class UnitError(Exception):
    """A mistake of the user in a literal or an operation.

    `name` is the diagnostic's name, `message` stands alone in one line, `help` says what to write instead, and
    `replacement` is the literal to put in place of the whole wrong one when there is exactly one candidate.
    """

    def __init__(self, name: str, message: str, help: str | None = None, replacement: str | None = None) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.help = help
        self.replacement = replacement
