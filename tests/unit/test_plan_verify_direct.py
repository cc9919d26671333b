"""The verifier names every planted fault in a direct network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.support import networks

DRAGONFLY = networks.plan_of(
    networks.text_of("dragonfly", "groups = 5; routers_per_group = 4; global_ports = 1", endpoints=20)
)
TORUS = networks.plan_of(networks.text_of("torus", "dims = [4, 3]", endpoints=12))


def rows(plan: Plan, dimension: str) -> list[int]:
    """Return the links of a dimension."""
    segment = [each.dimension for each in plan.segments].index(dimension)
    return np.flatnonzero(plan.links.segment == segment).tolist()


def swapped(plan: Plan, one: int, other: int) -> Plan:
    """Exchange the z plugs of two cables."""
    columns: dict[str, Any] = {}
    for name in ("z_device", "z_port"):
        column = getattr(plan.links, name).copy()
        column[[one, other]] = column[[other, one]]
        columns[name] = column
    return replace(plan, links=replace(plan.links, **columns))


def dropped(plan: Plan, row: int) -> Plan:
    """Leave out a cable; links no longer share any."""
    names = [name for name in plan.links.__dataclass_fields__ if name != "assembly"]
    columns: dict[str, Any] = {name: np.delete(getattr(plan.links, name), row) for name in names}
    return replace(plan, links=replace(plan.links, **columns, assembly=None))


def shaped(plan: Plan, **changes: Any) -> Plan:
    """Change what the plan says of its fabric."""
    return replace(plan, fabrics=(plan.fabrics[0].model_copy(update=changes),))


def told(plan: Plan) -> list[str]:
    return [each.message for each in verify(plan) if each.name == "shape-mismatch"]


def test_good_plans_have_no_findings() -> None:
    assert verify(DRAGONFLY) == []
    assert verify(TORUS) == []


WIDE = networks.plan_of(
    networks.text_of(
        "torus", "dims = [3, 3, 2]; connect router.z -- router.z { length = 10m, parallel = 20 }", endpoints=18
    )
)


def test_good_plans_of_wide_axes_have_no_findings() -> None:
    assert verify(WIDE) == []
    assert WIDE.fabrics[0].disjoint_paths == 8


FAULTS: list[tuple[Callable[[], Plan], str]] = [
    (
        lambda: swapped(DRAGONFLY, rows(DRAGONFLY, "local")[0], rows(DRAGONFLY, "local")[-1]),
        "fabric net: net-router001 and net-router020 have a local link and are of two groups or lines",
    ),
    (
        lambda: swapped(DRAGONFLY, rows(DRAGONFLY, "global")[0], rows(DRAGONFLY, "global")[-1]),
        "fabric net: groups 1 and 5 have 2 links, its shape says 1 for every two",
    ),
    (
        lambda: dropped(DRAGONFLY, rows(DRAGONFLY, "global")[0]),
        "fabric net: dimension global has 9 links, its shape 10",
    ),
    (
        lambda: shaped(DRAGONFLY, hops=3),
        "fabric net: the longest path crosses 4 switches, its shape says 3",
    ),
    (
        lambda: shaped(DRAGONFLY, disjoint_paths=5),
        "fabric net: net-router001 has 4 links to other switches, and its shape promises 5 paths without a common link",
    ),
    (
        lambda: shaped(WIDE, disjoint_paths=12),
        "fabric net: net-router001 and 1 more have 8 links to other switches, and its shape promises 12 paths without "
        "a common link",
    ),
    (
        lambda: shaped(DRAGONFLY, parameters={**DRAGONFLY.fabrics[0].parameters, "routers_per_group": 2}),
        "fabric net: its switches do not form 5 groups of 2",
    ),
    (
        lambda: swapped(TORUS, rows(TORUS, "x")[0], rows(TORUS, "x")[4]),
        "fabric net: net-router001 and net-router006 have a link of axis x and are no neighbours on it",
    ),
    (
        lambda: dropped(TORUS, rows(TORUS, "y")[0]),
        "fabric net: dimension y has 11 links, its shape 12",
    ),
    (
        lambda: shaped(TORUS, parameters={"dims": (4, 4)}),
        "fabric net: 12 switches do not form a grid of [4, 4]",
    ),
    (
        lambda: shaped(TORUS, hops=5),
        "fabric net: the longest path crosses 4 switches, its shape says 5",
    ),
]


@pytest.mark.parametrize(("fault", "message"), FAULTS)
def test_planted_fault_is_named(fault: Callable[[], Plan], message: str) -> None:
    assert message in told(fault())
