"""Slim Fly and PolarFly over every kind of field: the field's laws, algebra against the graph, refusals."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

from optidsl.fabric.families.galois import galois_field, prime_power
from optidsl.fabric.families.polar_fly import PolarFly
from optidsl.fabric.families.slim_fly import SlimFly, is_order
from tests.support import network_laws, networks

POWERS = [2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 19, 23, 25, 27, 29, 31, 32, 37, 41, 43, 47, 49, 53, 59, 61, 64]


def test_prime_powers() -> None:
    assert [number for number in range(66) if prime_power(number) is not None] == POWERS
    assert (prime_power(27), prime_power(64), prime_power(97)) == ((3, 3), (2, 6), (97, 1))


@pytest.mark.parametrize("order", POWERS)
def test_field_laws(order: int) -> None:
    field = galois_field(order)
    numbers = np.arange(order)
    for table, unit in ((field.add, 0), (field.mul, 1)):
        assert np.array_equal(table, table.T)
        assert np.array_equal(table[unit], numbers)
    assert all(sorted(row) == list(numbers) for row in field.add.tolist())
    assert all(sorted(row) == list(numbers) for row in field.mul[1:].tolist())
    assert sorted(field.powers.tolist()) == list(numbers[1:])
    c = min(3, order - 1)
    assert np.array_equal(field.mul[c, field.add], field.add[field.mul[c][:, None], field.mul[c][None, :]])
    assert np.array_equal(field.mul[c, field.mul], field.mul[field.mul[c][:, None], numbers[None, :]])


@pytest.mark.parametrize("order", [order for order in POWERS if 2 < order < 10])
@pytest.mark.parametrize("parallel", [(1, 1), (2, 2), (1, 3)])
def test_slim_fly_is_its_graph(order: int, parallel: tuple[int, int]) -> None:
    network = SlimFly(1, order, *parallel)
    network_laws.check_algebra(network)
    assert (network.disjoint_paths is None) == (parallel == (1, 3))


@pytest.mark.parametrize("order", [order for order in POWERS if 2 < order < 28])
def test_slim_fly_is_regular_of_diameter_two(order: int) -> None:
    network = SlimFly(1, order)
    graph = nx.Graph(network_laws.graph_of(network))
    assert set(dict(graph.degree()).values()) == {(3 * order - network.delta) // 2}
    assert graph.number_of_edges() == sum(each.links for each in network.dimensions)
    first, second = network.generators()
    assert len(set(first.tolist()) | set(second.tolist())) >= order - 1
    assert max(nx.single_source_shortest_path_length(graph, 0).values()) == 2
    assert max(nx.single_source_shortest_path_length(graph, order).values()) == 2


@pytest.mark.parametrize("order", [3, 4, 5, 7, 8, 9, 11])
def test_every_two_groups_have_two_q_links(order: int) -> None:
    network = SlimFly(1, order)
    group, ties = network.group_of(), network.links(1)
    pairs = np.unique(np.stack([group[ties.a], group[ties.z]]), axis=1, return_counts=True)[1]
    assert set(pairs.tolist()) == {2 * order}
    assert len(pairs) == order * (order - 1) // 2


def test_order_five_is_the_hoffman_singleton_graph() -> None:
    graph = nx.Graph(network_laws.graph_of(SlimFly(1, 5)))
    assert nx.girth(graph) == 5
    assert nx.could_be_isomorphic(graph, nx.hoffman_singleton_graph())
    assert nx.is_isomorphic(graph, nx.hoffman_singleton_graph())


@pytest.mark.parametrize("order", [2, 3, 4, 5, 7, 8])
@pytest.mark.parametrize("parallel", [1, 2])
def test_polar_fly_is_its_graph(order: int, parallel: int) -> None:
    network_laws.check_algebra(PolarFly(1, order, parallel))


@pytest.mark.parametrize("order", [2, 3, 4, 5, 7, 8, 9, 11, 13, 16])
def test_polar_fly_has_its_quadrics(order: int) -> None:
    graph = nx.Graph(network_laws.graph_of(PolarFly(1, order)))
    degrees = list(dict(graph.degree()).values())
    assert (degrees.count(order), degrees.count(order + 1)) == (order + 1, order**2)
    assert not any(True for _ in nx.simple_cycles(graph, 4) if len(_) == 4) if order < 5 else True


@pytest.mark.parametrize(
    ("kind", "body", "words", "counts", "order", "down"),
    [
        ("slim_fly", "order = 5", {"endpoints": 200}, 50, 5, 4),
        ("slim_fly", "", {"endpoints": 300}, 98, 7, 4),
        ("slim_fly", "", {"tier": ", count = 32"}, 32, 4, 1),
        ("polar_fly", "", {"endpoints": 300}, 73, 8, 5),
        ("polar_fly", "order = 4", {"tier": ", down = 3"}, 21, 4, 3),
    ],
)
def test_sizes(kind: str, body: str, words: Any, counts: int, order: int, down: int) -> None:
    (shape,) = networks.plan_of(networks.text_of(kind, body, **words)).fabrics
    assert (shape.counts, shape.parameters["order"], shape.down) == ((counts,), order, (down,))
    assert (shape.hops, shape.bisection_mbps) == (3, None)


@pytest.mark.parametrize(
    ("kind", "body", "tier", "name", "message", "help_text"),
    [
        (
            "slim_fly",
            "order = 6",
            "",
            "order-not-possible",
            "there is no slim_fly of order 6 for `net`: the order is a prime power from 3 on",
            "set `order = 5` or `order = 7`",
        ),
        (
            "slim_fly",
            "order = 2",
            "",
            "order-not-possible",
            "there is no slim_fly of order 2 for `net`: the order is a prime power from 3 on",
            "set `order = 3`",
        ),
        (
            "slim_fly",
            "order = 999999",
            "",
            "order-not-possible",
            "there is no slim_fly of order 999999 for `net`: the order is a prime power from 3 on",
            "set `order = 999983` or `order = 1000003`",
        ),
        (
            "polar_fly",
            "order = 100",
            "",
            "order-not-possible",
            "there is no polar_fly of order 100 for `net`: the order is a prime power",
            "set `order = 97` or `order = 101`",
        ),
        (
            "slim_fly",
            "",
            ", count = 60",
            "count-not-possible",
            "no slim_fly has the 60 switches that tier `router` of `net` asks for",
            "50 (order 5) or 98 (order 7) would work",
        ),
        (
            "slim_fly",
            "order = 43",
            "",
            "radix-exceeded",
            "a switch of `net` needs 66 ports (1 for endpoints, 23 local and 42 global), 34 cages, and a `qm9700` has "
            "32 cages of 2 ports: 2 cages too few",
            "its 65 ports to other switches leave none: set `order = 41`, or name a model with more ports",
        ),
    ],
)
def test_refusals(kind: str, body: str, tier: str, name: str, message: str, help_text: str) -> None:
    assert networks.errors_of(networks.text_of(kind, body, tier=tier)) == [(name, message, (help_text,))]


def test_orders() -> None:
    assert [number for number in range(12) if is_order(number)] == [3, 4, 5, 7, 8, 9, 11]
