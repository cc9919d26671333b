"""From text to a syntax tree with a span on every node, and back: parser, error recovery, formatter.

* `parse(text, file, sink) -> Module | None`: every syntax error of the file goes to the sink; None when there was one.
* `format_source(text, file, sink) -> str | None`: the canonical form, comments kept; None when the text does not parse.
* `dump_module(module) -> bytes`, `load_module(kept) -> Module | None`: a parsed module for a cache.
* `load_tables(cache)`: the parse tables by way of a cache folder of the caller's choice.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the constant of `typing`, without its import

if TYPE_CHECKING:
    from optidsl.syntax.module_bytes import dump_module, load_module
    from optidsl.syntax.parser import parse
    from optidsl.syntax.printer import format_source
    from optidsl.syntax.tables import load_tables

__all__ = ["dump_module", "format_source", "load_module", "load_tables", "parse"]

_ROOM = {
    "dump_module": "module_bytes",
    "format_source": "printer",
    "load_module": "module_bytes",
    "load_tables": "tables",
    "parse": "parser",
}


def __getattr__(name: str) -> object:
    """Import a function with its module on first use: a file that is cached needs no parser."""
    if name not in _ROOM:
        raise AttributeError(f"module 'optidsl.syntax' has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"optidsl.syntax.{_ROOM[name]}"), name)
    globals()[name] = found
    return found
