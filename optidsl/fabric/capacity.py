"""What a fabric carries as built: the oversubscription of its fullest switches, and its bisection."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl.fabric.demand import Sizes
from optidsl.fabric.seating import Seats


def oversubscription(sizes: Sizes, planes: Sequence[Seats]) -> tuple[tuple[int, int], ...]:
    """Return `(down Mbit/s, up Mbit/s)` of the links in use at the fullest switch of every tier but the top.

    A leaf counts the endpoint ports that are connected, not the ports it has for more.
    """
    boxes = sizes.ask.boxes
    fullest = max(int(np.bincount(seats.leaf).max(initial=0)) for seats in planes)
    down = (fullest, *sizes.down[1:])
    tiers = range(len(sizes.counts) - 1)
    return tuple((down[i] * boxes[i].down_mbps, sizes.up[i] * boxes[i].up_mbps) for i in tiers)


def bisection_mbps(sizes: Sizes, planes: Sequence[Seats]) -> int:
    """Return the bandwidth across the worst even split of the endpoints, in Mbit/s, rounded down.

    With `E` endpoint links, `U1` links between leaves and spines, and `U2` between spines and cores, all of one plane
    and as built, at rates `r0`, `r1`, `r2`:

        bisection = sum over planes of min(E r0, U1 r1, U2 r2) / 2

    `U1` counts when there are several leaves, `U2` when there are several pods: else no path crosses them.

    Source: Dally and Towles, Principles and Practices of Interconnection Networks (2004), chapter 3 (bisection).
    Assumes: minimal up-down routing balanced over all spines; endpoints spread evenly over leaves and pods, so that
    half of them sit behind half of the links of every tier.
    """
    rates = sizes.ask.rates_mbps
    links = [count * up for count, up in zip(sizes.counts, sizes.up, strict=True)]
    crossed = [links[tier] * rates[tier + 1] for tier in range(_crossed_tiers(sizes))]
    return sum(min((len(seats.leaf) * rates[0], *crossed)) for seats in planes) // 2


def hops(sizes: Sizes) -> int:
    """Return the switches on the shortest path between the farthest endpoints."""
    return 1 + 2 * _crossed_tiers(sizes)


def _crossed_tiers(sizes: Sizes) -> int:
    """Return how many tiers the path between the farthest endpoints climbs."""
    if len(sizes.counts) == 1 or sizes.counts[0] == 1:
        return 0
    return 2 if sizes.pods > 1 else 1
