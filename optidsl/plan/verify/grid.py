"""Tori and meshes: every link joins neighbours on its axis, and every two neighbours have as many.

Source: Dally and Towles, Principles and Practices of Interconnection Networks (2004), chapter 5.
"""

from __future__ import annotations

from math import prod

import numpy as np

from optidsl.diag import Diagnostic
from optidsl.plan.verify.peers import Peers, mismatch, pair_counts

_AXES = ("x", "y", "z", "w", "v", "u")


def grid_findings(peers: Peers) -> list[Diagnostic]:
    """Check the links of every axis."""
    dims = peers.numbers("dims")
    if not dims or prod(dims) != peers.per_plane:
        return [mismatch(peers.fabric, f"{peers.per_plane} switches do not form a grid of {list(dims)}")]
    names = [_AXES[axis] if axis < len(_AXES) else f"d{axis + 1}" for axis in range(len(dims))]
    return [found for axis, name in enumerate(names) if dims[axis] > 1 for found in _axis(peers, dims, axis, name)]


def _axis(peers: Peers, dims: tuple[int, ...], axis: int, name: str) -> list[Diagnostic]:
    if name not in {each.name for each in peers.fabric.dimensions}:
        return [mismatch(peers.fabric, f"axis {name} of {dims[axis]} switches has no links")]
    a, z = peers.of(name)
    stride, size = prod(dims[:axis]), dims[axis]
    at_a, at_z = a // stride % size, z // stride % size
    step = np.abs(at_a - at_z)
    is_near = (step == 1) | ((step == size - 1) & (peers.fabric.kind == "torus"))
    bad = np.flatnonzero(~is_near | (a - at_a * stride != z - at_z * stride))
    if bad.size:
        link = bad[0]
        what = f"{peers.name(a[link])} and {peers.name(z[link])} have a link of axis {name} and are no neighbours on it"
        return [mismatch(peers.fabric, what)]
    low, high, counts = pair_counts(a, z, peers.switches)
    lines = peers.switches // size
    pairs = lines * (size if peers.fabric.kind == "torus" and size > 2 else size - 1)
    odd = np.flatnonzero(counts != counts[0])
    if odd.size:
        pair = odd[0]
        what = f"{peers.name(low[pair])} and {peers.name(high[pair])} have {counts[pair]} links, others {counts[0]}"
        return [mismatch(peers.fabric, what)]
    if len(counts) != pairs:
        return [mismatch(peers.fabric, f"{len(counts)} pairs of neighbours on axis {name} are joined, of {pairs}")]
    return []
