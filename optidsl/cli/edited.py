"""Source files with edits put in: made in memory, shown as a difference, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from optidsl._context import Loader
from optidsl._errors import UsageError
from optidsl._record import record
from optidsl.cli.output import write_file
from optidsl.diag import Edit
from optidsl.source import SourceMap
from optidsl.source.files import STANDARD


@record(frozen=True, slots=True)
class ChangedFile:
    """A file by its path in messages and on disk. Texts end lines with `\\n`; `newline` is how the file does."""

    path: str
    file: Path
    before: str
    text: str
    newline: str


class Overlay:
    """Read changed texts where there are any, and the rest from another loader."""

    def __init__(self, under: Loader, texts: Mapping[str, str]) -> None:
        self._under = under
        self._texts = texts

    def read(self, path: str) -> str | None:
        """Return the text of a path."""
        return self._texts[path] if path in self._texts else self._under.read(path)


def changed_files(folder: Path, sources: SourceMap, edits: Sequence[Edit]) -> list[ChangedFile]:
    """Put edits into the files they are of, in order of the files' ids.

    Args:
        folder: of the design; paths of sources are relative to it.
        sources: the texts that the edits were made for.
        edits: of any of the files, in any order.

    Raises:
        UsageError: two edits overlap, a file is part of the library, or it is no longer what was checked.
    """
    changed: list[ChangedFile] = []
    for number in sorted({edit.span.file for edit in edits}):
        source = sources[number]
        if number >= STANDARD:
            raise UsageError(f"{source.path} is part of the library; nothing is written there")
        of_file = sorted((edit for edit in edits if edit.span.file == number), key=lambda edit: edit.span)
        for one, two in pairwise(of_file):
            if two.span.start < one.span.end or one.span == two.span:
                raise UsageError("these ways out change the same words; apply one, and ask again")
        file = folder / source.path
        newline = _newline(file, source.text)
        changed.append(ChangedFile(source.path, file, source.text, edited(source.text, of_file), newline))
    return changed


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Return a text with edits put in that do not overlap."""
    for edit in sorted(edits, key=lambda each: each.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _newline(file: Path, checked: str) -> str:
    """Return the end of line of a file that still holds the text that was checked."""
    try:
        raw = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read again; nothing was written") from error
    newline = "\r\n" if "\r\n" in raw else "\n"
    if raw.replace("\r\n", "\n") != checked.replace("\r\n", "\n"):
        raise UsageError(f"{file} changed while it was checked; nothing was written, run the command again")
    return newline


def difference(changed: ChangedFile) -> str:
    """Return what changes in a file, as a unified difference."""
    from difflib import unified_diff

    before, after = changed.before.splitlines(keepends=True), changed.text.splitlines(keepends=True)
    lines = unified_diff(before, after, f"a/{changed.path}", f"b/{changed.path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def write_changed(changed: Sequence[ChangedFile]) -> None:
    """Write every file whole; when one cannot be written, those before it get their old text back."""
    written: list[ChangedFile] = []
    try:
        for each in changed:
            _write(each, each.text)
            written.append(each)
    except UsageError:
        for each in written:
            _write(each, each.before)
        raise


def _write(changed: ChangedFile, text: str) -> None:
    write_file(changed.file, text if changed.newline == "\n" else text.replace("\n", changed.newline))
