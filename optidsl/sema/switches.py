"""The switches that a `connect` names by number: `connect router[1] -- router[2, 5..8]`."""

from __future__ import annotations

from optidsl.sema.access import key_values
from optidsl.sema.operators import wrong_type
from optidsl.sema.scope import Scope
from optidsl.sema.session import Session
from optidsl.sema.values import show
from optidsl.syntax import nodes

Numbers = tuple[int, ...]


def numbered_end(session: Session, scope: Scope, expr: nodes.Expr) -> tuple[nodes.Expr, Numbers | None] | None:
    """Return an end of a `connect` without its numbers, and those (None: it names none); None after an error."""
    if not isinstance(expr, nodes.Index):
        return expr, None
    if any(sub.name is not None for sub in expr.subs):
        session.sink.error("not-in-edition", "picking by attribute (`x[a = 1]`) is not part of this edition", expr.span)
        return None
    keys = key_values(session, expr.subs, scope)
    if keys is None:
        return None
    odd = next((key for key in keys if not isinstance(key, int)), None) if isinstance(keys, tuple) else "*"
    if odd is not None or not isinstance(keys, tuple):
        wrong_type(session, f"switches have numbers from 1, found {'*' if odd == '*' else show(odd or '')}", expr.span)
        return None
    return expr.value, tuple(key for key in keys if isinstance(key, int))


def numbers_text(numbers: Numbers | None) -> str:
    """Return the numbers of an end as an author would write them."""
    return "" if numbers is None else f"[{', '.join(str(number) for number in numbers)}]"
