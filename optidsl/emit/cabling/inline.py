"""Attenuators in the cut sheet and on the labels: columns that only a plan with attenuators has."""

from __future__ import annotations

import csv

from optidsl.emit.cabling.physical import Cables
from optidsl.emit.wording import csv_field
from optidsl.plan.model import Plan

CABLE_COLUMNS = ("a_attenuator", "z_attenuator")
"""What is plugged in before the receivers of the A and of the Z end, by part number; empty where nothing is."""

LABEL_COLUMN = "attenuator"
"""What is plugged in at this end, by part number."""


def attenuators_by_cable(plan: Plan, cables: Cables) -> dict[str, tuple[str, str]]:
    """Return the part numbers at the A and the Z end by cable id; cables without an attenuator are left out."""
    numbers = {line.part: line.part_number or line.part for line in plan.bom if line.category == "attenuator"}
    pairs = [(numbers.get(each.a_attenuator, ""), numbers.get(each.z_attenuator, "")) for each in plan.classes]
    classes = plan.links.link_class[cables.first].tolist()
    return {one: pairs[row] for one, row in zip(cables.ids, classes, strict=True) if any(pairs[row])}


def cables_with_attenuators(plan: Plan, cables: Cables, table: str) -> str:
    """Return the cut sheet with the columns of attenuators, or as it is when the plan has none."""
    found = attenuators_by_cable(plan, cables)
    if not found:
        return table
    head, *lines = table.splitlines()
    made = [",".join((head, *CABLE_COLUMNS))]
    made += [",".join((line, *map(csv_field, found.get(_fields(line)[0], ("", ""))))) for line in lines]
    return "\n".join(made) + "\n"


def labels_with_attenuators(plan: Plan, cables: Cables, table: str) -> str:
    """Return the labels with the column of attenuators, or as they are when the plan has none."""
    found = attenuators_by_cable(plan, cables)
    if not found:
        return table
    head, *lines = table.splitlines()
    made = [f"{head},{LABEL_COLUMN}"]
    for line in lines:
        one, end, *_ = _fields(line)
        a, z = found.get(one, ("", ""))
        made.append(f"{line},{csv_field(a if end.startswith('A') else z)}")
    return "\n".join(made) + "\n"


def _fields(line: str) -> list[str]:
    return next(csv.reader([line]))
