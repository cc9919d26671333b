"""What parses and is still suspicious."""

from __future__ import annotations

from optidsl.diag import Edit, Fix, Sink, Span
from optidsl.syntax.nodes import Item, Key, Name


def two_items_on_a_line(sink: Sink, first: Item, second: Item) -> None:
    """Warn that two items share a line without a comma between them."""
    gap = Span(first.span.file, first.span.end, first.span.end)
    sink.warning(
        "two-items-on-a-line",
        "two items stand on one line without a comma",
        second.span,
        "a second item starts here",
        helps=("add a comma or a line break",),
        fixes=(Fix("add a comma", (Edit(gap, ","),), "safe"),),
    )


def swallowed_block(sink: Sink, key: Key, value: Name) -> None:
    """Report `key =` whose value was taken from the block on the next line."""
    sink.error(
        "missing-value",
        f"`{key.text}` has no value",
        key.span,
        "unfinished",
        helps=(f"the block `{value.name}` on a later line was read as its value",),
    )
