"""Scale-up networks, counted again: GPUs and links of a domain, room of its chips, one place for its servers."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.diag import Diagnostic
from optidsl.plan.model import Plan
from optidsl.plan.scale_up_model import PlanScaleUp
from optidsl.plan.verify.view import finding

NAME = "domain-mismatch"


def scale_up_findings(plan: Plan) -> list[Diagnostic]:
    """Check every scale-up network of the plan."""
    return [
        finding(NAME, f"scale-up {own.name}: {message}", f"declared at {own.source_ref}")
        for own in plan.scale_up
        for message in _faults(plan, own)
    ]


def _faults(plan: Plan, own: PlanScaleUp) -> Iterator[str]:
    if plan.groups[own.group].kind != "node":
        yield f"its group {own.group} is no group of servers"
        return
    group = plan.groups[own.group]
    if own.per_domain * own.domains != group.count:
        yield f"{own.domains} domains of {own.per_domain} servers are not the {group.count} of {group.name}"
        return
    if own.gpus != own.per_domain * group.gpus:
        yield f"a domain states {own.gpus} GPUs, its servers have {own.per_domain * group.gpus}"
    links = _links(own)
    if links is not None and links != own.links:
        yield f"a domain states {own.links} links, its GPUs make {links}"
    if own.switches and own.links % own.switches:
        yield f"{own.links} links do not divide over {own.switches} switch chips"
    if own.switches and own.switch_ports is not None and own.links > own.switches * own.switch_ports:
        yield f"{own.links} links do not fit {own.switches} switch chips of {own.switch_ports}"
    yield from _places(plan, own)


def _links(own: PlanScaleUp) -> int | None:
    """Return the links of a domain by counting link ends of its GPUs; None where these are not stated."""
    if own.kind in ("mesh", "torus"):
        total = 0
        for size in own.dims:
            lines = own.gpus // size
            total += lines * (size - 1) + (lines if own.kind == "torus" and size > 2 else 0)
        return total
    if own.links_per_gpu is None:
        return None
    ends = own.gpus * own.links_per_gpu
    return ends if own.kind == "switched" else ends // 2


def _places(plan: Plan, own: PlanScaleUp) -> Iterator[str]:
    """The servers of a domain stand in one rack, row or hall, where the design asks for it."""
    if not own.within:
        return
    group, racks = plan.groups[own.group], plan.racks
    depth = {"hall": 2, "row": 3, "rack": 4}.get(own.within, 4)
    where = [(rack.site, rack.hall, rack.row, rack.name)[:depth] for rack in racks]
    rows = plan.devices.rack[group.first : group.first + group.count].tolist()
    for first in range(0, group.count, own.per_domain):
        mine = rows[first : first + own.per_domain]
        if min(mine) >= 0 and len({where[row] for row in mine}) > 1:
            yield f"the servers from {plan.devices.name[group.first + first]} on do not stand within one {own.within}"
            return
