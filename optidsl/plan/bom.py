"""The bill of material: what to buy, and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from optidsl.plan.assemblies import far_ends, modules_on_legs, number_cables
from optidsl.plan.cage_counts import attenuators, cables_by_length, modules_by_device
from optidsl.plan.line_model import PlanLine
from optidsl.plan.metrics import watts_of
from optidsl.plan.model import PlanBomLine, PlanClass, PlanDevices, PlanGroup, PlanLinks, PlanPart

Category = Literal["switch", "server", "transceiver", "cable", "attenuator", "amplifier", "mux"]


def bill_of_material(
    parts: Mapping[str, PlanPart],
    groups: Sequence[PlanGroup],
    classes: Sequence[PlanClass],
    devices: PlanDevices,
    links: PlanLinks,
) -> tuple[PlanBomLine, ...]:
    """Return one line per purchasable thing: boxes, then modules, then cables by length, then attenuators."""
    boxes: dict[tuple[Category, str], int] = {}
    for group in groups:
        category: Category = "switch" if group.kind == "switch" else "server"
        boxes[category, group.model] = boxes.get((category, group.model), 0) + group.count
    lines = [_line(category, parts[name], 0, count) for (category, name), count in sorted(boxes.items(), reverse=True)]
    modules = modules_by_device(groups, devices, links, classes)
    on_legs = modules_on_legs(parts, groups, devices, links, classes)
    for name, counts in sorted(modules.items()):
        if "built_in" in parts[name].facts:
            continue
        lines += _module_lines(parts[name], int(counts.sum()), on_legs.get(name, 0))
    cables = cables_by_length(links, classes, number_cables(parts, groups, devices, links, classes))
    lines += [_line("cable", parts[name], length, count) for (name, length), count in sorted(cables.items())]
    lines += [_line("attenuator", parts[name], 0, n) for name, n in sorted(attenuators(links, classes).items())]
    return tuple(line for line in lines if line.quantity)


def line_things(parts: Mapping[str, PlanPart], lines: Sequence[PlanLine]) -> tuple[PlanBomLine, ...]:
    """Return what lines are made of: every amplifier once for each direction, a multiplexer for each end."""
    counts: dict[tuple[Category, str], int] = {}
    for line in lines:
        counts["mux", line.mux] = counts.get(("mux", line.mux), 0) + 2
        for each in line.amplifiers:
            counts["amplifier", each.model] = counts.get(("amplifier", each.model), 0) + 2
    return tuple(_line(category, parts[name], 0, count) for (category, name), count in sorted(counts.items()))


def _module_lines(part: PlanPart, n: int, n_on_legs: int) -> list[PlanBomLine]:
    """Return the line of a module; two where those that run some of their lanes on splitters draw less."""
    split = watts_of(part, "power_split_mw")
    if not n_on_legs or split is None:
        return [_line("transceiver", part, 0, n)]
    less = _line("transceiver", part, 0, n_on_legs).model_copy(update={"power_max_mw": split})
    return [_line("transceiver", part, 0, n - n_on_legs), less]


def _line(category: Category, part: PlanPart, length_mm: int, quantity: int) -> PlanBomLine:
    far = ("power_z_mw",) * far_ends(part)
    facts = ("power_a_mw", *far) if part.kind == "direct_cable" else ("power_max_mw",)
    return PlanBomLine(
        category=category,
        part=part.name,
        part_number=part_number(part, length_mm),
        vendor=part.vendor,
        length_mm=max(length_mm, 0),
        quantity=quantity,
        power_max_mw=0 if part.kind in ("fiber_cable", "attenuator") else watts_of(part, *facts),
    )


def part_number(part: PlanPart, length_mm: int) -> str:
    """Return the orderable number of a part at a length, as far as the catalogue says how it is written.

    That is the part's form with the length filled in; else, of a cable with as many numbers as lengths, the number at
    the place of the length; else the first number.
    """
    return _formed(part, length_mm) or _listed(part, length_mm) or next(iter(part.part_numbers), "")


def _formed(part: PlanPart, length_mm: int) -> str:
    form = part.facts.get("part_number_form")
    if form is None or not isinstance(form.value, str) or length_mm <= 0:
        return ""
    fields = {name: length_mm // size for name, size in (("m", 1000), ("cm", 10)) if length_mm % size == 0}
    try:
        return form.value.format(**fields)
    except (KeyError, IndexError, ValueError):
        return ""  # the form cannot say this length


def _listed(part: PlanPart, length_mm: int) -> str:
    lengths = part.facts.get("lengths_mm")
    if lengths is None or not isinstance(lengths.value, tuple) or len(lengths.value) != len(part.part_numbers):
        return ""
    return next((number for at, number in zip(lengths.value, part.part_numbers, strict=True) if at == length_mm), "")
