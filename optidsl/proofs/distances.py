"""Shortest paths between all vertices at once: 64 breadth-first searches in every machine word.

Source: Then et al., The More the Merrier: efficient multi-source graph traversal (VLDB 2014).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.proofs.graph import U64, Graph, twins_of
from optidsl.proofs.network import I64, Mask

_WORDS = 64
"""Words of sources that are searched together: 4,096 searches, 8 MB for 16,384 vertices."""


@record(frozen=True, slots=True)
class Distances:
    """`longest` links between two vertices, and `total` over all ordered pairs; both None where a pair has no path.

    `apart` is then such a pair.
    """

    longest: int | None
    total: int | None
    apart: tuple[int, int] | None = None


def distances(graph: Graph, among: I64 | None = None) -> Distances:
    """Return the longest shortest path and the sum of all, exactly, in links.

    Args:
        graph: the links.
        among: vertices between which is measured, ascending; all of them when None. Paths may lead over any.
    """
    ends = np.arange(graph.size) if among is None else among
    if len(ends) <= 1:
        return Distances(0, 0)
    twin = twins_of(graph)
    _, first, weights = np.unique(twin[ends], return_index=True, return_counts=True)
    sources = ends[first]
    columns = _columns(graph)
    longest, total = 0, 0
    for start in range(0, len(sources), 64 * _WORDS):
        block = sources[start : start + 64 * _WORDS]
        weight = weights[start : start + 64 * _WORDS].astype(np.int64)
        found = _search(graph, columns, block, weight, ends)
        if isinstance(found, Distances):
            return found
        longest, total = max(longest, found[0]), total + found[1]
    return Distances(longest, total)


def _search(graph: Graph, columns: Columns, sources: I64, weight: I64, ends: I64) -> tuple[int, int] | Distances:
    """Search from a block of sources; return the longest path and the weighted sum, or a pair without a path."""
    seen, full = _own(graph.size, sources)
    is_all = len(ends) == graph.size
    rounds = total = 0
    while True:
        met = _beside(columns, seen) if rounds else _first(graph, sources, seen.shape[1])
        fresh = met & ~seen
        if not fresh.any():
            vertex = int(ends[np.flatnonzero((seen[ends] != full).any(axis=1))[0]])
            bits = np.unpackbits((full & ~seen[vertex]).view(np.uint8), bitorder="little")
            return Distances(None, None, (int(sources[int(bits.argmax())]), vertex))
        rounds += 1
        total += rounds * _weighted(fresh if is_all else fresh[ends], weight)
        seen |= fresh
        if ((seen if is_all else seen[ends]) == full).all():
            return rounds, total


def _own(size: int, sources: I64) -> tuple[U64, U64]:
    """Return the state in which every source has reached itself, and the words in which all bits in use are set."""
    n_words = -(-len(sources) // 64)
    seen = np.zeros((size, n_words), dtype=np.uint64)
    bit = np.arange(len(sources))
    np.bitwise_or.at(seen, (sources, bit // 64), np.uint64(1) << (bit % 64).astype(np.uint64))
    full = np.zeros(n_words, dtype=np.uint64)
    np.bitwise_or.at(full, bit // 64, np.uint64(1) << (bit % 64).astype(np.uint64))
    return seen, full


def _first(graph: Graph, sources: I64, n_words: int) -> U64:
    """Return what the first round meets: the neighbours of every source."""
    counts = graph.degree[sources]
    bit = np.repeat(np.arange(len(sources)), counts)
    before = np.cumsum(counts) - counts
    far = graph.far[np.repeat(graph.starts[sources] - before, counts) + np.arange(int(counts.sum()))]
    met = np.zeros((graph.size, n_words), dtype=np.uint64)
    np.bitwise_or.at(met, (far, bit // 64), np.uint64(1) << (bit % 64).astype(np.uint64))
    return met


@record(frozen=True, slots=True)
class Columns:
    """The neighbours of vertices in order of falling degree: `far[j]` are the j-th ones of the first `len(far[j])`."""

    order: I64
    far: tuple[I64, ...]


def _columns(graph: Graph) -> Columns:
    degree = graph.degree
    order = np.argsort(-degree, kind="stable")
    having = np.searchsorted(-degree[order], -np.arange(int(degree.max(initial=0))), side="left")
    starts = graph.starts[order]
    return Columns(order, tuple(graph.far[starts[:n] + j] for j, n in enumerate(having.tolist())))


def _beside(columns: Columns, seen: U64) -> U64:
    """Return for every vertex what its neighbours have been reached from."""
    joined = np.zeros_like(seen)
    taken = np.empty_like(seen)
    for far in columns.far:
        np.take(seen, far, axis=0, out=taken[: len(far)], mode="clip")
        np.bitwise_or(joined[: len(far)], taken[: len(far)], out=joined[: len(far)])
    met = np.empty_like(seen)
    met[columns.order] = joined
    return met


def _weighted(bits: U64, weight: I64) -> int:
    """Return the number of bits set, each times the weight of its source."""
    if weight.max() == 1 and hasattr(np, "bitwise_count"):
        return int(np.bitwise_count(bits).sum(dtype=np.int64))
    sums = np.zeros(64 * bits.shape[1], dtype=np.int64)
    for rows in np.array_split(bits, max(1, bits.size // 65_536)):
        sums += np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
    return int((sums[: len(weight)] * weight).sum())


# ------------------------------------------------------------------ how many shortest paths there are

_BATCH = 64


def fewest_paths(graph: Graph, ends: I64, most_work: int) -> tuple[int | None, bool]:
    """Return the least number of shortest paths between two of the vertices `ends`, and whether all were searched.

    Parallel links are paths of their own. None where two of them have no path, or where there are not two.

    Args:
        graph: the links.
        ends: vertices that paths begin and end at.
        most_work: links to look at; beyond, sources are taken evenly and the number is an upper bound.
    """
    if len(ends) < 2:
        return None, True
    twin = twins_of(graph)
    served = np.zeros(graph.size, dtype=bool)
    served[ends] = True
    sources = _sources(twin, ends)
    most = max(_BATCH, most_work // max(1, len(graph.far)))
    is_whole = len(sources) <= most
    chosen = sources if is_whole else sources[:: -(-len(sources) // most)]
    fewest = np.inf
    for counts in _path_counts(graph, chosen, served):
        fewest = min(fewest, float(counts[served].min()))
        if fewest <= 1:
            is_whole = True  # there are no fewer
            break
    return (None if fewest in (0, np.inf) else int(fewest)), is_whole


def _sources(twin: I64, ends: I64) -> I64:
    """Return one vertex of every class of twins among `ends`; they are of one class wholly or not at all."""
    _, first = np.unique(twin[ends], return_index=True)
    return ends[np.sort(first)]


def _path_counts(graph: Graph, sources: I64, served: Mask) -> Iterator[NDArray[np.float64]]:
    """Yield the number of shortest paths from every vertex to a batch of sources, a source's own as infinite."""
    columns = _columns(graph)
    starts = graph.starts[columns.order]
    times = [graph.count[starts[: len(far)] + j][:, None] for j, far in enumerate(columns.far)]
    is_plain = bool((graph.count == 1).all())
    for start in range(0, len(sources), _BATCH):
        block = sources[start : start + _BATCH]
        bit = np.arange(len(block))
        counts = np.zeros((graph.size, len(block)))
        front = np.zeros_like(counts)
        counts[block, bit] = front[block, bit] = 1
        while front.any() and not counts[served].all():
            sums = np.zeros_like(counts)
            for far, n_links in zip(columns.far, times, strict=True):
                sums[: len(far)] += front[far] if is_plain else front[far] * n_links
            front = np.empty_like(sums)
            front[columns.order] = sums
            front[counts > 0] = 0
            counts += front
        counts[block, bit] = np.inf
        yield counts
