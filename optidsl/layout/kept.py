"""The places that a lock holds and the design still allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from optidsl.fabric.identity import device_identities
from optidsl.fabric.tables import FabricTables
from optidsl.layout.tables import RackTable
from optidsl.sema.design_place import Place

Party = tuple[Place | None, Sequence[int], Sequence[int], int | None]
"""Devices that stand together: their place, the racks that it allows, their rows, and the most of them in a rack."""


def kept_places(
    tables: FabricTables, racks: RackTable, parties: Sequence[Party], places: Mapping[str, tuple[str, int]]
) -> dict[int, tuple[int, int]]:
    """Return rack row and lowest RU (0: not known) by device, for those whose place still allows where they stand.

    Args:
        tables: the devices.
        racks: the racks there are now.
        parties: who stands together.
        places: rack name, or `site/rack` where sites share it, and lowest RU by identity.
    """
    rows = rack_rows(racks)
    names = device_identities(tables.groups, tables.devices)
    found: dict[int, tuple[int, int]] = {}
    for place, wanted, devices, limit in parties:
        allowed, counts = set(wanted), Counter[int]()
        for device in devices:
            name, unit = places.get(names[device], ("", 0))
            rack = rows.get(name, -1)
            if rack in allowed and _allows(place, unit) and (limit is None or counts[rack] < limit):
                counts[rack] += 1
                found[device] = (rack, unit)
    return found


def _allows(place: Place | None, unit: int) -> bool:
    if place is None or unit == 0:
        return True
    return unit in place.units if place.units else unit >= (place.start_unit or 1)


def rack_rows(racks: RackTable) -> dict[str, int]:
    """Return the row of every rack by `site/rack`, and by its name alone where no other site has it."""
    rows = {f"{site}/{name}": row for row, (site, name) in enumerate(zip(racks.site, racks.name, strict=True))}
    number = Counter(racks.name)
    return rows | {name: row for row, name in enumerate(racks.name) if number[name] == 1}
