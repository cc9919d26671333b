"""File ids and line indexes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from optidsl._record import record
from optidsl.diag import Span


@record(frozen=True, slots=True)
class SourceFile:
    """A source text under the path that messages show."""

    path: str
    text: str
    line_starts: tuple[int, ...]

    def line_col(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column of a character offset."""
        line = bisect_right(self.line_starts, offset) - 1
        return line + 1, offset - self.line_starts[line] + 1

    def line_text(self, line: int) -> str:
        """Return the text of a 1-based line, without its end."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


STANDARD = 1 << 20
"""File ids from here on belong to the standard library: fixed, so that its parsed modules can be kept."""


def _index(path: str, text: str) -> SourceFile:
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return SourceFile(path, text, tuple(starts))


class SourceMap:
    """Every source text of one compilation, by file id; `files` are the design's own, in the order added."""

    def __init__(self) -> None:
        self.files: list[SourceFile] = []
        self._standard: dict[int, SourceFile | tuple[str, str]] = {}
        self._blocks: dict[int, Callable[[int], str]] = {}

    def add(self, path: str, text: str) -> int:
        """Add a text and return its file id."""
        self.files.append(_index(path, text))
        return len(self.files) - 1

    def add_standard(self, number: int, path: str, text: str) -> int:
        """Add a text of the standard library under its fixed number and return its file id."""
        self._standard.setdefault(STANDARD + number, (path, text))
        return STANDARD + number

    def __getitem__(self, file: int) -> SourceFile:
        if file < STANDARD:
            return self.files[file]
        found = self._standard[file]
        if isinstance(found, tuple):
            found = self._standard[file] = _index(*found)
        return found

    def slice(self, span: Span) -> str:
        """Return the source text under a span."""
        return self[span.file].text[span.start : span.end]

    def name_blocks(self, file: int, blocks: Callable[[int], str]) -> None:
        """Keep how the blocks around an offset of a file are called."""
        self._blocks[file] = blocks

    def written(self, span: Span) -> str:
        """Return `path: fabric f / tier leaf`, the blocks around a span: the same wherever these stand in the file."""
        blocks = self._blocks[span.file](span.start) if span.file in self._blocks else ""
        path = self[span.file].path
        return f"{path}: {blocks}" if blocks else path

    def where(self, span: Span) -> str:
        """Return `path:line` of a span's start."""
        file = self[span.file]
        return f"{file.path}:{file.line_col(span.start)[0]}"
