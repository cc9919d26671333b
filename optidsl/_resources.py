"""Find the grammar and the standard library wherever the package lives.

Three layouts exist: a checkout (and an editable install), where `grammar/` and `stdlib/` stand beside
the package; an installed wheel, where they are `optidsl/_grammar` and `optidsl/_stdlib`; and a zip,
where the same two folders are read through `importlib.resources`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path


def _folder(name: str) -> Traversable:
    packaged = resources.files("optidsl").joinpath(f"_{name}")
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parent.parent / name


def grammar_text() -> str:
    """Return the text of the one grammar."""
    return _folder("grammar").joinpath("optd.lark").read_text(encoding="utf-8")


def stdlib_module(dotted: str) -> tuple[str, str] | None:
    """Return `(display path, text)` of a standard module such as `std.optics`, or None when there is none."""
    parts = dotted.split(".")
    if parts[0] != "std" or len(parts) < 2:
        return None
    file = _folder("stdlib").joinpath(*parts[1:-1], f"{parts[-1]}.optd")
    if not file.is_file():
        return None
    return "<std>/" + "/".join(parts[1:]) + ".optd", file.read_text(encoding="utf-8")


def stdlib_modules() -> list[str]:
    """Return the dotted names of every standard module, sorted."""
    return sorted(_walk(_folder("stdlib"), "std"))


def _walk(folder: Traversable, prefix: str) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}.{entry.name}")
        elif entry.name.endswith(".optd"):
            yield f"{prefix}.{entry.name.removesuffix('.optd')}"
