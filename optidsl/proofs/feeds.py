"""Power feeds as elements that may fail: the devices that nothing else feeds, and what racks leave unsaid."""

from __future__ import annotations

import numpy as np

from optidsl.plan.feed_sets import feed_sets, silence, silent_racks
from optidsl.proofs.network import I64, Network


def feeds_of(network: Network) -> list[tuple[str, I64]]:
    """Return the feeds that something of a fabric hangs on, each with the devices that it alone serves."""
    plan = network.plan
    if not plan.feeds:
        return []
    found = feed_sets(plan.feeds, plan.racks, plan.groups, plan.devices)
    held = _held(network)
    used = {feed for number in np.unique(found.of[held]).tolist() if number >= 0 for feed in found.sets[number]}
    return [
        (f"feed {plan.feeds[feed].path}", held[np.isin(found.of[held], _sole(found.sets, feed))])
        for feed in sorted(used)
    ]


def _sole(sets: tuple[tuple[int, ...], ...], feed: int) -> list[int]:
    return [number for number, own in enumerate(sets) if own == (feed,)]


def unsaid(network: Network, kind: str) -> str:
    """Say why the failure of any element of a kind cannot be judged; "" where it can."""
    if kind != "feed":
        return ""
    plan = network.plan
    found = feed_sets(plan.feeds, plan.racks, plan.groups, plan.devices)
    held = _held(network)
    return silence(plan.racks, silent_racks(plan.racks, plan.devices, held[found.of[held] < 0]))


def _held(network: Network) -> I64:
    """Return the switches and servers of a fabric, as rows of the device columns."""
    return np.unique(np.concatenate([network.rows, network.node]))
