"""Tori and meshes: algebra against the graph."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations
from math import prod

import numpy as np
import pytest

from optidsl.fabric.families.torus import Grid
from tests.support import network_laws, networks


def drawn(seed: int) -> Grid:
    rng = random.Random(seed)
    while True:
        dims = tuple(rng.randint(1, 5) for _ in range(rng.randint(1, 4)))
        if 2 <= prod(dims) <= 150:
            return Grid(1, dims, tuple(rng.randint(1, 2) for _ in dims), seed % 2 == 0)


@pytest.mark.parametrize("seed", range(40))
def test_algebra_is_the_graph(seed: int) -> None:
    network = drawn(seed)
    network_laws.check_algebra(network)
    assert sum(network.halves()) == min(network_laws.crossing(network, half) for half in halves(network))


@pytest.mark.parametrize("seed", range(40))
def test_wide_axes_leave_whole_axes_to_be_cut_off(seed: int) -> None:
    rng = random.Random(seed)
    network = drawn(seed)
    network = Grid(1, network.dims, tuple(rng.choice((1, 1, 2, 5, 100)) for _ in network.dims), network.is_closed)
    assert network_laws.edge_connectivity(network_laws.graph_of(network)) == network.disjoint_paths


def test_two_wide_switches_are_cut_off_together() -> None:
    """Of the ring of 3 by 3 with a hundred links on the third axis, a pair has 4 links of either switch around it."""
    assert Grid(1, (3, 3, 2), (1, 1, 100), True).disjoint_paths == 8
    assert Grid(1, (3, 3, 2), (1, 1, 100), False).disjoint_paths == 4  # a corner


def test_many_odd_axes_are_cut_at_once() -> None:
    network = Grid(1, (3,) * 12, (1,) * 12, True)
    assert (network.disjoint_paths, sum(network.halves())) == (24, 3**12 - 1)


def halves(network: Grid) -> Iterator[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Yield the first half of the switches in every order of the axes."""
    switch = np.arange(network.switches)
    at = [switch // prod(network.dims[:axis]) % size for axis, size in enumerate(network.dims)]
    for order in permutations(range(len(network.dims))):
        rank = np.lexsort([at[axis] for axis in order])
        half = np.zeros(network.switches, np.bool_)
        half[rank[: network.switches // 2]] = True
        yield half


def test_the_longest_axis_gives_the_cut() -> None:
    """Dally and Towles (2004), section 5.2.1: a k-ary n-cube has 2 k^(n-1) links across its middle."""
    assert sum(Grid(1, (8, 8, 8), (1, 1, 1), True).halves()) == 2 * 8 * 8
    assert sum(Grid(1, (25, 16, 24), (1, 1, 1), True).halves()) == 2 * 25 * 16
    assert sum(Grid(1, (4, 4), (1, 1), False).halves()) == 4
    assert sum(Grid(1, (101, 2), (1, 1), True).halves()) == 2 * 2 + 1  # round the ring, and through its middle layer


def test_a_grid_beyond_all_bounds_is_refused() -> None:
    for dims, total in (("[1000000000]", "1,000,000,000"), (str([2] * 40), "1,099,511,627,776")):
        text = networks.text_of("torus", f"dims = {dims}")
        assert [message for _, message, _ in networks.errors_of(text)] == [
            f"`net` has {total} switches by its parameters, and a fabric has 1,000,000 at most"
        ]
