"""Tori and meshes: algebra against the graph."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations
from math import prod

import numpy as np
import pytest

from optidsl.fabric.families.torus import Grid
from tests.support import network_laws


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
