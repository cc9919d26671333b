"""Compile programs held in memory up to the design, for tests of the semantics."""

from __future__ import annotations

from dataclasses import dataclass, field

from optidsl._context import Context, Options
from optidsl.modules import resolve
from optidsl.sema import elaborate
from optidsl.sema.design import Design
from tests.support.spec_cases import PARTS


@dataclass
class MemoryLoader:
    """Files by path; `parts.optd` holds the parts of the language reference. `reads` counts what was asked for."""

    files: dict[str, str]
    reads: list[str] = field(default_factory=list)

    def read(self, path: str) -> str | None:
        """Return a file."""
        self.reads.append(path)
        return PARTS.read_text(encoding="utf-8") if path == "parts.optd" else self.files.get(path)


@dataclass
class Bytes:
    """A parse cache in memory."""

    kept: dict[str, bytes] = field(default_factory=dict)
    hits: int = 0
    asked: list[str] = field(default_factory=list)

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key."""
        self.asked.append(key)
        found = self.kept.get(key)
        self.hits += found is not None
        return found

    def put(self, key: str, value: bytes) -> None:
        """Keep a value."""
        self.kept[key] = value


def context_of(files: dict[str, str], **options: object) -> Context:
    """Return the context of a compilation of these files."""
    return Context(MemoryLoader(files), Options(**options))  # type: ignore[arg-type]


def elaborate_text(body: str, uses: str = "box, sw", **options: object) -> tuple[Design | None, Context]:
    """Elaborate the body of a design called `spec`."""
    head = f'use "./parts.optd" {{ {uses} }}\n' if uses else ""
    context = context_of({"design.optd": f"optd 1\n{head}design spec {{\n{body}\n}}\n"}, **options)
    program = resolve("design.optd", context)
    return (None if program is None else elaborate(program, context)), context


def design_of(body: str, uses: str = "box, sw", **options: object) -> Design:
    """Elaborate the body of a design that must have no error."""
    design, context = elaborate_text(body, uses, **options)
    errors = [diagnostic.message for diagnostic in context.sink.sorted() if diagnostic.severity == "error"]
    assert design is not None, errors
    return design
