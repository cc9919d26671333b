"""Quantities that only the compiler knows, as linear forms over their names."""

from __future__ import annotations

from optidsl._record import record
from optidsl.diag import Span
from optidsl.schema.nearest import alternatives, did_you_mean
from optidsl.sema.frame import Frame
from optidsl.sema.session import Session
from optidsl.sema.values import ERROR, Namespace, Number, Poison, Solved, Value
from optidsl.units import parse_quantity

_CURRENCY = "currency"
"""Stands for one of the design's currency."""

_UNITS: dict[str, str] = {
    "power.optics": "1mW",
    "power.switches": "1mW",
    "power.nodes": "1mW",
    "power.network": "1mW",
    "power.it": "1mW",
    "bom.optics.skus": "1",
    "bom.cables.skus": "1",
    "bom.fibers.types": "1",
    "cables.count": "1",
    "cables.length": "1mm",
    "optics.count": "1",
    **dict.fromkeys(
        (
            *("cost.optics", "cost.cables", "cost.switches", "cost.nodes", "cost.lines", "cost.fees", "cost.network"),
            "cost.spares",
        ),
        _CURRENCY,
    ),
}
"""What one of each metric is worth."""

FABRIC_FUNCTIONS: dict[str, tuple[str, str]] = {
    "bisection": ("bisection_mbps", "1Mbps"),
    "oversubscription": ("oversubscription", "1"),
    "hops": ("hops", "1"),
    "links": ("links", "1"),
}
"""Functions of a fabric: the metric they name, and what one of it is worth."""


@record(frozen=True, slots=True)
class InstanceFigure:
    """A figure of a fabric that is measured on the finished network; `doc` says what it is."""

    doc: str


INSTANCE_FIGURES: dict[str, InstanceFigure] = {
    "diameter": InstanceFigure("Links between the two switches of a plane that are farthest apart."),
    "mean_distance": InstanceFigure("Links between two switches of a plane, the mean over all pairs."),
    "degree_min": InstanceFigure("Fewest links that a switch has to other switches."),
    "degree_max": InstanceFigure("Most links that a switch has to other switches."),
    "path_diversity": InstanceFigure("Fewest shortest paths between two switches with endpoints, of one plane."),
    "reachable": InstanceFigure("Share of the ordered pairs of endpoints of a plane that a path joins."),
    "lost_endpoints": InstanceFigure("Endpoints that a failure cuts off from the largest part of what they were in."),
    "lost_nodes": InstanceFigure("Nodes of which a failure cuts off every endpoint."),
    "group_links_min": InstanceFigure("Fewest links between two groups of a direct network."),
    "group_links_max": InstanceFigure("Most links between two groups of a direct network."),
    "rail_alignment": InstanceFigure("Share of the leaves whose endpoints are all of one rail."),
    "max_link_load": InstanceFigure("Share of its rate that the busiest link carries under uniform traffic."),
    "load_balance": InstanceFigure("What links between switches carry under uniform traffic, mean over busiest."),
    "uplink_share": InstanceFigure("Least share of its links to switches above or beside it that any switch keeps."),
}
"""Functions of a fabric that only the finished network answers: promises about them are checked after the fact."""


SPARES = "cost.spares"
"""What spares cost: they are counted after the parts are chosen, so that no choice is made for it."""


def is_measured(name: str) -> bool:
    """Tell whether a metric is measured on the finished network."""
    if name == SPARES:
        return True
    return name.startswith("fabric.") and (name.endswith(")") or name.rpartition(".")[2] in INSTANCE_FIGURES)


FABRIC_FIGURES: dict[str, str] = {"latency": "1ps", "cable_latency": "1ps"}
"""Figures of a fabric, written `compute.latency`, and what one of each is worth: worst one-way delays."""


FABRIC_COUNTS: tuple[str, ...] = ("spare_ports", "switches")
"""Numbers of a fabric, written `compute.spare_ports`; the first is one of every tier too."""


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
        unit = _UNITS[dotted]
        return metric(dotted, f"1{design_currency(session, span)}" if unit == _CURRENCY else unit)
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


def design_currency(session: Session, span: Span) -> str:
    """Return what the design counts costs in."""
    root = session.frames[session.program.root.name]
    design = next((child for child in root.children if child.kind.name == "design"), None)
    found = None if design is None else session.read(design, "currency", span)
    return str(found) if isinstance(found, str) else "USD"


def fabric_figure(frame: Frame, name: str) -> Solved | None:
    """Return `compute.latency` and its like: figures of a fabric, or of a tier, that are read as attributes."""
    if frame.kind.name == "tier" and name == FABRIC_COUNTS[0] and frame.parent is not None:
        return metric(f"fabric.{fabric_name(frame.parent)}.tier.{frame.name}.{name}", "1")
    unit = FABRIC_FIGURES.get(name, "1" if name in FABRIC_COUNTS else None) if frame.kind.name == "fabric" else None
    return None if unit is None else metric(f"fabric.{fabric_name(frame)}.{name}", unit)


def is_worst_case(name: str) -> bool:
    """Tell whether a metric is the largest of several amounts, so that only an upper bound of it can be kept."""
    return name.startswith("fabric.") and name.rpartition(".")[2] in FABRIC_FIGURES


def fabric_name(frame: Frame) -> str:
    """Return the name of a fabric that is unique in the design: `compute`, `pod1.compute`."""
    return ".".join(frame.address[1:])


def fabric_metric(frame: Frame, function: str) -> Solved:
    """Return `bisection(fabric)` and its like."""
    suffix, unit = FABRIC_FUNCTIONS.get(function, (function, "1"))
    return metric(f"fabric.{fabric_name(frame)}.{suffix}", unit)


def tier_count(frame: Frame) -> Solved | Poison:
    """Return the number of switches of a tier that the author left open."""
    if frame.parent is None:
        return ERROR
    return metric(f"fabric.{fabric_name(frame.parent)}.tier.{frame.name}.count", "1")
