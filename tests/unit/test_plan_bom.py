"""Orderable numbers: one for each length, from a form or from the list beside the lengths."""

from __future__ import annotations

import pytest

from optidsl.plan.bom import part_number
from optidsl.plan.model import PlanFact, PlanPart


def cable(numbers: tuple[str, ...], lengths_mm: tuple[int, ...] | None, form: str = "") -> PlanPart:
    facts: dict[str, int | str | tuple[int, ...] | tuple[str, ...]] = {}
    if lengths_mm is not None:
        facts["lengths_mm"] = lengths_mm
    if form:
        facts["part_number_form"] = form
    stated = {name: PlanFact(value=value, source="", confidence="design") for name, value in facts.items()}
    return PlanPart(name="c", kind="direct_cable", vendor="", part_numbers=numbers, facts=stated)


DAC = cable(("MCP4Y10-N00A", "MCP4Y10-N001", "MCP4Y10-N01A", "MCP4Y10-N002"), (500, 1_000, 1_500, 2_000))


@pytest.mark.parametrize(
    ("part", "length_mm", "number"),
    [
        (DAC, 500, "MCP4Y10-N00A"),
        (DAC, 1_000, "MCP4Y10-N001"),
        (DAC, 1_500, "MCP4Y10-N01A"),
        (DAC, 2_000, "MCP4Y10-N002"),
        (DAC, 700, "MCP4Y10-N00A"),  # not sold: the first stands for the part
        (DAC, -1, "MCP4Y10-N00A"),
        (cable(("A", "B"), (1_000, 2_000, 3_000)), 2_000, "A"),  # two names of one part
        (cable(("A", "B"), None), 2_000, "A"),
        (cable((), (1_000,)), 1_000, ""),
        (cable(("A", "B"), (7_000, 70_000), "X-N{m:03}"), 70_000, "X-N070"),
        (cable(("A", "B"), (500, 1_000), "X-N{m:03}"), 500, "A"),  # the form has no half metres
        (cable(("A",), (500, 1_000), "X-{cm}"), 500, "X-50"),
        (cable(("A",), (500, 1_000), "X-{cm}"), 1_000, "X-100"),
    ],
)
def test_part_number(part: PlanPart, length_mm: int, number: str) -> None:
    assert part_number(part, length_mm) == number
