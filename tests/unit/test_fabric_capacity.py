"""Leaves sized for their endpoints, and capacities of the network as built."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from optidsl._record import replace
from optidsl.diag import Span
from optidsl.fabric import metrics, synthesize
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot
from tests.support import designs
from tests.support.designs import at_most, decided


def clos(servers: int, radix: int, ratio: Slot[Fraction], tiers: int = 2, ports: int = 1, **leaf: Any) -> Design:
    """Return servers on a Clos of one switch model; `leaf` decides attributes of the leaf tier."""
    box = designs.radix_switch(radix)
    above = [designs.tier(name, box) for name in ("spine", "core")[: tiers - 1]]
    made = designs.fabric("clos", [(0, "compute")], [designs.tier("leaf", box, **leaf), *above], oversubscription=ratio)
    return designs.design([designs.node_group("server", designs.plain_server(ports), servers)], [made])


def built(design: Design) -> FabricTables:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    return tables


ONE, TWO, THREE = (Fraction(each) for each in (1, 2, 3))


@pytest.mark.parametrize(
    ("design", "counts", "down", "up", "links"),
    [
        (clos(1, 64, decided(ONE), ports=8), (1, 1), (8, 8), (8, 0), 16),
        (clos(192, 128, decided(TWO)), (3, 1), (64, 96), (32, 0), 288),
        (clos(65, 64, at_most(ONE)), (3, 2), (22, 33), (22, 0), 131),
        (clos(100, 64, decided(THREE)), (3, 1), (36, 36), (12, 0), 136),  # 34 ports cannot be just 3:1
        (clos(93, 64, at_most(ONE)), (3, 2), (32, 48), (32, 0), 189),  # 31 uplinks would need 31 spines
        (clos(5, 64, at_most(ONE), tiers=1), (1,), (5,), (0,), 5),
    ],
    ids=["one node", "two to one", "even leaves", "exact ratio", "fewer spines", "one tier"],
)
def test_leaves_have_the_ports_that_endpoints_need(
    design: Design, counts: tuple[int, ...], down: tuple[int, ...], up: tuple[int, ...], links: int
) -> None:
    tables = built(design)
    (shape,) = tables.shapes
    assert (shape.counts, shape.down, shape.up) == (counts, down, up)
    assert len(tables.links.segment) == links


@pytest.mark.parametrize(
    "design",
    [
        clos(8, 64, decided(ONE), down=decided(32)),
        designs.with_fabric(clos(8, 64, decided(ONE)), kind="fat_tree"),
        replace(
            designs.superpod(1), nodes=(designs.node_group("dgx", designs.dgx_h100(), 1), designs.superpod(1).nodes[1])
        ),
    ],
    ids=["decided", "fat tree", "rail-optimised"],
)
def test_full_leaves_stay(design: Design) -> None:
    assert built(design).shapes[0].down[0] == 32


def test_capacities_are_of_the_network_as_built() -> None:
    """192 ports of 400G on leaves of 84 down and 42 up: 3 x 42 uplinks carry 50.4 Tbit/s, half of it 25.2."""
    tables = built(clos(192, 128, decided(TWO), down=decided(84)))
    (shape,) = tables.shapes
    assert shape.counts[0] == 3
    assert shape.bisection_mbps == 25_200_000
    assert shape.oversubscription == ((84 * 400_000, 42 * 400_000),)  # the fullest leaf has all of its ports in use


def test_ports_without_an_endpoint_do_not_count_as_load() -> None:
    tables = built(clos(32, 64, at_most(TWO), count=decided(2), down=decided(40)))
    (shape,) = tables.shapes
    assert (shape.down[0], shape.up[0]) == (40, 20)
    assert metrics(tables)["fabric.compute.oversubscription"] == Fraction(32, 20)
    assert shape.bisection_mbps == 32 * 400_000 // 2  # 40 uplinks carry more


def test_every_tier_bounds_the_bisection() -> None:
    """Three tiers, a spine of 3:1: what climbs to the cores decides."""
    base = designs.b200(16)
    tiers = tuple(
        replace(tier, down=decided(48), up=decided(16)) if tier.name == "spine" else tier
        for tier in base.fabrics[0].tiers
    )
    (shape,) = built(designs.with_fabric(base, tiers=tiers, oversubscription=at_most(THREE))).shapes
    assert shape.pods > 1
    assert shape.bisection_mbps == shape.counts[1] * 16 * 400_000 // 2
    assert shape.bisection_mbps < shape.endpoints * 400_000 // 2


def test_planes_add_up() -> None:
    box = designs.qm9700()
    tiers = [designs.tier("leaf", box), designs.tier("spine", box)]
    made = designs.fabric("rail_optimized", [(0, "compute")], tiers, planes=2)
    (shape,) = built(designs.design([designs.node_group("dgx", designs.dgx_h100(), 64)], [made])).shapes
    assert shape.bisection_mbps == 64 * 8 * 400_000 // 2


# ------------------------------------------------------------------ where a rate is told


@pytest.mark.parametrize(("z", "at"), [("leaf", 40), ("spine", 50)])
def test_a_rate_that_no_port_has_is_told_at_the_rate(z: str, at: int) -> None:
    base = designs.superpod(1)
    span = Span(0, at, at + 7)
    rate = Slot(value=123_000, span=span)
    connects = tuple(replace(each, rate_mbps=rate) if each.z == z else each for each in base.fabrics[0].connects)
    ctx = designs.context()
    assert synthesize(designs.with_fabric(base, connects=connects), ctx) is None
    found = designs.only(ctx)
    assert found.message == ("a port of `qm9700` cannot run at 123 Gbit/s; its cages offer 400 Gbit/s and 200 Gbit/s")
    assert found.primary is not None
    assert found.primary.span == span
