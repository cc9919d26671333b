"""Names of devices: those in service stay, new devices take free ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optidsl._context import Context
from optidsl._pins import Pins, identity
from optidsl.fabric.identity import device_identities
from optidsl.fabric.tables import FabricTables


def device_names(tables: FabricTables, naming: Mapping[str, str], context: Context) -> tuple[str, ...] | None:
    """Return the name of every device, shape `(n_devices,)`; None when one is kept from reuse and no other is free.

    A device in service keeps its name while the naming template of its kind is unchanged. A new device whose name
    is in service elsewhere (a template over `{index}`, and something inserted before), or was that of a device that
    is gone, takes the first name of the templates that nobody has or had, of its own group if there is one.

    Args:
        tables: groups, and devices with the names that the templates give now.
        naming: the templates of `switch` and `node`.
        context: names in service, with the templates that made them; takes `name-not-free`.
    """
    wanted, pins = tables.devices.name, context.pins
    if not pins.names:
        return wanted
    held, gone = _held(tables, naming, pins), _gone(tables, pins)
    names = list(wanted)
    taken = {*held.values(), *gone}
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
    for at, row in enumerate(homeless):
        giver = next((other for other in free if group_of[other] == group_of[row]), free[0] if free else -1)
        if giver < 0:
            _refuse(tables, homeless, len(homeless) - at, gone, context)
            return None
        free.remove(giver)
        names[row] = wanted[giver]
    return tuple(names)


def _gone(tables: FabricTables, pins: Pins) -> dict[str, str]:
    """Return whose each name was that is kept from reuse, of devices that the design has no longer."""
    kept = pins.quarantined.names
    lost = pins.names.keys() - set(device_identities(tables.groups, tables.devices))
    return {pins.names[who]: who for who in sorted(lost) if pins.names[who] in kept}


def _refuse(tables: FabricTables, rows: Sequence[int], lacking: int, gone: Mapping[str, str], context: Context) -> None:
    """Report devices without a name of their own, by the first whose name is kept from reuse."""
    names = tables.devices.name
    row = next(row for row in rows if names[row] in gone)
    group = tables.groups[int(tables.devices.group[row])]
    who, before = identity(group.name, tables.devices.key[row]), gone[names[row]]
    origin = None if (stated := group.node or group.tier) is None else stated.origin
    more = f"; {lacking} devices have no other name" if lacking > 1 else ""
    context.sink.error(
        "name-not-free",
        f"`{who}` would be called {names[row]}, which was the name of `{before}`: names of what is gone are kept from "
        f"reuse{more}",
        None if origin is None else origin.span,
        helps=(
            f"write `moved {before} -> {who}` where it is the same device under another path",
            f"let go of what it had: `optidsl lock release '{before}' --kind name --kind free`",
            "let other names be made (`naming { … }`), or names serve again (`addressing { reuse_after = 0d }`)",
        ),
    )


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
