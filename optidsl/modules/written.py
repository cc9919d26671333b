"""Where a thing is written, and what a file says, in words that the order of a file does not change.

Artefacts point to blocks, not lines: moving a block, a key or a file changes no byte of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optidsl.diag import Span
from optidsl.syntax import nodes


def blocks_around(tree: nodes.Module, text: str, offset: int) -> str:
    """Return the blocks around an offset and the item there, from outside in: `fabric backend / tier leaf`.

    The `design` itself is left out where something in it is meant.
    """
    names: list[str] = []
    items: Sequence[nodes.Item] = tree.items
    while True:
        item = next((each for each in items if each.span.start <= offset < each.span.end), None)
        if item is None:
            break
        name = _name(item, text)
        if name:
            names.append(name)
        inner = [body for body in _bodies(item) if body.span.start <= offset < body.span.end]
        if not inner:
            break
        items = inner[0].items
    if len(names) > 1 and names[0].startswith("design "):
        del names[0]
    return " / ".join(names)


def _name(item: nodes.Item, text: str) -> str:
    """Return what an item is called; "" for what only decides whether and how often others stand."""
    match item:
        case nodes.Block():
            return " ".join(part for part in (item.kind.text, item.label) if part)
        case nodes.Connect():
            return f"connect {_words(text, item.left.span)} -- {_words(text, item.right.span)}"
        case nodes.Goal():
            return " ".join(part for part in (item.verb, item.name) if part)
        case nodes.Attr() | nodes.Bound():
            return item.key.text
        case nodes.Override():
            return _words(text, item.path.span)
        case nodes.Let() | nodes.Param():
            return item.name
    return ""


def _bodies(item: nodes.Item) -> Iterator[nodes.Body]:
    if isinstance(item, nodes.If):
        yield item.then
        if isinstance(item.otherwise, nodes.If):
            yield from _bodies(item.otherwise)
        elif item.otherwise is not None:
            yield item.otherwise
        return
    body = getattr(item, "body", None)
    if isinstance(body, nodes.Body):
        yield body


def _words(text: str, span: Span) -> str:
    return " ".join(text[span.start : span.end].split())


def content(tree: nodes.Module, text: str) -> str:
    """Return what a file says: its items, nested ones in braces, sorted; without comments between them."""
    return _content(tree.items, text)


def _content(items: Sequence[nodes.Item], text: str) -> str:
    said: list[str] = []
    for item in items:
        parts, at = [], item.span.start
        for body in _bodies(item):
            parts += [text[at : body.span.start], "{" + _content(body.items, text) + "}"]
            at = body.span.end
        parts.append(text[at : item.span.end])
        said.append(" ".join(" ".join(parts).split()))
    return "\n".join(sorted(said))
