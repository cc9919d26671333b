"""What is the same thing in two plans: devices by group and key, ports by name, cables by both their ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._pins import identity
from optidsl._record import record
from optidsl.plan.assemblies import cables_of_links
from optidsl.plan.model import Plan, PlanGroup

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

GroupKey = tuple[str, int]
"""Name and plane of a group."""


@record(frozen=True, slots=True)
class Side:
    """One of the two plans, with numbers that both share.

    Attributes:
        plan: the plan.
        device: number of every device, shape `(n_devices,)`; equal on both sides for the same device.
        row: row of a device by its number, -1 where it is not in this plan, shape `(n_numbers,)`.
        group: group of this plan by number of a device, -1 where it is not in this plan.
        a: number of the port at the a end of every link, shape `(n_links,)`; `device * stride + port`.
        z: the same of the z end.
        sku: number of the cable of every link: its part and its ordered length; -1 on a line.
        content: number of what serves a link: cable part, modules, attenuators, rate.
        stride: more than a device has ports.
    """

    plan: Plan
    device: I64
    row: I64
    group: I64
    a: I64
    z: I64
    sku: I64
    content: I64
    stride: int

    def identity(self, row: int) -> str:
        """Return the identity of a device of this plan: `compute.leaf[3]`."""
        group = self.plan.groups[int(self.plan.devices.group[row])]
        return identity(group.name, self.plan.devices.key[row])


@record(frozen=True, slots=True)
class Both:
    """Two plans and what they have in common; `is_old`, `is_new` tell by number which devices go and come."""

    before: Side
    after: Side
    is_old: Bools
    is_new: Bools

    @property
    def stays(self) -> Bools:
        """Tell by number which devices are in both plans."""
        return ~(self.is_old | self.is_new)


def joined(before: Plan, after: Plan, moved: Mapping[str, str] | None = None) -> Both:
    """Number the devices, ports and cables of two plans.

    Args:
        before: the plan in service.
        after: the plan to come.
        moved: identities of the first plan that the second calls otherwise.
    """
    old, new, count = _device_numbers(before, after, moved or {})
    rows = [_rows(numbers, count) for numbers in (old, new)]
    old_ports, new_ports, stride = _port_numbers(before, after, old, rows[1])
    sides = []
    contents = _Contents()
    for plan, numbers, row, ports in ((before, old, rows[0], old_ports), (after, new, rows[1], new_ports)):
        links = plan.links
        group = np.where(row >= 0, plan.devices.group[row], -1).astype(np.int64) if len(numbers) else row
        sku, content = contents.of(plan)
        sides.append(
            Side(
                plan,
                numbers,
                row,
                group,
                _end(numbers, ports, plan, links.a_device, links.a_port, stride),
                _end(numbers, ports, plan, links.z_device, links.z_port, stride),
                sku,
                content,
                stride,
            )
        )
    return Both(sides[0], sides[1], rows[1] < 0, rows[0] < 0)


def group_key(group: PlanGroup) -> GroupKey:
    """Return what a group is known by."""
    return group.name, group.plane


def _rows(numbers: I64, count: int) -> I64:
    row = np.full(count, -1, np.int64)
    row[numbers] = np.arange(len(numbers))
    return row


# ------------------------------------------------------------------ devices


def _device_numbers(before: Plan, after: Plan, moved: Mapping[str, str]) -> tuple[I64, I64, int]:
    """Number the devices of the second plan by row, and those that only the first has behind them."""
    n_after = len(after.devices.name)
    new = np.arange(n_after, dtype=np.int64)
    old = np.full(len(before.devices.name), -1, np.int64)
    later = {group_key(group): group for group in after.groups}
    for group in before.groups:
        keys = before.devices.key[group.first : group.first + group.count]
        twin = later.get(group_key(group)) if not moved else None
        if twin is not None:
            theirs = after.devices.key[twin.first : twin.first + twin.count]
            if keys == theirs:
                old[group.first : group.first + group.count] = np.arange(twin.first, twin.first + twin.count)
            else:
                place = {key: twin.first + at for at, key in enumerate(theirs)}
                old[group.first : group.first + group.count] = [place.get(key, -1) for key in keys]
    if moved:
        old = _by_identity(before, after, moved)
    gone = np.flatnonzero(old < 0)
    old[gone] = n_after + np.arange(len(gone))
    return old, new, n_after + len(gone)


def _by_identity(before: Plan, after: Plan, moved: Mapping[str, str]) -> I64:
    """Find every device of the first plan in the second by its identity, after `moved`."""
    place: dict[tuple[str, int], int] = {}
    for group in after.groups:
        for row in range(group.first, group.first + group.count):
            place[identity(group.name, after.devices.key[row]), group.plane] = row
    found = np.full(len(before.devices.name), -1, np.int64)
    for group in before.groups:
        for row in range(group.first, group.first + group.count):
            key = before.devices.key[row]
            own = identity(group.name, key)
            found[row] = place.get((moved.get(own, own), group.plane), -1)
    return found


# ------------------------------------------------------------------ ports and cables


def _port_numbers(before: Plan, after: Plan, old: I64, row_after: I64) -> tuple[I64, I64, int]:
    """Return tables of port numbers, shape `(n_groups, n_ports)`, and the stride.

    Ports of one name in groups of the same devices have one number; a name that the second plan lacks gets one behind
    those it has.
    """
    widest = max([1, *(len(group.ports.name) for plan in (before, after) for group in plan.groups)])
    stride = 2 * widest
    own = np.tile(np.arange(widest, dtype=np.int64), (max(len(after.groups), 1), 1))
    table = np.tile(np.arange(widest, dtype=np.int64), (max(len(before.groups), 1), 1))
    for at, group in enumerate(before.groups):
        twin = _twin(group, after, old, row_after)
        if twin is None or twin.ports.name == group.ports.name:
            continue
        number = {name: place for place, name in enumerate(twin.ports.name)}
        table[at, : len(group.ports.name)] = [
            number.get(name, widest + place) for place, name in enumerate(group.ports.name)
        ]
    return table, own, stride


def _twin(group: PlanGroup, after: Plan, old: I64, row_after: I64) -> PlanGroup | None:
    """Return the group of the second plan that has the first device that stays of a group."""
    if not len(after.devices.group):
        return None
    rows = row_after[old[group.first : group.first + group.count]]
    staying = rows[rows >= 0]
    return after.groups[int(after.devices.group[staying[0]])] if staying.size else None


def _end(numbers: I64, ports: I64, plan: Plan, device: I32, port: I32, stride: int) -> I64:
    end: I64 = numbers[device] * stride + ports[plan.devices.group[device], port]
    return end


class _Contents:
    """Numbers of cable parts, and of what serves a class, that hold for both plans."""

    def __init__(self) -> None:
        self._parts: dict[str, int] = {}
        self._contents: dict[tuple[str | int, ...], int] = {}

    def of(self, plan: Plan) -> tuple[I64, I64]:
        """Return the cable and the content of every link."""
        part, content = [], []
        for each in plan.classes:
            cable = each.direct or each.fiber
            what = (cable, each.a_module, each.z_module, each.a_attenuator, each.z_attenuator, each.line)
            rate = plan.segments[each.segment].rate_mbps
            part.append(-1 if each.line else self._parts.setdefault(cable, len(self._parts)))
            content.append(self._contents.setdefault((*what, rate), len(self._contents)))
        parts = np.array(part or [0], np.int64)[plan.links.link_class]
        sku = np.where(parts < 0, -1, (parts << 40) + plan.links.ordered_mm + 1)
        return sku, np.array(content or [0], np.int64)[plan.links.link_class]


def length_of(sku: I64) -> I64:
    """Return the ordered length of cables in mm by their numbers; -1 where it is not known."""
    return np.where(sku < 0, -1, (sku & ((1 << 40) - 1)) - 1)


# ------------------------------------------------------------------ links that differ


def changed_links(both: Both) -> tuple[I64, I64]:
    """Return the rows of links, before and after, of segments that are not equal in every link."""
    rows = [_segments(side.plan) for side in (both.before, both.after)]
    found: tuple[list[I64], list[I64]] = ([], [])
    for key in dict.fromkeys([*rows[0], *rows[1]]):
        old, new = rows[0].get(key), rows[1].get(key)
        if old is not None and new is not None and _are_equal(both, old, new):
            continue
        found[0].extend([] if old is None else [old])
        found[1].extend([] if new is None else [new])
    none = np.zeros(0, np.int64)
    return np.concatenate([none, *found[0]]), np.concatenate([none, *found[1]])


def _segments(plan: Plan) -> dict[tuple[str, ...], I64]:
    """Return the rows of links by segment, ascending."""
    order = np.argsort(plan.links.segment, kind="stable")
    starts = np.searchsorted(plan.links.segment[order], np.arange(len(plan.segments) + 1))
    found: dict[tuple[str, ...], I64] = {}
    for row, each in enumerate(plan.segments):
        key = (each.fabric, each.a, each.z, each.dimension)
        mine = order[starts[row] : starts[row + 1]]
        found[key] = np.concatenate([found[key], mine]) if key in found else mine
    return found


def _are_equal(both: Both, old: I64, new: I64) -> bool:
    if len(old) != len(new):
        return False
    pairs = ((both.before.a, both.after.a), (both.before.z, both.after.z))
    pairs += ((both.before.sku, both.after.sku), (both.before.content, both.after.content))  # type: ignore[assignment]
    return all(np.array_equal(one[old], other[new]) for one, other in pairs)


def same_links(both: Both, old: I64, new: I64) -> I64:
    """Return for each of the links `old` the place in `new` of the link between the same ports, or -1."""
    match = np.full(len(old), -1, np.int64)
    if not len(old) or not len(new):
        return match
    ends = [_ordered(side, rows) for side, rows in ((both.before, old), (both.after, new))]
    order = np.argsort(ends[1][0], kind="stable")
    place = np.minimum(np.searchsorted(ends[1][0][order], ends[0][0]), len(new) - 1)
    twin = order[place]
    is_same = (ends[1][0][twin] == ends[0][0]) & (ends[1][1][twin] == ends[0][1])
    match[is_same] = twin[is_same]
    return match


def _ordered(side: Side, rows: I64) -> tuple[I64, I64]:
    a, z = side.a[rows], side.z[rows]
    return np.minimum(a, z), np.maximum(a, z)


def cable_numbers(plan: Plan) -> I64:
    """Return the number of the physical cable of every link."""
    return cables_of_links(plan).astype(np.int64)


def port_name(side: Side, device_row: int, port: int) -> str:
    """Return the name of a port of a device of this plan."""
    return side.plan.groups[int(side.plan.devices.group[device_row])].ports.name[port]


def names_of(plan: Plan, rows: Sequence[int] | I64) -> tuple[str, ...]:
    """Return the names of devices."""
    return tuple([plan.devices.name[int(row)] for row in rows])
