"""What every link carries when traffic is uniform and splits equally over all shortest paths at every hop.

Towards one destination a switch sends what it has, its own and what arrives, in equal parts over all its links to
switches that are one link nearer. Exact on small graphs; in floating point, and rounded, on large ones.

Source: IETF RFC 2992 (equal split at every hop); Dally and Towles, Principles and Practices of Interconnection
Networks (2004), section 3.2 (channel load under uniform traffic).
Assumes: every endpoint sends alike to all others of its plane; flows are many and small, so that a split is even.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.proofs.graph import Graph, twins_of
from optidsl.proofs.network import I64

F64 = NDArray[np.float64]
Amounts = NDArray[Any]
"""Fractions or floating-point numbers."""

MOST_EXACT_WORK = 100_000
"""Destinations times links up to which traffic is added exactly."""
MOST_WORK = 200_000_000
"""Destinations times links beyond which it is not added at all: about twenty seconds."""
_BATCH = 2_000_000
_DIGITS = 12


@record(frozen=True, slots=True)
class Traffic:
    """What one link to every neighbour carries, in the order of `graph.far`, in units of `1 / parts` Mbit/s.

    `is_exact` says that the amounts are Fractions; else they are rounded to 12 digits.
    """

    amounts: list[Fraction]
    parts: int
    is_exact: bool


def uniform_traffic(graph: Graph, seats: I64, mbps: I64, most_exact: int = MOST_EXACT_WORK) -> Traffic | None:
    """Return what links carry when all endpoints send at full rate, each alike to all others; None if too much work.

    Args:
        graph: the links of a plane.
        seats: endpoints at every vertex, shape `(n_vertices,)`.
        mbps: what the endpoints at every vertex send together, in Mbit/s, shape `(n_vertices,)`.
        most_exact: destinations times links up to which amounts are exact.
    """
    classes = _classes(graph, seats, mbps)
    work = len(classes) * len(graph.far)
    if work > MOST_WORK:
        return None
    is_exact = work <= most_exact
    total: Amounts = np.array([Fraction(0)] * len(graph.far), dtype=object) if is_exact else np.zeros(len(graph.far))
    back = _back(graph)
    flows: Iterator[Amounts] = (_exact if is_exact else _rounded)(graph, classes, seats, mbps)
    for members, flow in zip(classes, flows, strict=True):
        total += flow * len(members)
        if len(members) > 1:
            _exchange(graph, back, members, flow, total)
    amounts = total.tolist() if is_exact else [Fraction(f"{each:.{_DIGITS}g}") for each in total.tolist()]
    return Traffic(amounts, max(int(seats.sum()) - 1, 1), is_exact)


def _classes(graph: Graph, seats: I64, mbps: I64) -> list[I64]:
    """Return the vertices with endpoints, those that may be exchanged together: equal neighbours and endpoints."""
    ends = np.flatnonzero(seats)
    table = np.stack([twins_of(graph)[ends], seats[ends], mbps[ends]])
    order = np.lexsort(table)
    table = table[:, order]
    starts = np.flatnonzero((table[:, 1:] != table[:, :-1]).any(axis=0)) + 1
    return np.split(ends[order], starts) if ends.size else []


def _back(graph: Graph) -> I64:
    """Return for every entry of `far` the entry of the other direction."""
    near = np.repeat(np.arange(graph.size), graph.degree)
    return np.searchsorted(near * graph.size + graph.far, graph.far * graph.size + near)


def _exchange(graph: Graph, back: I64, members: I64, flow: Amounts, total: Amounts) -> None:
    """Correct the links at vertices that were counted as if all were the first one.

    Towards another vertex of the class the first one has the links of any that is no destination.
    """
    first, other = (slice(graph.starts[v], graph.starts[v + 1]) for v in members[:2].tolist())
    for vertex in members.tolist():
        mine = slice(graph.starts[vertex], graph.starts[vertex + 1])
        for here, a, z in ((mine, first, other), (back[mine], back[first], back[other])):
            total[here] += flow[a] + flow[z] * (len(members) - 1) - flow[here] * len(members)


# ------------------------------------------------------------------ one destination after the other, exactly


def _exact(graph: Graph, classes: list[I64], seats: I64, mbps: I64) -> Iterator[NDArray[np.object_]]:
    far = [graph.far[graph.starts[v] : graph.starts[v + 1]].tolist() for v in range(graph.size)]
    count, starts = graph.count.tolist(), graph.starts.tolist()
    sent = mbps.tolist()
    for members in classes:
        end = int(members[0])
        order, distance = _search(far, end)
        flow = [Fraction(0)] * len(graph.far)
        load = [Fraction(each * int(seats[end])) for each in sent]
        for vertex in reversed(order[1:]):
            nearer = [at for at, w in enumerate(far[vertex], starts[vertex]) if distance[w] == distance[vertex] - 1]
            share = load[vertex] / sum(count[at] for at in nearer)
            for at in nearer:
                flow[at] = share
                load[far[vertex][at - starts[vertex]]] += share * count[at]
        yield np.array(flow, dtype=object)


def _search(far: list[list[int]], end: int) -> tuple[list[int], list[int]]:
    """Return the vertices that reach a vertex, the nearest first, and the distance of every vertex (-1: no path)."""
    distance = [-1] * len(far)
    distance[end] = 0
    order = [end]
    for vertex in order:
        for other in far[vertex]:
            if distance[other] < 0:
                distance[other] = distance[vertex] + 1
                order.append(other)
    return order, distance


# ------------------------------------------------------------------ many destinations at once, in floating point


def _rounded(graph: Graph, classes: list[I64], seats: I64, mbps: I64) -> Iterator[F64]:
    ends = np.array([members[0] for members in classes], dtype=np.int64)
    near = np.repeat(np.arange(graph.size), graph.degree)
    width = max(1, _BATCH // max(len(graph.far), 1))
    for first in range(0, len(ends), width):
        block = ends[first : first + width]
        distance = _distances(graph, block)
        yield from _flows(graph, near, distance, mbps[:, None].astype(np.float64) * seats[block]).T


def _flows(graph: Graph, near: I64, distance: I64, load: F64) -> F64:
    """Return what one link to every neighbour carries towards every end, shape `(n_entries, n_ends)`.

    Args:
        graph: the links.
        near: the vertex of every entry of `graph.far`.
        distance: links from every vertex to every end, -1 without a path, shape `(n_vertices, n_ends)`.
        load: what every vertex sends to every end, of the same shape; what arrives is added to it.
    """
    n_ends = distance.shape[1]
    entry, end = np.nonzero(distance[graph.far] == distance[near] - 1)
    source, target, count = near[entry] * n_ends + end, graph.far[entry] * n_ends + end, graph.count[entry]
    n_links = np.bincount(source, weights=count, minlength=distance.size)
    level = distance.ravel()[source].astype(np.int32)
    order = np.argsort(level, kind="stable")
    bounds = np.searchsorted(level[order], np.arange(int(distance.max(initial=0)) + 2))
    sent = np.ascontiguousarray(load).ravel()
    for first, last in zip(bounds[-2:0:-1].tolist(), bounds[:1:-1].tolist(), strict=True):
        now = order[first:last]
        np.add.at(sent, target[now], sent[source[now]] / n_links[source[now]] * count[now])
    flows = np.zeros((len(near), n_ends))
    flows[entry, end] = sent[source] / n_links[source]
    return flows


def _distances(graph: Graph, ends: I64) -> I64:
    """Return the links from every vertex to every end, shape `(n_vertices, n_ends)`, -1 without a path."""
    n_ends = len(ends)
    distance = np.full(graph.size * n_ends, -1, dtype=np.int64)
    front = ends * n_ends + np.arange(n_ends)
    distance[front] = level = 0
    while front.size:
        level += 1
        vertex, end = np.divmod(front, n_ends)
        degree = graph.degree[vertex]
        before = np.repeat(graph.starts[vertex] - np.cumsum(degree) + degree, degree)
        met = graph.far[before + np.arange(len(before))] * n_ends + np.repeat(end, degree)
        met = met[distance[met] < 0]
        distance[met] = np.arange(len(met))  # one of those that met the same one keeps its place
        front = met[distance[met] == np.arange(len(met))]
        distance[front] = level
    return distance.reshape(graph.size, n_ends)
