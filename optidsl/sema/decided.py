"""Where the values in an expression were decided: the statements that a false condition is told with."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.diag import Label
from optidsl.sema.access import member
from optidsl.sema.attributes import resolve_attribute
from optidsl.sema.frame import Resolved
from optidsl.sema.scope import Scope
from optidsl.sema.session import Session
from optidsl.sema.values import FrameRef
from optidsl.syntax import nodes
from optidsl.syntax.outline import walk

MOST = 4
"""Statements that are shown of one expression."""


def decided_labels(session: Session, expr: nodes.Expr, scope: Scope) -> tuple[Label, ...]:
    """Return the statements of the design that decide what attributes in an expression are, in source order."""
    found = {each.span: session.text(read.span) for read, each in _decided(session, expr, scope)}
    labels = [Label(span, f"decides `{name}`") for span, name in found.items()]
    return tuple(sorted(labels, key=lambda each: each.span)[:MOST])


def _decided(session: Session, expr: nodes.Expr, scope: Scope) -> Iterator[tuple[nodes.Member, Resolved]]:
    """Yield each `thing.attribute` of an expression with what was said of it; the expression was evaluated before."""
    for read in walk(expr):
        if not isinstance(read, nodes.Member):
            continue
        owner = _owner(session, read.value, scope)
        attribute = None if owner is None else owner.frame.kind.attribute(read.name)
        if owner is None or attribute is None or owner.frame.child_by_name.get(read.name) is not None:
            continue
        resolved = resolve_attribute(session, owner.frame, attribute)
        if resolved is not None and not resolved.is_default and not resolved.is_broken:
            yield read, resolved


def _owner(session: Session, expr: nodes.Expr, scope: Scope) -> FrameRef | None:
    """Return the block that a path of plain names leads to."""
    if isinstance(expr, nodes.Name):
        # The variable of a comprehension is known inside it only.
        found = None if scope.find(expr.name) is None else session.evaluate(expr, scope, None)
    elif isinstance(expr, nodes.Member):
        above = _owner(session, expr.value, scope)
        if above is None or above.frame.child_by_name.get(expr.name) is None:
            return None
        found = member(session, above, expr.name, expr.name_span)
    else:
        return None
    return found if isinstance(found, FrameRef) and not found.tail and not found.keys else None
