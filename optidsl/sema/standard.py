"""The catalogue of the whole standard library and of a team's own files, to search and show parts without a design."""

from __future__ import annotations

from optidsl._context import Context, Loader
from optidsl._record import record
from optidsl._resources import stdlib_modules
from optidsl.catalog import build_catalog
from optidsl.catalog.parts import Catalog
from optidsl.modules import add_standard_sources, resolve, standard_digest
from optidsl.sema.elaborate import library_parts
from optidsl.sema.kept import Parts, kept_parts

_ROOT = "<catalog>"


@record(frozen=True, slots=True)
class _Files:
    """A loader of one text, which uses every module, and of the files that it uses."""

    text: str
    others: Loader

    def read(self, path: str) -> str | None:
        return self.text if path == _ROOT else self.others.read(path)


def standard_catalog(context: Context, own: tuple[str, ...] = ()) -> Catalog | None:
    """Return every part of the standard library and of own files, or None after errors in `context.sink`.

    The evaluated parts of the library are kept as one: nothing is parsed or evaluated as long as no text of it changes.

    Args:
        context: where files and the cache are, and where errors go.
        own: files of parts, named as `context.loader` reads them.
    """
    text = _text(own)
    inner = Context(loader=_Files(text, context.loader), sources=context.sources, parse_cache=context.parse_cache)
    add_standard_sources(inner)
    if own:
        parts = _evaluate(inner)
    else:
        name = f"{standard_digest()}-everything"
        parts = kept_parts(inner.parse_cache, name, lambda: _evaluate(inner), lambda: not inner.sink.has_errors)
    catalog = build_catalog(list(parts), inner.sink)
    if not inner.sink.has_errors:
        return catalog
    for diagnostic in inner.sink.sorted():
        context.sink.emit(diagnostic)
    return None


def _text(own: tuple[str, ...]) -> str:
    uses = [f"use {name} as m{number}" for number, name in enumerate(stdlib_modules())]
    uses += [f'use "./{path}" as own{number}' for number, path in enumerate(own)]
    return "optd 1\n\n" + "\n".join(uses) + "\n\ndesign catalogue { }\n"


def _evaluate(context: Context) -> Parts:
    program = resolve(_ROOT, context)
    return () if program is None else library_parts(program, context)
