"""What must hold of every direct network: its algebra equals what is measured on the graph of its links."""

from __future__ import annotations

import networkx as nx
import numpy as np

from optidsl.fabric.families.network import Network


def graph_of(network: Network) -> nx.MultiGraph[int]:
    """Return the switches and their links, parallel ones kept."""
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    graph.add_nodes_from(range(network.switches))
    for index in range(len(network.dimensions)):
        ties = network.links(index)
        graph.add_edges_from(zip(ties.a.tolist(), ties.z.tolist(), strict=True))
    return graph


def check_ports(network: Network) -> None:
    """Every port has one link, no port is beyond those of its dimension, the A end is the lower switch."""
    for index, dimension in enumerate(network.dimensions):
        ties = network.links(index)
        assert len(ties.a) == len(ties.z) == dimension.links
        assert (ties.a < ties.z).all()
        ends = np.concatenate([np.stack([ties.a, ties.a_port]), np.stack([ties.z, ties.z_port])], axis=1)
        assert np.unique(ends, axis=1).shape[1] == ends.shape[1], f"{dimension.name}: a port has two links"
        assert ends[1].min() >= 0
        assert ends[1].max() < dimension.ports
        used = np.bincount(ends[0], minlength=network.switches)
        assert used.max() <= dimension.ports


def check_algebra(network: Network) -> None:
    """Counts, diameter, disjoint paths and the stated cut equal those of the graph."""
    check_ports(network)
    graph = graph_of(network)
    assert graph.number_of_edges() == sum(dimension.links for dimension in network.dimensions)
    assert nx.is_connected(graph)
    simple = nx.Graph(graph)
    assert nx.diameter(simple) == network.diameter
    if network.disjoint_paths is not None:
        assert edge_connectivity(graph) == network.disjoint_paths
    groups = network.group_of()
    assert (1 if groups is None else int(groups.max()) + 1) == network.groups


def edge_connectivity(graph: nx.MultiGraph[int]) -> int:
    """Return the fewest links that part the graph, parallel links counted each."""
    capacities: nx.Graph[int] = nx.Graph()
    for a, z in graph.edges():
        weight = capacities[a][z]["weight"] + 1 if capacities.has_edge(a, z) else 1
        capacities.add_edge(a, z, weight=weight)
    if capacities.number_of_nodes() < 2:
        return 0
    value: int = nx.stoer_wagner(capacities)[0]
    return value


def crossing(network: Network, is_left: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Return the links between the marked switches and the others."""
    total = 0
    for index in range(len(network.dimensions)):
        ties = network.links(index)
        total += int((is_left[ties.a] != is_left[ties.z]).sum())
    return total
