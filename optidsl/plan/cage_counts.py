"""What stands in the cages and on the trays: modules and cables of a plan, counted from its columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl.plan.model import I32, PlanClass, PlanDevices, PlanGroup, PlanLinks

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


def cables_by_length(links: PlanLinks, classes: Sequence[PlanClass], cables: I32) -> dict[tuple[str, int], int]:
    """Return the number of cables by `(part, ordered length in mm)`.

    Args:
        links: the plan's links.
        classes: the plan's classes.
        cables: the number of each link's cable, shape `(n_links,)`.
    """
    _, first = np.unique(cables, return_index=True)
    lengths, length_of = np.unique(links.ordered_mm[first], return_inverse=True)
    found, numbers = np.unique(links.link_class[first] * np.int64(len(lengths)) + length_of, return_counts=True)
    counts: dict[tuple[str, int], int] = {}
    for pair, number in zip(found.tolist(), numbers.tolist(), strict=True):
        row, length = pair // len(lengths), int(lengths[pair % len(lengths)])
        if classes[row].line:
            continue
        part = classes[row].direct or classes[row].fiber
        counts[part, length] = counts.get((part, length), 0) + number
    return counts


def attenuators(links: PlanLinks, classes: Sequence[PlanClass]) -> dict[str, int]:
    """Return the number of attenuators by part: one at each end of a link whose class has one there."""
    counts: dict[str, int] = {}
    for row, link_class in enumerate(classes):
        for name in (link_class.a_attenuator, link_class.z_attenuator):
            if name:
                counts[name] = counts.get(name, 0) + int((links.link_class == row).sum())
    return counts
