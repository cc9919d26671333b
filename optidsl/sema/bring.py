"""Bringing a name of the standard library into a file: the change of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from optidsl._context import Context
from optidsl._resources import stdlib_module
from optidsl.diag import Edit, Fix, Span
from optidsl.modules.load import standard_names
from optidsl.source import SourceMap
from optidsl.source.files import STANDARD

_HIDDEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*')
_FIRST = re.compile(r"^(?:use|design|component|layer|policy|let|fn)\b", re.MULTILINE)


def modules_with(name: str) -> Iterator[str]:
    """Yield the standard modules that declare a block of a name."""
    declared = re.compile(rf"^[a-z_]+ {re.escape(name)}(?![\w-])", re.MULTILINE)
    for module in standard_names():
        found = stdlib_module(module)
        if found is not None and declared.search(found[1]):
            yield module


def import_fix(sources: SourceMap, file: int, module: str, name: str) -> Fix:
    """Return the change that lets a file use a name of a module: in the list it imports already, or a line of its own.

    Args:
        sources: the texts.
        file: the file that lacks the name.
        module: as `std.switches`.
        name: what to import.
    """
    title = f"the library has it: `use {module} {{ {name} }}`"
    if file >= STANDARD:
        return Fix(title)
    plain = _HIDDEN.sub(lambda match: " " * len(match[0]), sources[file].text)
    listed = re.search(rf"^use\s+{re.escape(module)}\s*\{{([^}}]*)\}}", plain, re.MULTILINE)
    if listed is not None and listed[1].strip():
        at = listed.start(1) + len(listed[1].rstrip(" \t\n,"))
        return Fix(title, (Edit(Span(file, at, at), f", {name}"),), "safe")
    first = _FIRST.search(plain)
    if first is None:
        return Fix(title)
    return Fix(title, (Edit(Span(file, first.start(), first.start()), f"use {module} {{ {name} }}\n"),), "safe")


def tell_not_used(what: str, name: str, span: Span, context: Context) -> bool:
    """Report a statement on a part that the library has and the design does not use; False where it has none.

    Args:
        what: the statement, as `price sn5400`.
        name: the part.
        span: where it is named.
        context: takes `unknown-name`.
    """
    modules = tuple(modules_with(name))
    if not modules:
        return False
    context.sink.error(
        "unknown-name",
        f"`{what}`: `{modules[0]}` has the part, and no file of the design uses it from there",
        span,
        "not used here",
        fixes=tuple(import_fix(context.sources, span.file, module, name) for module in modules),
    )
    return True
