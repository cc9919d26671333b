"""HyperX networks, full meshes, rings and stars: which switches are joined, and by as many links as the others.

Source: Ahn, Binkert, Davis, McLaren, Schreiber, HyperX: Topology, Routing, and Packaging of Efficient Large-Scale
Networks (SC 2009).
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from optidsl.diag import Diagnostic
from optidsl.plan.verify.peers import Peers, mismatch, pair_counts
from optidsl.plan.verify.view import I64

_AXES = ("x", "y", "z", "w", "v", "u")

Joined = Callable[[I64, I64], NDArray[np.bool_]]
"""Tells of pairs of ordinals in a plane whether those switches are to be joined."""


def hyperx_findings(peers: Peers) -> list[Diagnostic]:
    """Every two switches that differ on one axis only are joined, by as many links an axis."""
    dims = peers.numbers("dims")
    if not dims or prod(dims) != peers.per_plane:
        return [mismatch(peers.fabric, f"{peers.per_plane} switches do not form a HyperX of {list(dims)}")]
    findings: list[Diagnostic] = []
    for axis, size in enumerate(dims):
        stride, name = prod(dims[:axis]), _AXES[axis] if axis < len(_AXES) else f"d{axis + 1}"

        def is_joined(a: I64, z: I64, stride: int = stride, size: int = size) -> NDArray[np.bool_]:
            same: NDArray[np.bool_] = a - a // stride % size * stride == z - z // stride % size * stride
            return same

        if size > 1:
            findings += _joined(peers, name, is_joined, peers.per_plane // size * comb(size, 2))
    return findings


def mesh_findings(peers: Peers) -> list[Diagnostic]:
    """Every two switches are joined."""
    return _joined(peers, "mesh", lambda a, z: a != z, comb(peers.per_plane, 2))


def ring_findings(peers: Peers) -> list[Diagnostic]:
    """Every switch is joined to the one after it, and the last to the first."""
    size = peers.per_plane

    def is_joined(a: I64, z: I64) -> NDArray[np.bool_]:
        step = np.abs(a - z)
        near: NDArray[np.bool_] = (step == 1) | (step == size - 1)
        return near

    return _joined(peers, "ring", is_joined, size if size > 2 else 1)


def star_findings(peers: Peers) -> list[Diagnostic]:
    """Every switch is joined to the first."""
    return _joined(peers, "spoke", lambda a, z: (a == 0) | (z == 0), peers.per_plane - 1)


def _joined(peers: Peers, name: str, is_joined: Joined, pairs: int) -> list[Diagnostic]:
    """Check that a dimension joins the pairs that it should, all of them, and each with as many links."""
    if name not in {each.name for each in peers.fabric.dimensions}:
        return [mismatch(peers.fabric, f"it has no {name} links")]
    a, z = peers.of(name)
    strays = np.flatnonzero(~is_joined(a % peers.per_plane, z % peers.per_plane))
    if strays.size:
        link = strays[0]
        what = f"{peers.name(a[link])} and {peers.name(z[link])} have a {name} link and are no neighbours on it"
        return [mismatch(peers.fabric, what)]
    return even_findings(peers, name, pairs * peers.fabric.planes)


def even_findings(peers: Peers, name: str, pairs: int) -> list[Diagnostic]:
    """Check that a dimension joins that many pairs of switches, and each with as many links."""
    a, z = peers.of(name)
    low, high, counts = pair_counts(a, z, peers.switches)
    usual = int(np.bincount(counts).argmax()) if counts.size else 0
    odd = np.flatnonzero(counts != usual)
    if odd.size:
        what = f"{peers.name(low[odd[0]])} and {peers.name(high[odd[0]])} have {counts[odd[0]]} {name} links, others"
        return [mismatch(peers.fabric, f"{what} {usual}")]
    if len(counts) != pairs:
        return [mismatch(peers.fabric, f"{len(counts)} pairs of switches have {name} links, of {pairs}")]
    return []
