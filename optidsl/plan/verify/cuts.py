"""Cuts of a direct network that its dimensions give: parts that hang together without the links of some of them.

Without the links of some axes a grid falls into lines, planes or single switches; without its local links a dragonfly
falls into routers that global links join. Each part is cut off by the links of the others that lead out of it, so that
no shape may promise more paths without a common link than these.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.plan.verify.peers import Peers
from optidsl.plan.verify.view import I64

_MOST_LINKS = 4_000_000
"""Links looked at, all choices of dimensions together; beyond, only those that leave out one or keep one."""


@record(frozen=True, slots=True)
class Cut:
    """The links around a part of a network: its first switch, how many it has, and the links that lead out of it."""

    switch: int
    switches: int
    links: int


def narrowest(peers: Peers) -> Cut | None:
    """Return the cut with the fewest links of those that the dimensions give; None where there is none."""
    found: list[Cut] = []
    for kept in _choices(len(peers.fabric.dimensions), len(peers.a)):
        is_kept = np.isin(peers.dimension, kept)
        part = _parts(peers.a[is_kept], peers.z[is_kept], peers.switches)
        low, high = part[peers.a], part[peers.z]
        is_out = low != high
        links = np.bincount(np.concatenate([low[is_out], high[is_out]]), minlength=peers.switches)
        sizes = np.bincount(part, minlength=peers.switches)
        parts = np.flatnonzero((sizes > 0) & (sizes < peers.per_plane))
        if parts.size:
            first = int(parts[links[parts].argmin()])
            found.append(Cut(first, int(sizes[first]), int(links[first])))
    return min(found, key=lambda cut: cut.links, default=None)


def _choices(dimensions: int, links: int) -> list[tuple[int, ...]]:
    """Return the dimensions kept, in every way but all of them."""
    sizes = list(range(dimensions))
    if links << dimensions > _MOST_LINKS:
        sizes = sorted({0, 1, dimensions - 1} & set(sizes)) if links * dimensions <= _MOST_LINKS else [0]
    return [kept for size in sizes for kept in combinations(range(dimensions), size)]


def _parts(a: I64, z: I64, switches: int) -> I64:
    """Return the least switch of the part that each belongs to: the lesser label spreads over links until all agree."""
    label = np.arange(switches, dtype=np.int64)
    is_new: NDArray[np.bool_] = label[a] != label[z]
    while is_new.any():
        least = np.minimum(label[a], label[z])
        for end in (a, z):
            np.minimum.at(label, label[end], least)
        label = label[label]
        is_new = label[a] != label[z]
    return label
