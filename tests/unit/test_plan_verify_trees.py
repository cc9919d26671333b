"""The verifier names every planted fault in a stated tree, in homes, and in rails that are to be apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.support import networks, trees

THREE = {"leaf": "", "spine": "", "core": ""}
K_ARY = networks.plan_of(trees.text_of("fat_tree", "k = 4", nodes=16, tiers=THREE))
XGFT = networks.plan_of(
    trees.text_of(
        "xgft", "children = [2, 2, 3]; parents = [1, 2, 2]", nodes=12, tiers=THREE, connects={"spine": ", parallel = 2"}
    )
)
HOMES = networks.plan_of(trees.text_of("rail_optimized", "homes = 2", nodes=4, rails=(0, 0, 1, 1)))
RAIL_ONLY = networks.plan_of(trees.text_of("rail_only", nodes=40, rails=(0, 1)))
UNEVEN = networks.plan_of(
    trees.text_of(
        "clos",
        nodes=24,
        tiers={"leaf": ", count = 3, up = 8", "spine": ", count = 3"},
        connects={"spine": ", uneven = 1"},
    )
)


def links(plan: Plan, z: str) -> list[int]:
    """Return the links that end at a tier."""
    segment = [each.z for each in plan.segments].index(z)
    return np.flatnonzero(plan.links.segment == segment).tolist()


def swapped(plan: Plan, one: int, other: int, end: str = "z") -> Plan:
    """Exchange the plugs of two cables at one end."""
    columns: dict[str, Any] = {}
    for name in (f"{end}_device", f"{end}_port"):
        column = getattr(plan.links, name).copy()
        column[[one, other]] = column[[other, one]]
        columns[name] = column
    return replace(plan, links=replace(plan.links, **columns))


def shaped(plan: Plan, **changes: Any) -> Plan:
    """Change what the plan says of its fabric."""
    return replace(plan, fabrics=(plan.fabrics[0].model_copy(update=changes),))


def stated(plan: Plan, **parameters: Any) -> Plan:
    return shaped(plan, parameters={**plan.fabrics[0].parameters, **parameters})


def told(plan: Plan) -> list[str]:
    return [each.message for each in verify(plan) if each.name in ("shape-mismatch", "uplinks-uneven", "rail-mismatch")]


@pytest.mark.parametrize("plan", [K_ARY, XGFT, HOMES, RAIL_ONLY, UNEVEN])
def test_good_plans_have_no_findings(plan: Plan) -> None:
    assert verify(plan) == []


FAULTS: list[tuple[Callable[[], Plan], str]] = [
    (
        lambda: stated(K_ARY, k=2),
        "fabric net: tier leaf has 8 switches a plane, a tree of k = 2 at most 2",
    ),
    (
        lambda: swapped(K_ARY, links(K_ARY, "core")[0], links(K_ARY, "core")[1]),
        "",  # the two cores of a spine: still the same tree
    ),
    (
        lambda: swapped(K_ARY, links(K_ARY, "spine")[0], links(K_ARY, "spine")[3]),
        "fabric net: net-leaf001 and net-spine102 have 2 links, in a k-ary tree one",
    ),
    (
        lambda: swapped(K_ARY, links(K_ARY, "core")[0], links(K_ARY, "core")[2]),
        "fabric net: net-spine101 shares some core switches with another, not all",
    ),
    (
        lambda: swapped(K_ARY, links(K_ARY, "core")[0], links(K_ARY, "core")[6]),
        "fabric net: net-core101 has 2 links to pod 2, in a k-ary tree one",
    ),
    (
        lambda: stated(XGFT, children=(2, 3, 2)),
        "fabric net: tier spine has 6 switches, `children` and `parents` 4",
    ),
    (
        lambda: stated(XGFT, parents=(1, 2, 3)),
        "fabric net: tier core has 4 switches, `children` and `parents` 6",
    ),
    (
        lambda: swapped(XGFT, links(XGFT, "spine")[0], links(XGFT, "spine")[8]),
        "fabric net: net-spine101 has 3 leaf switches below it, its shape 2",
    ),
    (
        lambda: swapped(XGFT, links(XGFT, "core")[0], links(XGFT, "core")[2]),
        "fabric net: net-spine101 shares some core switches with another, not all",
    ),
    (
        lambda: swapped(HOMES, links(HOMES, "leaf")[1], links(HOMES, "leaf")[4]),
        "fabric net: n-1 has 2 ports at 1 leaves, and its homes are 2",
    ),
    (
        lambda: swapped(RAIL_ONLY, links(RAIL_ONLY, "spine")[0], links(RAIL_ONLY, "spine")[-1]),
        "fabric net: net-p0-leaf001 (rail 0) and net-p1-spine001 (rail 1) are linked, and rails are apart",
    ),
    (
        lambda: shaped(RAIL_ONLY, planes=4),
        "fabric net: 4 networks serve 2 rails, each needs one of its own",
    ),
]


@pytest.mark.parametrize(("fault", "message"), FAULTS)
def test_planted_fault_is_named(fault: Callable[[], Plan], message: str) -> None:
    found = told(fault())
    assert message in found if message else found == []


def test_links_that_differ_by_two_are_uneven() -> None:
    plan = UNEVEN
    assert plan.segments[1].uneven == 1
    even = replace(plan, segments=tuple(each.model_copy(update={"uneven": 0}) for each in plan.segments))
    assert any("reaches 3 spine switches" in message for message in told(even))
