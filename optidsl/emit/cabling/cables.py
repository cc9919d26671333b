"""The cut sheet: one line per physical cable, from its A end (nearer the servers) to its Z end."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl.emit.cabling.labels import labels
from optidsl.emit.cabling.legs import LETTERS, Assembly
from optidsl.emit.cabling.physical import Cables, end_words, port_names
from optidsl.emit.ends import take
from optidsl.emit.wording import csv_field, decibels, metres, rate
from optidsl.plan.losses import class_plant_mdb
from optidsl.plan.model import Plan, PlanClass, PlanPart, PortColumns
from optidsl.plan.phases import phase_of_links

_END = (
    *("site", "hall", "row", "rack", "ru", "node", "role", "platform", "port", "alias", "lane"),
    *("optic_sku", "connector", "gender", "polish"),
)
COLUMNS = (
    *("cable_id", "bundle_id", "seq", "wave", "status", "label_a", "label_z"),
    *(f"a_{column}" for column in _END),
    *(f"z_{column}" for column in _END),
    *("medium", "fiber_type", "cable_sku", "polarity", "trunk_id", "trunk_pos"),
    *("panel_a", "panel_a_port", "panel_z", "panel_z_port", "cassette_a", "cassette_z"),
    *("route_id", "tray_segments", "route_m", "slack_m", "ordered_m", "color", "speed"),
    *("loss_db", "budget_db", "margin_db", "accept_il_db", "source_ref"),
)
"""The columns.

Rows are sorted by A end, then Z end, numbers in names by their value: `web-2` before `web-10`.

A cable with several far ends has a line for each leg, under one `cable_id`; there, and only in a plan with such
cables, a column `leg` follows it. Legs that nothing uses yet have the status `spare` and no far end.
In a plan with phases of growth a last column, `phase`, says in which the cable is pulled, or the leg plugged in.
A cable that serves several ports at an end names them `port+port`; `speed` then says `2x400G`. `lane` counts the
lanes of the box from 0, `4..7`. `role` is the tier of a switch, the name of a group of servers. `connector`, `polish`
are those of the cable's end, of a direct-attach cable the form factor of its plug. `loss_db` and
`margin_db` are of this cable at its ordered length, `budget_db` of its class. Lengths: `route_m` is dress + vertical +
horizontal, `ordered_m` purchasable. A wave of a line is told by the line, `trunk_id`; nothing is ordered for it.
Empty because no source of the catalogue states it: gender (pins of an array connector; a module's port and the jumper
in it are of opposite gender, and a part number that leaves the choice open has to be ordered to suit).
Empty because a plan does not decide it: bundle_id, seq, wave, trunk_pos, panel_*, cassette_*, route_id, tray_segments,
color, accept_il_db.
"""

_ROW = (
    "%s,,,,planned,%s,%s,"  # id, labels
    "%s,%s,%s,%s,%s,%s,"  # A: device, port, class; Z likewise
    "%s,,,,,,,,,,"  # medium to trunk
    "%s,%s,%s,,%s,%s\n"  # route, slack, ordered; speed; class
)


def cables_csv(plan: Plan, cables: Cables) -> str:
    """Return the table."""
    links, first = plan.links, cables.first
    a_labels, z_labels = labels(plan, cables)
    devices = _device_fields(plan)
    classes = links.link_class[first]
    columns = (
        [csv_field(one) for one in cables.ids],
        [csv_field(one) for one in a_labels],
        [csv_field(one) for one in z_labels],
        take(devices, links.a_device[first]),
        end_words(plan, cables, "a", _port_fields),
        take(_end_fields(plan, "a"), classes),
        take(devices, links.z_device[first]),
        end_words(plan, cables, "z", _port_fields),
        take(_end_fields(plan, "z"), classes),
        _cable_fields(plan, first),
        _lengths((links.dress_mm + links.vertical_mm + links.horizontal_mm)[first]),
        _lengths(links.slack_mm[first]),
        _ordered(plan, first),
        _rates(plan, cables),
        _loss_fields(plan, first),
    )
    lines = [_ROW % row for row in zip(*columns, strict=True)]
    header = COLUMNS if cables.legs is None else columns_with_legs()
    phases = None if plan.growth is None else _phases(plan, cables)
    if cables.legs is not None:
        lines = list(_leg_lines(plan, cables, lines, phases or [(0, "")] * len(lines)))
    elif phases is not None:
        lines = [f"{line[:-1]}{word}\n" for line, (_, word) in zip(lines, phases, strict=True)]
    return ",".join(header if phases is None else (*header, "phase")) + "\n" + "".join(lines)


def _phases(plan: Plan, cables: Cables) -> list[tuple[int, str]]:
    """Return the place of the phase in which each cable, or leg of one, is plugged in, and the field that says so."""
    names = [csv_field(phase.name) for phase in plan.growth or ()]
    return [(at, f",{names[at]}") for at in phase_of_links(plan.devices, plan.links)[cables.first].tolist()]


def columns_with_legs() -> tuple[str, ...]:
    """Return the columns of a plan with cables of several far ends: `leg` follows `cable_id`."""
    return (*COLUMNS[:1], "leg", *COLUMNS[1:])


def _leg_lines(plan: Plan, cables: Cables, lines: list[str], phases: list[tuple[int, str]]) -> Iterator[str]:
    """Yield the lines with the letters of legs, and after the legs in use of a cable the spare ones.

    A spare leg comes with its cable: in the earliest phase of the legs in use.
    """
    pending: list[str] = []
    left = 0
    for row, (one, leg, line) in enumerate(zip(cables.ids, cables.legs or (), lines, strict=True)):
        if row in cables.assemblies:
            assembly = cables.assemblies[row]
            left = sum(link >= 0 for link in assembly.links)
            phase = min(phases[row : row + left])[1]
            spare = [at for at, link in enumerate(assembly.links) if link < 0]
            pending = [f"{_spare_line(plan, assembly, line, at)[:-1]}{phase}\n" for at in spare]
        head = csv_field(one)
        yield f"{head},{leg}{line[len(head) : -1]}{phases[row][1]}\n"
        left -= 1
        if left == 0:
            yield from pending
            pending = []


def _spare_line(plan: Plan, assembly: Assembly, line: str, leg: int) -> str:
    """Return the line of a leg that nothing uses: as that of a leg in use, without far end, route and rate."""
    near, far = assembly.near, "z" if assembly.near == "a" else "a"
    fields = dict(zip(COLUMNS, next(csv.reader([line])), strict=True))
    for name in COLUMNS:
        if name.startswith((f"{far}_", "label_", "loss_", "budget_", "margin_")):
            fields[name] = ""
    columns = plan.groups[int(plan.devices.group[assembly.device])].ports
    ports = [(columns, assembly.ports[leg])] if assembly.ports[leg] >= 0 else []
    words = next(csv.reader([_port_fields(ports)])) if ports else ["", "", ""]
    fields.update(zip((f"{near}_port", f"{near}_alias", f"{near}_lane"), words, strict=True))
    fields.update(status="spare", route_m="", slack_m="", speed="")
    head, *rest = (csv_field(fields[name]) for name in COLUMNS)
    return ",".join((head, LETTERS[leg], *rest)) + "\n"


def _joined(*fields: str) -> str:
    return ",".join([csv_field(field) for field in fields])


def _device_fields(plan: Plan) -> list[str]:
    """Return the fields site to platform of every device."""
    devices = plan.devices
    racks = [_joined(rack.site, rack.hall, rack.row, rack.name) for rack in plan.racks]
    boxes = [_joined(group.tier or group.name, group.model) for group in plan.groups]
    columns = zip(devices.rack.tolist(), devices.unit.tolist(), devices.name, devices.group.tolist(), strict=True)
    return [
        f"{racks[rack] if rack >= 0 else ',,,'},{unit if unit > 0 else ''},{csv_field(name)},{boxes[group]}"
        for rack, unit, name, group in columns
    ]


def _port_fields(ports: Sequence[tuple[PortColumns, int]]) -> str:
    """Return the fields port, alias (of a server's port: its RDMA device), lane of the ports of a cable."""
    aliases = [columns.alias[index] or columns.device[index] for columns, index in ports]
    lanes = [_lane_word(columns.lane[index], columns.lanes[index]) for columns, index in ports]
    return _joined(port_names(ports), "+".join(aliases) if any(aliases) else "", "+".join(lanes))


def _lane_word(first: int, count: int) -> str:
    # Two dots: a spreadsheet takes 4-7 for a date.
    return str(first) if count == 1 else f"{first}..{first + count - 1}" if count > 1 else ""


def _end_fields(plan: Plan, end: str) -> list[str]:
    """Return the fields optic_sku to polish of every class at one of its ends."""
    fields = []
    for link_class in plan.classes:
        if link_class.direct:
            fields.append(_joined("", _plug(plan, link_class, end), "", ""))
            continue
        module = plan.parts[link_class.a_module if end == "a" else link_class.z_module]
        body, polish = _body_and_polish(_word(plan.parts[link_class.fiber], "connector"))
        fields.append(_joined(_sku(module), body, "", polish))
    return fields


def _plug(plan: Plan, link_class: PlanClass, end: str) -> str:
    """Return the form factor of a direct-attach cable's plug; one that only fits the other way round is turned."""
    cable = plan.parts[link_class.direct]
    a, z = _word(cable, "form_factor_a"), _word(cable, "form_factor_z")
    if link_class.near:
        return a if end == link_class.near else z
    near, far = (_accepted(plan, group) for group in (link_class.a_group, link_class.z_group))
    is_turned = not (a in near and z in far) and z in near and a in far
    return z if (end == "a") == is_turned else a


def _accepted(plan: Plan, group: int) -> set[str]:
    """Return the form factors that the cages of a group's devices take."""
    facts = plan.parts[plan.groups[group].model].facts
    values = [fact.value for name, fact in facts.items() if name.rpartition(".")[2] == "accepts"]
    return {str(word) for value in values if isinstance(value, tuple) for word in value}


def _body_and_polish(connector: str) -> tuple[str, str]:
    body, _, polish = connector.rpartition("-")
    return (body, polish) if polish in ("pc", "upc", "apc") else (connector, "")


def _word(part: PlanPart, fact: str) -> str:
    value = part.facts[fact].value if fact in part.facts else ""
    return value if isinstance(value, str) else ""


def _sku(part: PlanPart) -> str:
    return part.part_numbers[0] if part.part_numbers else part.name


def _cable_fields(plan: Plan, links: NDArray[np.intp]) -> list[str]:
    """Return the fields medium to trunk of every cable; its part number is the one that the BOM orders."""
    numbers = {(line.part, line.length_mm): line.part_number for line in plan.bom if line.category == "cable"}
    written: dict[tuple[int, int], str] = {}
    keys = list(zip(plan.links.link_class[links].tolist(), plan.links.ordered_mm[links].tolist(), strict=True))
    for key in set(keys):
        link_class, length_mm = plan.classes[key[0]], key[1]
        part = plan.parts[link_class.direct or link_class.fiber]
        number = "" if link_class.line else numbers.get((part.name, max(length_mm, 0))) or _sku(part)
        written[key] = _joined(link_class.medium, link_class.grade, number, _word(part, "polarity"), link_class.line)
    return [written[key] for key in keys]


def _lengths(column: NDArray[np.int64]) -> list[str]:
    values, rows = np.unique(column, return_inverse=True)
    return take([metres(length) for length in values.tolist()], rows)


def _ordered(plan: Plan, first: NDArray[np.int64]) -> list[str]:
    """Return the length to order of every cable; a wave of a line is no cable to order."""
    words = _lengths(plan.links.ordered_mm[first])
    if not plan.lines:
        return words
    is_wave = take([bool(each.line) for each in plan.classes], plan.links.link_class[first])
    return ["" if wave else word for word, wave in zip(words, is_wave, strict=True)]


def _rates(plan: Plan, cables: Cables) -> list[str]:
    """Return the rate of every cable: of its link, `2x400G` when it serves two."""
    rates = [segment.rate_mbps for segment in plan.segments]
    segments = plan.links.segment
    words = take([rate(one) for one in rates], segments[cables.first])
    for cable, members in cables.shared.items():
        served = Counter(take(rates, segments[members]))
        words[cable] = "+".join([f"{n}x{rate(one)}" if n > 1 else rate(one) for one, n in served.items()])
    return words


def _loss_fields(plan: Plan, first: NDArray[np.int64]) -> list[str]:
    """Return the fields loss_db to source_ref of every cable; those of one class and one length are made once."""
    links = plan.links
    pairs = list(zip(links.link_class[first].tolist(), links.ordered_mm[first].tolist(), strict=True))
    longest: dict[int, int] = {}
    for index, ordered_mm in pairs:
        longest[index] = max(longest.get(index, 0), ordered_mm)
    made = {
        (index, ordered_mm): _loss_words(plan, plan.classes[index], ordered_mm, longest[index])
        for index, ordered_mm in dict.fromkeys(pairs)
    }
    return [made[pair] for pair in pairs]


def _loss_words(plan: Plan, link_class: PlanClass, ordered_mm: int, longest_mm: int) -> str:
    loss, budget = link_class.loss_mdb, link_class.budget_mdb
    here, there = class_plant_mdb(plan, link_class, ordered_mm), class_plant_mdb(plan, link_class, longest_mm)
    if loss is not None and here is not None and there is not None:
        loss += here - there
    margin = None if loss is None or budget is None else budget - loss
    source_ref = plan.segments[link_class.segment].source_ref
    return _joined(decibels(loss), decibels(budget), decibels(margin), "", source_ref)
