"""Stated trees: k-ary fat trees and XGFTs. Their algebra equals what is measured on the graph of their links."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optidsl.fabric import synthesize
from optidsl.fabric.fat_tree import k_ary
from optidsl.fabric.tables import FabricTables
from optidsl.fabric.xgft import Xgft
from optidsl.sema.design import Design
from optidsl.sema.slot import Slot
from tests.support import designs, fabric_laws, trees
from tests.support.designs import at_most, decided


def built(design: Design) -> FabricTables:
    ctx = designs.context()
    tables = synthesize(design, ctx)
    assert tables is not None, designs.messages(ctx)
    return tables


def refused(design: Design) -> tuple[str, str, tuple[str, ...]]:
    ctx = designs.context()
    assert synthesize(design, ctx) is None
    found = designs.only(ctx)
    return found.name, found.message, found.helps


def check(tables: FabricTables, tree: Xgft, planes: int = 1) -> None:
    """The counts, links, paths and degrees of the graph are those of the algebra."""
    (shape,) = tables.shapes
    graph = trees.switches(tables)
    levels = [[s for s in graph if graph.nodes[s]["level"] == level + 1] for level in range(tree.tiers)]
    assert tuple(len(each) // planes for each in levels) == tree.counts == tuple(c // planes for c in shape.counts)
    assert graph.number_of_edges() == sum(tree.links) * planes
    for level, each in enumerate(levels):
        assert {sum(graph.nodes[n]["level"] == level + 2 for n in graph[s]) for s in each} == {
            (*tree.parents, 0)[level]
        }
        below = tree.children[level] if level else 0
        assert {sum(graph.nodes[n]["level"] == level for n in graph[s]) for s in each} == {below}
    if planes == 1 and len(levels[0]) > 1 and min(tree.children) > 1:
        farthest, counts = trees.shortest_paths(graph, levels[0])
        assert farthest + 1 == shape.hops
        assert counts == {tree.paths}
    fabric_laws.check_ports(tables)
    fabric_laws.check_evenness(tables)


def drawn(seed: int) -> Xgft:
    """Return a small tree of one to three tiers."""
    rng = random.Random(seed)
    tiers = rng.randint(1, 3)
    children = tuple(rng.randint(1, 4) for _ in range(tiers))
    parents, parallel = (tuple(rng.randint(1, 3) for _ in range(tiers - 1)) for _ in range(2))
    return Xgft(children, parents, parallel)


@pytest.mark.parametrize("seed", range(40))
def test_an_xgft_is_what_its_algebra_says(seed: int) -> None:
    tree = drawn(seed)
    nodes = random.Random(seed + 1000).randint(1, tree.endpoints)
    stated = {"children": tree.children, "parents": (1, *tree.parents)}
    check(built(trees.design_of("xgft", 24, tree.tiers, nodes, stated, parallel=tree.parallel)), tree)


@pytest.mark.parametrize("seed", range(20))
def test_a_k_ary_tree_is_what_its_algebra_says(seed: int) -> None:
    rng = random.Random(seed)
    k, tiers = 2 * rng.randint(1, 4), rng.randint(1, 3)
    tree = k_ary(k, tiers)
    check(built(trees.design_of("fat_tree", 9, tiers, rng.randint(1, tree.endpoints), {"k": k})), tree)


def test_an_endpoint_with_two_leaves_is_in_two_planes() -> None:
    tree = Xgft((2, 3), (2,), (1,))
    stated = {"children": (2, 3), "parents": (2, 2)}
    tables = built(trees.design_of("xgft", 8, 2, 6, stated, server=designs.plain_server(2), planes=2))
    check(tables, tree, planes=2)
    assert (tables.shapes[0].counts, tables.shapes[0].endpoints) == ((6, 4), 12)


# ------------------------------------------------------------------ k


@pytest.mark.parametrize("k", [4, 48, 64, 128])
def test_the_published_k_ary_trees(k: int) -> None:
    tree = k_ary(k, 3)
    assert tree.counts == (k * k // 2, k * k // 2, k * k // 4)
    assert (tree.endpoints, tree.links) == (k**3 // 4, (k**3 // 4, k**3 // 4))
    assert tree.paths == k * k // 4


def test_pods_may_be_left_out() -> None:
    base = trees.design_of("fat_tree", 8, 3, 30, {"k": 8})
    tiers = (replace(base.fabrics[0].tiers[0], count=decided(12)), *base.fabrics[0].tiers[1:])
    (shape,) = built(designs.with_fabric(base, tiers=tiers)).shapes
    assert (shape.counts, shape.down, shape.up, shape.pods) == ((12, 12, 16), (4, 4, 3), (4, 4, 0), 3)


def pruned(cores: Slot[int], **changes: Any) -> Design:
    base = trees.design_of("fat_tree", 8, 3, 128, {"k": 8})
    tiers = (*base.fabrics[0].tiers[:2], replace(base.fabrics[0].tiers[2], count=cores))
    return designs.with_fabric(base, tiers=tiers, **changes)


def test_cores_may_be_pruned() -> None:
    tables = built(pruned(decided(8), oversubscription=at_most(2)))
    (shape,) = tables.shapes
    assert (shape.counts, shape.up, shape.oversubscription) == (
        (32, 32, 8),
        (4, 2, 0),
        ((1_600_000, 1_600_000), (1_600_000, 800_000)),
    )
    fabric_laws.check_all(tables)


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (
            trees.design_of("fat_tree", 8, 3, 8, {"k": 7}),
            (
                "fat-tree-uneven",
                "a k-ary fat tree has k/2 ports up and k/2 down in every switch, and `compute` has k = 7: 6 or 8 "
                "would work",
                ("set `k = 8`",),
            ),
        ),
        (
            trees.design_of("fat_tree", 9, 3, 8, {"k": 10}),
            (
                "radix-exceeded",
                "`compute` needs switches of k = 10 ports, and a `radix9` of tier `leaf` has 9 at 400 Gbit/s: 1 too "
                "few",
                ("set `k = 8` or less, or name a model with more ports",),
            ),
        ),
        (
            trees.design_of("fat_tree", 8, 2, 33, {"k": 8}),
            (
                "endpoints-exceeded",
                "`compute` has 33 endpoint ports, and a fat tree of k = 8 and 2 tiers has room for 32: 1 too many",
                ("set `k = 10` or more, or declare a third tier",),
            ),
        ),
        (
            pruned(decided(10)),
            (
                "count-not-possible",
                "tier `core` of `compute` has up to 16 switches in steps of 4, and asks for 10: 8 or 12 would work",
                ("set `count = 12`, or leave it out: then it is 16",),
            ),
        ),
        (
            pruned(decided(8)),
            (
                "oversubscription-not-met",
                "`compute` comes to 2:1 (1:1 x 2:1), and at most 1:1 is asked for",
                ("write `oversubscription <= 2:1`, or give the tiers above more switches",),
            ),
        ),
        (
            trees.design_of("xgft", 8, 2, 4, {"children": (4,), "parents": (1, 2)}),
            (
                "dims-not-possible",
                "`children` of `compute` is [4], and its 2 tiers need a positive number each, the leaf's first",
                ("write 2 numbers",),
            ),
        ),
        (
            trees.design_of("xgft", 8, 2, 4, {"children": (4, 4), "parents": (2, 2)}),
            (
                "dims-not-possible",
                "`parents` of `compute` gives an endpoint 2 leaves, and `planes` is 1: each leaf of an endpoint is in "
                "a plane of its own",
                ("set `planes = 2`, or begin `parents` with 1",),
            ),
        ),
        (
            trees.design_of("xgft", 8, 2, 17, {"children": (4, 4), "parents": (1, 2)}),
            (
                "endpoints-exceeded",
                "`compute` has 17 endpoint ports, and its 4 leaves of 4 take 16: 1 too many",
                ("set `children = [4, 5]`",),
            ),
        ),
        (
            trees.design_of("xgft", 8, 2, 4, {"children": (6, 4), "parents": (1, 3)}),
            (
                "radix-exceeded",
                "tier `leaf` of `compute` needs 6 ports down and 3 up: 9 cages of a `radix8`, which has 8: 1 too many",
                ("name a model with more ports, or make the tree narrower",),
            ),
        ),
        (
            designs.with_fabric(
                trees.design_of("xgft", 8, 2, 4, {"children": (4, 4), "parents": (1, 2)}), oversubscription=at_most(1)
            ),
            (
                "oversubscription-not-met",
                "`compute` comes to 2:1 (2:1), and at most 1:1 is asked for",
                ("write `oversubscription <= 2:1`, or give the tiers above more switches",),
            ),
        ),
    ],
    ids=["odd", "radix", "room", "steps", "pruned", "few numbers", "two leaves", "many nodes", "narrow", "ratio"],
)
def test_impossible_trees(design: Design, expected: tuple[str, str, tuple[str, ...]]) -> None:
    assert refused(design) == expected


# ------------------------------------------------------------------ dealt in turn


@pytest.mark.parametrize("seed", range(30))
def test_uneven_uplinks_are_dealt_in_turn(seed: int) -> None:
    rng = random.Random(seed)
    leaves, up, spines = rng.randint(2, 9), rng.randint(2, 12), rng.randint(2, 8)
    spines = min(spines, up)
    base = designs.design(
        [designs.node_group("host", designs.plain_server(), leaves * up)],
        [
            designs.fabric(
                "clos",
                [(0, "compute")],
                [
                    designs.tier("leaf", designs.radix_switch(24), count=decided(leaves)),
                    designs.tier("spine", designs.radix_switch(120), count=decided(spines)),
                ],
            )
        ],
    )
    connects = tuple(replace(c, uneven=1) if c.z == "spine" else c for c in base.fabrics[0].connects)
    tables = built(designs.with_fabric(base, connects=connects))
    fabric_laws.check_ports(tables)
    fabric_laws.check_reach(tables)
    mask = tables.links.segment == 1
    for ends in (tables.links.z_device[mask],):
        used = np.unique(ends, return_counts=True)[1]
        assert len(used) == spines
        assert used.max() - used.min() <= 1
        assert used.max() <= tables.shapes[0].down[1]
    pairs = np.stack([tables.links.a_device[mask], tables.links.z_device[mask]])
    each = np.unique(pairs, axis=1, return_counts=True)[1]
    assert len(each) == leaves * spines
    assert each.max() - each.min() <= 1


def test_three_units_of_a_superpod_need_twelve_spines_where_links_may_be_uneven() -> None:
    base = designs.superpod(3)
    assert built(base).shapes[0].counts == (24, 16)
    connects = tuple(replace(c, uneven=1) if c.z == "spine" else c for c in base.fabrics[0].connects)
    assert built(designs.with_fabric(base, connects=connects)).shapes[0].counts == (24, 12)
