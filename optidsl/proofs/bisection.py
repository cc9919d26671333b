"""Bandwidth between two halves of the endpoints that a failure leaves.

Of a tree, the weakest half of its leaves (or pods) against the rest, over the links that are left; of a direct
network, the least of the cuts across each of its dimensions.

Source: Dally and Towles, Principles and Practices of Interconnection Networks (2004), chapter 3 (bisection).
Assumes: minimal routing balanced over all paths; endpoints spread evenly over leaves, pods and blocks.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from optidsl._record import record
from optidsl.proofs.graph import parts_of
from optidsl.proofs.network import I64, Mask, Network, Survivors

_MOST_CUTS = 64
"""Cuts that are tried across one dimension, evenly spread."""


@record(frozen=True, slots=True)
class Cut:
    """Bandwidth across a cut, in Mbit/s; `is_bound` says that another cut may carry less. None: no cut is known."""

    mbps: Fraction | None
    note: str
    is_bound: bool


def bisection(network: Network, left: Survivors, joined: Mask) -> Cut:
    """Return the bandwidth across the worst even split that is known.

    Args:
        network: the fabric.
        left: what the failure left of it.
        joined: endpoints that still reach the largest part, shape `(n_endpoints,)`.
    """
    is_tree = bool(((network.level[network.a] > 0) & (network.level[network.z] == network.level[network.a] + 1)).all())
    if not network.fabric.dimensions and not is_tree:
        return Cut(None, "no cut of this family is known after a failure", True)
    cuts = [_of_plane(network, left, joined, plane) for plane in range(network.fabric.planes)]
    known = network.fabric.bisection_mbps
    total = sum((cut.mbps or Fraction(0) for cut in cuts), Fraction(0))
    notes = list(dict.fromkeys(cut.note for cut in cuts if cut.note))
    is_bound = known is None or any(cut.is_bound for cut in cuts)
    if known is not None and total >= known:
        return Cut(Fraction(known), "no cut that was tried carries less than before", is_bound)
    return Cut(total, "; ".join(notes), is_bound)


def _of_plane(network: Network, left: Survivors, joined: Mask, plane: int) -> Cut:
    mine = joined & (network.plane[network.seat] == plane)
    half = Fraction(int(network.seat_mbps[mine].sum()), 2)
    edges = left.edges & (network.plane[network.a] == plane)
    tries = _across_dimensions(network, edges, plane) if network.fabric.dimensions else _of_tree(network, left, mine)
    least = min(tries, key=lambda cut: cut.mbps or Fraction(0), default=None)
    if least is None or least.mbps is None or least.mbps >= half:
        return Cut(half, "half of the endpoints' bandwidth", bool(network.fabric.dimensions))
    return least


# ------------------------------------------------------------------ trees


def _of_tree(network: Network, left: Survivors, mine: Mask) -> list[Cut]:
    """Return the cuts of one plane at every tier that paths between halves cross."""
    fabric = network.fabric
    if len(fabric.tiers) < 2 or not mine.any():
        return []
    plane = int(network.plane[network.seat[mine][0]])
    is_podded = len(fabric.tiers) > 2 and fabric.pods > 1
    block = network.pod if is_podded else np.where(network.level == 1, np.arange(network.size), -1)
    served = np.unique(block[network.seat[mine]])
    served = served[served >= 0]
    if len(served) < 2:
        return []
    place = np.full(int(block.max()) + 2, -1, dtype=np.int64)
    place[served] = np.arange(len(served))
    of = np.where(network.plane == plane, place[block], -1)
    top = int(network.level.max()) if is_podded else 2
    found: list[Cut] = []
    for level in range(1, top):
        is_tier = (network.level[network.a] == level) & (network.level[network.z] == level + 1) & (of[network.a] >= 0)
        name = f"{fabric.tiers[level - 1]} -- {fabric.tiers[level]}"
        shared = level == top - 1
        found.append(_weakest_half(network, left.edges & is_tier, is_tier, of, len(served), shared, name))
    return found


def _weakest_half(network: Network, edges: Mask, intact: Mask, of: I64, blocks: int, shared: bool, name: str) -> Cut:
    """Return what passes between the half of the blocks with the least bandwidth upwards and the others.

    Where both halves share the switches above, each of these passes the lesser of what it has from either side. That
    is the worst split when no more than half of the blocks have lost a link to a switch that is left: all losses can
    then be on one side, and no split can lose more. An odd block counts half on either side.
    """
    up = np.bincount(of[network.a[edges]], weights=network.mbps[edges], minlength=blocks)
    order = np.lexsort((np.arange(blocks), up))
    twice = np.zeros(blocks, dtype=np.int64)
    twice[order[: blocks // 2]] = 2
    if blocks % 2:
        twice[order[blocks // 2]] = 1
    mine = twice[of[network.a[edges]]] * network.mbps[edges]
    if not shared:
        return Cut(Fraction(int(mine.sum()), 2), f"across {name}, the weakest half of the pods", True)
    rest = 2 * network.mbps[edges] - mine
    a_side = np.bincount(network.z[edges], weights=mine, minlength=network.size)
    z_side = np.bincount(network.z[edges], weights=rest, minlength=network.size)
    total = Fraction(int(np.minimum(a_side, z_side).sum()), 2)
    return Cut(total, f"across {name}", _is_bound(network, edges, intact, of, blocks))


def _is_bound(network: Network, edges: Mask, intact: Mask, of: I64, blocks: int) -> bool:
    """Tell whether more than half of the blocks have lost a link to a switch that still has others."""
    if len(network.fabric.tiers) > 2:
        return True
    alive = np.zeros(network.size, dtype=bool)
    alive[network.z[edges]] = True
    lost = intact & ~edges & alive[network.z]
    return len(np.unique(of[network.a[lost]])) > blocks // 2


# ------------------------------------------------------------------ direct networks


def _across_dimensions(network: Network, edges: Mask, plane: int) -> list[Cut]:
    """Return the least cut across every dimension: half of the blocks that its links join, in order, from any block."""
    mine = network.plane[network.a] == plane
    found: list[Cut] = []
    for dimension in network.fabric.dimensions:
        segments = [row for row, each in enumerate(network.plan.segments) if each.dimension == dimension.name]
        is_dimension = np.isin(network.segment, segments)
        inside = mine & ~is_dimension
        parts = parts_of(network.size, network.a[inside], network.z[inside])
        blocks, of = np.unique(parts[network.plane == plane], return_inverse=True)
        if len(blocks) % 2 or not len(blocks):
            continue  # halves of whole blocks would not be even
        position = np.zeros(network.size, dtype=np.int64)
        position[network.plane == plane] = of
        a, z, rate = position[network.a[edges]], position[network.z[edges]], network.mbps[edges]
        count = len(blocks)
        starts = range(0, count, -(-count // _MOST_CUTS))
        least = min(_crossing(a, z, rate, start, count) for start in starts)
        found.append(Cut(Fraction(least), f"the least cut tried, across {dimension.name}", True))
    return found


def _crossing(a: I64, z: I64, rate: I64, start: int, count: int) -> int:
    """Return the bandwidth between half of the blocks, from one on, and the rest."""
    half = count // 2
    inside = (a - start) % count < half
    return int(rate[inside != ((z - start) % count < half)].sum())
