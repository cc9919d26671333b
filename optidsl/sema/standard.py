"""The catalogue of the whole standard library, for searching and showing parts without a design."""

from __future__ import annotations

from optidsl._context import Context
from optidsl._record import record
from optidsl._resources import stdlib_modules
from optidsl.catalog.parts import Catalog
from optidsl.modules import resolve
from optidsl.sema.elaborate import elaborate

_ROOT = "<catalog>"


@record(frozen=True, slots=True)
class _EveryModule:
    """A loader of one text, which uses every standard module."""

    text: str

    def read(self, path: str) -> str | None:
        return self.text if path == _ROOT else None


def standard_catalog(context: Context) -> Catalog | None:
    """Return every part of the standard library, or None after errors in `context.sink`."""
    uses = "\n".join(f"use {name} as m{number}" for number, name in enumerate(stdlib_modules()))
    loader = _EveryModule(f"optd 1\n\n{uses}\n\ndesign catalogue {{ }}\n")
    inner = Context(loader=loader, sources=context.sources, parse_cache=context.parse_cache)
    program = resolve(_ROOT, inner)
    design = None if program is None else elaborate(program, inner)
    if design is not None:
        return design.catalog
    for diagnostic in inner.sink.sorted():
        context.sink.emit(diagnostic)
    return None
