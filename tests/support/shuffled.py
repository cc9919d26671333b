"""A source text with its blocks, keys and goals in another order, where the order has no documented meaning."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from optidsl import syntax
from optidsl.diag import Sink
from optidsl.syntax import nodes

ORDERED = frozenset({"tier", "row", "rack", "seat", "port"})
"""Kinds whose order says something: which tier is the leaf, where things stand, which cage is used first."""


def shuffled(text: str, seed: int) -> str:
    """Return a text that says the same; comments are left out."""
    sink = Sink()
    tree = syntax.parse(text, 0, sink)
    if tree is None or sink.sorted():
        raise AssertionError("the text does not parse")
    return "optd 1\n" + _items(tree.items, text, random.Random(seed)) + "\n"


def _items(items: Sequence[nodes.Item], text: str, turn: random.Random) -> str:
    """Return items in a random order; those with a meaning keep theirs among themselves."""
    order = list(items)
    turn.shuffle(order)
    fixed = [at for at, item in enumerate(order) if _is_ordered(item)]
    for at, item in zip(fixed, [item for item in items if _is_ordered(item)], strict=True):
        order[at] = item
    return "\n".join(_item(item, text, turn) for item in order)


def _is_ordered(item: nodes.Item) -> bool:
    if isinstance(item, nodes.Goal):
        return item.verb in ("minimize", "maximize")
    if isinstance(item, nodes.Connect):  # connections of a custom fabric take ports in their order
        return isinstance(item.left, nodes.Index) or isinstance(item.right, nodes.Index)
    if isinstance(item, nodes.Block) and item.kind.text in ORDERED:
        return True
    return isinstance(item, (nodes.For, nodes.If)) and any(_is_ordered(each) for body in _bodies(item) for each in body)


def _bodies(item: nodes.Item) -> Iterator[Sequence[nodes.Item]]:
    for body in _braces(item):
        yield body.items


def _braces(item: nodes.Item) -> list[nodes.Body]:
    if isinstance(item, nodes.If):
        other = item.otherwise
        rest = _braces(other) if isinstance(other, nodes.If) else [other] if other is not None else []
        return [item.then, *rest]
    body = getattr(item, "body", None)
    return [body] if isinstance(body, nodes.Body) else []


def _item(item: nodes.Item, text: str, turn: random.Random) -> str:
    parts, at = [], item.span.start
    for body in _braces(item):
        parts += [text[at : body.span.start], "{\n" + _items(body.items, text, turn) + "\n}"]
        at = body.span.end
    parts.append(text[at : item.span.end])
    return "".join(parts)
