"""The whole standard library as a catalogue, evaluated once for all tests of a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from optidsl._context import Context, Options
from optidsl.catalog.parts import Catalog
from optidsl.cli.files import FileLoader
from optidsl.sema.standard import standard_catalog


@cache
def standard() -> Catalog:
    """Return every part of the standard library; an error in it fails the test that asks first."""
    context = Context(loader=FileLoader(Path()), options=Options())
    catalog = standard_catalog(context)
    assert [diagnostic.message for diagnostic in context.sink.sorted()] == []
    assert catalog is not None
    return catalog
