"""Which power feeds every device hangs on, and what racks do not say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.plan.feed_model import PlanFeed
from optidsl.plan.model import Plan, PlanDevices, PlanGroup, PlanRack

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class FeedSets:
    """`sets` are the feeds, by number, of devices that hang on the same ones; `of` has shape `(n_devices,)`.

    -1 in `of` stands for devices of which nobody says what feeds them.
    """

    sets: tuple[tuple[int, ...], ...]
    of: I64


def feed_sets(
    feeds: Sequence[PlanFeed], racks: Sequence[PlanRack], groups: Sequence[PlanGroup], devices: PlanDevices
) -> FeedSets:
    """Return the feeds of every device: those of its rack, or the fewer ones that its group states."""
    number = {(feed.site, feed.name): row for row, feed in enumerate(feeds)}
    sets: dict[tuple[int, ...], int] = {}
    of = np.full(len(devices.group), -1, dtype=np.int64)
    pair = devices.rack.astype(np.int64) * len(groups) + devices.group
    pairs, which = np.unique(pair, return_inverse=True)
    mark = np.full(len(pairs), -1, dtype=np.int64)
    for row, each in enumerate(pairs.tolist()):
        at, group = divmod(each, len(groups))
        if at < 0 or not racks[at].feeds:
            continue
        names = groups[group].feeds or racks[at].feeds
        found = tuple(sorted(number[racks[at].site, name] for name in names))
        mark[row] = sets.setdefault(found, len(sets))
    if len(pairs):
        of = mark[which.reshape(-1)]
    return FeedSets(tuple(sets), of)


def silent_racks(racks: Sequence[PlanRack], devices: PlanDevices, rows: I64) -> list[int]:
    """Return the racks, in order, that hold some of the devices and state no feeds; -1 for devices without a rack."""
    held = np.unique(devices.rack[rows]).tolist()
    return [rack for rack in held if rack < 0 or not racks[rack].feeds]


def silence(racks: Sequence[PlanRack], silent: Sequence[int]) -> str:
    """Say of which racks (-1: devices without one) nobody states the feeds; "" for none."""
    names = [racks[rack].name for rack in silent if rack >= 0]
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    words = (
        [f"rack {shown} states no `feeds`" if len(names) == 1 else f"racks {shown} state no `feeds`"] if names else []
    )
    words += ["some devices stand in no rack"] if -1 in silent else []
    return "; ".join(words)


def feed_problems(plan: Plan) -> list[str]:
    """Return the names of feeds that point nowhere, one sentence each; empty for a sound plan."""
    known = {(feed.site, feed.name) for feed in plan.feeds}
    if len(known) < len(plan.feeds):
        return ["two feeds of a site have one name"]
    for rack in plan.racks:
        for name in rack.feeds:
            if (rack.site, name) not in known:
                return [f"rack `{rack.name}` names the feed `{name}`, which is not in feeds"]
    for group in plan.groups:
        rows = plan.devices.rack[group.first : group.first + group.count] if group.feeds else plan.devices.rack[:0]
        for rack in np.unique(rows).tolist():
            if rack >= 0 and not set(group.feeds) <= set(plan.racks[rack].feeds):
                return [f"group `{group.name}` names a feed that rack `{plan.racks[rack].name}` does not have"]
    return []
