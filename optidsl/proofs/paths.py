"""The shortest path between two devices of a network, servers included."""

from __future__ import annotations

import numpy as np

from optidsl.proofs.graph import graph_of
from optidsl.proofs.network import I64, Mask, Network, Survivors


def path_links(network: Network, left: Survivors, a: Mask, z: Mask) -> int | None:
    """Return the links on the shortest path between two sets of devices; None where no path is left.

    Args:
        network: the fabric.
        left: what a failure left of it.
        a: devices at one end, shape `(n_devices,)`; of a server its links to the fabric count.
        z: devices at the other end.
    """
    if (a & z).any():
        return 0
    from_a, more_a = _vertices(network, left, a)
    from_z, more_z = _vertices(network, left, z)
    is_met = np.zeros(network.size, dtype=bool)
    is_met[from_a] = True
    edges = left.edges
    graph = graph_of(network.size, network.a[edges], network.z[edges])
    near = np.repeat(np.arange(graph.size), graph.degree)
    links = more_a + more_z
    while not is_met[from_z].any():
        wider = is_met.copy()
        wider[graph.far[is_met[near]]] = True
        if not from_z.size or np.array_equal(wider, is_met):
            return None
        is_met, links = wider, links + 1
    return links


def _vertices(network: Network, left: Survivors, devices: Mask) -> tuple[I64, int]:
    """Return the vertices of devices, or those that servers are joined to by one more link."""
    own = np.flatnonzero(devices[network.rows] & left.vertices)
    if own.size:
        return own, 0
    return np.unique(network.seat[left.seats & devices[network.node]]), 1
