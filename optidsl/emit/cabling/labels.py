"""Cable labels: what is printed near each end of a cable.

Source: ANSI/TIA-606-C names a port by its rack, rack unit and number, and a link by both of its ports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from optidsl.emit.cabling.legs import near_port_names
from optidsl.emit.cabling.physical import Cables, end_words, port_names
from optidsl.emit.ends import take
from optidsl.emit.wording import csv_field
from optidsl.plan.model import Plan, PlanRack, PortColumns

COLUMNS = ("cable_id", "end", "device", "port", "label")
"""Two lines for a cable, `end` A and Z; `label` has the near end first: `rack-RU:port/rack-RU:port`.

A cable with several far ends has a line for its near end and one for each leg in use, whose `end` ends in the leg's
letter: `Z`, `Aa`, `Ab`.
"""


def labels_csv(plan: Plan, cables: Cables) -> str:
    """Return the table, in the order of the cut sheet, A before Z."""
    links, first = plan.links, cables.first
    a_labels, z_labels = labels(plan, cables)
    names = [csv_field(name) for name in plan.devices.name]
    columns = (
        [csv_field(one) for one in cables.ids],
        take(names, links.a_device[first]),
        [csv_field(word) for word in end_words(plan, cables, "a", port_names)],
        [csv_field(label) for label in a_labels],
        take(names, links.z_device[first]),
        [csv_field(word) for word in end_words(plan, cables, "z", port_names)],
        [csv_field(label) for label in z_labels],
    )
    lines = [
        f"{one},A,{a},{a_port},{a_label}\n{one},Z,{z},{z_port},{z_label}\n"
        for one, a, a_port, a_label, z, z_port, z_label in zip(*columns, strict=True)
    ]
    for row, leg in enumerate(cables.legs or ()):
        if leg:
            lines[row] = _leg_lines(plan, cables, row, leg, [column[row] for column in columns])
    return ",".join(COLUMNS) + "\n" + "".join(lines)


def _leg_lines(plan: Plan, cables: Cables, row: int, leg: str, fields: list[str]) -> str:
    """Return the line of a leg's far end, before the first leg that of the cable's near end."""
    near = plan.classes[int(plan.links.link_class[cables.first[row]])].near
    one, sides = fields[0], {"a": fields[1:4], "z": fields[4:7]}
    far = "z" if near == "a" else "a"
    line = f"{one},{far.upper()}{leg},{','.join(sides[far])}\n"
    if row not in cables.assemblies:
        return line
    ports = csv_field("+".join(near_port_names(plan, cables.assemblies[row])))
    device, _, label = sides[near]
    return f"{one},{near.upper()},{device},{ports},{label}\n{line}"


def labels(plan: Plan, cables: Cables) -> tuple[list[str], list[str]]:
    """Return the labels of the A ends and of the Z ends, in the order of the cables."""
    if plan.header.cable_labels:
        return _by_template(plan, cables)
    places = _places(plan)
    ends = []
    for end, device in (("a", plan.links.a_device), ("z", plan.links.z_device)):
        near = zip(take(places, device[cables.first]), end_words(plan, cables, end, _printed), strict=True)
        ends.append([f"{place}:{word}" for place, word in near])
    a, z = ends
    made = [f"{x}/{y}" for x, y in zip(a, z, strict=True)], [f"{y}/{x}" for x, y in zip(a, z, strict=True)]
    if cables.legs is not None:
        _label_near_ends(plan, cables, (a, z), made)
    return made


def _by_template(plan: Plan, cables: Cables) -> tuple[list[str], list[str]]:
    from optidsl.plan.cable_labels import end_labels

    a, z = end_labels(plan)
    return take(a, cables.first), take(z, cables.first)


def _label_near_ends(
    plan: Plan, cables: Cables, ends: tuple[list[str], list[str]], made: tuple[list[str], list[str]]
) -> None:
    """Give all legs of a cable the label of its one near end: the near port of each leg in use, then its far end."""
    for start, assembly in cables.assemblies.items():
        rows = range(start, start + sum(link >= 0 for link in assembly.links))
        side = 0 if assembly.near == "a" else 1
        near, far = ends[side], ends[1 - side]
        place = near[start].rpartition(":")[0]
        ports = "+".join(near[row].rpartition(":")[2] for row in rows)
        text = f"{place}:{ports}/{'+'.join(far[row] for row in rows)}"
        for row in rows:
            made[side][row] = text


def _places(plan: Plan) -> list[str]:
    """Return `rack-RU` of every device; the device's name where that is unknown or not its own."""
    racks = _rack_words(plan.racks)
    units = plan.devices.unit.tolist()
    found = [
        f"{racks[rack]}-{unit:02}" if rack >= 0 and unit > 0 else ""
        for rack, unit in zip(plan.devices.rack.tolist(), units, strict=True)
    ]
    uses = Counter(found)
    return [place if place and uses[place] == 1 else name for place, name in zip(found, plan.devices.name, strict=True)]


def _rack_words(racks: tuple[PlanRack, ...]) -> list[str]:
    """Return the racks' names, with that of the site before it where the plan has several."""
    is_one_site = len({rack.site for rack in racks}) <= 1
    return [rack.name if is_one_site else f"{rack.site}.{rack.name}" for rack in racks]


def _printed(ports: Sequence[tuple[PortColumns, int]]) -> str:
    """Return what is printed for the ports, aliases where they have them; `/` separates ends and gives way to `.`."""
    return "+".join([(columns.alias[index] or columns.name[index]).replace("/", ".") for columns, index in ports])
