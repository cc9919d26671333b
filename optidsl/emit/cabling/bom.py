"""The bill of material as a table."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.emit.wording import csv_text, metres, watts
from optidsl.plan.model import Plan

COLUMNS = ("category", "part", "part_number", "vendor", "length_m", "quantity", "power_max_w", "power_max_total_w")
"""`length_m` is empty for parts without a length. Powers are empty where nobody states one; of cables they are 0."""


def bom_csv(plan: Plan) -> str:
    """Return the table: one line per part, cables per length."""
    return csv_text(COLUMNS, _rows(plan))


def _rows(plan: Plan) -> Iterator[tuple[str, ...]]:
    for line in plan.bom:
        one = line.power_max_mw
        yield (
            line.category,
            line.part,
            line.part_number,
            line.vendor,
            metres(line.length_mm) if line.length_mm else "",
            str(line.quantity),
            "" if one is None else watts(one),
            "" if one is None else watts(one * line.quantity),
        )
