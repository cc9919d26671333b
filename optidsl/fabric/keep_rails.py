"""Which leaf serves which rail when a lock says which one did: a leaf that goes hands its rail to its successor."""

from __future__ import annotations

import numpy as np

from optidsl._columns import distinct, distinct_rows
from optidsl.fabric.tables import I64, FabricShape, FabricTables


def rail_turn(tables: FabricTables, shape: FabricShape, railed: I64, held: I64, home: I64) -> I64:
    """Return the device that takes the part of each device: its unit, its rail and the endpoints of both.

    Leaves of a unit stand in the order of their rails, so that a retired key would move all rails after it. The leaves
    of two tiers are joined alike, and any of them may have any part: most cables in service decide. Nothing changes
    where every cable in service ends at a leaf of its own rail already.

    Args:
        tables: the fabric as synthesised.
        shape: of a fabric whose leaves form units.
        railed: links of the endpoint ports that have a rail, shape `(n_railed,)`.
        held: device that the cable in service of each link's endpoint port ends at, -1 where there is none, shape
            `(n_links,)`.
        home: device that each link ends at by the scheme, shape `(n_links,)`.

    Returns:
        Devices by device, shape `(n_devices,)`.
    """
    turn = np.arange(len(tables.devices.group), dtype=np.int64)
    if shape.fabric.kind != "rail_optimized" or len(shape.tiers) != 2 or not shape.units:
        return turn
    group_of = tables.devices.group
    for row in distinct(group_of[home[railed]]).tolist():
        group = tables.groups[row]
        mine = railed[group_of[home[railed]] == row]
        wanted, had = home[mine] - group.first, held[mine] - group.first
        is_held = (had >= 0) & (had < group.count)
        wanted, had = wanted[is_held], had[is_held]
        step = group.count // shape.units
        if group.count % shape.units or not (wanted % step != had % step).any():
            continue
        turn[group.first : group.first + group.count] = group.first + _by_votes(wanted, had, group.count)
    return turn


def _by_votes(wanted: I64, had: I64, count: int) -> I64:
    """Return the leaf for each part, shape `(count,)`: pairs with most cables first, then the rest as they stand."""
    pairs, _, _, votes = distinct_rows(wanted * count + had)
    found, is_taken = np.full(count, -1, np.int64), np.zeros(count, np.bool_)
    for pair in pairs[np.argsort(-votes, kind="stable")].tolist():
        part, leaf = divmod(pair, count)
        if found[part] < 0 and not is_taken[leaf]:
            found[part], is_taken[leaf] = leaf, True
    found[found < 0] = np.flatnonzero(~is_taken)
    return found
