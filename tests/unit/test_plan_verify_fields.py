"""The verifier names every planted fault in HyperX, full mesh, ring, star, Slim Fly, PolarFly and Jellyfish."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.support import networks
from tests.unit.test_plan_verify_direct import dropped, rows, shaped, swapped, told

PLANS = {
    "hyperx": networks.plan_of(networks.text_of("hyperx", "dims = [4, 3]")),
    "full_mesh": networks.plan_of(networks.text_of("full_mesh", "", tier=", count = 6", connect=", parallel = 2")),
    "ring": networks.plan_of(networks.text_of("ring", "", tier=", count = 6")),
    "star": networks.plan_of(networks.text_of("star", "", tier=", count = 6")),
    "slim_fly": networks.plan_of(networks.text_of("slim_fly", "order = 4")),
    "slim_fly_7": networks.plan_of(networks.text_of("slim_fly", "order = 7")),
    "polar_fly": networks.plan_of(networks.text_of("polar_fly", "order = 4")),
    "jellyfish": networks.plan_of(networks.text_of("jellyfish", "degree = 4", tier=", count = 12")),
}


def between(plan: Plan, dimension: str, a: int, z: int) -> int:
    """Return the first link between two routers, numbered from 1."""
    names = plan.devices.name
    wanted = (names.index(f"net-router{a:03}"), names.index(f"net-router{z:03}"))
    ends = zip(plan.links.a_device.tolist(), plan.links.z_device.tolist(), strict=True)
    mine = set(rows(plan, dimension))
    return next(row for row, pair in enumerate(ends) if row in mine and pair == wanted)


@pytest.mark.parametrize("kind", PLANS)
def test_good_plans_have_no_findings(kind: str) -> None:
    assert verify(PLANS[kind]) == []


def crossed(kind: str, dimension: str, one: tuple[int, int], other: tuple[int, int]) -> Plan:
    """Exchange the far plugs of two links, named by their routers."""
    plan = PLANS[kind]
    return swapped(plan, between(plan, dimension, *one), between(plan, dimension, *other))


def parametrised(kind: str, **changes: int | tuple[int, ...]) -> Plan:
    return shaped(PLANS[kind], parameters={**PLANS[kind].fabrics[0].parameters, **changes})


def less(kind: str, dimension: str) -> Plan:
    """Leave out a link, and let the shape say so."""
    plan = PLANS[kind]
    fabric = plan.fabrics[0]
    dimensions = tuple(
        each.model_copy(update={"links": each.links - 1}) if each.name == dimension else each
        for each in fabric.dimensions
    )
    return shaped(dropped(plan, rows(plan, dimension)[0]), dimensions=dimensions)


FAULTS: list[tuple[str, Callable[[], Plan], str]] = [
    (
        "hyperx stray",
        lambda: crossed("hyperx", "x", (1, 2), (5, 6)),
        "fabric net: net-router001 and net-router006 have a x link and are no neighbours on it",
    ),
    ("hyperx short", lambda: less("hyperx", "y"), "fabric net: 11 pairs of switches have y links, of 12"),
    (
        "hyperx dims",
        lambda: parametrised("hyperx", dims=(4, 4)),
        "fabric net: 12 switches do not form a HyperX of [4, 4]",
    ),
    (
        "mesh uneven",
        lambda: crossed("full_mesh", "mesh", (1, 2), (3, 4)),
        "fabric net: net-router001 and net-router002 have 1 mesh links, others 2",
    ),
    (
        "ring chord",
        lambda: crossed("ring", "ring", (1, 2), (3, 4)),
        "fabric net: net-router001 and net-router004 have a ring link and are no neighbours on it",
    ),
    ("ring open", lambda: less("ring", "ring"), "fabric net: 5 pairs of switches have ring links, of 6"),
    ("star short", lambda: less("star", "spoke"), "fabric net: 4 pairs of switches have spoke links, of 5"),
    (
        "slim fly order",
        lambda: parametrised("slim_fly", order=5),
        "fabric net: its switches do not form a Slim Fly of order 5: 5 groups of 10",
    ),
    ("slim fly short", lambda: less("slim_fly", "local"), "fabric net: 47 pairs of switches have local links, of 48"),
    ("polar fly short", lambda: less("polar_fly", "polar"), "fabric net: 49 pairs of switches have polar links, of 50"),
    (
        "polar fly order",
        lambda: parametrised("polar_fly", order=5),
        "fabric net: 21 switches do not form a PolarFly of order 5",
    ),
    (
        "jellyfish short",
        lambda: less("jellyfish", "random"),
        "fabric net: 23 pairs of switches have random links, of 24",
    ),
    (
        "jellyfish degree",
        lambda: parametrised("jellyfish", degree=5),
        "fabric net: 24 pairs of switches have random links, of 30",
    ),
]


@pytest.mark.parametrize(("fault", "message"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_planted_fault_is_named(fault: Callable[[], Plan], message: str) -> None:
    assert message in told(fault())


@pytest.mark.parametrize(
    ("kind", "dimension"),
    [("slim_fly", "local"), ("slim_fly", "global"), ("slim_fly_7", "global"), ("polar_fly", "polar")],
)
def test_no_two_links_can_change_places(kind: str, dimension: str) -> None:
    """Whichever two cables of a network over a field are exchanged at one end, it is told."""
    plan = PLANS[kind]
    links = rows(plan, dimension)
    rng = np.random.default_rng(1)
    for _ in range(25):
        one, other = (links[at] for at in rng.choice(len(links), 2, replace=False))
        if (
            plan.links.a_device[one] == plan.links.a_device[other]
            or plan.links.z_device[one] == plan.links.z_device[other]
        ):
            continue
        assert told(swapped(plan, one, other)), (one, other)
