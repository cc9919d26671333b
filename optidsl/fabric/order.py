"""Cages in another order than down, up, idle: the ports that links laid by arithmetic really end at.

Links are laid as if the cages that serve down came first and those that serve up after them. Where pipelines, splits,
the author or the watts of modules seat the cages otherwise, the ports of a group follow, for all its switches alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from optidsl._record import replace
from optidsl.diag import InternalError
from optidsl.fabric.banks import DOWN, IDLE
from optidsl.fabric.box import Box
from optidsl.fabric.pins import Seat
from optidsl.fabric.ports import switch_ports, up_start
from optidsl.fabric.refusal import Refusal
from optidsl.fabric.tables import I32, I64, CageOrder, DeviceGroup, FabricTables, LinkTable, PortMap


def cage_order(box: Box, down: int, up: int) -> CageOrder:
    """Return how the box seats its cages for these ports."""
    down_cages = box.cages_for(down, 0)
    seats = box.seats(down_cages, box.cages_for(down, up) - down_cages)
    if seats is None:
        raise InternalError(f"{box.model.name} was sized for {down} ports down and {up} up and has no seats for them")
    return CageOrder(box, down, up, seats)


def port_lookup(order: CageOrder, ports: PortMap) -> I64:
    """Return the port of every place: the ports of the cages that serve down in their order, then of those up."""
    box = order.box
    start = up_start(box, order.down)
    n_places = start + -(-order.up // box.per_up) * box.per_up if order.up else start
    found = np.full(n_places, -1, np.int64)
    first = np.searchsorted(ports.cage, np.arange(len(order.seats)))
    for cage, (side, number) in enumerate(order.seats):
        if side == IDLE:
            continue
        size, base = (box.per_down, 0) if side == DOWN else (box.per_up, start)
        found[base + number * size : base + (number + 1) * size] = first[cage] + np.arange(size)
    return found


def is_plain(order: CageOrder) -> bool:
    """Tell whether the cages that serve down come first, then those that serve up, each side in its order."""
    return list(order.seats) == sorted(order.seats)


def with_places(groups: Sequence[DeviceGroup], group_of: I32, links: LinkTable) -> LinkTable:
    """Return links whose ports were places of the plain order, at the ports of the order that holds."""
    lookup = {
        row: port_lookup(group.order, group.ports)
        for row, group in enumerate(groups)
        if group.order is not None and not is_plain(group.order)
    }
    return moved(lookup, group_of, links)


def reseated(tables: FabricTables, seats: Mapping[int, tuple[Seat, ...]]) -> FabricTables:
    """Return the tables with the cages of some groups, by row, seated anew."""
    groups = list(tables.groups)
    lookup: dict[int, I64] = {}
    for row, wanted in seats.items():
        group = groups[row]
        if group.order is None:
            raise InternalError(f"group {group.name} has no cages to seat")
        old = port_lookup(group.order, group.ports)
        order = replace(group.order, seats=wanted)
        ports = switch_ports(order.box, order.down, order.up, wanted)
        if isinstance(ports, Refusal):
            raise InternalError(ports.message)
        groups[row] = replace(group, ports=ports, order=order)
        forward = np.full(len(group.ports.name), -1, np.int64)
        forward[old] = port_lookup(order, ports)
        lookup[row] = forward
    return replace(tables, groups=tuple(groups), links=moved(lookup, tables.devices.group, tables.links))


def moved(lookup: Mapping[int, I64], group_of: I32, links: LinkTable) -> LinkTable:
    """Return links with the ports of some groups, by row, looked up."""
    if not lookup:
        return links
    columns: list[I32] = []
    for device, port in ((links.a_device, links.a_port), (links.z_device, links.z_port)):
        column, group = port.copy(), group_of[device]
        for row, table in lookup.items():
            inside = np.flatnonzero(group == row)
            column[inside] = table[column[inside]]
        columns.append(column)
    return replace(links, a_port=columns[0], z_port=columns[1])
