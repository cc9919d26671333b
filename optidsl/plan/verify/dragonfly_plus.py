"""Dragonfly+: every leaf meets every spine of its group, and every two groups are joined by as many links.

Source: Shpiner, Haramaty, Eliad, Zdornov, Gafni, Zahavi, Dragonfly+: Low Cost Topology for Scaling Datacenters
(HiPINEB 2017), section III.
"""

from __future__ import annotations

from math import comb

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.verify.peers import Peers, mismatch, pair_counts
from optidsl.plan.verify.view import I64


def plus_findings(peers: Peers) -> list[Diagnostic]:
    """Check groups, links inside them, and links between them."""
    plan, fabric, groups = peers.view.plan, peers.fabric, peers.number("groups")
    member = np.full(len(plan.devices.name), -1, dtype=np.int64)  # groups of all planes, one after another
    for tier, word in zip(fabric.tiers, ("leaves_per_group", "spines_per_group"), strict=True):
        rows = [np.arange(g.first, g.first + g.count) for g in plan.groups if (g.fabric, g.tier) == (fabric.name, tier)]
        devices = np.concatenate([*rows, np.zeros(0, dtype=np.int64)])
        size = peers.number(word)
        wanted = np.arange(devices.size) // max(size, 1)
        if devices.size != groups * size * fabric.planes or (plan.devices.pod[devices] != wanted % groups).any():
            return [mismatch(fabric, f"its {tier} switches do not form {groups} groups of {size}")]
        member[devices] = wanted
    return _inside(peers, member) or _between(peers, groups)


def _inside(peers: Peers, member: I64) -> list[Diagnostic]:
    """A leaf has the same number of links to every spine of its group, and none to any other."""
    view, fabric = peers.view, peers.fabric
    names = view.plan.devices.name
    wanted = [(s.fabric, s.a, s.z) == (fabric.name, *fabric.tiers) for s in view.plan.segments]
    links = np.flatnonzero(np.array(wanted, dtype=bool)[view.plan.links.segment])
    leaf, spine = view.a.device[links], view.z.device[links]
    strays = np.flatnonzero(member[leaf] != member[spine])
    if strays.size:
        at = strays[0]
        what = f"{names[int(leaf[at])]} and {names[int(spine[at])]} are linked and are of two groups"
        return [mismatch(fabric, what)]
    low, high, counts = pair_counts(leaf, spine, len(names))
    usual = int(np.bincount(counts).argmax())
    odd = np.flatnonzero(counts != usual)
    if odd.size:
        at = odd[0]
        what = f"{names[int(low[at])]} and {names[int(high[at])]} have {counts[at]} links, others {usual}"
        return [mismatch(fabric, what)]
    pairs = fabric.counts[0] * peers.number("spines_per_group")
    if len(counts) != pairs:
        return [mismatch(fabric, f"{len(counts)} pairs of leaf and spine are joined, of {pairs}")]
    return []


def _between(peers: Peers, groups: int) -> list[Diagnostic]:
    """Every two groups of a plane have the links that the parameters state."""
    fabric, wanted = peers.fabric, peers.number("links_per_group_pair")
    a, z = peers.of("global")
    group = np.arange(peers.switches) // peers.number("spines_per_group")
    low, high, counts = pair_counts(group[a], group[z], groups * fabric.planes)
    bad = np.flatnonzero((counts != wanted) | (low == high))
    if bad.size:
        at = bad[0]
        what = f"groups {low[at] % groups + 1} and {high[at] % groups + 1} have {counts[at]} links"
        return [mismatch(fabric, f"{what}, its shape says {wanted} for every two")]
    pairs = comb(groups, 2) * fabric.planes
    if len(counts) != pairs:
        return [mismatch(fabric, f"{len(counts)} pairs of groups are joined, of {pairs}")]
    return []
