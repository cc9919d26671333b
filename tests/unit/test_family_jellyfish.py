"""Jellyfish: random graphs that are the same everywhere, figures measured on them, refusals with what would work."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx
import numpy as np
import pytest

from optidsl.fabric.families.jellyfish import Jellyfish
from optidsl.fabric.families.measured import diameter, narrowest_cut
from optidsl.fabric.families.random_graph import regular_graph, splitmix
from tests.support import network_laws, networks


def drawn(seed: int) -> Jellyfish:
    """Draw a small random network, sparse or dense."""
    rng = random.Random(seed)
    switches = rng.randint(3, 24)
    return Jellyfish(1, switches, rng.randint(2, switches - 1), seed, rng.choice([1, 1, 2]))


@pytest.mark.parametrize("seed", range(60))
def test_algebra_is_the_graph(seed: int) -> None:
    network = drawn(seed)
    network_laws.check_algebra(network)
    graph = network_laws.graph_of(network)
    degrees = sorted(degree // network.parallel for _, degree in graph.degree())
    is_odd = network.switches * network.degree % 2
    assert degrees == sorted([network.degree] * (network.switches - 1) + [network.degree - is_odd])
    assert nx.Graph(graph).number_of_edges() * network.parallel == graph.number_of_edges()


def test_random_numbers_are_splitmix() -> None:
    """The first outputs of SplitMix64 with seed 0, as its reference implementation prints them."""
    assert [hex(number) for number in splitmix(0, 0, 2).tolist()] == ["0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4"]


def test_a_seed_names_one_graph_for_ever() -> None:
    low, high = regular_graph(8, 3, 1)
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == FIRST
    assert not all(np.array_equal(one, other) for one, other in zip(regular_graph(8, 3, 2), (low, high), strict=True))


FIRST = [(0, 2), (0, 6), (0, 7), (1, 3), (1, 4), (1, 7), (2, 3), (2, 6), (3, 5), (4, 5), (4, 6), (5, 7)]


def test_the_last_switch_keeps_a_port_free() -> None:
    network = Jellyfish(3, 245, 11)
    ties = network.links(0)
    used = np.bincount(np.concatenate([ties.a, ties.z]), minlength=245)
    assert (len(ties.a), int(used[-1]), set(used[:-1].tolist())) == (1347, 10, {11})


@pytest.mark.parametrize("seed", range(20))
def test_rings_are_joined_into_one(seed: int) -> None:
    network_laws.check_algebra(Jellyfish(1, 40, 2, seed))


@pytest.mark.parametrize("seed", range(30))
def test_measured_figures_are_those_of_the_graph(seed: int) -> None:
    """Any multigraph: the longest path and the narrowest cut."""
    rng = random.Random(seed)
    size = rng.randint(2, 14)
    links = [(i, rng.randrange(i)) for i in range(1, size)]
    links += [(a, z) for a, z in (rng.sample(range(size), 2) for _ in range(rng.randint(0, 30)))]
    a, z = (np.array([link[end] for link in links], np.int64) for end in (0, 1))
    graph = nx.MultiGraph(links)
    longest = diameter(a, z, size)
    assert longest == nx.diameter(nx.Graph(graph))
    assert narrowest_cut(a, z, size, longest) == network_laws.edge_connectivity(graph)


def test_parts_have_no_longest_path() -> None:
    a, z = np.array([0, 2]), np.array([1, 3])
    assert diameter(a, z, 4) is None
    assert diameter(a, z, 5) is None


@pytest.mark.parametrize(
    ("body", "words", "counts", "degree", "down"),
    [
        ("degree = 3", {"tier": ", count = 20, down = 1"}, 20, 3, 1),
        ("", {"tier": ", count = 15, down = 40"}, 15, 14, 40),
        ("", {"tier": ", count = 40, down = 40"}, 40, 24, 40),
        ("degree = 4", {"endpoints": 120}, 5, 4, 60),
        ("degree = 4", {"endpoints": 400}, 7, 4, 60),
    ],
)
def test_sizes(body: str, words: Any, counts: int, degree: int, down: int) -> None:
    (shape,) = networks.plan_of(networks.text_of("jellyfish", body, **words)).fabrics
    assert (shape.counts, shape.parameters, shape.down) == ((counts,), {"degree": degree, "seed": 1}, (down,))


@pytest.mark.parametrize(
    ("body", "tier", "name", "message", "help_text"),
    [
        (
            "degree = 8",
            ", count = 8",
            "degree-not-possible",
            "a switch of `net` has 8 neighbours, and there are 8 switches",
            "set `degree = 7` or less, or `count = 9`",
        ),
        (
            "degree = 1",
            ", count = 8",
            "degree-not-possible",
            "8 switches of `net` with 1 neighbour each would fall apart",
            "set `degree = 2` or more",
        ),
        (
            "",
            "",
            "degree-not-possible",
            "nothing says how large `net` is: neither its switches, nor their neighbours, nor their endpoints",
            "write `degree = …`, or `count` or `down` in tier `router`",
        ),
        (
            "degree = 3",
            ", count = 20000",
            "count-not-possible",
            "`net` has 20,000 switches, and the longest path of a random network is measured for 16,384 at most",
            "set `count = 16384` or less, or a larger `down`",
        ),
    ],
)
def test_refusals(body: str, tier: str, name: str, message: str, help_text: str) -> None:
    assert networks.errors_of(networks.text_of("jellyfish", body, tier=tier)) == [(name, message, (help_text,))]
