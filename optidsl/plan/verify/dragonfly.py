"""Dragonflies: every two groups are joined by as many links, and so are the routers inside a group.

Source: Kim, Dally, Scott, Abts, Technology-Driven, Highly-Scalable Dragonfly Topology (ISCA 2008), section 3.
"""

from __future__ import annotations

from math import comb, prod

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.verify.peers import Peers, mismatch, pair_counts


def dragonfly_findings(peers: Peers) -> list[Diagnostic]:
    """Check groups, links inside them, and links between them."""
    groups = peers.number("groups")
    dims = peers.numbers("group_dims") or (peers.number("routers_per_group"),)
    wanted = np.arange(peers.switches) % peers.per_plane // prod(dims)
    if peers.per_plane != groups * prod(dims) or not np.array_equal(peers.group, wanted):
        return [mismatch(peers.fabric, f"its switches do not form {groups} groups of {prod(dims)}")]
    names = ("local",) if len(dims) == 1 else ("row", "column")
    present = {each.name for each in peers.fabric.dimensions}
    findings = [found for at, name in enumerate(names) if name in present for found in _local(peers, dims, at, name)]
    return findings + (_global(peers, groups) if "global" in present else [])


def _local(peers: Peers, dims: tuple[int, ...], axis: int, name: str) -> list[Diagnostic]:
    """Every two routers of a line of a group have the same number of links, and no others have any."""
    a, z = peers.of(name)
    stride, size = prod(dims[:axis]), dims[axis]
    line_a, line_z = (end - end // stride % size * stride for end in (a, z))
    strays = np.flatnonzero(line_a != line_z)
    if strays.size:
        link = strays[0]
        what = f"{peers.name(a[link])} and {peers.name(z[link])} have a {name} link and are of two groups or lines"
        return [mismatch(peers.fabric, what)]
    low, high, counts = pair_counts(a, z, peers.switches)
    odd = np.flatnonzero(counts != counts[0])
    if odd.size:
        pair = odd[0]
        what = f"{peers.name(low[pair])} and {peers.name(high[pair])} have {counts[pair]} {name} links, others"
        return [mismatch(peers.fabric, f"{what} {counts[0]}")]
    pairs = peers.switches // size * comb(size, 2)
    if len(counts) != pairs:
        return [mismatch(peers.fabric, f"{len(counts)} pairs of routers have {name} links, of {pairs}")]
    return []


def _global(peers: Peers, groups: int) -> list[Diagnostic]:
    """Every two groups of a plane have the links that the parameters state."""
    a, z = peers.of("global")
    wanted = peers.number("links_per_group_pair")
    group = peers.group + np.arange(peers.switches) // peers.per_plane * groups
    low, high, counts = pair_counts(group[a], group[z], groups * peers.fabric.planes)
    bad = np.flatnonzero((counts != wanted) | (low == high))
    if bad.size:
        pair = bad[0]
        what = f"groups {low[pair] % groups + 1} and {high[pair] % groups + 1} have {counts[pair]} links"
        return [mismatch(peers.fabric, f"{what}, its shape says {wanted} for every two")]
    pairs = comb(groups, 2) * peers.fabric.planes
    if len(counts) != pairs:
        return [mismatch(peers.fabric, f"{len(counts)} pairs of groups are joined, of {pairs}")]
    return []
