"""Identities of devices and links: what they are called by pins, whatever their names are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optidsl._pins import Cable, identity

if TYPE_CHECKING:
    from optidsl.fabric.tables import DeviceGroup, DeviceTable, FabricTables


def device_identities(groups: Sequence[DeviceGroup], devices: DeviceTable) -> list[str]:
    """Return the identity of every device, `compute.leaf[3]`, shape `(n_devices,)`."""
    return [
        identity(group.name, key) for group in groups for key in devices.key[group.first : group.first + group.count]
    ]


def link_identities(tables: FabricTables, rows: NDArray[np.intp] | None = None) -> list[Cable]:
    """Return the identity of links: identity and port of the A end, then of the Z end.

    Args:
        tables: groups, devices and links.
        rows: the links asked for; all when None.
    """
    links, devices = tables.links, tables.devices
    names = device_identities(tables.groups, devices)
    sizes = [len(group.ports.name) for group in tables.groups]
    first = np.cumsum([0, *sizes])[:-1]
    ports = [name for group in tables.groups for name in group.ports.name]
    picked = slice(None) if rows is None else rows
    columns: list[list[str]] = []
    for device, port in ((links.a_device, links.a_port), (links.z_device, links.z_port)):
        at = device[picked]
        columns.append([names[row] for row in at.tolist()])
        columns.append([ports[row] for row in (first[devices.group[at]] + port[picked]).tolist()])
    return list(zip(*columns, strict=True))
