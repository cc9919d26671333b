"""Say how the length of one cable comes about, term by term."""

from __future__ import annotations

import numpy as np

from optidsl.layout.lengths import Ends, link_ends, slack_of, units_to_mm
from optidsl.layout.standing import Standing
from optidsl.layout.tables import PlacedFabric


def explain_length(placed: PlacedFabric, link: int) -> list[tuple[str, int]]:
    """Return the terms of a link's required length in mm, in the order a cable takes; they add up to it.

    A link of unknown length has no terms.

    Args:
        placed: the placed fabric.
        link: a row of the link table.
    """
    lengths = placed.lengths
    if int(lengths.required_mm[link]) < 0:
        return []
    segment = placed.tables.segments[int(placed.tables.links.segment[link])]
    if lengths.is_stated is not None and bool(lengths.is_stated[link]):
        return [("stated length", int(lengths.required_mm[link]))]
    if segment.connect.length_mm.value is not None:
        return [("stated length", segment.connect.length_mm.value)]
    if lengths.line is not None and int(lengths.line[link]) >= 0:
        return [(f"route of line {segment.connect.via}", int(lengths.required_mm[link]))]
    ends = link_ends(placed.tables, placed.racks, Standing(placed.rack, placed.unit, placed.height))
    terms = _route_terms(placed, ends, link)
    slack_mm = int(lengths.slack_mm[link])
    return [*terms, (_slack_text(placed, ends, link), slack_mm)] if slack_mm else terms


def _route_terms(placed: PlacedFabric, ends: Ends, link: int) -> list[tuple[str, int]]:
    names = placed.tables.devices.name
    links = placed.tables.links
    a_name, z_name = names[int(links.a_device[link])], names[int(links.z_device[link])]
    a, z = int(ends.a_rack[link]), int(ends.z_rack[link])
    hall_a, hall_z = (placed.halls[int(placed.racks.hall_index[rack])] for rack in (a, z))
    dress = [(f"dress at {a_name}", hall_a.tray.dress_mm), (f"dress at {z_name}", hall_z.tray.dress_mm)]
    vertical_mm = int(placed.lengths.vertical_mm[link])
    if bool(placed.lengths.is_same_rack[link]):
        return [dress[0], (f"height between the ports in {placed.racks.name[a]}", vertical_mm), dress[1]]
    climb_mm = int(units_to_mm(ends.a_climb[link : link + 1])[0])
    descent_mm = vertical_mm - climb_mm - hall_a.tray.drop_mm - hall_z.tray.drop_mm
    return [
        dress[0],
        (f"climb to the top of {placed.racks.name[a]}", climb_mm),
        ("rise to the tray", hall_a.tray.drop_mm),
        *_tray_terms(placed, a, z),
        ("drop from the tray", hall_z.tray.drop_mm),
        (f"descent from the top of {placed.racks.name[z]}", descent_mm),
        dress[1],
    ]


def _tray_terms(placed: PlacedFabric, a: int, z: int) -> list[tuple[str, int]]:
    racks = placed.racks
    x_mm, y_mm = racks.x_mm.tolist(), racks.y_mm.tolist()
    hall_a, hall_z = int(racks.hall_index[a]), int(racks.hall_index[z])
    if hall_a == hall_z:
        return [("along the rows", abs(x_mm[a] - x_mm[z])), ("across the rows", abs(y_mm[a] - y_mm[z]))]
    return [
        (f"to the origin of hall {racks.hall[a]}", x_mm[a] + y_mm[a]),
        (f"pathway from {racks.hall[a]} to {racks.hall[z]}", int(placed.pathway_mm[hall_a, hall_z])),
        (f"from the origin of hall {racks.hall[z]}", x_mm[z] + y_mm[z]),
    ]


def _slack_text(placed: PlacedFabric, ends: Ends, link: int) -> str:
    a, z = (placed.halls[int(placed.racks.hall_index[int(rack[link])])] for rack in (ends.a_rack, ends.z_rack))
    percent = slack_of(a, z) * 100
    route = np.int64(0) + placed.lengths.required_mm[link] - placed.lengths.slack_mm[link]
    is_plain = int(placed.lengths.slack_mm[link]) == -(-int(route) * percent.numerator // (percent.denominator * 100))
    return f"slack {float(percent):g}%" if is_plain else "slack, and up to the length asked for"
