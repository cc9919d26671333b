"""One contradiction in a design of 8,192 GPUs: one error, on the lines at fault and no others."""

from __future__ import annotations

import pytest

from optidsl.api import check_text
from optidsl.diag import Label
from tests.support.rail_8k import CONTRADICTIONS, DESIGN, contradicted


def test_the_design_itself_is_accepted() -> None:
    assert [each.message for each in check_text(DESIGN).diagnostics if each.severity == "error"] == []


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_one_error_on_the_lines_at_fault(name: str) -> None:
    _, expected, marked = CONTRADICTIONS[name]
    result = check_text(contradicted(name))
    (found,) = (each for each in result.diagnostics if each.severity == "error")
    assert found.name == expected
    assert found.primary is not None
    labels: list[Label] = sorted([found.primary, *found.secondary], key=lambda each: each.span)
    assert tuple(result.sources.slice(label.span) for label in labels) == marked
    assert any(fix.edits for fix in found.fixes)
    assert all(fix.price for fix in found.fixes)
    assert len(found.fixes) <= 3


def test_a_power_cap_is_told_as_its_sum() -> None:
    result = check_text(contradicted("power cap"))
    (found,) = (each for each in result.diagnostics if each.severity == "error")
    assert found.message == (
        "`power.optics <= 100kW` cannot hold: the least possible is 472.064 kW, 100 kW allowed (372.064 kW short)"
    )
    assert found.notes[1:] == (
        "backend: p0.leaf -- p0.spine: own-dr8 + own-sm + own-dr8, 30.72 kW",
        "backend: p1.leaf -- p1.spine: own-dr8 + own-sm + own-dr8, 30.72 kW",
        "backend: p2.leaf -- p2.spine: own-dr8 + own-sm + own-dr8, 30.72 kW",
        "backend: p3.leaf -- p3.spine: own-dr8 + own-sm + own-dr8, 30.72 kW",
        "and 68 more classes: 349.184 kW",
    )
    assert [(fix.title, fix.price) for fix in found.fixes] == [
        ("raise the limit to 472.064 kW", "472.064 kW of optics, 2 optic SKUs, 776.895 km of cable")
    ]


def test_an_sku_limit_says_which_links_share_no_part() -> None:
    result = check_text(contradicted("SKU limit against two modules"))
    (found,) = (each for each in result.diagnostics if each.severity == "error")
    assert found.message == "the links need at least 2 optic SKUs, 1 allowed"
    assert found.notes[1:] == (
        "no part serves two of these 2 classes:",
        "backend: pod1 -- p0.leaf: own-dr8-2km",
        "backend: p0.leaf -- p0.spine: own-dr8",
    )
