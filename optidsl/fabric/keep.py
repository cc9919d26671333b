"""Keep the cables of a lock: the links of a new shape at the ports that they have, as many as that shape allows.

The shape decides which switches are joined by how many links; a lock says which ports carry cables today. Servers
stay at their leaves (`keep_homes`), cages on their side (`keep_cages`), cables at their ports (`keep_ports`).
"""

from __future__ import annotations

import numpy as np

from optidsl._columns import distinct_rows
from optidsl._context import Context
from optidsl._pins import Pins
from optidsl._record import replace
from optidsl.diag import InternalError
from optidsl.fabric.families.registry import family
from optidsl.fabric.identity import device_identities
from optidsl.fabric.keep_cages import Bore, reach_of, seats_for
from optidsl.fabric.keep_homes import OWN_PORTS, with_homes
from optidsl.fabric.keep_ports import Cables, Mask, in_order, is_node, looked_up, matched, with_ports
from optidsl.fabric.order import port_lookup
from optidsl.fabric.ports import DOWN, UP, switch_ports, up_start
from optidsl.fabric.refusal import Refusal, count_of
from optidsl.fabric.tables import I64, CageOrder, FabricTables

_BORES = 64
"""More ports than a cage has."""


def keep(tables: FabricTables, pins: Pins, context: Context) -> FabricTables:
    """Return the tables with as many cables in service as possible where they are.

    Args:
        tables: the fabrics as synthesised, all cages as the boxes seat them.
        pins: the cables in service.
        context: takes `cables-moved`.
    """
    standing = _cables(tables, pins)
    cables = standing.select(np.flatnonzero((standing.a_at >= 0) & (standing.z_at >= 0)))
    if not len(cables.a):
        return tables
    is_fixed = is_node(tables)[tables.links.a_device]
    homed = with_homes(tables, _held(tables, cables, is_fixed))
    is_moved = homed.links.z_device != tables.links.z_device
    link_of = matched(homed, cables, is_fixed)
    seated = _with_seats(homed, cables.select(np.flatnonzero(link_of >= 0)))
    ports = _ports_at(seated, cables)
    good = np.flatnonzero((ports >= 0).all(axis=1))
    if len(good) < len(cables.a):
        cables, ports = cables.select(good), ports[good]
        link_of = matched(homed, cables, is_fixed)
    stays = np.flatnonzero(link_of >= 0)
    kept = np.full((len(is_fixed), 2), -1, np.int64)
    kept[link_of[stays]] = _turned(homed, cables, ports, link_of)[stays]
    _tell(len(standing.a) - len(stays), len(standing.a), context)
    return _worded(tables, seated, in_order(with_ports(seated, kept[:, 0], kept[:, 1], is_moved), is_fixed))


def _cables(tables: FabricTables, pins: Pins) -> Cables:
    """Return the cables in service between devices that stand; -1 is at an end whose device has no such port."""
    rows = {who: row for row, who in enumerate(device_identities(tables.groups, tables.devices))}
    a = np.array([rows.get(cable[0], -1) for cable in pins.cables], np.int64)
    z = np.array([rows.get(cable[2], -1) for cable in pins.cables], np.int64)
    stands = (a >= 0) & (z >= 0)
    group_of = tables.devices.group
    stands[stands] = _is_kept(tables)[group_of[a[stands]], group_of[z[stands]]]
    named = [cable for cable, is_there in zip(pins.cables, stands.tolist(), strict=True) if is_there]
    a, z = a[stands], z[stands]
    is_peer = group_of[a] == group_of[z]
    down, up = _places(tables)
    a_at = [up[group].get(cable[1], -1) for group, cable in zip(group_of[a].tolist(), named, strict=True)]
    z_at = [
        (up if peer else down)[group].get(cable[3], -1)
        for group, cable, peer in zip(group_of[z].tolist(), named, is_peer.tolist(), strict=True)
    ]
    return Cables(a, np.array(a_at, np.int64), z, np.array(z_at, np.int64))


def _is_kept(tables: FabricTables) -> Mask:
    """Return which pairs of groups have links that may stay at the ports of a lock, shape `(n_groups, n_groups)`."""
    found = np.zeros((len(tables.groups), len(tables.groups)), np.bool_)
    kinds = {shape.fabric.name: shape.fabric.kind for shape in tables.shapes}
    for segment in tables.segments:
        if kinds[segment.fabric] in OWN_PORTS or segment.connect.scheme:
            continue
        for z, upper in enumerate(tables.groups):
            if (upper.fabric, upper.tier_name) != (segment.fabric, segment.z):
                continue
            for a, lower in enumerate(tables.groups):
                is_lower = lower.kind == "node" if segment.a == "endpoints" else lower.tier_name == segment.a
                found[a, z] |= is_lower and lower.fabric in ("", segment.fabric) and lower.plane in (-1, upper.plane)
    return found


def _places(tables: FabricTables) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    """Return where the ports of every group's devices are by name, towards endpoints and towards the core.

    Of a switch that is cage and bore in one number, of a server, whose ports all look up, the index of the port.
    """
    down: list[dict[str, int]] = []
    up: list[dict[str, int]] = []
    for group in tables.groups:
        reach = reach_of(group)
        down.append({name: cage * _BORES + bore for name, (cage, bore) in reach.down.items()})
        up.append({name: cage * _BORES + bore for name, (cage, bore) in reach.up.items()})
        if group.kind == "node":
            up[-1] = {name: index for index, name in enumerate(group.ports.name)}
    return down, up


def _held(tables: FabricTables, cables: Cables, is_fixed: Mask) -> I64:
    """Return the device that the cable in service of each server's port ends at, -1 where there is none."""
    links, of_servers = tables.links, np.flatnonzero(is_node(tables)[cables.a])
    width = 1 + max(int(links.a_port.max(initial=0)), int(cables.a_at.max(initial=0)))
    at = looked_up(
        cables.a[of_servers] * width + cables.a_at[of_servers], links.a_device.astype(np.int64) * width + links.a_port
    )
    return np.where(is_fixed & (at >= 0), cables.z[of_servers][at] if of_servers.size else -1, -1)


def _with_seats(tables: FabricTables, cables: Cables) -> FabricTables:
    """Return the tables with cages on the sides that these cables have them on, links still as the scheme says."""
    used = _used(tables, cables)
    groups, links = list(tables.groups), tables.links
    columns = [links.a_port.copy(), links.z_port.copy()]
    for row, group in enumerate(groups):
        if group.order is None or row not in used:
            continue
        order = seats_for(group.order, *used[row])
        if order == group.order:
            continue
        ports = switch_ports(order.box, order.down, order.up, order.seats)
        if isinstance(ports, Refusal):
            raise InternalError(ports.message)
        forward = np.full(len(group.ports.name), -1, np.int64)
        for old, new in zip(
            _sides(group.order, port_lookup(group.order, group.ports)),
            _sides(order, port_lookup(order, ports)),
            strict=True,
        ):
            forward[old] = new[: len(old)]
        groups[row] = replace(group, ports=ports, order=order)
        for column, device in zip(columns, (links.a_device, links.z_device), strict=True):
            inside = np.flatnonzero(tables.devices.group[device] == row)
            column[inside] = forward[column[inside]]
    return replace(tables, groups=tuple(groups), links=replace(links, a_port=columns[0], z_port=columns[1]))


def _sides(order: CageOrder, lookup: I64) -> tuple[I64, I64]:
    """Return the ports by place of the side down and of the side up."""
    start = up_start(order.box, order.down)
    return lookup[:start], lookup[start:]


def _used(tables: FabricTables, cables: Cables) -> dict[int, tuple[dict[Bore, int], dict[Bore, int]]]:
    """Return how many cables every port of a group's switches has, towards endpoints and towards the core."""
    group_of = tables.devices.group.astype(np.int64)
    a_group, z_group = group_of[cables.a], group_of[cables.z]
    is_up = a_group == z_group
    of_switch = ~is_node(tables)[cables.a]
    ends = (
        (a_group[of_switch], cables.a_at[of_switch], np.full(int(of_switch.sum()), UP)),
        (z_group, cables.z_at, np.where(is_up, UP, DOWN)),
    )
    group, at, side = (np.concatenate([end[i] for end in ends]).astype(np.int64) for i in range(3))
    size = int(at.max(initial=0)) + 1
    keys, _, _, counts = distinct_rows((group * 2 + side) * size + at)
    found: dict[int, tuple[dict[Bore, int], dict[Bore, int]]] = {}
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        (row, which), where = divmod(key // size, 2), key % size
        found.setdefault(row, ({}, {}))[which][divmod(where, _BORES)] = count
    return found


def _ports_at(tables: FabricTables, cables: Cables) -> I64:
    """Return the ports of both ends of cables, -1 where the cage serves another side, shape `(n_cables, 2)`."""
    group_of = tables.devices.group
    is_peer = group_of[cables.a] == group_of[cables.z]
    size = 1 + max(int(cables.a_at.max(initial=0)), int(cables.z_at.max(initial=0)))
    index = np.full((len(tables.groups), 2, size), -1, np.int64)
    for row, group in enumerate(tables.groups):
        at = np.arange(len(group.ports.name)) if group.kind == "node" else group.ports.cage * _BORES + group.ports.bore
        for side in (DOWN, UP):
            mine = np.flatnonzero(((group.ports.role == side) | (group.kind == "node")) & (at < size))
            index[row, side, at[mine]] = mine
    a = index[group_of[cables.a], UP, cables.a_at]
    return np.stack([a, index[group_of[cables.z], np.where(is_peer, UP, DOWN), cables.z_at]], axis=1)


def _turned(tables: FabricTables, cables: Cables, ports: I64, link_of: I64) -> I64:
    """Return the ports of cables in the direction of the links that they become, shape `(n_cables, 2)`."""
    is_turned = (link_of >= 0) & (tables.links.a_device[link_of] != cables.a)
    return np.where(is_turned[:, None], ports[:, ::-1], ports)


def _tell(moved: int, total: int, context: Context) -> None:
    if not moved:
        return
    context.sink.warning(
        "cables-moved",
        f"{count_of(moved, 'link')} of {total:,} in service between devices that stay "
        f"{'has' if moved == 1 else 'have'} to end elsewhere or go: the new shape has fewer links between their ends",
        helps=("keep the shape of the fabric, as its counts and parallel links, if cables must stay",),
    )


def _worded(before: FabricTables, seated: FabricTables, after: FabricTables) -> FabricTables:
    """Return the tables with fabrics told whose ports are not those of the scheme."""
    old, new, device = before.links, after.links, before.devices.group
    differs = (old.z_device != new.z_device) | (seated.links.a_port != new.a_port) | (seated.links.z_port != new.z_port)
    changed = {before.groups[row].fabric for row in set(device[old.z_device[differs]].tolist())}
    changed |= {
        group.fabric for group, other in zip(before.groups, after.groups, strict=True) if group.order != other.order
    }
    if not changed:
        return after
    shapes = tuple(
        replace(
            shape,
            port_scheme=f"As in the lock. Without one: {shape.port_scheme or family(shape.fabric.kind).port_scheme}",
        )
        if shape.fabric.name in changed
        else shape
        for shape in after.shapes
    )
    return replace(after, shapes=shapes)
