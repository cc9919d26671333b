"""Which elements have the same effect on a figure, so that one of them is measured for all."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from optidsl.proofs.cuts import cuts_of
from optidsl.proofs.elements import Elements, numbered, served
from optidsl.proofs.figures import uplink_mbps
from optidsl.proofs.graph import graph_of, parts_of
from optidsl.proofs.network import I64, Mask, Network

_CONNECTIVITY = frozenset({"lost_endpoints", "lost_nodes", "reachable"})


def alike(network: Network, elements: Elements, measures: Collection[str]) -> I64:
    """Return a number for every element, shape `(n_elements,)`: those of one number do the same to the measures.

    Whatever the measure, elements that may be exchanged are alike. What counts only who is joined to whom sees no
    difference between single links (or switches) that separate nothing; what asks for the worst switch's share of
    uplinks sees only that share.
    """
    if elements.kind not in ("link", "switch"):
        return elements.alike
    found = elements.alike
    if set(measures) <= _CONNECTIVITY:
        found = _by_joining(network, elements)
    elif set(measures) == {"uplink_share"}:
        found = _by_share(network, elements)
    elif set(measures) == {"bisection_mbps"}:
        found = _by_tier(network, elements)
    return found if len(np.unique(found)) < len(np.unique(elements.alike)) else elements.alike


def _by_joining(network: Network, elements: Elements) -> I64:
    graph = graph_of(network.size, network.a, network.z)
    seats = np.bincount(network.seat, minlength=network.size)
    cuts = cuts_of(graph, seats)
    if elements.kind == "switch":
        part = parts_of(network.size, network.a, network.z)
        vertex = np.searchsorted(network.rows, elements.devices)
        mark = np.where(cuts.separates, -1 - np.arange(network.size), seats)
        return numbered(mark[vertex], part[vertex], network.plane[vertex], served(network)[1][vertex])
    edge, inner = _edges(network, elements)
    mark = _by_seat(network, elements)
    low, high = np.minimum(network.a, network.z), np.maximum(network.a, network.z)
    bridges = np.array([min(pair) * network.size + max(pair) for pair in cuts.bridges], dtype=np.int64)
    is_bridge = np.isin(low[edge] * network.size + high[edge], bridges)
    mark[inner] = np.where(is_bridge, -2 - edge, -1)
    return numbered(mark)


def _by_seat(network: Network, elements: Elements) -> I64:
    """Number links of endpoints by the part that they are in, and the endpoints of their node; others are -1."""
    seat_of = np.full(len(network.plan.links.segment) + 1, -1, dtype=np.int64)
    seat_of[network.seat_link] = np.arange(len(network.seat))
    seat_of[-1] = -1  # endpoints without a link of their own
    seat = seat_of[elements.links]
    outer = np.flatnonzero(seat >= 0)
    part = parts_of(network.size, network.a, network.z)
    ports = np.bincount(network.node)
    found = np.full(elements.count, -1, dtype=np.int64)
    if outer.size:
        found[outer] = numbered(part[network.seat[seat[outer]]], ports[network.node[seat[outer]]])
    return found


def _by_tier(network: Network, elements: Elements) -> I64:
    """Number elements of a regular tree by tier, for what only counts bandwidth between pods (or leaves) and tiers.

    Regular is a tree in which every pod (or leaf) has as much bandwidth to every switch of the top tier, and as much
    between its own tiers, and in which no single loss separates anything: then the weakest half after a loss is the
    one with the loser in it, whichever that is.
    """
    fabric = network.fabric
    if fabric.dimensions or not 2 <= len(fabric.tiers) <= 3 or not _is_regular(network):
        return elements.alike
    up, down = np.zeros(network.size, dtype=np.int64), np.zeros(network.size, dtype=np.int64)
    np.add.at(up, network.a, network.mbps)
    np.add.at(down, network.z, network.mbps)
    kind = numbered(network.level, network.plane, up, down, served(network)[0])
    if elements.kind == "switch":
        return kind[np.searchsorted(network.rows, elements.devices)]
    edge, inner = _edges(network, elements)
    ends = np.full((2, elements.count), -1, dtype=np.int64)
    ends[0, inner], ends[1, inner] = kind[network.a[edge]], kind[network.z[edge]]
    outer = np.flatnonzero(ends[0] < 0)
    seat_of = np.full(len(network.plan.links.segment), -1, dtype=np.int64)
    seat_of[network.seat_link] = np.arange(len(network.seat))
    seat = seat_of[elements.links[outer]]
    ends[1, outer] = numbered(kind[network.seat[seat]], network.seat_mbps[seat])
    return numbered(ends[0], ends[1])


def _is_regular(network: Network) -> bool:
    """Tell whether all pods (or leaves) have as much bandwidth to every top switch, and inside, in every plane."""
    top = int(network.level.max(initial=0))
    if top == 3 and (network.pod[network.level < 3] < 0).any():
        return False
    block = network.pod if top == 3 else np.where(network.level == 1, np.arange(network.size), -1)
    for plane in range(network.fabric.planes):
        mine = network.plane == plane
        upper = mine[network.a] & (network.level[network.z] == top)
        if not _is_even(block[network.a[upper]], network.z[upper], network.mbps[upper], mine & (network.level == top)):
            return False
        inside = mine[network.a] & (network.level[network.z] == 2) & (top == 3)
        sums = np.bincount(block[network.a[inside]], weights=network.mbps[inside])
        if len(set(sums.tolist())) > 1:
            return False
    cuts = cuts_of(graph_of(network.size, network.a, network.z), np.zeros(network.size, dtype=np.int64))
    return not cuts.separates.any() and not cuts.bridges


def _is_even(block: I64, switch: I64, rate: I64, tops: Mask) -> bool:
    """Tell whether every block has the same bandwidth to every top switch."""
    blocks, row = np.unique(block, return_inverse=True)
    switches = np.flatnonzero(tops)
    if not len(blocks) or not len(switches):
        return False
    table = np.zeros((len(blocks), len(switches)))
    np.add.at(table, (row, np.searchsorted(switches, switch)), rate)
    return bool((table == table[0, 0]).all())


def _edges(network: Network, elements: Elements) -> tuple[I64, I64]:
    """Return the edges of the network among elements that are links, and the elements that they are."""
    edge_of = np.full(len(network.plan.links.segment), -1, dtype=np.int64)
    edge_of[network.link] = np.arange(len(network.link))
    edge = edge_of[elements.links]
    inner = np.flatnonzero(edge >= 0)
    return edge[inner], inner


def _by_share(network: Network, elements: Elements) -> I64:
    """Number elements by the least share of its uplinks that a switch keeps when they fail."""
    own = uplink_mbps(network, np.ones(len(network.a), dtype=bool))
    near, far = np.concatenate([network.a, network.z]), np.concatenate([network.z, network.a])
    rate = np.concatenate([network.mbps, network.mbps])
    up = np.flatnonzero(network.level[near] <= network.level[far])
    near, far, rate = near[up], far[up], rate[up]
    worst = np.ones(elements.count)
    if elements.kind == "link":
        least = np.ones(len(network.a))
        np.minimum.at(least, up % len(network.a), 1 - rate / own[near])
        edge, inner = _edges(network, elements)
        worst[inner] = least[edge]
    else:
        pairs, of = np.unique(near * network.size + far, return_inverse=True)
        lost = np.bincount(of, weights=rate, minlength=len(pairs))
        least = np.ones(network.size)
        np.minimum.at(least, pairs % network.size, 1 - lost / own[pairs // network.size])
        having = np.flatnonzero(own)
        least[having if len(having) == 1 else having[:0]] = 2  # without it no switch has uplinks to keep
        worst = least[np.searchsorted(network.rows, elements.devices)]
    return np.unique(worst, return_inverse=True)[1].astype(np.int64)
