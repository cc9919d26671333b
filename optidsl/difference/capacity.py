"""How much of its links upwards a device keeps while others are out of service: shares counted from columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct_rows
from optidsl._record import record
from optidsl.plan.model import Plan

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class Share:
    """What a device keeps of its bandwidth upwards: kept over all, in Mbit/s, and its name."""

    share: tuple[int, int]
    at: str


@record(frozen=True, slots=True)
class Loads:
    """Bandwidth between pairs of devices.

    Attributes:
        low: device below, shape `(n_pairs,)`.
        high: device above.
        mbps: bandwidth between them.
    """

    low: I64
    high: I64
    mbps: I64


def pairs(low: I64, high: I64, mbps: I64) -> Loads:
    """Sum bandwidths by pair of devices."""
    size = int(high.max()) + 1 if high.size else 1
    keys, _, place, _ = distinct_rows(low * size + high)
    return Loads(keys // size, keys % size, np.bincount(place, mbps, len(keys)).astype(np.int64))


def rates(plan: Plan) -> I64:
    """Return the rate of every link in Mbit/s."""
    return np.array([each.rate_mbps for each in plan.segments] or [0], np.int64)[plan.links.segment]


def upwards(plan: Plan, fabric: str) -> tuple[I64, I64, I64]:
    """Return the links of a fabric as device below, device above and rate; those inside a tier in both directions."""
    links = plan.links
    mine = np.flatnonzero(np.array([each.fabric == fabric for each in plan.segments] or [False])[links.segment])
    a, z = links.a_device[mine].astype(np.int64), links.z_device[mine].astype(np.int64)
    rate = rates(plan)[mine]
    level = np.array([group.level for group in plan.groups] or [0])[plan.devices.group]
    beside = level[a] == level[z]
    return (
        np.concatenate([a, z[beside]]),
        np.concatenate([z, a[beside]]),
        np.concatenate([rate, rate[beside]]),
    )


def one_lost(plan: Plan, fabric: str) -> Share | None:
    """Return the least share that a switch keeps of its links upwards (or beside) when any one above it fails.

    None where no switch of the fabric has links to other switches.
    """
    low, high, mbps = upwards(plan, fabric)
    is_switch = np.array([group.kind == "switch" for group in plan.groups] or [False])[plan.devices.group]
    among = is_switch[low] if low.size else np.zeros(0, np.bool_)
    if not among.any():
        return None
    loads = pairs(low[among], high[among], mbps[among])
    kept, total = kept_of_each(loads, len(plan.devices.name))
    worst = least(kept, total)
    return Share((int(kept[worst]), int(total[worst])), plan.devices.name[worst])


def kept_of_each(loads: Loads, count: int) -> tuple[I64, I64]:
    """Return for each of `count` devices what it keeps upwards without its greatest neighbour, and what it has."""
    total = np.bincount(loads.low, loads.mbps, count).astype(np.int64)
    most = np.zeros(count, np.int64)
    np.maximum.at(most, loads.low, loads.mbps)
    return total - most, total


def least(kept: I64, total: I64) -> int:
    """Return the place of the least share; that of a total of 0 counts as whole. The first among equals."""
    share = np.where(total > 0, kept / np.maximum(total, 1), 1.0)
    return int(np.argmin(share))
