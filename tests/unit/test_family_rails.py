"""Dual-ToR, dual-plane, rail-only, and tiers with ratios of their own."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from optidsl.fabric import synthesize
from optidsl.fabric.tables import FabricTables
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot
from tests.support import designs, fabric_laws, trees
from tests.support.designs import at_most, decided


def built(design: Design) -> FabricTables:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    return tables


def refused(design: Design) -> tuple[str, str]:
    ctx = designs.context()
    assert synthesize(design, ctx) is None
    found = designs.only(ctx)
    return found.name, found.message


def leaves_of(tables: FabricTables) -> dict[tuple[int, int], list[int]]:
    """Return the leaves of each node and rail."""
    found: dict[tuple[int, int], list[int]] = {}
    links = tables.links
    for row in np.flatnonzero(links.segment == 0).tolist():
        found.setdefault((int(links.a_device[row]), int(links.rail[row])), []).append(int(links.z_device[row]))
    return found


# ------------------------------------------------------------------ dual-ToR


@pytest.mark.parametrize("seed", range(24))
def test_ports_of_a_rail_end_at_different_leaves(seed: int) -> None:
    rng = random.Random(seed)
    kind = rng.choice(["rail_optimized", "clos"])
    rails, width, nodes = rng.randint(1, 4), rng.choice([2, 2, 3, 4]), rng.randint(2, 24)
    homes = rng.randint(2, width)
    server = designs.railed_server(rails, width) if kind == "rail_optimized" else designs.plain_server(width)
    design = trees.design_of(kind, 16, 2, nodes, {"homes": homes}, server=server)
    ctx = designs.context()
    tables = synthesize(design, ctx)
    if tables is None:
        assert designs.only(ctx).name in ("too-few-tiers", "count-not-possible")
        return
    fabric_laws.check_all(tables)
    sets: dict[int, frozenset[int]] = {}
    for (_, rail), leaves in leaves_of(tables).items():
        assert len(set(leaves)) == homes
        counts = np.unique(leaves, return_counts=True)[1]
        assert counts.max() - counts.min() <= 1
        if rail >= 0:
            assert set(tables.devices.rail[sorted(set(leaves))].tolist()) == {rail}
        for leaf in leaves:
            assert sets.setdefault(leaf, frozenset(leaves)) == frozenset(leaves)


def test_a_lost_leaf_leaves_every_gpu_a_port() -> None:
    server = designs.railed_server(8, 2)
    tables = built(trees.design_of("rail_optimized", 32, 2, 16, {"homes": 2}, server=server))
    (shape,) = tables.shapes
    assert (shape.counts, shape.down, shape.units, shape.parameters) == ((16, 8), (16, 32), 1, (("homes", 2),))
    assert tables.devices.pod[-24:-8].tolist() == [0] * 16
    assert tables.devices.rail[-24:-8].tolist() == [rail for rail in range(8) for _ in range(2)]


@pytest.mark.parametrize(
    ("server", "kind", "homes", "message"),
    [
        (
            designs.railed_server(4),
            "rail_optimized",
            2,
            "a node of `compute` has 1 port on a rail at most, and `homes = 2` deals them over 2 leaves",
        ),
        (
            designs.plain_server(2),
            "clos",
            4,
            "a node of `compute` has 2 ports in the fabric at most, and `homes = 4` deals them over 4 leaves",
        ),
    ],
)
def test_homes_need_ports(server: designs.ServerModel, kind: str, homes: int, message: str) -> None:
    assert refused(trees.design_of(kind, 16, 2, 4, {"homes": homes}, server=server)) == ("homes-not-possible", message)


# ------------------------------------------------------------------ dual-plane


def planes_of(tables: FabricTables) -> dict[tuple[int, int], list[int]]:
    """Return the planes that the ports of each node and rail are in."""
    plane = np.array([group.plane for group in tables.groups])[tables.devices.group]
    found: dict[tuple[int, int], list[int]] = {}
    for key, leaves in leaves_of(tables).items():
        found[key] = [int(plane[leaf]) for leaf in leaves]
    return found


def test_planes_by_port_split_the_ports_of_a_nic() -> None:
    design = trees.design_of("rail_optimized", 16, 2, 16, {}, server=designs.railed_server(4, 2), planes=2)
    assert {tuple(planes) for planes in planes_of(built(design)).values()} == {(0, 0), (1, 1)}
    tables = built(designs.with_fabric(design, planes_by="port"))
    assert {tuple(planes) for planes in planes_of(tables).values()} == {(0, 1)}
    fabric_laws.check_ports(tables)
    assert tables.shapes[0].counts == (16, 8)
    graph = trees.switches(tables)
    assert nx.number_connected_components(graph) == 2


def test_dual_plane_and_dual_tor_together() -> None:
    server = designs.railed_server(2, 4)
    tables = built(trees.design_of("rail_optimized", 16, 2, 8, {"homes": 2}, server=server, planes=2, planes_by="port"))
    assert {tuple(planes) for planes in planes_of(tables).values()} == {(0, 0, 1, 1)}
    assert {len(set(leaves)) for leaves in leaves_of(tables).values()} == {4}


# ------------------------------------------------------------------ rail-only


@pytest.mark.parametrize("seed", range(20))
def test_rails_of_a_rail_only_fabric_are_apart(seed: int) -> None:
    rng = random.Random(seed)
    rails, width, nodes, tiers = rng.randint(1, 6), rng.randint(1, 2), rng.randint(1, 40), rng.randint(1, 3)
    design = trees.design_of(
        "rail_only", 16, tiers, nodes, {}, server=designs.railed_server(rails, width), planes=rails
    )
    ctx = designs.context()
    tables = synthesize(design, ctx)
    if tables is None:
        assert designs.only(ctx).name == "too-few-tiers"
        return
    fabric_laws.check_ports(tables)
    fabric_laws.check_evenness(tables)
    graph: nx.Graph[int] = trees.switches(tables)
    parts = list(nx.connected_components(graph))
    assert len(parts) == rails
    for part in parts:
        assert len({int(tables.devices.rail[switch]) for switch in part}) == 1
    links = tables.links
    is_edge = links.segment == 0
    assert np.array_equal(tables.devices.rail[links.z_device[is_edge]], links.rail[is_edge])


def test_a_port_without_a_rail_is_in_no_rail_only_fabric() -> None:
    assert refused(trees.design_of("rail_only", 16, 2, 3, {})) == (
        "rail-unknown",
        "3 endpoint ports of `compute` have no rail, and in a fabric of kind rail_only every network serves one rail",
    )


# ------------------------------------------------------------------ breakout before another tier


@pytest.mark.parametrize(
    ("nodes", "rate", "counts"), [(256, 800, (8, 4)), (400, 400, (13, 8)), (600, 800, (19, 20, 16))]
)
def test_slower_links_come_before_another_tier(nodes: int, rate: int, counts: tuple[int, ...]) -> None:
    box = designs.switch("box", 8, [(1, 800_000), (2, 400_000), (8, 100_000)])
    names = ("leaf", "spine", "core")
    made = designs.fabric(
        "clos",
        [(0, "compute")],
        [designs.tier(name, box) for name in names],
        connects=[designs.connect(a, z, rate_mbps=designs.one_of(800_000, 400_000)) for a, z in pairwise(names)],
        tier_count=designs.one_of(2, 3),
    )
    tables = built(designs.design([designs.node_group("host", designs.plain_server(1, 100_000), nodes)], [made]))
    assert tables.segments[1].rate_mbps == rate * 1000
    assert tables.shapes[0].counts[: len(counts)] == counts


# ------------------------------------------------------------------ tapering


def tapered(*ratios: Slot[Fraction], kind: str = "clos", nodes: int = 96) -> Design:
    base = trees.design_of(kind, 16, len(ratios) + 1, nodes, {})
    tiers = tuple(
        replace(tier, oversubscription=ratio)
        for tier, ratio in zip(base.fabrics[0].tiers, (*ratios, Slot()), strict=True)
    )
    return designs.with_fabric(base, tiers=tiers)


@pytest.mark.parametrize(
    ("ratios", "down", "up"),
    [
        ((decided(Fraction(3)),), 12, 4),
        ((at_most(Fraction(3)),), 12, 4),
        ((decided(Fraction(5, 3)),), 10, 6),
    ],
)
def test_a_leaf_has_a_ratio_of_its_own(ratios: tuple[Slot[Fraction], ...], down: int, up: int) -> None:
    (shape,) = built(tapered(*ratios)).shapes
    assert (shape.down[0], shape.up[0]) == (down, up)


@pytest.mark.parametrize("seed", range(20))
def test_tapered_tiers_keep_their_ratios(seed: int) -> None:
    rng = random.Random(seed)
    ratios = [Fraction(rng.choice([1, 2, 3, 4]), rng.choice([1, 1, 2])) for _ in range(2)]
    ratios = [max(Fraction(1), ratio) for ratio in ratios]
    design = tapered(*(at_most(ratio) for ratio in ratios), nodes=rng.randint(40, 400))
    ctx = designs.context()
    tables = synthesize(design, ctx)
    if tables is None:
        assert designs.only(ctx).name == "too-few-tiers"
        return
    fabric_laws.check_all(tables)
    found = [Fraction(*sides) for sides in tables.shapes[0].oversubscription]
    assert all(each <= ratio for each, ratio in zip(found, ratios, strict=True))


def test_tiers_may_not_come_to_more_than_the_fabric() -> None:
    base = tapered(decided(Fraction(3)), decided(Fraction(2)))
    assert refused(designs.with_fabric(base, oversubscription=at_most(Fraction(4)))) == (
        "oversubscription-not-met",
        "the tiers of `compute` come to 6:1 by themselves, over the 4:1 asked for",
    )


def test_sides_of_a_tier_may_not_contradict_its_ratio() -> None:
    base = tapered(decided(Fraction(2)))
    leaf = replace(base.fabrics[0].tiers[0], down=decided(12), up=decided(4))
    assert refused(designs.with_fabric(base, tiers=(leaf, base.fabrics[0].tiers[1]))) == (
        "oversubscription-not-met",
        "tier `leaf` of `compute` comes to 3:1, and asks for just 2:1",
    )
