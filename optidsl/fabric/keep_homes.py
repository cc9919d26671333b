"""Which leaf every endpoint port goes to when a lock says where it went: servers stay, new ones take what is free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct, distinct_rows
from optidsl._record import replace
from optidsl.fabric.edge import is_seated_by_rail
from optidsl.fabric.keep_rails import rail_turn
from optidsl.fabric.tables import I32, I64, DeviceGroup, FabricShape, FabricTables

OWN_PORTS = frozenset({"bcube", "custom", "ocs_torus"})
"""Kinds whose ports are part of the design: addresses of servers, circuits, ports that the author names.

In all others the switches with endpoints are alike, and a server may be at any of them (of its rail).
"""


def fill(wanted: I64, held: I64, capacity: I64) -> I64:
    """Give every item a bin: the one that it holds, else the one that it wants, else the lowest with room.

    Args:
        wanted: bins by the scheme, shape `(n_items,)`.
        held: bins in service, -1 where there is none, shape `(n_items,)`.
        capacity: items that each bin takes, shape `(n_bins,)`; the sum is at least `n_items`.

    Returns:
        Bins, shape `(n_items,)`. As many items as possible are in the bin that they hold: a bin can keep at most as
        many as it takes and as hold it, and it keeps the lesser of the two, whatever the others do.
    """
    found = np.full(len(wanted), -1, np.int64)
    left = capacity.astype(np.int64, copy=True)
    for choice in (held, wanted):
        rows = np.flatnonzero((found < 0) & (choice >= 0))
        rows = rows[occurrence(choice[rows]) < left[choice[rows]]]
        found[rows] = choice[rows]
        left -= np.bincount(choice[rows], minlength=len(left))
    rest = np.flatnonzero(found < 0)
    found[rest] = np.repeat(np.arange(len(left)), np.maximum(left, 0))[: rest.size]
    return found


def occurrence(keys: NDArray[np.integer]) -> I64:
    """Return how many equal keys stand before each position."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[starts, len(ordered)])
    result = np.empty(len(keys), np.int64)
    result[order] = np.arange(len(keys)) - np.repeat(starts, lengths)
    return result


def with_homes(tables: FabricTables, held: I64) -> FabricTables:
    """Return the tables with servers at the leaves that they are at.

    In a fabric whose leaves form units a server moves with all of its rails; elsewhere every port is on its own.

    Args:
        tables: the fabric as synthesised.
        held: device that the cable in service of each link's endpoint port ends at, -1 where there is none, shape
            `(n_links,)`.
    """
    home, pod, rail = tables.links.z_device.astype(np.int64), tables.devices.pod.copy(), tables.devices.rail.copy()
    shapes = list(tables.shapes)
    for at, shape in enumerate(tables.shapes):
        rows = _endpoint_rows(tables, shape)
        if shape.fabric.kind in OWN_PORTS or not (held[rows] >= 0).any():
            continue
        before = _fullest(home, rows)
        loose = rows
        if is_seated_by_rail(shape.fabric):
            is_railed = (tables.links.rail[rows] >= 0) | (shape.fabric.kind != "rail_optimized")
            turn = rail_turn(tables, shape, rows[is_railed], held, home)
            _move_units(tables, shape, rows[is_railed], _parts(turn, held), home, pod)
            loose = rows[~is_railed]
            home[rows] = turn[home[rows]]
            pod[turn], rail[turn] = pod.copy(), rail.copy()
        _move_ports(tables, shape, loose, held, home)
        shapes[at] = _with_fullest(shape, before, _fullest(home, rows))
    links = replace(tables.links, z_device=home.astype(np.int32))
    return replace(tables, links=links, devices=replace(tables.devices, pod=pod, rail=rail), shapes=tuple(shapes))


def _parts(turn: I64, held: I64) -> I64:
    """Return the devices whose part those that are held have now, -1 where none is held."""
    return np.where(held >= 0, np.argsort(turn)[held], -1)


def _endpoint_rows(tables: FabricTables, shape: FabricShape) -> I64:
    is_own = np.array([s.fabric == shape.fabric.name and s.a == "endpoints" for s in tables.segments], np.bool_)
    return np.flatnonzero(is_own[tables.links.segment])


def _fullest(home: I64, rows: I64) -> int:
    return int(np.bincount(home[rows]).max(initial=0))


def _with_fullest(shape: FabricShape, before: int, after: int) -> FabricShape:
    """Return the shape with the oversubscription of its fullest leaf."""
    if before == after or not shape.oversubscription:
        return shape
    (down, up), *above = shape.oversubscription
    return replace(shape, oversubscription=((down // before * after, up), *above))


def _move_ports(tables: FabricTables, shape: FabricShape, rows: I64, held: I64, home: I64) -> None:
    """Move single ports among the leaves of their plane, as many on a leaf as its shape has ports down."""
    group_of = tables.devices.group
    everywhere = np.bincount(home[_endpoint_rows(tables, shape)], minlength=len(group_of))
    for row in distinct(group_of[home[rows]]).tolist() if rows.size else []:
        group = tables.groups[row]
        mine = rows[group_of[home[rows]] == row]
        ours = slice(group.first, group.first + group.count)
        others = everywhere[ours] - np.bincount(home[mine] - group.first, minlength=group.count)
        home[mine] = group.first + fill(
            home[mine] - group.first, _within(held[mine], group), _down(shape, group) - others
        )


def _down(shape: FabricShape, group: DeviceGroup) -> int:
    return shape.down[shape.tiers.index(group.tier_name)]


def _within(held: I64, group: DeviceGroup) -> I64:
    """Return devices as ordinals of a group, -1 for those of others."""
    ordinal = held - group.first
    return np.where((ordinal >= 0) & (ordinal < group.count), ordinal, -1)


def _move_units(tables: FabricTables, shape: FabricShape, railed: I64, held: I64, home: I64, pod: I32) -> None:
    """Move servers, with all of their ports `railed`, among units of leaves; nothing where units are not all alike."""
    group_of = tables.devices.group
    leaves = [tables.groups[row] for row in distinct(group_of[home[railed]]).tolist()]
    if not shape.units or any(group.count != leaves[0].count or group.count % shape.units for group in leaves):
        return
    step = leaves[0].count // shape.units
    base = np.array([group.first for group in tables.groups], np.int64)[group_of[home[railed]]]
    place, unit = (home[railed] - base) % step, (home[railed] - base) // step
    nodes, first, of, _ = distinct_rows(tables.links.a_device[railed])
    wanted = unit[first]
    if (unit != wanted[of]).any():
        return
    ordinal = held[railed] - base
    is_same = (ordinal >= 0) & (ordinal < leaves[0].count) & (ordinal % step == place)
    at = np.where(is_same, ordinal // step, -1)
    claim = at[first]
    claim[distinct(of[at != claim[of]])] = -1
    width = int(distinct_rows(of * len(group_of) + home[railed])[3].max())
    most = max(int(np.bincount(wanted).max()), int(np.bincount(claim[claim >= 0]).max(initial=0)))
    capacity = np.full(shape.units, min(most, _down(shape, leaves[0]) // width), np.int64)
    found = fill(wanted, claim, capacity)
    home[railed] = base + found[of] * step + place
    if (pod[nodes] == wanted).all():
        pod[nodes] = found
