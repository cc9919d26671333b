"""Watts that a cage may carry, by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NO_LIMIT = -1


def cage_limit_mw(
    cages: NDArray[np.int64] | NDArray[np.int32], ranges: Sequence[tuple[int, int, int, int]]
) -> NDArray[np.int64]:
    """Return the highest module power of each cage.

    Args:
        cages: cage numbers from 1, shape `(n,)`.
        ranges: `(first, last, step, power_mw)`: cages `first, first + step, … <= last` may carry `power_mw`.

    Returns:
        Limits in mW, shape `(n,)`; -1 for a cage that no range names. Where ranges overlap the later one holds.

    Source: NVIDIA SN5000 hardware manual, power per port (SN5400: 21 W on cages 1, 5, …, 61 and 12 W elsewhere).
    Assumes: the ranges hold for the airflow and supplies of the model as ordered.
    """
    import numpy as np

    limits = np.full(len(cages), NO_LIMIT, dtype=np.int64)
    for first, last, step, power_mw in ranges:
        inside = (cages >= first) & (cages <= last) & ((cages - first) % step == 0)
        limits[inside] = power_mw
    return limits


def tightest_cage(limits_mw: NDArray[np.int64]) -> int | None:
    """Return the position of the cage with the lowest known limit, the first of equals.

    Args:
        limits_mw: limits in mW, shape `(n,)`, -1 where none is known.

    Returns:
        A position, or None when no cage has a known limit.

    Source: NVIDIA SN5000 hardware manual, power per port: a cage limit binds per cage, a per-box sum does not see it.
    Assumes: every cage of the array carries the same module.
    """
    import numpy as np

    known = np.flatnonzero(limits_mw != NO_LIMIT)
    if known.size == 0:
        return None
    return int(known[np.argmin(limits_mw[known])])
