"""What the loss of one vertex or one link cuts off, for all of them in one walk.

Source: Tarjan, Depth-first search and linear graph algorithms (SIAM J. Comput. 1972); Hopcroft and Tarjan, Algorithm
447 (Commun. ACM 1973).
"""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.proofs.graph import Graph, parts_of
from optidsl.proofs.network import I64, Mask


@record(frozen=True, slots=True)
class Cuts:
    """Weight that is no longer joined to the heaviest rest of its part.

    `by_vertex`, shape `(n_vertices,)`, counts the weight of the vertex itself; `separates` says whether the others of
    its part fall apart without it. `bridges` are pairs of vertices whose
    only link is the only way between two sides, and `by_bridge` the weight of the lighter side.
    """

    by_vertex: I64
    separates: Mask
    bridges: tuple[tuple[int, int], ...]
    by_bridge: tuple[int, ...]


def cuts_of(graph: Graph, weight: I64) -> Cuts:
    """Return what every vertex and every link cuts off, exactly.

    Args:
        graph: the links.
        weight: what counts at each vertex, as endpoints, shape `(n_vertices,)`.
    """
    near = np.repeat(np.arange(graph.size), graph.degree)
    part = parts_of(graph.size, near, graph.far)
    whole = np.bincount(part, weights=weight, minlength=graph.size).astype(np.int64)[part].tolist()
    walk = _walk(graph, weight.tolist())
    by_vertex = [
        total - max([total - own - sum(cut), *cut], default=0) if cut else own
        for total, own, cut in zip(whole, weight.tolist(), walk.separated, strict=True)
    ]
    by_bridge = tuple(min(below, whole[child] - below) for _, child, below in walk.bridges)
    separates = np.array(
        [len(cut) > (above < 0) for cut, above in zip(walk.separated, walk.parent, strict=True)], dtype=bool
    )
    return Cuts(np.array(by_vertex, dtype=np.int64), separates, tuple((a, z) for a, z, _ in walk.bridges), by_bridge)


@record(frozen=True, slots=True)
class _Walk:
    """Weights of the subtrees that each vertex separates, its parent, and bridges with the weight below them."""

    separated: list[list[int]]
    parent: list[int]
    bridges: list[tuple[int, int, int]]


def _walk(graph: Graph, weight: list[int]) -> _Walk:
    """Walk depth first without recursion; `low` is the earliest vertex that a subtree reaches around its root."""
    far, count, starts = graph.far.tolist(), graph.count.tolist(), graph.starts.tolist()
    size = graph.size
    found, low, below = [-1] * size, [0] * size, list(weight)
    parent, at = [-1] * size, starts[:size]
    by_tree: list[list[int]] = [[] for _ in range(size)]
    bridges: list[tuple[int, int, int]] = []
    clock = 0
    for root in range(size):
        if found[root] >= 0:
            continue
        found[root] = low[root] = clock
        clock += 1
        stack = [root]
        while stack:
            vertex = stack[-1]
            place = at[vertex]
            if place < starts[vertex + 1]:
                at[vertex] = place + 1
                other = far[place]
                if found[other] < 0:
                    found[other] = low[other] = clock
                    clock += 1
                    parent[other] = vertex
                    stack.append(other)
                elif found[other] < low[vertex] and (other != parent[vertex] or count[place] > 1):
                    low[vertex] = found[other]
                continue
            stack.pop()
            above = parent[vertex]
            if above < 0:
                continue
            below[above] += below[vertex]
            low[above] = min(low[above], low[vertex])
            if low[vertex] >= found[above]:
                by_tree[above].append(below[vertex])
            if low[vertex] > found[above]:
                bridges.append((above, vertex, below[vertex]))
    return _Walk(by_tree, parent, bridges)
