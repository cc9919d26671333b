"""Laws that hold for every fabric that can be built from random parameters."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optidsl.fabric import metrics, synthesize
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design import Design
from tests.support import designs, fabric_laws

RATIOS = [Fraction(1), Fraction(2), Fraction(3), Fraction(3, 2), Fraction(5, 4)]


@st.composite
def fabrics(draw: st.DrawFn) -> Design:
    """Draw a design of one fabric with switches of 2 to 16 cages of one, two or four ports."""
    kind: Literal["clos", "rail_optimized", "fat_tree"] = draw(st.sampled_from(["clos", "rail_optimized", "fat_tree"]))
    cages, ports = draw(st.integers(2, 16)), draw(st.sampled_from([1, 2, 4]))
    box = designs.switch("box", cages, [(ports, 400_000)], port_name="{port}")
    limit = Fraction(1) if kind == "fat_tree" else draw(st.sampled_from(RATIOS))
    ratio = designs.at_most(limit) if draw(st.booleans()) else designs.decided(limit)
    rails = draw(st.integers(1, 6))
    model = (
        designs.railed_server(rails, draw(st.integers(1, 2)))
        if kind == "rail_optimized"
        else designs.plain_server(draw(st.integers(1, 3)))
    )
    groups = [designs.node_group("host", model, draw(st.integers(1, 60)))]
    endpoints = [(0, "compute")]
    if draw(st.booleans()):
        groups.append(designs.node_group("ufm", designs.appliance(), draw(st.integers(1, 4))))
        endpoints.append((1, "fabric"))
    tiers = [designs.tier(name, box) for name in ("leaf", "spine", "core")]
    made = designs.fabric(
        kind,
        endpoints,
        tiers,
        oversubscription=ratio,
        tier_count=designs.one_of(2, 3),
        planes=draw(st.sampled_from([1, 1, 2])),
    )
    return designs.design(groups, [made])


def attempt(design: Design) -> FabricTables | None:
    """Synthesise; a refusal must be one error that stands alone."""
    ctx = designs.context()
    tables = synthesize(design, ctx)
    if tables is None:
        found = designs.only(ctx)
        assert found.severity == "error"
        assert found.primary is not None
        assert found.helps
        return None
    assert designs.messages(ctx) == []
    return tables


@settings(max_examples=200, deadline=None)
@given(fabrics())
def test_what_is_built_keeps_the_laws(design: Design) -> None:
    tables = attempt(design)
    if tables is None:
        return
    fabric_laws.check_all(tables)
    (shape,) = tables.shapes
    limit = design.fabrics[0].oversubscription
    wanted = limit.value if limit.value is not None else limit.upper
    achieved = metrics(tables)["fabric.compute.oversubscription"]
    assert wanted is not None
    assert achieved <= wanted
    if limit.value is not None and len(shape.tiers) == 2:
        assert Fraction(shape.down[0], shape.up[0]) == wanted  # of the ports that a leaf has
    assert 0 < shape.bisection_mbps <= shape.endpoints * 400_000 // 2
    assert shape.endpoints == int((tables.links.segment == 0).sum())
    for count, down, up, tier in zip(shape.counts, shape.down, shape.up, shape.tiers, strict=True):
        assert count > 0, tier
        box = tables.groups[-1].model
        assert down + up <= box.cages.value * box.breakout.value[0].ports  # type: ignore[union-attr]


@settings(max_examples=60, deadline=None)
@given(fabrics())
def test_synthesis_repeats(design: Design) -> None:
    first, second = attempt(design), attempt(design)
    if first is None or second is None:
        assert first is second
        return
    assert first.devices.name == second.devices.name
    for column in ("segment", "a_device", "a_port", "z_device", "z_port", "rail"):
        assert np.array_equal(getattr(first.links, column), getattr(second.links, column))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.sampled_from([8, 16, 64]))
def test_rails_meet_their_leaf(units: int, radix: int) -> None:
    box = designs.radix_switch(radix)
    tiers = [designs.tier(name, box) for name in ("leaf", "spine", "core")]
    made = designs.fabric("rail_optimized", [(0, "compute")], tiers, tier_count=designs.one_of(2, 3))
    tables = attempt(designs.design([designs.node_group("dgx", designs.dgx_h100(), units)], [made]))
    if tables is None:
        return
    links, host = tables.links, tables.groups[0]
    mask = links.segment == 0
    assert np.array_equal(host.ports.gpu[links.a_port[mask]], tables.devices.rail[links.z_device[mask]])
