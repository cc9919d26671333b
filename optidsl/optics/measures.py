"""Metrics that only designs which name them pay for: costs and latencies."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.layout.tables import PlacedFabric
from optidsl.optics.amount import Amount
from optidsl.optics.candidates import Option
from optidsl.optics.classify import ClassView
from optidsl.optics.figures import Figures
from optidsl.sema.design import Design


def named_metrics(design: Design) -> tuple[str, ...]:
    """Return the metrics that requirements and objectives name, in source order."""
    expressions = [condition.expression for each in design.requirements for condition in each.conditions]
    expressions += [each.expression for each in design.objectives]
    return tuple(dict.fromkeys(metric.name for expression in expressions for metric, _ in expression.terms))


def measures(
    design: Design,
    placed: PlacedFabric,
    views: Sequence[ClassView],
    options: Sequence[Sequence[Option]],
    rows: Sequence[Sequence[Figures]],
) -> dict[str, tuple[Amount, ...]]:
    """Return the metrics that the design names and that figures of parts do not give by themselves.

    Each is the largest of its amounts: a cost has one, a latency one for every path that may be the longest.
    """
    named = named_metrics(design)
    found: dict[str, tuple[Amount, ...]] = {}
    if any(name.startswith("cost.") for name in named):
        from optidsl.optics.costs import cost_amounts

        found.update(cost_amounts(design, placed, views, options, rows))
    if any(name.endswith(".spare_ports") for name in named):
        from optidsl.fabric.spare import spare_ports

        nothing = tuple(tuple(0 for _ in row) for row in rows)
        found.update({name: (Amount(int(n), nothing),) for name, n in spare_ports(placed.tables).items()})
    if any(name.endswith("latency") for name in named):
        from optidsl.optics.latencies import latency_amounts

        found.update(
            latency_amounts(
                design.catalog, placed, views, options, rows, [name for name in named if name.endswith("latency")]
            )
        )
    return found
