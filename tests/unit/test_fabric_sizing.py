"""Sizes that authors decide, bound or leave open, and refusals with the nearest sizes that work."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from optidsl.fabric import metrics, synthesize
from optidsl.fabric.tables import FabricShape
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot
from tests.support import designs
from tests.support.designs import at_most, decided, one_of


def shape_of(design: Design) -> FabricShape:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    return tables.shapes[0]


def refused(design: Design) -> tuple[str, str, tuple[str, ...]]:
    ctx = designs.context()
    assert synthesize(design, ctx) is None
    found = designs.only(ctx)
    assert found.severity == "error"
    assert found.primary is not None
    return found.name, found.message, found.helps


def with_tier(base: Design, name: str, **changes: Any) -> Design:
    tiers = tuple(replace(t, **changes) if t.name == name else t for t in base.fabrics[0].tiers)
    return designs.with_fabric(base, tiers=tiers)


def with_connect(base: Design, z: str, **changes: Any) -> Design:
    connects = tuple(replace(c, **changes) if c.z == z else c for c in base.fabrics[0].connects)
    return designs.with_fabric(base, connects=connects)


H100 = designs.superpod(3)
B200 = designs.b200(16)


# ------------------------------------------------------------------ what authors decide is respected


@pytest.mark.parametrize(
    ("design", "counts", "down", "up"),
    [
        (with_tier(H100, "spine", count=decided(32)), (24, 32), (32, 24), (32, 0)),
        (with_connect(H100, "spine", parallel=decided(1)), (24, 32), (32, 24), (32, 0)),
        (with_tier(H100, "leaf", count=decided(32)), (32, 12), (24, 64), (24, 0)),
        (with_tier(H100, "leaf", down=decided(16)), (48, 16), (16, 48), (16, 0)),
        (with_tier(H100, "spine", count=one_of(20, 32)), (24, 32), (32, 24), (32, 0)),
        (designs.with_fabric(H100, oversubscription=decided(Fraction(3))), (16, 4), (48, 64), (16, 0)),
        (with_tier(B200, "spine", count=decided(256)), (128, 256, 64), (32, 16, 64), (32, 16, 0)),
        (with_tier(B200, "core", count=decided(128)), (128, 128, 128), (32, 32, 32), (32, 32, 0)),
    ],
    ids=["spines", "parallel", "leaves", "down", "options", "oversubscribed", "pod spines", "cores"],
)
def test_decided_sizes(design: Design, counts: tuple[int, ...], down: tuple[int, ...], up: tuple[int, ...]) -> None:
    shape = shape_of(design)
    assert (shape.counts, shape.down, shape.up) == (counts, down, up)


def test_an_upper_bound_of_oversubscription_leaves_room() -> None:
    base = with_tier(designs.with_fabric(H100, oversubscription=at_most(Fraction(3))), "leaf", down=decided(32))
    shape = shape_of(base)
    assert shape.up[0] == 11  # 32 / 11 = 2.91
    sixteen = shape_of(with_tier(base, "spine", count=decided(6)))
    assert (sixteen.up[0], sixteen.counts) == (12, (24, 6))  # one more uplink divides over 6


def test_uneven_units_make_even_pods() -> None:
    shape = shape_of(designs.b200(37))  # 37 units in 10 pods: seven of 4, three of 3
    assert shape.pods == 10
    assert shape.counts == (296, 320, 256)


def test_up_rate_differs_from_down_rate() -> None:
    """400G down, 800G up on a 64-cage box: 2 ports a cage down, 1 up; D cages/2 + D/2 cages = 64 at D = 64."""
    box = designs.sn5600()
    made = designs.fabric(
        "clos",
        [(0, "compute")],
        [designs.tier("leaf", box), designs.tier("spine", box)],
        protocol="ethernet",
        connects=[designs.connect("leaf", "spine", rate_mbps=decided(800_000))],
    )
    shape = shape_of(designs.design([designs.node_group("s", designs.plain_server(), 256)], [made]))
    assert (shape.counts, shape.down, shape.up) == ((4, 2), (64, 64), (32, 0))
    assert shape.oversubscription == ((64 * 400_000, 32 * 800_000),)


def test_planes_split_rails_and_have_their_own_switches() -> None:
    base = designs.design(
        [designs.node_group("dgx", designs.dgx_h100(), 64)],
        [
            designs.fabric(
                "rail_optimized",
                [(0, "compute")],
                [designs.tier("leaf", designs.qm9700()), designs.tier("spine", designs.qm9700())],
                planes=2,
            )
        ],
    )
    tables = synthesize(base, designs.context())
    assert tables is not None
    assert [group.name for group in tables.groups] == [
        "dgx", "compute.p0.leaf", "compute.p0.spine", "compute.p1.leaf", "compute.p1.spine"
    ]  # fmt: skip
    assert tables.shapes[0].counts == (16, 8)
    even = tables.devices.rail[tables.groups[1].first : tables.groups[1].first + 8]
    assert even.tolist() == [0, 2, 4, 6, 0, 2, 4, 6]
    assert tables.devices.name[tables.groups[1].first] == "compute-p0-leaf-001"


def test_the_model_that_needs_fewest_switches_wins() -> None:
    small, large = designs.radix_switch(32), designs.qm9700()
    base = with_tier(H100, "leaf", model=one_of(small, large))
    assert shape_of(base).counts == (24, 16)
    open_model = with_tier(H100, "leaf", model=Slot())
    assert shape_of(open_model).counts == (24, 16)


def test_a_tie_goes_to_the_model_written_first() -> None:
    first, second = designs.radix_switch(64, name="first"), designs.radix_switch(64, name="second")
    base = with_tier(H100, "leaf", model=one_of(first, second))
    tables = synthesize(base, designs.context())
    assert tables is not None
    assert [group.model.name for group in tables.groups][2] == "first"


def test_one_tier_of_rails() -> None:
    shape = shape_of(designs.with_fabric(designs.superpod(1), tier_count=decided(1)))
    assert (shape.tiers, shape.counts, shape.hops) == (("leaf",), (8,), 1)


def test_metrics() -> None:
    tables = synthesize(designs.superpod(3), designs.context())
    assert tables is not None
    assert metrics(tables) == {
        "fabric.compute.tier.leaf.count": 24,
        "fabric.compute.tier.spine.count": 16,
        "fabric.compute.bisection_mbps": 764 * 200_000,
        "fabric.compute.oversubscription": 1,
        "fabric.compute.hops": 3,
        "fabric.compute.switches": 40,
        "fabric.compute.links": 764 + 768,
    }


def test_an_unused_tier_counts_zero() -> None:
    tables = synthesize(designs.b200(2), designs.context())
    assert tables is not None
    assert metrics(tables)["fabric.compute.tier.core.count"] == 0


# ------------------------------------------------------------------ refusals


FULL = replace(
    designs.superpod(1), nodes=(designs.node_group("dgx", designs.dgx_h100(), 32), designs.superpod(1).nodes[1])
)

REFUSALS = [
    (
        with_tier(H100, "spine", count=decided(12)),
        "count-not-possible",
        "`compute` cannot have 12 spine switches: the 32 uplinks of a leaf do not divide evenly over 12; 16 would work",
        ("set `count = 16`, or leave it out: the compiler then chooses",),
    ),
    (
        with_tier(H100, "spine", count=decided(8)),
        "count-not-possible",
        "`compute` cannot have 8 spine switches: they have 512 ports for 768 uplinks: 256 too few; 16 would work",
        ("set `count = 16`, or leave it out: the compiler then chooses",),
    ),
    (
        with_tier(H100, "spine", count=decided(20)),
        "count-not-possible",
        "`compute` cannot have 20 spine switches: the 32 uplinks of a leaf do not divide evenly over 20; "
        "16 or 32 would work",
        ("set `count = 32`, or leave it out: the compiler then chooses",),
    ),
    (
        with_tier(H100, "leaf", count=decided(20)),
        "count-not-possible",
        "20 leaves of `compute` do not divide evenly over 8 rails; 16 or 24 do",
        ("set `count = 24`, or leave it out: the compiler then chooses",),
    ),
    (
        with_tier(H100, "leaf", count=at_most(16)),
        "count-not-possible",
        "`compute` needs 24 leaves of 32 ports down for 764 endpoint ports; tier `leaf` asks for at most 16",
        ("set `count = 24`, or give a leaf more ports down",),
    ),
    (
        with_tier(H100, "leaf", count=decided(16)),
        "radix-exceeded",
        "tier `leaf` of `compute` needs 48 ports down and 48 up: 48 cages of a `qm9700`, which has 32: 16 too many",
        ("at most 32 ports down fit",),
    ),
    (
        with_tier(H100, "leaf", down=decided(40), up=decided(24)),
        "oversubscription-not-met",
        "40 ports down need 40 up to hold `compute` at 1:1, and tier `leaf` asks for 24, which makes it 5:3",
        ("allow an oversubscription of 5:3",),
    ),
    (
        with_tier(designs.with_fabric(H100, oversubscription=decided(Fraction(3))), "leaf", down=decided(32)),
        "oversubscription-not-exact",
        "32 ports down cannot be oversubscribed by just 3:1: 11 ports up make 32:11",
        ("write `oversubscription <= 3:1`, or set `down` of tier `leaf` to 30 or 33",),
    ),
    (
        with_connect(H100, "spine", parallel=decided(4)),
        "parallel-not-possible",
        "`leaf -- spine` of `compute` cannot have 4 parallel links: with 32 uplinks a switch, 1 or 2 would work",
        ("set `parallel = 2`, or leave it out",),
    ),
    (
        designs.with_fabric(B200, tier_count=decided(2)),
        "too-few-tiers",
        "`compute` needs 128 leaves, and two tiers with `qm9700` at the top take 64: 64 too many",
        ("let `tiers` of `compute` reach 3", "at most 2,048 endpoint ports fit in two tiers of these models"),
    ),
    (
        designs.with_fabric(B200, tier_count=decided(4)),
        "tiers-not-declared",
        "`compute` asks for 4 tiers and declares 3",
        ("set `tiers = 3`, or declare three `tier` blocks",),
    ),
    (
        with_tier(B200, "core", count=decided(100)),
        "count-not-possible",
        "`compute` cannot have 100 core switches in even pods; 96 or 128 would work",
        ("set `count = 128`, or leave it out: the compiler then chooses",),
    ),
    (
        FULL,
        "no-free-leaf-port",
        "4 endpoint ports of `compute` without a rail need a leaf port each, and its 8 leaves have 0 free: 4 too few",
        ("give up 1 node: that frees 8 leaf ports",),
    ),
    (
        with_connect(H100, "leaf", rate_mbps=decided(800_000)),
        "rate-exceeds-nic",
        "`endpoints -- leaf` of `compute` runs at 800 Gbit/s, and the ports of `dgx-h100.compute` at most at "
        "400 Gbit/s",
        ("set `rate = 400Gbps` or less",),
    ),
    (
        with_connect(H100, "leaf", rate_mbps=decided(100_000)),
        "rate-not-offered",
        "a port of `qm9700` cannot run at 100 Gbit/s; its cages offer 400 Gbit/s and 200 Gbit/s",
        ("name a model with ports of 100 Gbit/s, or set `rate` to 400 Gbit/s or 200 Gbit/s where the far end runs it",),
    ),
    (
        designs.with_fabric(H100, protocol="ethernet"),
        "protocol-not-offered",
        "`qm9700` of tier `leaf` speaks infiniband, and `compute` needs ethernet",
        ("name a model that speaks ethernet, or change `protocol`",),
    ),
    (
        designs.with_fabric(H100, planes=3),
        "planes-uneven",
        "the 8 rails of `compute` do not divide evenly over 3 planes",
        ("set `planes` to a divisor of the number of rails",),
    ),
    (
        designs.with_fabric(designs.clos(), kind="rail_optimized"),
        "rail-unknown",
        "no endpoint port of `compute` has a rail, and a rail-optimised fabric gives every rail its leaves",
        ("give the ports of the server model a `rail`, or set `kind = clos`",),
    ),
    (
        designs.with_fabric(designs.clos(), endpoints=()),
        "no-endpoints",
        "`compute` has no endpoint ports: nothing to connect",
        ("name nodes and a NIC in `endpoints`",),
    ),
    (
        with_tier(designs.with_fabric(designs.clos(), kind="fat_tree"), "spine", model=decided(designs.qm9700())),
        "protocol-not-offered",
        "`qm9700` of tier `spine` speaks infiniband, and `compute` needs ethernet",
        ("name a model that speaks ethernet, or change `protocol`",),
    ),
    (
        with_tier(designs.with_fabric(H100, kind="fat_tree"), "spine", model=decided(designs.radix_switch(32))),
        "fat-tree-uneven",
        "fat tree `compute` needs the same ports in every tier, and has `leaf` 64 of 400 Gbit/s and `spine` 32 of "
        "400 Gbit/s",
        ("set `kind = clos`, which has no such rule, or take one model of even radix",),
    ),
]


@pytest.mark.parametrize(
    ("design", "name", "message", "helps"), REFUSALS, ids=[f"{i}-{r[1]}" for i, r in enumerate(REFUSALS)]
)
def test_refusals(design: Design, name: str, message: str, helps: tuple[str, ...]) -> None:
    assert refused(design) == (name, message, helps)


def test_endpoints_of_two_rates_need_one_stated() -> None:
    slow = designs.node_group("slow", designs.plain_server(1, 200_000), 2)
    base = designs.clos()
    mixed = designs.with_fabric(
        replace(base, nodes=(*base.nodes, replace(slow, model=replace(slow.model, name="slow-server")))),
        endpoints=(*base.fabrics[0].endpoints, replace(base.fabrics[0].endpoints[0], node=1)),
    )
    name, message, helps = refused(mixed)
    assert name == "endpoint-rates-differ"
    assert message == (
        "the endpoints of `compute` have ports of several rates: `server1.compute` 400 Gbit/s and "
        "`slow-server.compute` 200 Gbit/s; its leaf links have one"
    )
    assert helps == ("set `rate = 200Gbps` on `connect endpoints -- leaf`, or make two fabrics",)


def test_a_port_belongs_to_one_fabric() -> None:
    base = designs.superpod(1)
    second = replace(base.fabrics[0], name="storage", endpoints=base.fabrics[0].endpoints[:1])
    name, message, _ = refused(replace(base, fabrics=(base.fabrics[0], second)))
    assert name == "port-used-twice"
    assert message == ("the ports of `dgx.nic.compute` are endpoints of `compute` and `storage`; a port has one cable")


def test_other_ways_that_failed_are_notes() -> None:
    base = with_tier(
        with_tier(H100, "leaf", model=one_of(designs.qm9700(), designs.sn5600())), "spine", count=decided(12)
    )
    ctx = designs.context()
    assert synthesize(base, ctx) is None
    found = designs.only(ctx)
    assert found.name == "count-not-possible"
    assert found.notes == (
        "with `sn5600` and `qm9700`: `sn5600` of tier `leaf` speaks ethernet, and `compute` needs infiniband",
    )


@pytest.mark.parametrize(("confidence", "word"), [("secondary", "secondary"), ("unverified", "unverified")])
def test_numbers_that_are_not_firm_are_told(confidence: str, word: str) -> None:
    box = designs.qm9700()
    weak = replace(box, breakout=replace(box.breakout, confidence=confidence))  # type: ignore[arg-type]
    ctx = designs.context()
    both = with_tier(with_tier(H100, "leaf", model=decided(weak)), "spine", model=decided(weak))
    assert synthesize(both, ctx) is not None
    assert designs.messages(ctx) == [
        f"warning[ports-in-doubt]: the ports of `qm9700` rest on {word} numbers: breakout (made for tests)"
    ]
