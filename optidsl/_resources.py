"""Find the grammar and the standard library wherever the package lives.

Three layouts exist: a checkout (and an editable install), where `grammar/` and `stdlib/` stand beside
the package; an installed wheel, where they are `optidsl/_grammar` and `optidsl/_stdlib`; and a zip,
where the same two folders are read through `importlib.resources`, whose import costs more than reading them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol

_PACKAGE = Path(__file__).absolute().parent


class _Folder(Protocol):
    def names(self, *inner: str) -> list[str] | None:
        """Return the sorted names in a folder below this one, or None when it is no folder."""

    def text(self, *inner: str) -> str | None:
        """Return the text of a file below this one, or None when there is none."""


class _OnDisk:
    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self, *inner: str) -> list[str] | None:
        folder = self._root.joinpath(*inner)
        return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else None

    def text(self, *inner: str) -> str | None:
        try:
            return self._root.joinpath(*inner).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


class _InZip:
    def __init__(self, name: str) -> None:
        from importlib import resources

        self._root = resources.files("optidsl").joinpath(name)

    def names(self, *inner: str) -> list[str] | None:
        folder = self._root.joinpath(*inner)
        return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else None

    def text(self, *inner: str) -> str | None:
        file = self._root.joinpath(*inner)
        return file.read_text(encoding="utf-8") if file.is_file() else None


@cache
def _folder(name: str) -> _Folder:
    for folder in (_PACKAGE / f"_{name}", _PACKAGE.parent / name):
        if folder.is_dir():
            return _OnDisk(folder)
    return _InZip(f"_{name}")


def grammar_text() -> str:
    """Return the text of the one grammar."""
    text = _folder("grammar").text("optd.lark")
    if text is None:
        raise FileNotFoundError("the grammar is not installed with the package")
    return text


def stdlib_module(dotted: str) -> tuple[str, str] | None:
    """Return `(display path, text)` of a standard module such as `std.optics`, or None when there is none."""
    parts = dotted.split(".")
    if parts[0] != "std" or len(parts) < 2:
        return None
    text = _folder("stdlib").text(*parts[1:-1], f"{parts[-1]}.optd")
    return None if text is None else ("<std>/" + "/".join(parts[1:]) + ".optd", text)


def stdlib_modules() -> list[str]:
    """Return the dotted names of every standard module, sorted."""
    return sorted(_walk(_folder("stdlib"), ()))


def _walk(root: _Folder, inner: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for name in root.names(*inner) or ():
        if name.endswith(".optd"):
            found.append(".".join(("std", *inner, name.removesuffix(".optd"))))
        elif root.names(*inner, name) is not None:
            found += _walk(root, (*inner, name))
    return found
