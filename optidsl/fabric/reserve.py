"""Ports kept for growth: the policy's share as a requirement on the ports that the endpoints' tier has left."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from optidsl._record import replace
from optidsl.diag import Span
from optidsl.fabric.edge import edge_of
from optidsl.sema.design import Affine, Condition, Design, Metric, Requirement


def with_reserve(design: Design) -> Design:
    """Return the design with a requirement on every fabric that its switches keep the ports that the policy asks for.

    With `E` endpoint ports and `s` spare ones in the tier of the endpoints, the share `s / (s + E)` is at least `r`
    when `s >= r E / (1 - r)`: linear in what the fabric's shape decides. Tiers above carry links between switches and
    do not count.
    """
    slot = design.policy.growth_reserve
    share = slot.value
    if share is None:
        return design
    span = slot.span or design.span
    more = tuple(
        _requirement(fabric.name, len(edge_of(design, fabric).device), share, span) for fabric in design.fabrics
    )
    return replace(design, requirements=(*design.requirements, *more))


def _requirement(fabric: str, endpoints: int, share: Fraction, span: Span) -> Requirement:
    whole = ceil(share * endpoints / (1 - share))
    expression = Affine(Fraction(-whole), ((Metric(f"fabric.{fabric}.spare_ports"), Fraction(1)),))
    text = f"growth_reserve: {fabric}.spare_ports >= {whole} beside {endpoints} endpoint ports"
    return Requirement("growth_reserve", (Condition(expression, ">=", text),), None, None, False, span)
