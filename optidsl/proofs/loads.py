"""The load of every link between switches under uniform traffic, as a share of its rate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from optidsl._record import record
from optidsl.proofs.graph import Graph
from optidsl.proofs.network import I64, Network, Survivors
from optidsl.proofs.traffic import uniform_traffic


@record(frozen=True, slots=True)
class Loads:
    """Every pair of neighbours in both directions: vertices `near` and `far`, how many links join them, and the load.

    `load` is what each of these links carries from `near` to `far`, over its rate, when every endpoint sends at full
    rate and alike to all others of its plane. It is above 1 where the links could not keep up.
    """

    near: list[int]
    far: list[int]
    links: list[int]
    load: list[Fraction]
    is_exact: bool

    @property
    def busiest(self) -> int:
        """Return the first of the pairs with the highest load."""
        return max(range(len(self.load)), key=lambda at: (self.load[at], -at))

    @property
    def mean(self) -> Fraction:
        """Return the mean load of the links, both directions counted."""
        carried = (load * links for load, links in zip(self.load, self.links, strict=True))
        return sum(carried, Fraction(0)) / sum(self.links)


def loads_of(network: Network, left: Survivors, planes: list[tuple[Graph, I64]]) -> Loads | str:
    """Return the load of every link that a failure left, or why it is not known.

    Args:
        network: the fabric.
        left: what a failure left of it.
        planes: the graph of every plane, and the vertices of the network that it numbers.
    """
    near, far, links, load = list[int](), list[int](), list[int](), list[Fraction]()
    seats = np.bincount(network.seat[left.seats], minlength=network.size)
    mbps = np.zeros(network.size, dtype=np.int64)
    np.add.at(mbps, network.seat[left.seats], network.seat_mbps[left.seats])
    slowest = _slowest(network, left)
    is_exact = True
    for graph, vertices in planes:
        found = uniform_traffic(graph, seats[vertices], mbps[vertices])
        if found is None:
            return "the network is too large to add up the traffic of all pairs"
        is_exact &= found.is_exact
        ends = [np.repeat(vertices, graph.degree).tolist(), vertices[graph.far].tolist()]
        near, far, links = near + ends[0], far + ends[1], links + graph.count.tolist()
        rates = (slowest[min(pair), max(pair)] for pair in zip(*ends, strict=True))
        load += [amount / (found.parts * rate) for amount, rate in zip(found.amounts, rates, strict=True)]
    return Loads(near, far, links, load, is_exact) if load else "no link joins two switches"


def _slowest(network: Network, left: Survivors) -> dict[tuple[int, int], int]:
    """Return the lowest rate of the links between two neighbours, the lower vertex first, in Mbit/s."""
    a, z = network.a[left.edges], network.z[left.edges]
    rate = network.mbps[left.edges]
    order = np.argsort(-rate, kind="stable")
    pairs = zip(np.minimum(a, z)[order].tolist(), np.maximum(a, z)[order].tolist(), strict=True)
    return dict(zip(pairs, rate[order].tolist(), strict=True))
