"""Undirected graphs as two columns: neighbour lists, connected parts, and vertices that no path tells apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.proofs.network import I64

U64 = NDArray[np.uint64]


@record(frozen=True, slots=True)
class Graph:
    """Neighbours of every vertex, ascending: those of v are `far[starts[v]:starts[v + 1]]`.

    Parallel links are one neighbour; `count` says how many links lead to it.
    """

    starts: I64
    far: I64
    count: I64

    @property
    def size(self) -> int:
        """Return how many vertices there are."""
        return len(self.starts) - 1

    @property
    def degree(self) -> I64:
        """Return how many neighbours each vertex has, shape `(n_vertices,)`."""
        return np.diff(self.starts)


def graph_of(size: int, a: I64, z: I64) -> Graph:
    """Return the graph of the links between `size` vertices; links from a vertex to itself are left out."""
    a, z = a[a != z], z[a != z]
    keys = np.sort(np.concatenate([a * size + z, z * size + a]))
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if keys.size else np.zeros(0, np.int64)
    count = np.diff(np.append(first, keys.size))
    near, far = np.divmod(keys[first], max(size, 1))
    starts = np.searchsorted(near, np.arange(size + 1))
    return Graph(starts.astype(np.int64), far.astype(np.int64), count.astype(np.int64))


def parts_of(size: int, a: I64, z: I64) -> I64:
    """Return the connected part of every vertex, shape `(size,)`: the number of its lowest vertex."""
    label = np.arange(size, dtype=np.int64)
    while True:
        low = np.minimum(label[a], label[z])
        before = label.copy()
        np.minimum.at(label, before[a], low)
        np.minimum.at(label, before[z], low)
        while not np.array_equal(label, shorter := label[label]):
            label = shorter
        if np.array_equal(label, before):
            return label


def twins_of(graph: Graph) -> I64:
    """Return for every vertex the lowest vertex with the same neighbours over as many links, shape `(n_vertices,)`.

    Exchanging two such vertices maps the graph onto itself, so what is measured from one holds for the other.
    """
    degree = graph.degree
    near = np.repeat(np.arange(graph.size), degree)
    marks = _mixed(graph.far.astype(np.uint64) * np.uint64(0x10001) + graph.count.astype(np.uint64))
    sums = np.zeros(graph.size, dtype=np.uint64)
    np.add.at(sums, near, marks)
    order = np.lexsort((np.arange(graph.size), sums, degree))
    is_new = np.ones(graph.size, dtype=bool)
    is_new[1:] = (sums[order[1:]] != sums[order[:-1]]) | (degree[order[1:]] != degree[order[:-1]])
    twin = np.empty(graph.size, dtype=np.int64)
    twin[order] = order[np.maximum.accumulate(np.where(is_new, np.arange(graph.size), 0))]
    place = np.arange(len(graph.far)) - graph.starts[near] + graph.starts[twin[near]]
    differs = (graph.far != graph.far[place]) | (graph.count != graph.count[place])
    twin[near[differs]] = near[differs]  # two lists with one sum: they stand for themselves
    return twin


def _mixed(values: U64) -> U64:
    """Return numbers spread over 64 bits, so that sums of different lists differ.

    Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators (OOPSLA 2014), the SplitMix64 mixer.
    """
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
