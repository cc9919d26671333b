"""Dragonflies: algebra against the graph, published sizes, refusals with what would work."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from optidsl.fabric.families.dragonfly import Dragonfly
from tests.support import network_laws


def drawn(seed: int) -> Dragonfly:
    """Draw a small dragonfly, canonical or with several links per pair of groups, its groups cliques or grids."""
    rng = random.Random(seed)
    if seed % 3 == 2:
        dims: tuple[int, ...] = (rng.randint(2, 4), rng.randint(2, 3))
    else:
        dims = (rng.randint(1, 6),)
    routers = int(np.prod(dims))
    ports = rng.randint(1, 3)
    if seed % 3 == 0:
        groups, links = routers * ports + 1, 1
    else:
        groups = rng.randint(2, routers * ports + 1)
        links = rng.randint(1, routers * ports // (groups - 1))
    parallel = tuple(rng.randint(1, 2) for _ in dims)
    return Dragonfly(rng.randint(1, 3), dims, parallel, groups, ports, links)


@pytest.mark.parametrize("seed", range(40))
def test_algebra_is_the_graph(seed: int) -> None:
    network = drawn(seed)
    network_laws.check_algebra(network)
    group = network.group_of()
    assert group is not None
    switch, stride = np.arange(network.switches), 1
    cuts = [group < network.groups // 2]
    for size in network.group_dims:
        if size > 1:
            cuts.append(switch % network.routers // stride % size < size // 2)
        stride *= size
    assert min(network_laws.crossing(network, cut) for cut in cuts) == sum(network.halves())


@pytest.mark.parametrize("seed", range(60))
def test_wide_links_leave_rows_and_groups_to_be_cut_off(seed: int) -> None:
    rng = random.Random(seed)
    dims = rng.choice([(rng.randint(1, 6),), (rng.randint(2, 3), rng.randint(2, 4))])
    groups, links = rng.randint(2, 5), rng.choice((1, 2, 3, 7, 20, 40))
    ports = -(-(groups - 1) * links // int(np.prod(dims)))
    network = Dragonfly(1, dims, tuple(rng.choice((1, 1, 2, 5, 20)) for _ in dims), groups, ports, links)
    network_laws.check_algebra(network)


def test_cuts_through_all_groups_are_not_known_of_large_dragonflies() -> None:
    assert Dragonfly(1, (8,), (1,), 64, 48, 6).disjoint_paths is None
    assert Dragonfly(1, (8,), (1,), 64, 14, 1).disjoint_paths == 14


@pytest.mark.parametrize("seed", range(20))
def test_every_two_groups_have_the_same_links(seed: int) -> None:
    network = drawn(seed)
    group = network.group_of()
    ties = network.links(len(network.dimensions) - 1)
    assert group is not None
    pairs = np.unique(np.stack([group[ties.a], group[ties.z]]), axis=1, return_counts=True)[1]
    assert set(pairs.tolist()) == {network.pair_links}
    assert len(pairs) == network.groups * (network.groups - 1) // 2


def test_canonical_diameter_is_three_hops() -> None:
    assert Dragonfly(2, (4,), (1,), 9, 2, 1).diameter == 3
    assert Dragonfly(16, (32,), (1,), 513, 16, 1).diameter == 3


def test_small_groups_with_many_links_are_cut_in_the_groups() -> None:
    """Between two groups of 4 with 64 links the 8 local links across the middles are fewer."""
    assert Dragonfly(1, (4,), (1,), 2, 16, 64).halves() == (8, 0)


def test_a_single_group_is_a_clique() -> None:
    network = Dragonfly(16, (32,), (1,), 1, 1, 0)
    assert [each.name for each in network.dimensions] == ["local"]
    assert (network.diameter, network.disjoint_paths) == (1, 31)
    assert network.halves() == (256,)
    network_laws.check_algebra(network)


def test_links_of_a_pair_are_spread_over_routers() -> None:
    """Two groups of 32 with 4 links: four routers of each group have one, not one router all four."""
    network = Dragonfly(16, (32,), (1,), 2, 16, 4)
    ties = network.links(1)
    assert len(set(ties.a.tolist())) == 4
    assert nx.is_connected(network_laws.graph_of(network))
