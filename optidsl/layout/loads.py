"""What each rack carries: rack units and watts, and whose watts nobody knows."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.layout.tables import I32, I64, PlacedFabric


@record(frozen=True, slots=True)
class RackLoads:
    """Per rack, shape `(n_racks,)`.

    `known_mw` sums the maximum power of the devices whose catalogue states it (without pluggable modules);
    `unknown` names the parts in the rack that state none; `used_units` are RU taken.
    """

    known_mw: I64
    used_units: I32
    unknown: tuple[tuple[str, ...], ...]


def rack_loads(placed: PlacedFabric) -> RackLoads:
    """Return the load of every rack."""
    n_racks = len(placed.racks.name)
    known_mw = np.zeros(n_racks, np.int64)
    used_units = np.zeros(n_racks, np.int32)
    unknown: list[list[str]] = [[] for _ in range(n_racks)]
    for group in placed.tables.groups:
        rows = slice(group.first, group.first + group.count)
        rack = placed.rack[rows]
        is_placed = rack >= 0
        in_rack = np.bincount(rack[is_placed], minlength=n_racks)
        used_units += (in_rack * placed.height[group.first] if group.count else 0 * in_rack).astype(np.int32)
        power = group.model.power_max_mw
        if power is not None:
            known_mw += in_rack * power.value
            continue
        for each in np.flatnonzero(in_rack).tolist():
            if group.model.name not in unknown[each]:
                unknown[each].append(group.model.name)
    return RackLoads(known_mw, used_units, tuple(tuple(names) for names in unknown))
