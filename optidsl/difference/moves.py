"""Cables that can serve elsewhere: which of those that leave their place take one that is new."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct_rows
from optidsl._record import record
from optidsl.difference.same import Side

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class Cables:
    """Cables of a plan: the rows of their links, the cable of each, and of each cable its first link and its size."""

    side: Side
    rows: I64
    cable: I64
    first: I64
    size: I64

    @property
    def links(self) -> I64:
        """Return the row of the first link of each cable."""
        return self.rows[self.first]

    def sku(self) -> I64:
        """Return the number of part and length of each cable."""
        return self.side.sku[self.links]

    def ends(self) -> tuple[I64, I64]:
        """Return the numbers of the ports at both ends of the first link of each cable."""
        return self.side.a[self.links], self.side.z[self.links]


def moves(before: Cables, after: Cables, old: I64, new: I64) -> tuple[I64, I64, I64]:
    """Pair cables that leave their place with new ones of the same part and length.

    First those that keep the port at one end, then those between the same two devices, then those that keep one device.

    Args:
        before: cables of the first plan.
        after: cables of the second plan.
        old: those that leave their place.
        new: those that are new.

    Returns:
        The cables of the first plan that move, those of the second that they become, and how many ends move.
    """
    found: list[tuple[I64, I64, int]] = []
    for way, ends in enumerate((1, 1, 2, 2, 2)):
        if not old.size or not new.size:
            break
        keys = [_key(cables, which, way) for cables, which in ((before, old), (after, new))]
        one, other = matched(*keys)
        found.append((old[one], new[other], ends))
        old, new = np.delete(old, one), np.delete(new, other)
    none = np.zeros(0, np.int64)
    return (
        np.concatenate([none, *(one for one, _, _ in found)]),
        np.concatenate([none, *(other for _, other, _ in found)]),
        np.concatenate([none, *(np.full(len(one), ends) for one, _, ends in found)]),
    )


def _key(cables: Cables, which: I64, way: int) -> I64:
    """Return what must be equal for a pair, shape `(n, 2)` or `(n, 3)`: the SKU and ports or devices."""
    a, z = (end[which] for end in cables.ends())
    sku, stride = cables.sku()[which], cables.side.stride
    columns = ((a,), (z,), (a // stride, z // stride), (a // stride,), (z // stride,))[way]
    return np.stack([sku, *columns], axis=1)


def matched(old: I64, new: I64) -> tuple[I64, I64]:
    """Pair equal rows of two tables, the first with the first: places of the pairs in each, in the order of `old`."""
    number = _numbers(np.concatenate([old, new]))
    sides = [_ranked(number[: len(old)]), _ranked(number[len(old) :])]
    order = np.argsort(sides[1], kind="stable")
    there = sides[1][order]
    place = np.minimum(np.searchsorted(there, sides[0]), len(there) - 1)
    one = np.flatnonzero(there[place] == sides[0])
    return one, order[place[one]]


def _numbers(rows: I64) -> I64:
    """Return a number for each row of a table, equal for equal rows."""
    number = np.zeros(len(rows), np.int64)
    for column in rows.T:
        values, _, place, _ = distinct_rows(column)
        number = distinct_rows(number * len(values) + place)[2]
    return number


def _ranked(number: I64) -> I64:
    """Return a number for each row that is unique in its side: the given one, and which of its equals the row is."""
    _, _, place, count = distinct_rows(number)
    order = np.argsort(place, kind="stable")
    rank = np.empty(len(number), np.int64)
    rank[order] = np.arange(len(number)) - np.repeat(np.cumsum(count) - count, count)
    return number * np.int64(1 << 32) + rank


def surplus(before: Cables, after: Cables) -> int:
    """Return how many cables must leave their place in any wiring: what pairs of devices have more than they will have.

    Cables count by their two devices, their part and their length.
    """
    keys = []
    for cables in (before, after):
        a, z = (end // cables.side.stride for end in cables.ends())
        keys.append(np.stack([cables.sku(), np.minimum(a, z), np.maximum(a, z)], axis=1))
    number = _numbers(np.concatenate(keys))
    if not number.size:
        return 0
    size = int(number.max()) + 1
    counts = [np.bincount(part, minlength=size) for part in (number[: len(keys[0])], number[len(keys[0]) :])]
    return int(np.maximum(counts[0] - counts[1], 0).sum())
