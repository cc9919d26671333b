"""Figures of a graph for which no formula is known: its longest shortest path, and its narrowest cut."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct_rows
from optidsl.fabric.tables import I64

MOST_SWITCHES = 16_384
"""Switches of a network that is measured."""

_MOST_FLOWS = 512
"""Switches of a network whose narrowest cut is sought where its longest path does not give it away."""

_BLOCK = 2_048
"""Sources of which the switches reached are held at once, one bit each."""

_CHUNK = 65_536
"""Neighbours whose bits are gathered at once."""


def neighbour_lists(a: I64, z: I64, switches: int) -> tuple[I64, I64]:
    """Return where the neighbours of every switch begin, shape `(switches + 1,)`, and all of them as one list."""
    near, far = np.concatenate([a, z]), np.concatenate([z, a])
    order = np.argsort(near, kind="stable")
    return np.searchsorted(near[order], np.arange(switches + 1)).astype(np.int64), far[order]


def diameter(a: I64, z: I64, switches: int) -> int | None:
    """Return the links on the longest shortest path; None when some switch cannot be reached from another.

    All sources of a block advance at once, a bit each.
    """
    starts, far = neighbour_lists(a, z, switches)
    if switches > 1 and (np.diff(starts) == 0).any():
        return None
    longest = 0
    for first in range(0, switches, _BLOCK):
        rounds = _rounds(starts, far, np.arange(first, min(first + _BLOCK, switches)))
        if rounds is None:
            return None
        longest = max(longest, rounds)
    return longest


def parts(a: I64, z: I64, switches: int) -> I64:
    """Return the switches that no path leads to from the first, ascending."""
    starts, far = neighbour_lists(a, z, switches)
    is_reached = np.zeros(switches, np.bool_)
    front = [0]
    is_reached[0] = True
    for switch in front:
        for other in far[starts[switch] : starts[switch + 1]].tolist():
            if not is_reached[other]:
                is_reached[other] = True
                front.append(other)
    return np.flatnonzero(~is_reached)


def _rounds(starts: I64, far: I64, sources: I64) -> int | None:
    """Return after how many steps every switch is reached from all sources."""
    switches, count = len(starts) - 1, len(sources)
    reached: NDArray[np.uint64] = np.zeros((switches, -(-count // 64)), np.uint64)
    bit = np.arange(count)
    reached[sources, bit // 64] = np.left_shift(np.uint64(1), (bit % 64).astype(np.uint64))
    full = np.bitwise_or.reduce(reached, axis=0)
    rounds = 0
    while not (reached == full).all():
        grown = reached.copy()
        for low, high in _chunks(starts):
            gathered = reached[far[starts[low] : starts[high]]]
            grown[low:high] |= np.bitwise_or.reduceat(gathered, starts[low:high] - starts[low], axis=0)
        if (grown == reached).all():
            return None
        reached, rounds = grown, rounds + 1
    return rounds


def _chunks(starts: I64) -> Iterator[tuple[int, int]]:
    """Yield runs of switches with not many more than `_CHUNK` neighbours together."""
    switches, low = len(starts) - 1, 0
    while low < switches:
        high = int(np.searchsorted(starts, starts[low] + _CHUNK, side="right")) - 1
        high = min(max(high, low + 1), switches)
        yield low, high
        low = high


def narrowest_cut(a: I64, z: I64, switches: int, longest: int) -> int | None:
    """Return the fewest links that part a connected network; None when it is too large to say.

    Source: Plesnik, Critical graphs of given diameter (1975), for diameter 2; else Esfahanian and Hakimi, On computing
    the connectivities of graphs and digraphs (Networks 14, 1984): a cut narrower than the least degree parts two
    switches of any dominating set, and the paths between them are counted by Ford and Fulkerson. Assumes: every two
    neighbours have as many links; else all switches are taken for the dominating set.

    Args:
        a: one switch of each link.
        z: the other.
        switches: how many there are.
        longest: the diameter.
    """
    if switches < 2:
        return 0
    degree = np.bincount(np.concatenate([a, z]), minlength=switches)
    least = int(degree.min())
    low, high, counts = _pairs(a, z, switches)
    is_even = bool((counts == counts[0]).all())
    if longest <= 2 and is_even:
        return least
    if switches > _MOST_FLOWS:
        return None
    flow = _Flow(low, high, counts, switches)
    chosen = _dominating(flow.starts, flow.far) if is_even else list(range(switches))
    return min([least, *(flow.between(chosen[0], other, least) for other in chosen[1:])])


def _pairs(a: I64, z: I64, switches: int) -> tuple[I64, I64, I64]:
    keys, _, _, counts = distinct_rows(np.minimum(a, z) * switches + np.maximum(a, z))
    return keys // switches, keys % switches, counts.astype(np.int64)


def _dominating(starts: I64, far: I64) -> list[int]:
    """Return switches such that every other one is a neighbour of one of them."""
    is_covered = np.zeros(len(starts) - 1, np.bool_)
    chosen: list[int] = []
    for switch in range(len(is_covered)):
        if not is_covered[switch]:
            chosen.append(switch)
            is_covered[switch] = True
            is_covered[far[starts[switch] : starts[switch + 1]]] = True
    return chosen


class _Flow:
    """Unit flows over pairs of switches that have as much room either way as they have links."""

    def __init__(self, low: I64, high: I64, counts: I64, switches: int) -> None:
        self.starts, self.far = neighbour_lists(low, high, switches)
        pair = np.concatenate([np.arange(len(low))] * 2)
        order = np.argsort(np.concatenate([low, high]), kind="stable")
        self.pair = pair[order].tolist()
        self.is_up = (order < len(low)).tolist()
        self.room = counts.tolist()
        self.first, self.ends = self.starts.tolist(), self.far.tolist()

    def between(self, source: int, target: int, enough: int) -> int:
        """Return the paths without a common link between two switches, `enough` at most."""
        sent = [0] * len(self.room)
        found = 0
        while found < enough and self._augment(source, target, sent):
            found += 1
        return found

    def _augment(self, source: int, target: int, sent: list[int]) -> bool:
        came: dict[int, int] = {source: -1}
        front = [source]
        for near in front:
            for at in range(self.first[near], self.first[near + 1]):
                other, pair = self.ends[at], self.pair[at]
                used = sent[pair] if self.is_up[at] else -sent[pair]
                if other in came or used >= self.room[pair]:
                    continue
                came[other] = at
                if other == target:
                    self._send(came, source, target, sent)
                    return True
                front.append(other)
        return False

    def _send(self, came: dict[int, int], source: int, target: int, sent: list[int]) -> None:
        at = target
        while at != source:
            edge = came[at]
            sent[self.pair[edge]] += 1 if self.is_up[edge] else -1
            at = int(np.searchsorted(self.starts, edge, side="right")) - 1
