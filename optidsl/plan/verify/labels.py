"""Labels of cable ends: the plan's templates print one at every end, and never the same for two cages."""

from __future__ import annotations

import re
from collections import Counter

from optidsl.diag import Diagnostic
from optidsl.plan.verify.view import View, finding


class _Printed(str):
    """A part of a port's name: where a width is asked, the digits after the letters that it starts with."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        digits = re.sub(r"^\D+", "", self)
        if not digits.isdecimal():
            raise ValueError(f"`{self}` has no number of its own")
        return format(int(digits), f"{spec}d")


Values = dict[str, str | int]


def label_findings(view: View) -> list[Diagnostic]:
    """Print every end of every link by the templates, one port at a time."""
    templates = view.plan.header.cable_labels
    values = _device_values(view)
    kinds = [group.kind for group in view.plan.groups]
    seen: dict[str, tuple[int, str]] = {}
    for link in range(len(view.plan.links.segment)):
        sides = [
            (ends, _port_values(view, values, int(ends.device[link]), int(ends.port[link]))) for _, ends in view.ends()
        ]
        for (ends, near), (_, far) in (sides, sides[::-1]):
            name = view.port_name(ends, link)
            template = templates.get(kinds[int(ends.group[link])], templates.get("switch", ""))
            try:
                label = template.format(**near, **{f"far_{field}": value for field, value in far.items()})
            except (KeyError, IndexError, ValueError, AttributeError):
                return [finding("label-template", f"the label template `{template}` prints nothing for {name}")]
            cage = int(ends.cage_id[link])
            first_cage, first = seen.setdefault(label, (cage, name))
            if first_cage != cage:
                message = f"the cable ends at {first} and at {name} are both labelled `{label}`"
                return [finding("label-collision", message)]
    return []


def _device_values(view: View) -> list[Values]:
    """Return what is known of every device; a field that nobody knows is absent."""
    devices, racks = view.plan.devices, view.plan.racks
    columns: Counter[tuple[str, str, str]] = Counter()
    places: list[Values] = []
    for rack in racks:
        key = (rack.site, rack.hall, rack.row)
        columns[key] += 1
        places.append(
            {"site": rack.site, "hall": rack.hall, "row": rack.row, "rack": rack.name, "column": columns[key]}
        )
    found: list[Values] = []
    stack: dict[int, list[tuple[int, int]]] = {}
    for row, (rack_row, unit) in enumerate(zip(devices.rack.tolist(), devices.unit.tolist(), strict=True)):
        found.append({"device": devices.name[row], **(places[rack_row] if rack_row >= 0 else {})})
        if unit > 0:
            found[row]["unit"] = unit
        if rack_row >= 0 and unit > 0:
            stack.setdefault(rack_row, []).append((unit, row))
    for boxes in stack.values():
        for number, (_, row) in enumerate(sorted(boxes), 1):
            found[row]["chassis"] = number
    return found


def _port_values(view: View, devices: list[Values], device: int, port: int) -> Values:
    ports = view.plan.groups[int(view.plan.devices.group[device])].ports
    *before, last = (ports.alias[port] or ports.name[port]).rsplit("/", 2)
    values: Values = {"port": _Printed(last), "cage": 1 + ports.cage[port], "bore": 1 + ports.bore[port]}
    if before:
        values["slot"] = _Printed(before[-1])
    return {**devices[device], **values}
