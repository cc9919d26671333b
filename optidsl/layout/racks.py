"""The racks of a design on the grid of their halls, and the pathways between halls."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optidsl._record import record
from optidsl.diag import Sink
from optidsl.layout.tables import I64, RackTable
from optidsl.layout.wording import kilometres, metres
from optidsl.sema.design import Design
from optidsl.sema.design_place import Address, Hall, Key, RackGroup, Row, Site

LONGEST_MM = 1_000_000_000
"""How far a hall or a cable may reach: 1,000 km, beyond any of them. Sums of such lengths fit 64 bits."""


@record(frozen=True, slots=True)
class _Rack:
    site: Site
    hall: Hall
    row: Row
    group: RackGroup
    key: Key
    hall_index: int
    x_mm: int
    y_mm: int

    @property
    def name(self) -> str:
        base = "-".join(self.group.address.parts[len(self.row.address.parts) - 1 :])
        return f"{base}-{self.key}" if self.key != "" else base


def rack_table(design: Design, sink: Sink) -> RackTable | None:
    """Return every rack with its position, or None after errors: names unique within a site, halls not endless.

    Rack j of a row lies at `j * rack_pitch`, counted over the groups of the row; row i at `i * row_pitch`.
    """
    racks = list(_racks(design))
    if _name_twice(racks, sink) or _too_far(racks, sink):
        return None
    return RackTable(
        tuple(rack.name for rack in racks),
        tuple(rack.site.address.parts[-1] for rack in racks),
        tuple(rack.hall.address.parts[-1] for rack in racks),
        tuple(rack.row.address.parts[-1] for rack in racks),
        np.array([rack.hall_index for rack in racks], np.int32),
        np.array([rack.x_mm for rack in racks], np.int64),
        np.array([rack.y_mm for rack in racks], np.int64),
        np.array([rack.group.units for rack in racks], np.int32),
        tuple(rack.group for rack in racks),
        np.array([_power_cap(rack.group) for rack in racks], np.int64),
    )


def _power_cap(group: RackGroup) -> int:
    slot = group.power_mw
    cap = slot.value if slot.value is not None else slot.upper
    return -1 if cap is None else cap


def _racks(design: Design) -> Iterator[_Rack]:
    hall_index = -1
    for site in design.sites:
        for hall in site.halls:
            hall_index += 1
            for number, row in enumerate(hall.rows):
                position = 0
                for group in row.racks:
                    for key in group.keys or ("",):
                        x_mm = position * hall.rack_pitch_mm
                        yield _Rack(site, hall, row, group, key, hall_index, x_mm, number * hall.row_pitch_mm)
                        position += 1


def _name_twice(racks: list[_Rack], sink: Sink) -> bool:
    seen: dict[tuple[int, str], _Rack] = {}
    reported: set[Address] = set()
    for rack in racks:
        other = seen.setdefault((id(rack.site), rack.name), rack)
        if other is rack or rack.group.address in reported:
            continue
        reported.add(rack.group.address)
        sink.error(
            "name-collision",
            f"rack `{rack.name}` of hall `{rack.hall.address.parts[-1]}` has the name of a rack of hall "
            f"`{other.hall.address.parts[-1]}`; names are unique within site `{rack.site.address.parts[-1]}`",
            rack.group.origin.span,
            "named again here",
            helps=(f"rename one of the rows, as `{rack.hall.address.parts[-1]}-{rack.row.address.parts[-1]}`",),
        )
    return bool(reported)


def _too_far(racks: list[_Rack], sink: Sink) -> bool:
    """Report the farthest rack of every hall that reaches farther than lengths are computed for."""
    farthest: dict[Address, tuple[int, _Rack]] = {}
    for rack in racks:
        reach_mm = max(rack.x_mm, rack.y_mm)
        if reach_mm > farthest.setdefault(rack.hall.address, (LONGEST_MM, rack))[0]:
            farthest[rack.hall.address] = (reach_mm, rack)
    over = [(reach_mm, rack) for reach_mm, rack in farthest.values() if reach_mm > LONGEST_MM]
    for reach_mm, rack in over:
        sink.error(
            "hall-too-large",
            f"rack `{rack.name}` lies {kilometres(reach_mm)} from the corner of hall `{rack.hall.address.parts[-1]}`; "
            f"a hall may reach {kilometres(LONGEST_MM)}",
            rack.hall.origin.span,
            f"rack_pitch is {metres(rack.hall.rack_pitch_mm)}, row_pitch {metres(rack.hall.row_pitch_mm)}",
            helps=("check the units of `rack_pitch` and `row_pitch`",),
        )
    return bool(over)


def racks_by_group(racks: RackTable) -> dict[Address, list[tuple[Key, int]]]:
    """Return the key and row of every rack of every rack group, in key order."""
    found: dict[Address, list[tuple[Key, int]]] = {}
    for index, group in enumerate(racks.group):
        members = found.setdefault(group.address, [])
        members.append((group.keys[len(members)] if group.keys else "", index))
    return found


def halls_of(design: Design) -> tuple[Hall, ...]:
    """Return the halls in the order of `RackTable.hall_index`."""
    return tuple(hall for site in design.sites for hall in site.halls)


def pathway_lengths(design: Design) -> I64:
    """Return the shortest run through pathways between the origins of two halls in mm, shape `(n_halls, n_halls)`.

    -1 where no pathway leads; 0 on the diagonal.
    """
    halls = halls_of(design)
    index = {hall.address: number for number, hall in enumerate(halls)}
    far = np.iinfo(np.int64).max // 4
    runs = np.full((len(halls), len(halls)), far, np.int64)
    np.fill_diagonal(runs, 0)
    for site in design.sites:
        for pathway in site.pathways:
            a, z = index[pathway.a], index[pathway.z]
            runs[a, z] = runs[z, a] = min(runs[a, z], pathway.length_mm)
    for via in range(len(halls)):
        runs = np.minimum(runs, runs[:, via, None] + runs[None, via, :])
    runs[runs >= far] = -1
    return runs
