"""Every cable to work on, with its ends by identity, name and port."""

from __future__ import annotations

from optidsl.difference.attribution import LinkCauses
from optidsl.difference.cables import CableTable
from optidsl.difference.model import CABLE_KINDS, CableChange, End
from optidsl.difference.same import Both, Side, port_name


def cable_changes(both: Both, table: CableTable, links: LinkCauses) -> tuple[CableChange, ...]:
    """Return the cables of a table, in its order."""
    found = []
    rows = zip(
        *(column.tolist() for column in (table.kind, table.old, table.new, table.ends_moved, links.cable)), strict=True
    )
    for kind, old, new, ends_moved, cause in rows:
        was_part, was_mm = _cable(both.before, old)
        part, mm = _cable(both.after, new)
        found.append(
            CableChange(
                CABLE_KINDS[kind],
                _ends(both.before, old),
                _ends(both.after, new),
                part,
                mm,
                was_part,
                was_mm,
                ends_moved,
                cause,
            )
        )
    return tuple(found)


def _cable(side: Side, row: int) -> tuple[str, int]:
    if row < 0:
        return "", -1
    link_class = side.plan.classes[int(side.plan.links.link_class[row])]
    return link_class.direct or link_class.fiber, int(side.plan.links.ordered_mm[row])


def _ends(side: Side, row: int) -> tuple[End, End] | None:
    if row < 0:
        return None
    links = side.plan.links
    return (
        _end(side, int(links.a_device[row]), int(links.a_port[row])),
        _end(side, int(links.z_device[row]), int(links.z_port[row])),
    )


def _end(side: Side, device: int, port: int) -> End:
    return End(side.identity(device), side.plan.devices.name[device], port_name(side, device, port))
