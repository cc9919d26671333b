"""Ports and cages: each exists, serves one link, in its role, at its rate, with one kind of module in the cage."""

from __future__ import annotations

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanSegment
from optidsl.plan.verify.view import I64, ROLES, Ends, View, finding, gbps, some_links


def port_findings(view: View) -> list[Diagnostic]:
    """Check the ports of every link."""
    missing = [found for _, ends in view.ends() for found in _absent(view, ends)]
    if missing:
        return missing
    return _used_twice(view) + _roles(view) + _rates(view) + _segment_ends(view) + _cages(view)


def _absent(view: View, ends: Ends) -> list[Diagnostic]:
    def told(link: int) -> str:
        n_ports = len(view.plan.groups[int(ends.group[link])].ports.name)
        name = view.plan.devices.name[int(ends.device[link])]
        return f"{name} has {n_ports} ports, none with index {int(ends.port[link])}"

    return some_links(view, ~ends.is_present, "port-missing", told)


def _used_twice(view: View) -> list[Diagnostic]:
    width = 1 + max(int(view.a.port.max(initial=0)), int(view.z.port.max(initial=0)))
    both = np.concatenate([view.a.device * width + view.a.port, view.z.device * width + view.z.port])
    used, first, counts = np.unique(both, return_index=True, return_counts=True)
    twice = np.flatnonzero(counts > 1)
    if not twice.size:
        return []
    n_links = len(view.a.device)
    end = int(first[twice[0]])
    rows = np.flatnonzero(both == used[twice[0]])
    port = view.port_name(view.a if end < n_links else view.z, end % n_links)
    links = "; ".join(view.link_name(int(row) % n_links) for row in rows[:3])
    more = f" ({twice.size - 1} more ports)" if twice.size > 1 else ""
    return [
        finding("port-used-twice", f"port {port} serves {int(counts[twice[0]])} links{more}", f"the links: {links}")
    ]


def _roles(view: View) -> list[Diagnostic]:
    """Upper ends use down ports; lower ends use up ports of switches, as both ends inside a tier do, or node ports."""
    is_node = np.array([group.kind == "node" for group in view.plan.groups], dtype=bool)
    is_peer = np.array([segment.a == segment.z for segment in view.plan.segments], dtype=bool)[view.plan.links.segment]
    wanted = np.where(is_node[view.a.group], ROLES["down"], ROLES["up"])
    return _roles_of(view, view.a, wanted) + _roles_of(view, view.z, np.where(is_peer, ROLES["up"], ROLES["down"]))


def _roles_of(view: View, ends: Ends, wanted: I64) -> list[Diagnostic]:
    words = {number: word for word, number in ROLES.items()}

    def told(link: int) -> str:
        kept, needed = words.get(int(ends.role[link]), "unused"), words[int(wanted[link])]
        return f"port {view.port_name(ends, link)} is kept as `{kept}`, this end needs one kept as `{needed}`"

    return some_links(view, ends.role != wanted, "port-role-mismatch", told)


def _rates(view: View) -> list[Diagnostic]:
    rates = np.array([segment.rate_mbps for segment in view.plan.segments], dtype=np.int64)
    rate = rates[view.plan.links.segment]
    return _rates_of(view, view.a, rate) + _rates_of(view, view.z, rate)


def _rates_of(view: View, ends: Ends, rate: I64) -> list[Diagnostic]:
    def told(link: int) -> str:
        runs, needed = gbps(int(ends.rate_mbps[link])), gbps(int(rate[link]))
        return f"port {view.port_name(ends, link)} runs {runs}, the links of this segment run {needed}"

    return some_links(view, ends.rate_mbps != rate, "port-rate-mismatch", told)


def _segment_ends(view: View) -> list[Diagnostic]:
    """Each link joins the two tiers of its segment, in one plane, and the two groups of its class."""
    plan, findings = view.plan, list[Diagnostic]()
    for index, segment in enumerate(plan.segments):
        findings += _tiers_of(view, index, segment)
    plane = np.array([group.plane for group in plan.groups], dtype=np.int64)
    crosses = (plane[view.a.group] >= 0) & (plane[view.a.group] != plane[view.z.group])
    findings += some_links(view, crosses, "link-ends-mismatch", lambda link: "the link joins two planes")
    a_group = np.array([each.a_group for each in plan.classes], dtype=np.int64)
    z_group = np.array([each.z_group for each in plan.classes], dtype=np.int64)
    of_class = np.array([each.segment for each in plan.classes], dtype=np.int64)
    row = plan.links.link_class
    strays = (a_group[row] != view.a.group) | (z_group[row] != view.z.group) | (of_class[row] != plan.links.segment)

    def told(link: int) -> str:
        return f"the link is not of class `{plan.classes[int(row[link])].name}`"

    return findings + some_links(view, strays, "link-ends-mismatch", told)


def _tiers_of(view: View, index: int, segment: PlanSegment) -> list[Diagnostic]:
    groups = view.plan.groups
    upper = np.array([(g.fabric, g.tier) == (segment.fabric, segment.z) for g in groups], dtype=bool)
    if segment.a == "endpoints":
        lower = np.array([g.kind == "node" for g in groups], dtype=bool)
    else:
        lower = np.array([(g.fabric, g.tier) == (segment.fabric, segment.a) for g in groups], dtype=bool)
    bad = (view.plan.links.segment == index) & ~(lower[view.a.group] & upper[view.z.group])
    what = f"the link does not join {segment.a} to {segment.z} of fabric {segment.fabric}"
    return some_links(view, bad, "link-ends-mismatch", lambda link: what, segment.source_ref)


def _cages(view: View) -> list[Diagnostic]:
    """A cage holds one module: all of its links must name the same part there."""
    classes = view.plan.classes
    names = sorted({name for each in classes for name in (each.a_module, each.z_module, each.direct)})
    code = {name: number for number, name in enumerate(names)}
    row = view.plan.links.link_class
    a_part = np.array([code[each.direct or each.a_module] for each in classes], dtype=np.int64)[row]
    z_part = np.array([code[each.direct or each.z_module] for each in classes], dtype=np.int64)[row]
    cage = np.concatenate([view.a.cage_id, view.z.cage_id])
    part = np.concatenate([a_part, z_part])
    order = np.lexsort((part, cage))
    mixed = np.flatnonzero((np.diff(cage[order]) == 0) & (np.diff(part[order]) != 0))
    if not mixed.size:
        return []
    one, other = int(order[mixed[0]]), int(order[mixed[0] + 1])
    n_links = len(row)
    where = view.port_name(view.a if one < n_links else view.z, one % n_links)
    more = f" ({mixed.size - 1} more)" if mixed.size > 1 else ""
    return [
        finding(
            "cage-mixed-modules",
            f"the cage of {where} would hold both `{names[part[one]]}` and `{names[part[other]]}`{more}",
            f"the links: {view.link_name(one % n_links)}; {view.link_name(other % n_links)}",
        )
    ]
