"""Names of devices: those in service stay, new devices take free ones."""

from __future__ import annotations

from collections.abc import Mapping

from optidsl.fabric.tables import FabricTables
from optidsl.plan.pins import Pins, identity


def device_names(tables: FabricTables, naming: Mapping[str, str], pins: Pins) -> tuple[str, ...]:
    """Return the name of every device, shape `(n_devices,)`.

    A device in service keeps its name while the naming template of its kind is unchanged. A new device whose name
    is in service elsewhere (a template over `{index}`, and something inserted before) takes the first name of the
    templates that nobody has, of its own group if there is one.

    Args:
        tables: groups, and devices with the names that the templates give now.
        naming: the templates of `switch` and `node`.
        pins: names in service, with the templates that made them.
    """
    wanted = tables.devices.name
    held = _held(tables, naming, pins)
    if not held:
        return wanted
    names = list(wanted)
    taken = set(held.values())
    homeless: list[int] = []
    for row, name in enumerate(wanted):
        if row in held:
            names[row] = held[row]
        elif name in taken:
            homeless.append(row)
        else:
            taken.add(name)
    group_of = tables.devices.group.tolist()
    free = [row for row, name in enumerate(wanted) if name not in taken]
    for row in homeless:
        giver = next((other for other in free if group_of[other] == group_of[row]), free[0])
        free.remove(giver)
        names[row] = wanted[giver]
    return tuple(names)


def _held(tables: FabricTables, naming: Mapping[str, str], pins: Pins) -> dict[int, str]:
    """Return the names in service by device row; a name held twice stays with the first."""
    held: dict[int, str] = {}
    seen: set[str] = set()
    kept_kinds = {kind for kind, template in naming.items() if pins.naming.get(kind) == template}
    for group in tables.groups:
        if not pins.names or group.kind not in kept_kinds:
            continue
        for row in range(group.first, group.first + group.count):
            name = pins.names.get(identity(group.name, tables.devices.key[row]))
            if name is not None and name not in seen:
                held[row] = name
                seen.add(name)
    return held
