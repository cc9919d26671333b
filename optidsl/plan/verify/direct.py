"""Direct networks: the links of every dimension, the groups or the grid, and the longest path, counted again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanDimension, PlanFabric
from optidsl.plan.verify.bcube import bcube_findings
from optidsl.plan.verify.custom import custom_findings
from optidsl.plan.verify.cuts import narrowest
from optidsl.plan.verify.dragonfly import dragonfly_findings
from optidsl.plan.verify.dragonfly_plus import plus_findings
from optidsl.plan.verify.fields import jellyfish_findings, polar_fly_findings, slim_fly_findings
from optidsl.plan.verify.graph import distances, neighbours
from optidsl.plan.verify.grid import grid_findings
from optidsl.plan.verify.hyperx import hyperx_findings, mesh_findings, ring_findings, star_findings
from optidsl.plan.verify.ocs import ocs_findings
from optidsl.plan.verify.peers import Peers, mismatch, peers_of
from optidsl.plan.verify.view import View

FAMILIES: dict[str, Callable[[Peers], list[Diagnostic]]] = {
    "dragonfly": dragonfly_findings,
    "dragonfly_plus": plus_findings,
    "torus": grid_findings,
    "mesh": grid_findings,
    "hyperx": hyperx_findings,
    "full_mesh": mesh_findings,
    "ring": ring_findings,
    "star": star_findings,
    "slim_fly": slim_fly_findings,
    "polar_fly": polar_fly_findings,
    "jellyfish": jellyfish_findings,
    "custom": custom_findings,
}
"""What must hold of the links of a kind, from the plan's own parameters."""

RELAYED: dict[str, Callable[[View, PlanFabric], list[Diagnostic]]] = {
    "bcube": bcube_findings,
    "ocs_torus": ocs_findings,
}
"""What must hold of the links of a kind in which no switch is linked to another."""

_MOST_SOURCES = 64
"""Switches from which the longest path is measured."""


def direct_findings(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """Check the links between switches of a direct network; nothing for a fabric that is none."""
    if fabric.kind in RELAYED:
        return RELAYED[fabric.kind](view, fabric)
    if not fabric.dimensions:
        return []
    peers = peers_of(view, fabric)
    findings = _ends(peers) or [found for each in fabric.dimensions for found in _counts(peers, each)]
    if findings:
        return findings
    own = FAMILIES.get(fabric.kind)
    findings += own(peers) if own is not None else []
    return findings or _paths(peers)


def _ends(peers: Peers) -> list[Diagnostic]:
    """No switch is linked to itself, and every link stays in one plane."""
    loops = np.flatnonzero(peers.a == peers.z)
    if loops.size:
        return [mismatch(peers.fabric, f"{peers.name(peers.a[loops[0]])} is linked to itself")]
    crossing = np.flatnonzero(peers.a // peers.per_plane != peers.z // peers.per_plane)
    if crossing.size:
        link = crossing[0]
        what = f"{peers.name(peers.a[link])} and {peers.name(peers.z[link])} are linked and are of two planes"
        return [mismatch(peers.fabric, what)]
    return []


def _counts(peers: Peers, dimension: PlanDimension) -> list[Diagnostic]:
    """A dimension has the links that the shape states, and no switch more ports in it than that states."""
    a, z = peers.of(dimension.name)
    findings = []
    if len(a) != dimension.links:
        findings.append(
            mismatch(peers.fabric, f"dimension {dimension.name} has {len(a)} links, its shape {dimension.links}")
        )
    used = np.bincount(np.concatenate([a, z]), minlength=peers.switches)
    if used.max(initial=0) > dimension.ports:
        worst = int(used.argmax())
        what = f"{peers.name(worst)} has {int(used[worst])} {dimension.name} links, its shape at most {dimension.ports}"
        findings.append(mismatch(peers.fabric, what))
    return findings


def _paths(peers: Peers) -> list[Diagnostic]:
    """No switch is farther from another than the shape states, and no part has fewer links out than paths are stated.

    A switch with the fewest links is such a part.
    """
    fabric, findings = peers.fabric, list[Diagnostic]()
    cut = narrowest(peers) if len(fabric.tiers) == 1 and fabric.disjoint_paths is not None else None
    if cut is not None and fabric.disjoint_paths is not None and cut.links < fabric.disjoint_paths:
        who = "has" if cut.switches == 1 else f"and {cut.switches - 1} more have"
        what = f"{peers.name(cut.switch)} {who} {cut.links} links to other switches, and its shape promises"
        what += f" {fabric.disjoint_paths} paths without a common link"
        findings.append(mismatch(fabric, what))
    return findings + _longest(peers)


def _longest(peers: Peers) -> list[Diagnostic]:
    """Compare the longest path between switches that serve endpoints with the shape's.

    Measured in the first plane, from at most 64 switches, evenly spread; all of them where there are no more.
    """
    view, fabric = peers.view, peers.fabric
    served = {s.z for s in view.plan.segments if s.fabric == fabric.name and s.a == "endpoints"}
    groups = [g for g in view.plan.groups if g.fabric == fabric.name and g.plane <= 0 and g.tier in served]
    rows = np.concatenate([np.arange(g.first, g.first + g.count) for g in groups] or [np.zeros(0, dtype=np.int64)])
    is_mine = np.array([s.fabric == fabric.name and s.a != "endpoints" for s in view.plan.segments], dtype=bool)
    links = np.flatnonzero(is_mine[view.plan.links.segment])
    starts, far = neighbours(view.a.device[links], view.z.device[links], len(view.plan.devices.name))
    step = -(-len(rows) // _MOST_SOURCES)
    longest = 0
    for source in rows[::step].tolist():
        reached = distances(starts, far, source)[rows]
        if reached.min() < 0:
            names = view.plan.devices.name
            return [mismatch(fabric, f"no path leads from {names[source]} to {names[int(rows[reached.argmin()])]}")]
        longest = max(longest, int(reached.max()) + 1)
    if longest == fabric.hops or (step > 1 and longest < fabric.hops):
        return []
    return [mismatch(fabric, f"the longest path crosses {longest} switches, its shape says {fabric.hops}")]
