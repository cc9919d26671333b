"""What stands in the cages and on the trays: modules and cables of a plan, counted from its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl.plan.model import PlanClass, PlanDevices, PlanGroup, PlanLinks, PlanPart

I64 = NDArray[np.int64]
Pairs = NDArray[np.int64]


def cages_of(
    groups: Sequence[PlanGroup], devices: PlanDevices, device: NDArray[np.int32], port: NDArray[np.int32]
) -> I64:
    """Return the 0-based cage behind each `(device, port)`, shape as `device`."""
    widest = max((len(group.ports.cage) for group in groups), default=0)
    table = np.zeros((len(groups), max(widest, 1)), dtype=np.int64)
    for row, group in enumerate(groups):
        table[row, : len(group.ports.cage)] = group.ports.cage
    cages: I64 = table[devices.group[device], port]
    return cages


def modules_by_device(
    groups: Sequence[PlanGroup], devices: PlanDevices, links: PlanLinks, classes: Sequence[PlanClass]
) -> dict[str, I64]:
    """Return, per transceiver, how many of its modules each device holds, shape `(n_devices,)`.

    A module fills a cage: the links of a twin-port module count it once.
    """
    n_devices = len(devices.group)
    span = 1 + max((max(group.ports.cage, default=0) for group in groups), default=0)
    a_cage = links.a_device.astype(np.int64) * span + cages_of(groups, devices, links.a_device, links.a_port)
    z_cage = links.z_device.astype(np.int64) * span + cages_of(groups, devices, links.z_device, links.z_port)
    found: dict[str, list[I64]] = {}
    for row, link_class in enumerate(classes):
        if link_class.direct:
            continue
        members = links.link_class == row
        found.setdefault(link_class.a_module, []).append(a_cage[members])
        found.setdefault(link_class.z_module, []).append(z_cage[members])
    return {
        part: np.bincount(np.unique(np.concatenate(cages)) // span, minlength=n_devices).astype(np.int64)
        for part, cages in found.items()
    }


def cables_by_length(
    parts: Mapping[str, PlanPart], links: PlanLinks, classes: Sequence[PlanClass]
) -> dict[tuple[str, int], int]:
    """Return the number of cables by `(part, ordered length in mm)`.

    One cable serves one link, but a direct-attach cable that takes a whole cage serves the links of all its bores.
    """
    counts: dict[tuple[str, int], int] = {}
    for row, link_class in enumerate(classes):
        part = link_class.direct or link_class.fiber
        bores = parts[part].facts.get("bores") if link_class.direct else None
        links_each = bores.value if bores is not None and isinstance(bores.value, int) else 1
        lengths, numbers = np.unique(links.ordered_mm[links.link_class == row], return_counts=True)
        for length, number in zip(lengths.tolist(), numbers.tolist(), strict=True):
            counts[part, length] = counts.get((part, length), 0) + -(-number // links_each)
    return counts
