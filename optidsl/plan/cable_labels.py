"""Labels of cable ends by the author's templates: `naming { label = "{row}{column:02}-{chassis:02}-{port:02}" }`.

Source: ANSI/TIA-606 asks for a label at both ends of a cable with rack, equipment and port. Engineering labels
"MN-B-C-D" (row and column of the rack, chassis, slot, port) are those of H3C's and HPE's installation guides; columns
from left to right and chassis from the bottom up, Huawei NE80E Installation Guide, Appendix D (H3C S9500, Appendix A.2,
counts frames from the top: `unit` serves there).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from string import Formatter

import numpy as np

from optidsl._context import Context
from optidsl._record import record
from optidsl.diag import Span
from optidsl.plan.assemblies import cables_of_links, legs_of_links
from optidsl.plan.model import Plan, PortColumns

FAR = "far_"
"""Before a field: of the other end."""

_NUMBERED = re.compile(r"[^0-9]*([0-9]+)")

Word = str | int | None
"""What a field says of an end: text, a number, or None where nobody knows."""

Lookup = Callable[[int, int], Word]
"""The word of a field by row of the device and index of the port."""


@record(frozen=True, slots=True)
class CableEnd:
    """One end of a cable, of a leg where it has several far ends.

    Attributes:
        side: `a` or `z`.
        links: the links that run through it, by port.
        label: what is printed there; "" where a field has no value.
        lacking: the first field without a value; "" where all have one.
    """

    side: str
    links: tuple[int, ...]
    label: str
    lacking: str = ""


def pieces(template: str) -> list[tuple[str, str, str]]:
    """Return a template as (text before, field, format), the field "" behind the last one."""
    return [(text, name or "", form or "") for text, name, form, _ in Formatter().parse(template)]


def cable_ends(plan: Plan) -> Iterator[CableEnd]:
    """Yield every end with its label, A ends before Z ends, each side in the order of first links."""
    fields = _fields(plan)
    labels = plan.header.cable_labels
    ways = {
        kind: [(text, _word_of(fields, name, form) if name else None, name) for text, name, form in pieces(template)]
        for kind in ("switch", "node")
        if (template := labels.get(kind) or labels.get("switch", ""))
    }
    kinds = [group.kind for group in plan.groups]
    links, group_of = plan.links, plan.devices.group.tolist()
    rows = {
        "a": list(zip(links.a_device.tolist(), links.a_port.tolist(), strict=True)),
        "z": list(zip(links.z_device.tolist(), links.z_port.tolist(), strict=True)),
    }
    for side, other in (("a", "z"), ("z", "a")):
        for members in _members(plan, side):
            near, far = [rows[side][link] for link in members], [rows[other][link] for link in members]
            label, lacking = _label(ways.get(kinds[group_of[near[0][0]]], []), near, far)
            yield CableEnd(side, members, label, lacking)


def end_labels(plan: Plan) -> tuple[list[str], list[str]]:
    """Return the labels of the A ends and of the Z ends by link; "" where the templates make none."""
    found = {"a": [""] * len(plan.links.segment), "z": [""] * len(plan.links.segment)}
    for end in cable_ends(plan):
        for link in end.links:
            found[end.side][link] = end.label
    return found["a"], found["z"]


def are_labels_good(plan: Plan, span: Span | None, context: Context) -> bool:
    """Tell whether every end has a label of its own; report the first that has none, or two that are alike."""
    templates = plan.header.cable_labels
    seen: dict[str, CableEnd] = {}
    for end in cable_ends(plan):
        kind = plan.groups[int(plan.devices.group[_ends_of(plan, end)[0][0]])].kind
        template = templates.get(kind) or templates.get("switch", "")
        if not template:
            continue
        if end.lacking:
            _report_lacking(plan, end, template, span, context)
            return False
        other = seen.setdefault(end.label, end)
        if other is not end:
            _report_alike(plan, (other, end), span, context)
            return False
    return True


# ------------------------------------------------------------------ words


def _label(
    way: Sequence[tuple[str, Callable[[int, int], str | None] | None, str]],
    near: Sequence[tuple[int, int]],
    far: Sequence[tuple[int, int]],
) -> tuple[str, str]:
    """Return the label, and the first field that has no value; several ports of an end are joined by `+`."""
    made = []
    for text, word, name in way:
        made.append(text)
        if word is None:
            continue
        words = [word(*end) for end in (far if name.startswith(FAR) else near)]
        if None in words:
            return "", name
        made.append("+".join(dict.fromkeys(one for one in words if one is not None)))
    return "".join(made), ""


def _word_of(fields: Mapping[str, Lookup], name: str, form: str) -> Callable[[int, int], str | None]:
    """Return what prints a field; a width asks for the number in a name."""
    lookup = fields[name.removeprefix(FAR)]

    def word(device: int, port: int) -> str | None:
        found = lookup(device, port)
        if form and isinstance(found, str):
            number = _NUMBERED.fullmatch(found)
            found = int(number[1]) if number is not None else None
        if found is None or found == "":
            return None
        return format(found, f"{form}d") if form and isinstance(found, int) else str(found)

    return word


def _fields(plan: Plan) -> dict[str, Lookup]:
    devices, racks = plan.devices, plan.racks
    rack_of, unit_of, columns = devices.rack.tolist(), devices.unit.tolist(), _columns(plan)
    boxes = _boxes(plan)
    ports = [plan.groups[group].ports for group in devices.group.tolist()]

    def of_rack(words: Sequence[Word]) -> Lookup:
        return lambda device, port: words[rack_of[device]] if rack_of[device] >= 0 else None

    return {
        "site": of_rack([rack.site for rack in racks]),
        "hall": of_rack([rack.hall for rack in racks]),
        "row": of_rack([rack.row for rack in racks]),
        "rack": of_rack([rack.name for rack in racks]),
        "column": of_rack(columns),
        "unit": lambda device, port: unit_of[device] if unit_of[device] > 0 else None,
        "chassis": lambda device, port: boxes.get(device),
        "device": lambda device, port: devices.name[device],
        "slot": lambda device, port: _slot(_printed(ports[device], port)),
        "port": lambda device, port: _port(_printed(ports[device], port)),
        "cage": lambda device, port: ports[device].cage[port] + 1,
        "bore": lambda device, port: ports[device].bore[port] + 1,
    }


def _printed(columns: PortColumns, port: int) -> list[str]:
    """Return the parts, between `/`, of the name that is printed at a port: its alias where it has one."""
    return (columns.alias[port] or columns.name[port]).split("/")


def _slot(parts: list[str]) -> str | None:
    return parts[-2] if len(parts) > 1 else None


def _port(parts: list[str]) -> str:
    return parts[-1]


def _columns(plan: Plan) -> list[int]:
    """Return the number of every rack in its row, from 1."""
    counts: dict[tuple[str, str, str], int] = {}
    found = []
    for rack in plan.racks:
        key = (rack.site, rack.hall, rack.row)
        counts[key] = counts.get(key, 0) + 1
        found.append(counts[key])
    return found


def _boxes(plan: Plan) -> dict[int, int]:
    """Return the number of every device in its rack, from 1 at the bottom."""
    rack, unit = plan.devices.rack, plan.devices.unit
    rows = np.flatnonzero((rack >= 0) & (unit > 0))
    found, counts = {}, [0] * len(plan.racks)
    for row in rows[np.lexsort((rows, unit[rows], rack[rows]))].tolist():
        counts[int(rack[row])] += 1
        found[row] = counts[int(rack[row])]
    return found


# ------------------------------------------------------------------ ends


def _members(plan: Plan, side: str) -> Iterator[tuple[int, ...]]:
    """Yield the links of every end on a side, by port, in the order of their first links."""
    ends: dict[tuple[int, int], list[int]] = {}
    near = [each.near for each in plan.classes]
    columns = (cables_of_links(plan).tolist(), legs_of_links(plan).tolist(), plan.links.link_class.tolist())
    for link, (cable, leg, link_class) in enumerate(zip(*columns, strict=True)):
        ends.setdefault((cable, -1 if near[link_class] == side else leg), []).append(link)
    ports = (plan.links.a_port if side == "a" else plan.links.z_port).tolist()
    for members in ends.values():
        yield tuple(sorted(members, key=ports.__getitem__))


def _ends_of(plan: Plan, end: CableEnd) -> list[tuple[int, int]]:
    links = plan.links
    device, port = (links.a_device, links.a_port) if end.side == "a" else (links.z_device, links.z_port)
    return [(int(device[link]), int(port[link])) for link in end.links]


def _named(plan: Plan, end: CableEnd) -> str:
    """Return `device:port+port`."""
    at = _ends_of(plan, end)
    names = plan.groups[int(plan.devices.group[at[0][0]])].ports.name
    return f"{plan.devices.name[at[0][0]]}:{'+'.join(names[port] for _, port in at)}"


def _report_lacking(plan: Plan, end: CableEnd, template: str, span: Span | None, context: Context) -> None:
    whose = "the far end of " if end.lacking.startswith(FAR) else ""
    context.sink.error(
        "label-template",
        f"the label template `{template}` has no {{{end.lacking}}} for {whose}{_named(plan, end)}",
        span,
        "made from this",
        notes=(_why(end.lacking.removeprefix(FAR)),),
        helps=("use a field that both ends of every cable have, or give nodes a `node_label` of their own",),
    )


def _why(field: str) -> str:
    if field == "port":
        return "a width takes the one number that ends a port's name; `swp5s1` has two: use {cage} and {bore}"
    if field == "slot":
        return "a slot is what stands before the last `/` of a port's name, as 10 in `10/5`; with a width, a number"
    return "the device stands in no rack, or its place has no number"


def _report_alike(plan: Plan, ends: tuple[CableEnd, CableEnd], span: Span | None, context: Context) -> None:
    first, second = (_named(plan, end) for end in ends)
    context.sink.error(
        "label-collision",
        f"the cable ends at {first} and at {second} would both be labelled `{ends[0].label}`",
        span,
        "made from this",
        helps=("tell them apart with {device}, {unit}, {chassis}, {slot}, {port}, {cage} or {bore}",),
    )
