"""Trees whose shape or homes the author states: counts, children and parents, counted again from the links."""

from __future__ import annotations

from math import prod

import numpy as np

from optidsl._record import record
from optidsl.diag import Diagnostic
from optidsl.plan.model import PlanFabric
from optidsl.plan.verify.peers import mismatch
from optidsl.plan.verify.view import I64, View


@record(frozen=True, slots=True)
class _Joint:
    """The pairs of switches (or nodes) below and above that have links, by device row, and the links of each."""

    below: I64
    above: I64
    links: I64


def tree_findings(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """Check what the parameters of a tree promise; nothing where it has none."""
    findings: list[Diagnostic] = []
    if "k" in fabric.parameters:
        findings += _k_ary(view, fabric)
    if "children" in fabric.parameters:
        findings += _stated(view, fabric)
    if "homes" in fabric.parameters:
        findings += _homes(view, fabric)
    if fabric.kind == "rail_only":
        findings += _rails_apart(view, fabric)
    return findings


def _number(fabric: PlanFabric, name: str) -> int:
    value = fabric.parameters.get(name)
    return value if isinstance(value, int) else 0


def _list(fabric: PlanFabric, name: str) -> tuple[int, ...]:
    value = fabric.parameters.get(name)
    return value if isinstance(value, tuple) else ()


def _joint(view: View, fabric: PlanFabric, level: int) -> _Joint:
    """Return which device of tier `level` is joined to which below it."""
    wanted = [s.fabric == fabric.name and s.z == fabric.tiers[level] != s.a for s in view.plan.segments]
    rows = np.flatnonzero(np.array(wanted, dtype=bool)[view.plan.links.segment])
    size = len(view.plan.devices.name)
    pairs, counts = np.unique(view.a.device[rows] * size + view.z.device[rows], return_counts=True)
    return _Joint(pairs // size, pairs % size, counts.astype(np.int64))


def _k_ary(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """No switch has more than k ports, k/2 of them up; no two switches have two links; a core meets each pod once.

    Source: Al-Fares, Loukissas, Vahdat, SIGCOMM 2008, section 2.2: k pods, each of k/2 edge and k/2 aggregation
    switches, (k/2)^2 cores of which each has one port to each pod.
    """
    k, names, n_tiers = _number(fabric, "k"), view.plan.devices.name, len(fabric.tiers)
    for row, tier in enumerate(fabric.tiers):
        per_plane = fabric.counts[row] // fabric.planes
        most = 1 if n_tiers == 1 else k if n_tiers == 2 else k * k // 2
        if n_tiers > 1 and row + 1 == n_tiers:
            most = k // 2 if n_tiers == 2 else k * k // 4
        if per_plane > most:
            return [mismatch(fabric, f"tier {tier} has {per_plane} switches a plane, a tree of k = {k} at most {most}")]
        if fabric.down[row] + fabric.up[row] > k or (n_tiers > 1 and fabric.up[row] > k // 2):
            return [
                mismatch(fabric, f"a {tier} switch has {fabric.down[row]} ports down and {fabric.up[row]} up of {k}")
            ]
    for level in range(1, n_tiers):
        joint = _joint(view, fabric, level)
        double = np.flatnonzero(joint.links > 1)
        if double.size:
            a, z = names[int(joint.below[double[0]])], names[int(joint.above[double[0]])]
            return [mismatch(fabric, f"{a} and {z} have {int(joint.links[double[0]])} links, in a k-ary tree one")]
    if n_tiers < 3:
        return []
    joint, pods = _joint(view, fabric, 2), view.plan.devices.pod
    size = len(names)
    met, counts = np.unique(joint.above * (fabric.pods + 1) + pods[joint.below], return_counts=True)
    twice = np.flatnonzero(counts > 1)
    if twice.size:
        core, pod = divmod(int(met[twice[0]]), fabric.pods + 1)
        return [
            mismatch(fabric, f"{names[core]} has {int(counts[twice[0]])} links to pod {pod + 1}, in a k-ary tree one")
        ]
    reached = np.bincount(met // (fabric.pods + 1), minlength=size)
    cores = np.unique(joint.above)
    short = cores[reached[cores] != fabric.pods]
    if short.size:
        core = int(short[0])
        return [mismatch(fabric, f"{names[core]} reaches {int(reached[core])} of the {fabric.pods} pods")]
    return _apart(view, fabric)


def _stated(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """A switch of tier i has m(i) children and w(i+1) parents, and there are as many as that gives.

    Source: Öhring, Ibel, Das, Kumar, On Generalized Fat Trees, IPPS 1995: XGFT(h; m1, …, mh; w1, …, wh) has
    m(i+1)…m(h) w1…w(i) switches of level i.
    """
    children, parents = _list(fabric, "children"), _list(fabric, "parents")
    names = view.plan.devices.name
    if len(children) != len(fabric.tiers) or len(parents) != len(fabric.tiers):
        return [mismatch(fabric, f"{len(fabric.tiers)} tiers need as many `children` and `parents`")]
    for row, tier in enumerate(fabric.tiers):
        wanted = prod(children[row + 1 :]) * prod(parents[: row + 1])
        if fabric.counts[row] != wanted:
            return [
                mismatch(fabric, f"tier {tier} has {fabric.counts[row]} switches, `children` and `parents` {wanted}")
            ]
        if row == 0:
            continue
        joint = _joint(view, fabric, row)
        for ends, each, what in (
            (joint.above, children[row], f"{fabric.tiers[row - 1]} switches below it"),
            (joint.below, parents[row], f"{tier} switches above it"),
        ):
            devices, counts = np.unique(ends, return_counts=True)
            odd = np.flatnonzero(counts != each)
            if odd.size:
                name = names[int(devices[odd[0]])]
                return [mismatch(fabric, f"{name} has {int(counts[odd[0]])} {what}, its shape {each}")]
    return _apart(view, fabric)


def _apart(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """Switches of a tier that share one above them share all: pods are whole, and so are the sets of cores."""
    return [found for level in range(1, len(fabric.tiers)) for found in _apart_at(view, fabric, level)][:1]


def _apart_at(view: View, fabric: PlanFabric, level: int) -> list[Diagnostic]:
    """Every switch has the set of its lowest neighbour above; sets are apart, and all pairs of a set are joined."""
    joint = _joint(view, fabric, level)
    order = np.lexsort((joint.above, joint.below))
    below, above = joint.below[order], joint.above[order]
    _, starts, counts = np.unique(below, return_index=True, return_counts=True)
    set_of = np.repeat(above[starts], counts)
    size = len(view.plan.devices.name)
    lowest = np.full(size, size, dtype=np.int64)
    np.minimum.at(lowest, above, set_of)
    members = np.bincount(lowest[above[np.unique(above, return_index=True)[1]]], minlength=size)
    odd = np.flatnonzero((set_of != lowest[above]) | (np.repeat(counts, counts) != members[set_of]))
    if not odd.size:
        return []
    name = view.plan.devices.name[int(below[odd[0]])]
    return [mismatch(fabric, f"{name} shares some {fabric.tiers[level]} switches with another, not all")]


def _homes(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """The ports of a node on one rail end at as many leaves as it has homes, and leaves of a unit share their nodes.

    Ports of a plane count by themselves; of a fabric whose leaves have no rails, all ports of a node count together.
    """
    homes, plan = _number(fabric, "homes"), view.plan
    is_edge = [s.fabric == fabric.name and s.a == "endpoints" for s in plan.segments]
    rows = np.flatnonzero(np.array(is_edge, dtype=bool)[plan.links.segment])
    size = len(plan.devices.name)
    by_rail = fabric.kind == "rail_optimized"
    rail = view.a.rail[rows] if by_rail else np.zeros(rows.size, dtype=np.int64)
    plane = np.array([max(group.plane, 0) for group in plan.groups], dtype=np.int64)[view.z.group[rows]]
    kept = rail >= 0
    key = ((view.a.device[rows] * fabric.planes + plane) * (int(rail.max(initial=0)) + 1) + rail)[kept]
    leaf = view.z.device[rows][kept]
    ports_of, n_ports = np.unique(key, return_counts=True)
    pairs = np.unique(key * size + leaf)
    n_leaves = np.bincount(np.searchsorted(ports_of, pairs // size), minlength=len(ports_of))
    odd = np.flatnonzero(n_leaves != np.minimum(n_ports, homes))
    if odd.size:
        first = int(odd[0])
        node = int(ports_of[first]) // (int(rail.max(initial=0)) + 1) // fabric.planes
        what = f"{plan.devices.name[node]} has {int(n_ports[first])} ports at {int(n_leaves[first])} leaves"
        return [mismatch(fabric, f"{what}, and its homes are {homes}")]
    return []


def _rails_apart(view: View, fabric: PlanFabric) -> list[Diagnostic]:
    """Every network of a rail-only fabric serves one rail, and no link joins switches of two rails.

    Source: Wang et al., Rail-only, arXiv 2307.12169: the links between rails are removed.
    """
    plan, names = view.plan, view.plan.devices.name
    mine = np.array([s.fabric == fabric.name for s in plan.segments], dtype=bool)[plan.links.segment]
    is_node = np.array([group.kind == "node" for group in plan.groups], dtype=bool)
    a_rail = np.where(is_node[view.a.group], view.a.rail, plan.devices.rail[view.a.device])
    z_rail = plan.devices.rail[view.z.device]
    odd = np.flatnonzero(mine & (a_rail != z_rail))
    if odd.size:
        link = int(odd[0])
        a, z = names[int(view.a.device[link])], names[int(view.z.device[link])]
        what = f"{a} (rail {int(a_rail[link])}) and {z} (rail {int(z_rail[link])}) are linked"
        return [mismatch(fabric, f"{what}, and rails are apart")]
    rails = {int(rail) for rail in np.unique(z_rail[mine]).tolist()}
    if len(rails) != fabric.planes:
        return [mismatch(fabric, f"{fabric.planes} networks serve {len(rails)} rails, each needs one of its own")]
    return []
