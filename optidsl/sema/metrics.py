"""Quantities that only the compiler knows, as linear forms over their names."""

from __future__ import annotations

from optidsl.diag import Span
from optidsl.schema.nearest import alternatives, did_you_mean
from optidsl.sema.frame import Frame
from optidsl.sema.session import Session
from optidsl.sema.values import ERROR, Namespace, Number, Poison, Solved, Value
from optidsl.units import parse_quantity

_UNITS: dict[str, str] = {
    "power.optics": "1mW",
    "power.switches": "1mW",
    "power.nodes": "1mW",
    "power.network": "1mW",
    "power.it": "1mW",
    "bom.optics.skus": "1",
    "bom.cables.skus": "1",
    "cables.count": "1",
    "cables.length": "1mm",
    "optics.count": "1",
}
"""What one of each metric is worth."""

FABRIC_FUNCTIONS: dict[str, tuple[str, str]] = {
    "bisection": ("bisection_mbps", "1Mbps"),
    "oversubscription": ("oversubscription", "1"),
    "hops": ("hops", "1"),
    "links": ("links", "1"),
}
"""Functions of a fabric: the metric they name, and what one of it is worth."""


def metric(name: str, unit: str) -> Solved:
    """Return one metric as a linear form."""
    one = parse_quantity(unit)
    coefficient: Number = 1 if one.is_number else one
    zero: Number = 0 if one.is_number else parse_quantity("0" + unit[1:])
    return Solved(zero, {name: coefficient})


def namespace_member(session: Session, value: Namespace, name: str, span: Span) -> Value:
    """Return `power.optics` and its like, or the next part of a longer name."""
    dotted = f"{value.name}.{name}"
    if dotted in _UNITS:
        return metric(dotted, _UNITS[dotted])
    if any(known.startswith(f"{dotted}.") for known in _UNITS):
        return Namespace(dotted)
    known = [other.removeprefix(f"{value.name}.") for other in _UNITS if other.startswith(f"{value.name}.")]
    session.sink.error(
        "unknown-attribute",
        f"`{value.name}` has no `{name}`{did_you_mean(name, known)}",
        span,
        "no such quantity",
        helps=(f"it has: {alternatives(known)}",),
    )
    return ERROR


def fabric_name(frame: Frame) -> str:
    """Return the name of a fabric that is unique in the design: `compute`, `pod1.compute`."""
    return ".".join(frame.address[1:])


def fabric_metric(frame: Frame, function: str) -> Solved:
    """Return `bisection(fabric)` and its like."""
    suffix, unit = FABRIC_FUNCTIONS[function]
    return metric(f"fabric.{fabric_name(frame)}.{suffix}", unit)


def tier_count(frame: Frame) -> Solved | Poison:
    """Return the number of switches of a tier that the author left open."""
    if frame.parent is None:
        return ERROR
    return metric(f"fabric.{fabric_name(frame.parent)}.tier.{frame.name}.count", "1")
