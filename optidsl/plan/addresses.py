"""Allocate numbers that stay: what is in service keeps its number, the rest takes the lowest free one."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class Pool:
    """The numbers `first, first + step, …` up to `last`."""

    first: int
    last: int
    step: int = 1

    @property
    def size(self) -> int:
        """How many numbers the pool holds."""
        return max(0, (self.last - self.first) // self.step + 1)


def loopback_pool(network: ipaddress.IPv4Network) -> Pool:
    """Return the host addresses of a prefix; all-zeros and all-ones stay free except in a /31 or /32."""
    first, last = int(network.network_address), int(network.broadcast_address)
    return Pool(first, last) if network.prefixlen >= 31 else Pool(first + 1, last - 1)


def p2p_pool(network: ipaddress.IPv4Network) -> Pool:
    """Return the even addresses of the /31s in a prefix.

    Source: RFC 3021 section 2.1 (both addresses of a /31 are hosts).
    """
    return Pool(int(network.network_address), int(network.broadcast_address) - 1, 2)


def allocate(
    pool: Pool, count: int, keys: Sequence[str], pinned: Mapping[str, int], taken: Collection[int] = ()
) -> I64 | None:
    """Give each of `count` things a number of the pool.

    Args:
        pool: where numbers come from.
        count: how many are needed.
        keys: names of the things, shape `(count,)`; may be empty when nothing is pinned.
        pinned: numbers in service by key. One outside the pool, taken, or held twice, is given up.
        taken: numbers of the pool that serve something else.

    Returns:
        The numbers, shape `(count,)`, or None when the pool is too small.
    """
    others = np.array(sorted(number for number in taken if pool.first <= number <= pool.last), dtype=np.int64)
    if count > pool.size - others.size:
        return None
    numbers = np.full(count, -1, dtype=np.int64)
    if pinned:
        held = np.fromiter((pinned.get(key, -1) for key in keys), dtype=np.int64, count=count)
        usable = (held >= pool.first) & (held <= pool.last) & ((held - pool.first) % pool.step == 0)
        usable &= ~np.isin(held, others)
        rows = np.flatnonzero(usable)
        _, first_holder = np.unique(held[rows], return_index=True)
        kept = rows[first_holder]
        numbers[kept] = held[kept]
    open_rows = np.flatnonzero(numbers < 0)
    if open_rows.size:
        candidates = pool.first + pool.step * np.arange(count + others.size, dtype=np.int64)
        free = candidates[~np.isin(candidates, numbers) & ~np.isin(candidates, others)]
        numbers[open_rows] = free[: open_rows.size]
    return numbers
