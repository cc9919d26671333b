"""How long every cable is: dress, climb, tray and pathway, slack; or what the author states."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record, replace
from optidsl.fabric.tables import FabricTables
from optidsl.layout.standing import Standing
from optidsl.layout.tables import I32, I64, LinkLengths, RackTable
from optidsl.sema.design_place import Hall
from optidsl.sema.slot import Slot

Mask = NDArray[np.bool_]

HALF_UNIT_CENTI_MM = 4445
"""Half a rack unit is 22.225 mm; heights are kept in half units, which are exact for the middle of any device.

Source: EIA/ECA-310-E and IEC 60297-3-100, one rack unit is 44.45 mm (1.75 in).
"""
_PER_MM = 200  # 4445 / 200 = 22.225
_LARGEST = 2**62
_ENDLESS_MM = 10**15


def units_to_mm(half_units: I64) -> I64:
    """Return half rack units in mm, rounded up, of the same shape."""
    mm: I64 = -(-half_units * HALF_UNIT_CENTI_MM // _PER_MM)
    return mm


@record(frozen=True, slots=True)
class Ends:
    """Where both ends of every link are, shape `(n_links,)` each.

    `a_rack` and `z_rack` are rows of the rack table (-1: no place); `rise` is the port's height over the floor and
    `climb` what is left to the rack's top, in half rack units; the port sits in the middle of its device.
    """

    a_rack: I64
    z_rack: I64
    a_rise: I64
    z_rise: I64
    a_climb: I64
    z_climb: I64


def link_ends(tables: FabricTables, racks: RackTable, standing: Standing) -> Ends:
    """Return the places of both ends of every link."""
    middle = np.where(standing.unit > 0, 2 * (standing.unit - 1) + standing.height, 0).astype(np.int64)
    tops = np.append(racks.units, 0).astype(np.int64)  # the last one serves devices without a rack
    climb = 2 * tops[standing.rack] - middle
    a, z = tables.links.a_device, tables.links.z_device
    rack = standing.rack.astype(np.int64)
    return Ends(rack[a], rack[z], middle[a], middle[z], climb[a], climb[z])


def route_lengths(ends: Ends, racks: RackTable, halls: Sequence[Hall], pathway_mm: I64) -> LinkLengths:
    """Return the length of every link's route from geometry; `required_mm` is -1 where an end has no place.

    In one rack a cable goes straight from port to port. Between racks of a hall it climbs to the rack's top and the
    tray at both ends, and runs along and across the rows. Between halls it runs to the origin of its hall, through
    pathways, and from the origin of the other hall; the larger slack of the two halls holds.

    Assumes: racks stand on the grid of their hall, trays lie over the whole grid, ports sit mid-height of a device.
    """
    is_known = (ends.a_rack >= 0) & (ends.z_rack >= 0)
    if not halls or not racks.name:
        nothing = np.zeros(len(is_known), np.int64)
        return LinkLengths(nothing, nothing, nothing, nothing, nothing - 1, nothing.astype(np.bool_))
    a, z = np.maximum(ends.a_rack, 0), np.maximum(ends.z_rack, 0)
    hall_a, hall_z = racks.hall_index[a], racks.hall_index[z]
    run_mm = pathway_mm[hall_a, hall_z]
    is_known &= run_mm >= 0
    is_same_rack = is_known & (a == z)
    dress = np.array([hall.tray.dress_mm for hall in halls], np.int64)
    drop = np.array([hall.tray.drop_mm for hall in halls], np.int64)
    dress_mm = dress[hall_a] + dress[hall_z]
    straight = units_to_mm(np.abs(ends.a_rise - ends.z_rise))
    over = units_to_mm(ends.a_climb + ends.z_climb) + drop[hall_a] + drop[hall_z]
    grid = np.abs(racks.x_mm[a] - racks.x_mm[z]) + np.abs(racks.y_mm[a] - racks.y_mm[z])
    corner = racks.x_mm[a] + racks.y_mm[a] + racks.x_mm[z] + racks.y_mm[z] + run_mm
    vertical = np.where(is_same_rack, straight, over)
    horizontal = np.where(hall_a == hall_z, grid, corner)
    route = dress_mm + vertical + horizontal
    slack = _slack_mm(route, halls, hall_a, hall_z)
    zero = np.int64(0)
    return LinkLengths(
        np.where(is_known, dress_mm, zero),
        np.where(is_known, vertical, zero),
        np.where(is_known, horizontal, zero),
        np.where(is_known, slack, zero),
        np.where(is_known, route + slack, np.int64(-1)),
        is_same_rack,
    )


def slack_of(a: Hall, z: Hall) -> Fraction:
    """Return the slack of a cable between two halls, as a fraction of its route."""
    return max(a.tray.slack, z.tray.slack)


def _slack_mm(route_mm: I64, halls: Sequence[Hall], hall_a: I32, hall_z: I32) -> I64:
    table = [[slack_of(a, z) for z in halls] for a in halls]
    widest = max(max(each.numerator, each.denominator) for row in table for each in row)
    if widest * int(route_mm.max(initial=1)) > _LARGEST:
        return _slack_by_pair(route_mm, table, hall_a, hall_z)
    top = np.array([[each.numerator for each in row] for row in table], np.int64)
    bottom = np.array([[each.denominator for each in row] for row in table], np.int64)
    mm: I64 = -(-route_mm * top[hall_a, hall_z] // bottom[hall_a, hall_z])
    return mm


def _slack_by_pair(route_mm: I64, table: list[list[Fraction]], hall_a: I32, hall_z: I32) -> I64:
    """Return what `_slack_mm` does, where products do not fit 64 bits; beyond `_ENDLESS_MM` it is cut off."""
    found: dict[tuple[int, int, int], int] = {}
    for key in set(zip(route_mm.tolist(), hall_a.tolist(), hall_z.tolist(), strict=True)):
        found[key] = min(math.ceil(key[0] * table[key[1]][key[2]]), _ENDLESS_MM)
    rows = zip(route_mm.tolist(), hall_a.tolist(), hall_z.tolist(), strict=True)
    return np.array([found[key] for key in rows], np.int64)


def state_lengths(tables: FabricTables, lengths: LinkLengths) -> LinkLengths:
    """Return lengths in which what a `connect` states replaces the geometry.

    A stated length has only a horizontal term. A lower bound or a list of lengths adds to the slack until the
    bound, or the next length of the list, is reached.
    """
    result = lengths
    for index, segment in enumerate(tables.segments):
        slot = segment.connect.length_mm
        mask = tables.links.segment == index
        if slot.value is not None:
            result = _stated(result, mask, slot.value)
        elif slot.options is not None or slot.lower is not None:
            result = _raised(result, mask, slot)
    return result


def _stated(lengths: LinkLengths, mask: Mask, length_mm: int) -> LinkLengths:
    def put(column: I64, value: int) -> I64:
        return np.where(mask, np.int64(value), column)

    return replace(
        lengths,
        dress_mm=put(lengths.dress_mm, 0),
        vertical_mm=put(lengths.vertical_mm, 0),
        horizontal_mm=put(lengths.horizontal_mm, length_mm),
        slack_mm=put(lengths.slack_mm, 0),
        required_mm=put(lengths.required_mm, length_mm),
    )


def _raised(lengths: LinkLengths, mask: Mask, slot: Slot[int]) -> LinkLengths:
    at_least = np.maximum(lengths.required_mm, slot.lower or 0)
    if slot.options:
        offered = np.array(sorted(slot.options), np.int64)
        at_least = np.maximum(at_least, offered[np.minimum(np.searchsorted(offered, at_least), len(offered) - 1)])
    added = np.where(mask & (lengths.required_mm >= 0), at_least - lengths.required_mm, 0)
    return replace(lengths, slack_mm=lengths.slack_mm + added, required_mm=lengths.required_mm + added)
