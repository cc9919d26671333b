"""What a renderer needs to know of the sources. `source.SourceMap` has this shape; diag does not import it."""

from __future__ import annotations

from typing import Protocol


class PlaceFile(Protocol):
    """One source file."""

    @property
    def path(self) -> str:
        """The path that messages show."""
        ...

    def line_col(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column of a character offset."""
        ...

    def line_text(self, line: int) -> str:
        """Return the text of a 1-based line."""
        ...


class Places(Protocol):
    """Every source file, by id."""

    def __getitem__(self, file: int) -> PlaceFile: ...
