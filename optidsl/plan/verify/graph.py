"""Devices and the links between them as a graph in two columns, and paths through it."""

from __future__ import annotations

import numpy as np

from optidsl.plan.verify.view import I64


def neighbours(a: I64, z: I64, size: int) -> tuple[I64, I64]:
    """Return where the neighbours of every vertex begin, shape `(size + 1,)`, and all neighbours as one list."""
    near, far = np.concatenate([a, z]), np.concatenate([z, a])
    order = np.argsort(near, kind="stable")
    starts = np.searchsorted(near[order], np.arange(size + 1))
    return starts.astype(np.int64), far[order].astype(np.int64)


def distances(starts: I64, far: I64, source: int) -> I64:
    """Return the links from a vertex to every other, shape `(size,)`, -1 where no path leads."""
    distance = np.full(len(starts) - 1, -1, dtype=np.int64)
    distance[source] = 0
    front, rounds = np.array([source], dtype=np.int64), 0
    while front.size:
        rounds += 1
        counts = starts[front + 1] - starts[front]
        before = np.cumsum(counts) - counts
        met = far[np.repeat(starts[front] - before, counts) + np.arange(counts.sum())]
        front = np.unique(met[distance[met] < 0])
        distance[front] = rounds
    return distance
