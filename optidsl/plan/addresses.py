"""Allocate numbers that stay: what is in service keeps its number, the rest takes the lowest free one."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record

I64 = NDArray[np.int64]

Key = TypeVar("Key", bound=Hashable)


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
    pool: Pool,
    count: int,
    keys: Sequence[Key],
    pinned: Mapping[Key, int],
    taken: Collection[int] = (),
    wanted: I64 | None = None,
    quarantined: Collection[int] = (),
) -> I64 | None:
    """Give each of `count` things a number of the pool: the pinned one, else the wanted one, else the lowest free.

    Args:
        pool: where numbers come from.
        count: how many are needed.
        keys: names of the things, shape `(count,)`; may be empty when nothing is pinned.
        pinned: numbers in service by key. One outside the pool, taken, or held twice, is given up.
        taken: numbers of the pool that serve something else.
        wanted: the number that each thing has by its key, all different, shape `(count,)`; one that is not to be had
            is replaced by the lowest free number that nobody wants. None: things take free numbers in order.
        quarantined: numbers that only a pin may give.

    Returns:
        The numbers, shape `(count,)`, or None when the pool is too small.
    """
    others = _inside(pool, taken)
    if count > pool.size - others.size:
        return None
    numbers = np.full(count, -1, dtype=np.int64)
    if pinned:
        held = np.fromiter((pinned.get(key, -1) for key in keys), dtype=np.int64, count=count)
        rows = np.flatnonzero(_are_usable(pool, held, others))
        _, first_holder = np.unique(held[rows], return_index=True)
        kept = rows[first_holder]
        numbers[kept] = held[kept]
    others = np.concatenate([others, _inside(pool, set(quarantined) - set(taken))])
    if wanted is not None:
        rows = np.flatnonzero((numbers < 0) & _are_usable(pool, wanted, others) & ~np.isin(wanted, numbers))
        numbers[rows] = wanted[rows]
    open_rows = np.flatnonzero(numbers < 0)
    if open_rows.size:
        avoided = others if wanted is None else np.concatenate([others, wanted])
        free = _lowest_free(pool, count, numbers, avoided)
        if free.size < open_rows.size:
            free = _lowest_free(pool, count, numbers, others)
        if free.size < open_rows.size:
            return None
        numbers[open_rows] = free[: open_rows.size]
    return numbers


def kept_words(pool: Pool, needed: int, quarantined: Collection[int]) -> tuple[str, tuple[str, ...]]:
    """Return how many numbers a pool lacks, in words, and a way out where what is kept from reuse takes them."""
    if needed > pool.size:
        return f"{needed - pool.size} too few", ()
    kept = int(_inside(pool, quarantined).size)
    if not kept:
        return "too few are left beside those that the design gives one by one", ()
    words = f"{kept} of them are in service or kept from reuse, and too few are left for what is new"
    return words, (
        "let go of numbers of what is gone: `optidsl lock release all`, or `moved` where it has another name",
    )


def _inside(pool: Pool, numbers: Collection[int]) -> I64:
    return np.array(sorted(number for number in numbers if pool.first <= number <= pool.last), dtype=np.int64)


def _are_usable(pool: Pool, numbers: I64, others: I64) -> NDArray[np.bool_]:
    """Tell which numbers are of the pool and nobody else's."""
    usable = (numbers >= pool.first) & (numbers <= pool.last) & ((numbers - pool.first) % pool.step == 0)
    found: NDArray[np.bool_] = usable & ~np.isin(numbers, others)
    return found


def _lowest_free(pool: Pool, count: int, numbers: I64, avoided: I64) -> I64:
    """Return the lowest numbers of the pool that are neither given nor avoided, at least `count` where it has them."""
    n_looked = min(pool.size, 2 * count + avoided.size)
    candidates = pool.first + pool.step * np.arange(n_looked, dtype=np.int64)
    found: I64 = candidates[~np.isin(candidates, numbers) & ~np.isin(candidates, avoided)]
    return found
