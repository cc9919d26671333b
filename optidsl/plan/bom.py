"""The bill of material: what to buy, and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from optidsl.plan.cage_counts import cables_by_length, modules_by_device
from optidsl.plan.metrics import watts_of
from optidsl.plan.model import PlanBomLine, PlanClass, PlanDevices, PlanGroup, PlanLinks, PlanPart

Category = Literal["switch", "server", "transceiver", "cable"]


def bill_of_material(
    parts: Mapping[str, PlanPart],
    groups: Sequence[PlanGroup],
    classes: Sequence[PlanClass],
    devices: PlanDevices,
    links: PlanLinks,
) -> tuple[PlanBomLine, ...]:
    """Return one line per purchasable thing: boxes, then modules, then cables by length."""
    boxes: dict[tuple[Category, str], int] = {}
    for group in groups:
        category: Category = "switch" if group.kind == "switch" else "server"
        boxes[category, group.model] = boxes.get((category, group.model), 0) + group.count
    lines = [_line(category, parts[name], 0, count) for (category, name), count in sorted(boxes.items(), reverse=True)]
    modules = modules_by_device(groups, devices, links, classes)
    lines += [_line("transceiver", parts[name], 0, int(counts.sum())) for name, counts in sorted(modules.items())]
    cables = cables_by_length(parts, links, classes)
    lines += [_line("cable", parts[name], length, count) for (name, length), count in sorted(cables.items())]
    return tuple(line for line in lines if line.quantity)


def _line(category: Category, part: PlanPart, length_mm: int, quantity: int) -> PlanBomLine:
    facts = ("power_a_mw", "power_z_mw") if part.kind == "direct_cable" else ("power_max_mw",)
    return PlanBomLine(
        category=category,
        part=part.name,
        part_number=part_number(part, length_mm),
        vendor=part.vendor,
        length_mm=max(length_mm, 0),
        quantity=quantity,
        power_max_mw=0 if part.kind == "fiber_cable" else watts_of(part, *facts),
    )


def part_number(part: PlanPart, length_mm: int) -> str:
    """Return the orderable number of a part at a length, as far as the catalogue says how it is written."""
    form = part.facts.get("part_number_form")
    if form is not None and isinstance(form.value, str) and length_mm > 0 and length_mm % 1000 == 0:
        try:
            return form.value.format(m=length_mm // 1000)
        except (KeyError, IndexError, ValueError):
            return part.part_numbers[0] if part.part_numbers else ""
    return part.part_numbers[0] if part.part_numbers else ""
