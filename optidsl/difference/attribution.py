"""Which cause every change has: new and removed devices first, then parts, places, segments, fabrics."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.difference.cables import CableTable
from optidsl.difference.causes import Causes, changed_racks, segment_key, shown
from optidsl.difference.same import Both, Side, group_key
from optidsl.plan.model import Plan

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class LinkCauses:
    """The cause of every cable of a table, and of every link of both plans: -1 where nothing happens to it."""

    cable: I64
    old: I64
    new: I64


def link_causes(both: Both, table: CableTable, reseated: I64, causes: Causes) -> LinkCauses:
    """Return the cause of what happens to cables and links.

    Args:
        both: the plans.
        table: the cables to work on.
        reseated: by number of a device, the cause for which it stands elsewhere, or -1.
        causes: gets what is found only here.
    """
    sides = [_Ends(side, both, reseated, causes) for side in (both.before, both.after)]
    old = np.full(len(both.before.plan.links.segment), -1, np.int64)
    new = np.full(len(both.after.plan.links.segment), -1, np.int64)
    cable = _cable_causes(both, table, sides, causes)
    old[table.old_links] = np.where(table.of_old >= 0, cable[table.of_old] if len(cable) else -1, -1)
    new[table.new_links] = np.where(table.of_new >= 0, cable[table.of_new] if len(cable) else -1, -1)
    for column, side, rows, of in (
        (old, sides[0], table.old_links, table.of_old),
        (new, sides[1], table.new_links, table.of_new),
    ):
        waves = rows[of < 0]
        column[waves] = side.best(waves)
    if len(table.replugged):
        found = sides[1].best(table.replugged[:, 1])
        old[table.replugged[:, 0]], new[table.replugged[:, 1]] = found, found
    return LinkCauses(cable, old, new)


def _cable_causes(both: Both, table: CableTable, sides: list[_Ends], causes: Causes) -> I64:
    """Return the cause of each cable: what its new place says, else what its old one says, else the length alone."""
    cable = np.full(len(table.kind), -1, np.int64)
    for sure in (True, False):
        for side, rows in ((sides[1], table.new), (sides[0], table.old)):
            open_rows = np.flatnonzero((cable < 0) & (rows >= 0))
            if open_rows.size:
                cable[open_rows] = side.sure(rows[open_rows]) if sure else side.likely(rows[open_rows])
    for row in np.flatnonzero(cable < 0).tolist():
        cable[row] = _fallback(both, table, row, causes)
    return cable


def _fallback(both: Both, table: CableTable, row: int, causes: Causes) -> int:
    """Return the cause of a cable that nothing stated explains: another route, or no reason at all."""
    old, new = int(table.old[row]), int(table.new[row])
    side, link = (both.after, new) if new >= 0 else (both.before, old)
    segment = side.plan.segments[int(side.plan.links.segment[link])]
    name = f"{segment.fabric}: {segment.a} -- {segment.z}"
    if old >= 0 and new >= 0 and _route(both.before.plan, old) != _route(both.after.plan, new):
        key = ("route", *segment_key(segment))
        return causes.add(
            key, f"links {name}: their way is another, by trays, slack or a stated length", segment.source_ref
        )
    return causes.add(("unexplained", "cables", *segment_key(segment)), f"links {name}: nothing stated explains it")


def _route(plan: Plan, row: int) -> tuple[int, ...]:
    links = plan.links
    columns = (links.dress_mm, links.vertical_mm, links.horizontal_mm, links.slack_mm, links.required_mm)
    return tuple(int(column[row]) for column in columns)


class _Ends:
    """What a plan says about the causes of its links."""

    def __init__(self, side: Side, both: Both, reseated: I64, causes: Causes) -> None:
        plan = side.plan
        is_apart = both.is_new if side is both.after else both.is_old
        group = np.array([causes.get(("group", group_key(each))) for each in plan.groups] or [-1], np.int64)
        model = np.array([causes.get(("model", group_key(each))) for each in plan.groups] or [-1], np.int64)
        self._plan = plan
        self._new_device = np.where(is_apart[side.device], group[plan.devices.group], -1)
        self._model = model[plan.devices.group]
        self._reseated = reseated[side.device]
        self._rack = _rack_causes(both, side, causes)
        self._class = np.array([causes.get(("class", each.name)) for each in plan.classes] or [-1], np.int64)
        self._segment = np.array(
            [causes.get(("segment", *segment_key(each))) for each in plan.segments] or [-1], np.int64
        )
        self._fabric = np.array([_fabric_cause(plan, each.fabric, causes) for each in plan.segments] or [-1], np.int64)
        self._moved = np.array([_moved_cause(each.name, causes) for each in plan.groups] or [-1])[plan.devices.group]

    def sure(self, rows: I64) -> I64:
        """Return the cause that a device which comes or goes is, -1 for none; the lower device first."""
        return self._of_ends(rows, self._new_device)

    def likely(self, rows: I64) -> I64:
        """Return the first cause that concerns a link: its part, models, places, segment, fabric."""
        links, found = self._plan.links, np.full(len(rows), -1, np.int64)
        for column in (
            self._class[links.link_class[rows]],
            self._of_ends(rows, self._model),
            self._segment[links.segment[rows]],
            self._of_ends(rows, self._reseated),
            self._of_ends(rows, self._rack),
            self._of_ends(rows, self._moved),
            self._fabric[links.segment[rows]],
        ):
            found = np.where(found < 0, column, found)
        return found

    def best(self, rows: I64) -> I64:
        """Return the cause of links, the surest first."""
        sure = self.sure(rows)
        return np.where(sure < 0, self.likely(rows), sure)

    def _of_ends(self, rows: I64, by_device: I64) -> I64:
        a, z = by_device[self._plan.links.a_device[rows]], by_device[self._plan.links.z_device[rows]]
        return np.where(a >= 0, a, z)


def _rack_causes(both: Both, side: Side, causes: Causes) -> I64:
    racks = changed_racks(both.before.plan, both.after.plan)
    own = [causes.get(("rack", racks[rack.name])) if rack.name in racks else -1 for rack in side.plan.racks]
    found: I64 = np.array([*own, -1], np.int64)[side.plan.devices.rack]
    return found


def _moved_cause(group: str, causes: Causes) -> int:
    for key, place in causes.place.items():
        target = causes.heads[place][1].rpartition(" ")[2].partition("[")[0]
        if key[0] == "moved" and (group == target or group.startswith(f"{target}.")):
            return place
    return -1


def _fabric_cause(plan: Plan, fabric: str, causes: Causes) -> int:
    """Return the cause for which cables between devices that stay lie otherwise: the fabric's shape, or its growth."""
    own = causes.get(("fabric", fabric))
    if own >= 0:
        return own
    for group in reversed(plan.groups):
        if group.fabric in (fabric, "") and (found := causes.get(("group", group_key(group)))) >= 0:
            return found
    ports = [causes.get(("ports", group_key(group))) for group in plan.groups if group.fabric == fabric]
    return max(ports, default=-1)


def reseat_causes(both: Both, causes: Causes) -> I64:
    """Return, by number of a device, the cause for which it stands in another rack or unit; -1 where it stays.

    A rack that is another comes first, then the growth of its group, then the statement that places it.
    """
    reseated = np.full(len(both.stays), -1, np.int64)
    numbers = np.flatnonzero(both.stays)
    old, new = both.before.row[numbers], both.after.row[numbers]
    before, after = both.before.plan, both.after.plan
    place = {rack.name: at for at, rack in enumerate(after.racks)}
    same = np.array([*(place.get(rack.name, -2) for rack in before.racks), -1], np.int64)
    moved = (same[before.devices.rack[old]] != after.devices.rack[new]) | (
        before.devices.unit[old] != after.devices.unit[new]
    )
    rack = _rack_causes(both, both.after, causes)
    for number, row in zip(numbers[moved].tolist(), new[moved].tolist(), strict=True):
        group = after.groups[int(after.devices.group[row])]
        found = max(int(rack[row]), -1)
        found = found if found >= 0 else causes.get(("group", group_key(group)))
        if found < 0:
            found = causes.add(("place", group_key(group)), f"{shown(group)} stands elsewhere", group.source_ref)
        reseated[number] = found
    return reseated
