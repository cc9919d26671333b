"""Quantities of a fabric that are known once it is synthesised."""

from __future__ import annotations

from fractions import Fraction

from optidsl.fabric.tables import FabricTables


def metrics(tables: FabricTables) -> dict[str, Fraction | None]:
    """Return every `fabric.…` metric by the name that `sema.design.Metric` documents.

    Counts are over all planes, an unused tier counts 0, `bisection_mbps` is in Mbit/s, and the oversubscription is
    the product of those of the tiers (1 when there are no uplinks); of a direct network, the bandwidth of its
    endpoints over twice the bisection. None where a family knows no bisection.
    """
    found: dict[str, Fraction | None] = {}
    for index, shape in enumerate(tables.shapes):
        name = f"fabric.{shape.fabric.name}"
        counts = dict(zip(shape.tiers, shape.counts, strict=True))
        for tier in shape.fabric.tiers:
            found[f"{name}.tier.{tier.name}.count"] = Fraction(counts.get(tier.name, 0))
        bisection = shape.bisection_mbps
        found[f"{name}.bisection_mbps"] = None if bisection is None else Fraction(bisection)
        is_known = bisection is not None
        found[f"{name}.oversubscription"] = total_oversubscription(shape.oversubscription) if is_known else None
        found[f"{name}.hops"] = Fraction(shape.hops)
        found[f"{name}.switches"] = Fraction(sum(shape.counts))
        found[f"{name}.links"] = Fraction(_link_count(tables, index))
    return found


def total_oversubscription(per_tier: tuple[tuple[int, int], ...]) -> Fraction:
    """Return the product of `(down Mbit/s, up Mbit/s)` ratios."""
    total = Fraction(1)
    for down_mbps, up_mbps in per_tier:
        total *= Fraction(down_mbps, up_mbps)
    return total


def _link_count(tables: FabricTables, fabric: int) -> int:
    name = tables.shapes[fabric].fabric.name
    return sum(
        int((tables.links.segment == index).sum())
        for index, segment in enumerate(tables.segments)
        if segment.fabric == name
    )
