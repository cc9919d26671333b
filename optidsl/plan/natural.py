"""Numbers that follow from keys alone: what is added or removed moves no number of anything else.

A pool is cut in halves: one for the first fabric by name, half of the rest for the next, and so on. A
fabric's part is cut likewise by tier (loopbacks, AS numbers) or by segment (links), the last two alike. Inside, a
switch stands at its key, a link at the key of a switch and the port of it that the link takes. Nothing depends on how
many switches there are, on an order of the source, or on a reserve that somebody sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.tables import DeviceGroup, FabricTables

I64 = NDArray[np.int64]

_LEVELS = 3


@record(frozen=True, slots=True)
class Part:
    """The numbers from `first`, `size` of them, counted from the begin of a pool."""

    first: int
    size: int

    def cut(self, at: int, among: int = 64) -> Part:
        """Return piece `at` of the halving: a half, a quarter, …; of `among` pieces the last two are of one size."""
        size = self.size >> min(at + 1, among - 1)
        first = self.size - (self.size >> at)
        return Part(self.first + first, size)


@record(frozen=True, slots=True)
class Natural:
    """What numbers follow from: the tables, and the order in which fabrics have their parts."""

    tables: FabricTables
    fabrics: tuple[str, ...]  # those that route, by name
    planes: Mapping[str, int]
    heights: Mapping[str, int]  # tiers by fabric
    index: I64  # of each switch in its tier, over all planes; shape (n_devices,)


def natural_of(tables: FabricTables, routed: frozenset[str]) -> Natural:
    """Return what the numbers of the fabrics in `routed` follow from."""
    planes = {shape.fabric.name: shape.planes for shape in tables.shapes}
    index = np.full(len(tables.devices.group), -1, np.int64)
    for group in tables.groups:
        if group.kind == "switch" and group.fabric in routed:
            rows = slice(group.first, group.first + group.count)
            index[rows] = _slots(group, tables.devices.key[rows]) * planes[group.fabric] + max(group.plane, 0)
    heights = {shape.fabric.name: len(shape.tiers) for shape in tables.shapes}
    return Natural(tables, tuple(sorted(routed)), planes, heights, index)


def _slots(group: DeviceGroup, keys: Sequence[str]) -> I64:
    """Return the place of every switch of a group by its key, from 0."""
    numbers = np.array([int(key) for key in keys], np.int64)
    if not group.per_pod:
        return numbers - 1
    stride = 1 << (group.per_pod - 1).bit_length()
    return (numbers // group.per_pod - 1) * stride + numbers % group.per_pod - 1


def switch_offsets(natural: Natural, rows: NDArray[np.intp], size: int) -> I64 | None:
    """Return what each switch, by row, has from the begin of a pool of `size` addresses; None where it is too small.

    The first address of every part stays free: a pool begins with the address of the network.
    """
    found = np.full(len(natural.index), -1, np.int64)
    for group in natural.tables.groups:
        if group.kind != "switch" or group.fabric not in natural.fabrics:
            continue
        among = max(_LEVELS, natural.heights[group.fabric])
        part = Part(0, size).cut(natural.fabrics.index(group.fabric)).cut(group.level - 1, among)
        mine = natural.index[group.first : group.first + group.count] + 1
        if int(mine.max(initial=0)) >= part.size:
            return None
        found[group.first : group.first + group.count] = part.first + mine
    return found[rows]


def system_offsets(natural: Natural, rows: Sequence[int], size: int) -> I64 | None:
    """Return what each switch with an AS number of its own has from the begin of a range of `size` numbers."""
    device_group = natural.tables.devices.group
    own = {int(device_group[row]) for row in rows}
    groups = natural.tables.groups
    tiered = {groups[number].fabric for number in own if groups[number].level > 1}
    found = np.zeros(len(rows), np.int64)
    at_group = device_group[np.array(rows, np.int64)] if len(rows) else np.zeros(0, np.int32)
    for number in sorted(own):
        group = groups[number]
        part = Part(0, size).cut(natural.fabrics.index(group.fabric))
        if group.fabric in tiered:
            part = part.cut(group.level - 1, max(_LEVELS, natural.heights[group.fabric]))
        mine = np.flatnonzero(at_group == number)
        slots = natural.index[np.array(rows, np.int64)[mine]]
        if int(slots.max(initial=0)) >= part.size:
            return None
        found[mine] = part.first + slots
    return found


def link_offsets(natural: Natural, rows: NDArray[np.intp], size: int) -> I64 | None:
    """Return what each link, by row, has from the begin of a pool of `size` pairs; None where the pool is too small.

    A link of a server stands at its port of the switch, a link between switches at its port of the lower one. A switch
    has as many pairs as its box could have ports at the rate of that side, rounded up to a power of two.
    """
    tables, links = natural.tables, natural.tables.links
    found = np.full(len(links.segment), -1, np.int64)
    of_fabric: dict[str, int] = {}
    for number, segment in enumerate(tables.segments):
        at = of_fabric.setdefault(segment.fabric, 0)
        of_fabric[segment.fabric] += 1
        mine = rows[links.segment[rows] == number]
        if not mine.size:
            continue
        among = max(_LEVELS, sum(each.fabric == segment.fabric for each in tables.segments))
        part = Part(0, size).cut(natural.fabrics.index(segment.fabric)).cut(at, among)
        is_edge = segment.a == "endpoints"
        device = (links.z_device if is_edge else links.a_device)[mine]
        port = (links.z_port if is_edge else links.a_port)[mine]
        offsets = _at_ports(natural, device, port, is_edge)
        if offsets is None or int(offsets.max()) >= part.size:
            return None
        found[mine] = part.first + offsets
    return found[rows]


def _at_ports(natural: Natural, device: NDArray[np.int32], port: NDArray[np.int32], is_down: bool) -> I64 | None:
    """Return the place of ports: that of their switch, their cage in it, their bore in that."""
    tables = natural.tables
    group_of = tables.devices.group[device]
    offsets = np.full(len(device), -1, np.int64)
    for number in np.flatnonzero(np.bincount(group_of)).tolist():
        group, mine = tables.groups[number], np.flatnonzero(group_of == number)
        cages, width = _ports_of(group, is_down)
        cage = group.ports.cage[port[mine]].astype(np.int64)
        bore = group.ports.bore[port[mine]].astype(np.int64)
        if not cages or int(bore.max()) >= width or int(cage.max()) >= cages:
            return None
        stride = 1 << (cages * width - 1).bit_length()
        offsets[mine] = natural.index[device[mine]] * stride + cage * width + bore
    return offsets


def _ports_of(group: DeviceGroup, is_down: bool) -> tuple[int, int]:
    """Return the cages of a switch, and the ports that each could give to a side."""
    if not isinstance(group.model, SwitchModel):
        return 0, 0
    if group.order is None:
        return group.model.cages.value, int(group.ports.bore.max(initial=0)) + 1
    box = group.order.box
    return group.model.cages.value, box.per_down if is_down else box.per_up
