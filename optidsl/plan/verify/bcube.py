"""BCubes: servers at one switch differ in the digit of its level only, and every two addresses are joined.

Source: Guo, Lu, Li, Wu, Zhang, Shi, Tian, Zhang, Lu, BCube: A High Performance, Server-centric Network Architecture for
Modular Data Centers (SIGCOMM 2009), section 3.1.
"""

from __future__ import annotations

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanFabric
from optidsl.plan.verify.graph import distances, neighbours
from optidsl.plan.verify.peers import mismatch
from optidsl.plan.verify.view import I64, View

_MOST_SOURCES = 64
"""Servers from which the longest path is measured."""


def bcube_findings(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """Check the ports of servers, their addresses, the switches that they share, and the longest path."""
    names, links = view.plan.devices.name, _links(view, fabric)
    findings: list[Diagnostic] = []
    for plane in range(fabric.planes):
        levels = [links[(plane, tier)] for tier in range(len(fabric.tiers))]
        servers = np.unique(np.concatenate([view.a.device[each] for each in levels]))
        for tier, rows in zip(fabric.tiers, levels, strict=True):
            counts = np.bincount(view.a.device[rows], minlength=len(names))[servers]
            if (counts != 1).any():
                at = int(np.flatnonzero(counts != 1)[0])
                what = f"{names[int(servers[at])]} has {int(counts[at])} links to {tier} switches"
                return [mismatch(fabric, f"{what}, and a server of a bcube has one to every tier")]
        ordered = [rows[np.argsort(view.a.device[rows])] for rows in levels]
        findings += _addresses(view, fabric, servers, ordered) or _longest(view, fabric, servers, ordered)
    return findings


def _links(view: View, fabric: PlanFabric) -> dict[tuple[int, int], I64]:
    """Return the links of every plane and tier."""
    plan = view.plan
    tier_of = np.array(
        [fabric.tiers.index(s.z) if s.fabric == fabric.name and s.a == "endpoints" else -1 for s in plan.segments],
        dtype=np.int64,
    )[plan.links.segment]
    plane_of = np.array([max(group.plane, 0) for group in plan.groups], dtype=np.int64)[view.z.group]
    return {
        (plane, tier): np.flatnonzero((tier_of == tier) & (plane_of == plane))
        for plane in range(fabric.planes)
        for tier in range(len(fabric.tiers))
    }


def _addresses(view: View, fabric: PlanFabric, servers: I64, levels: list[I64]) -> list[Diagnostic]:
    """The ports of a server's switches are its address: no two share one; servers of a switch differ in its digit."""
    names = view.plan.devices.name
    digits = np.stack([view.plan.links.z_port[rows] for rows in levels])
    base = int(digits.max(initial=0)) + 1
    weights = base ** np.arange(len(levels), dtype=np.int64)
    address = weights @ digits
    order = np.argsort(address, kind="stable")
    same = np.flatnonzero(np.diff(address[order]) == 0)
    if same.size:
        one, other = (names[int(servers[order[same[0] + step]])] for step in (0, 1))
        return [mismatch(fabric, f"{one} and {other} are at the same port of every tier")]
    for level, rows in enumerate(levels):
        switch, rest = view.z.device[rows], address - weights[level] * digits[level]
        order = np.lexsort((servers, switch))
        differs = (np.diff(switch[order]) == 0) & (np.diff(rest[order]) != 0)
        if differs.any():
            at = int(np.flatnonzero(differs)[0])
            one, other = (names[int(servers[order[at + step]])] for step in (0, 1))
            what = f"{one} and {other} share {names[int(switch[order[at]])]} and differ in another digit"
            return [mismatch(fabric, what)]
    return []


def _longest(view: View, fabric: PlanFabric, servers: I64, levels: list[I64]) -> list[Diagnostic]:
    """Compare the switches on the longest path with the shape's, from at most 64 servers evenly spread."""
    rows = np.concatenate(levels)
    starts, far = neighbours(view.a.device[rows], view.z.device[rows], len(view.plan.devices.name))
    step, longest = -(-len(servers) // _MOST_SOURCES), 0
    for source in servers[::step].tolist():
        reached = distances(starts, far, source)[servers]
        if reached.min() < 0:
            names = view.plan.devices.name
            return [mismatch(fabric, f"no path leads from {names[source]} to {names[int(servers[reached.argmin()])]}")]
        longest = max(longest, int(reached.max()) // 2)
    if longest == fabric.hops or (step > 1 and longest < fabric.hops):
        return []
    return [mismatch(fabric, f"the longest path crosses {longest} switches, its shape says {fabric.hops}")]
