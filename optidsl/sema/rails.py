"""Ports of a NIC picked by their rail: `gpu.nic.compute[rail = 0]`, `[rail = 0..3]`, `[rail = [0, 2]]`."""

from __future__ import annotations

from optidsl._record import replace
from optidsl.sema.operators import wrong_type
from optidsl.sema.scope import Scope
from optidsl.sema.session import Session
from optidsl.sema.values import ERROR, FrameRef, Poison, RangeValue, Value, describe
from optidsl.syntax import nodes

RAIL = "rail"


def is_rail_pick(value: Value, subs: tuple[nodes.Subscript, ...]) -> bool:
    """Tell whether brackets pick ports of a NIC of nodes by rail."""
    return isinstance(value, FrameRef) and len(value.tail) == 2 and len(subs) == 1 and subs[0].name == RAIL


def on_rails(session: Session, ref: FrameRef, sub: nodes.Subscript, scope: Scope) -> FrameRef | Poison:
    """Return the ports of a NIC, `gpu.nic.compute`, that are on the rails picked; lowering knows which there are."""
    if sub.value is None:
        return ERROR
    value = session.evaluate(sub.value, scope, None)
    if isinstance(value, Poison):
        return ERROR
    rails: list[int] = []
    for item in value if isinstance(value, tuple) else (value,):
        if isinstance(item, RangeValue) and isinstance(item.low, int) and isinstance(item.high, int):
            rails.extend(range(item.low, min(item.high, item.low + 1024) + 1))
        elif isinstance(item, int) and not isinstance(item, bool):
            rails.append(item)
        else:
            return wrong_type(session, f"a rail is an Int, found {describe(item)}", sub.span)
    return replace(ref, rails=tuple(dict.fromkeys(rails)))
