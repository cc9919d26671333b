"""From text to a syntax tree with a span on every node, and back: parser, error recovery, formatter.

* `parse(text, file, sink) -> Module | None`: every syntax error of the file goes to the sink; None when there was one.
* `format_source(text, file, sink) -> str | None`: the canonical form, comments kept; None when the text does not parse.
* `dump_module(module) -> bytes`, `load_module(kept) -> Module | None`: a parsed module for a cache.
* `load_tables(cache)`: the parse tables by way of a cache folder of the caller's choice.
"""

from optidsl.syntax.module_bytes import dump_module, load_module
from optidsl.syntax.parser import parse
from optidsl.syntax.printer import format_source
from optidsl.syntax.tables import load_tables

__all__ = ["dump_module", "format_source", "load_module", "load_tables", "parse"]
