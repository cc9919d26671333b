"""HyperX, full mesh, ring and star: algebra against the graph, sizes that follow, refusals with what would work."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from optidsl.fabric.families.hyperx import HyperX
from optidsl.fabric.families.ring import Ring, Star
from tests.support import network_laws, networks


def drawn(seed: int) -> HyperX:
    """Draw a small HyperX, its axes with unlike numbers of parallel links."""
    rng = random.Random(seed)
    dims = tuple(rng.choice([1, 2, 2, 3, 4]) for _ in range(rng.randint(1, 3)))
    return HyperX(rng.randint(1, 4), (2, *dims), tuple(rng.choice([1, 1, 2, 3, 20]) for _ in (2, *dims)))


@pytest.mark.parametrize("seed", range(40))
def test_algebra_is_the_graph(seed: int) -> None:
    network_laws.check_algebra(drawn(seed))


@pytest.mark.parametrize("seed", range(20))
def test_the_stated_cut_is_there(seed: int) -> None:
    network = drawn(seed)
    cuts = []
    for axis, size in enumerate(network.dims):
        stride = int(np.prod(network.dims[:axis]))
        side = np.arange(network.switches) // stride % size < size // 2
        if size > 1:
            cuts.append((size % 2, network_laws.crossing(network, side)))
    assert sum(network.halves()) == min(cuts)[1]


@pytest.mark.parametrize("switches", range(2, 12))
@pytest.mark.parametrize("parallel", [1, 3])
def test_small_kinds_are_their_graphs(switches: int, parallel: int) -> None:
    first_half = np.arange(switches) < switches // 2
    mesh = HyperX(1, (switches,), (parallel,), is_mesh=True)
    ring = Ring(1, switches, parallel)
    star = Star(1, switches, parallel)
    for network in (mesh, ring, star):
        network_laws.check_algebra(network)
    assert network_laws.crossing(mesh, first_half) == sum(mesh.halves())
    assert network_laws.crossing(ring, first_half) == sum(ring.halves())
    assert network_laws.crossing(star, ~first_half[::-1]) == sum(star.halves())


def test_a_star_of_one_switch_has_no_links() -> None:
    network = Star(8, 1, 2)
    assert (network.dimensions, network.diameter, network.halves()) == ((), 0, ())


def test_ports_of_an_axis_follow_the_others_in_order() -> None:
    ties = HyperX(1, (4,), (2,)).links(0)
    from_third = [(int(z), int(port)) for a, port, z in zip(ties.a, ties.a_port, ties.z, strict=True) if a == 2]
    to_third = [(int(a), int(port)) for a, z, port in zip(ties.a, ties.z, ties.z_port, strict=True) if z == 2]
    assert to_third + from_third == [(0, 0), (0, 1), (1, 2), (1, 3), (3, 4), (3, 5)]


@pytest.mark.parametrize(
    ("kind", "body", "words", "counts", "down", "hops"),
    [
        ("hyperx", "dims = [4, 3]", {}, 12, 1, 3),
        ("full_mesh", "", {}, 2, 4, 2),
        ("full_mesh", "", {"endpoints": 200}, 4, 50, 2),
        ("full_mesh", "", {"tier": ", count in [5, 6]", "endpoints": 8}, 5, 2, 2),
        ("ring", "", {"endpoints": 300}, 5, 60, 3),
        ("star", "", {}, 1, 8, 1),
        ("star", "", {"tier": ", count = 5"}, 5, 2, 3),
        ("star", "", {"tier": ", down = 4"}, 2, 4, 2),
    ],
)
def test_sizes(kind: str, body: str, words: Any, counts: int, down: int, hops: int) -> None:
    (shape,) = networks.plan_of(networks.text_of(kind, body, **words)).fabrics
    assert (shape.counts, shape.down, shape.hops) == ((counts,), (down,), hops)


REFUSALS = [
    (
        "hyperx",
        "dims = [1]",
        {},
        "dims-not-possible",
        "`dims` of `net` is `[1]`: a HyperX has at least 2 switches, and 1 on every axis",
        "write the switches along each axis, as `dims = [8, 8]`",
    ),
    (
        "full_mesh",
        "",
        {"tier": ", count = 100"},
        "radix-exceeded",
        "a full_mesh of 100 switches takes 99 ports of one to others in `net`, and a `qm9700` has none left for "
        "endpoints",
        "set `count = 63` or less, or name a model with more ports",
    ),
    (
        "full_mesh",
        "",
        {"endpoints": 1057},
        "endpoints-exceeded",
        "`net` has 1,057 endpoint ports, and a full_mesh of `qm9700` as tier `router` wants it takes 1,056 at most, on "
        "33 switches of 32",
        "name a model with more ports, or a kind that grows further, as hyperx or slim_fly",
    ),
    (
        "full_mesh",
        "",
        {"tier": ", count <= 3", "endpoints": 200},
        "endpoints-exceeded",
        "`net` has 200 endpoint ports, and a full_mesh of `qm9700` as tier `router` wants it takes 186 at most, on 3 "
        "switches of 62",
        "name a model with more ports, or a kind that grows further, as hyperx or slim_fly",
    ),
    (
        "full_mesh",
        "",
        {"connect": ", parallel = 64"},
        "radix-exceeded",
        "a full_mesh of 2 switches takes 64 ports of one to others in `net`, and a `qm9700` has none left for "
        "endpoints",
        "name a model with more ports",
    ),
    (
        "ring",
        "",
        {"tier": ", count = 1"},
        "count-not-possible",
        "`net` has 1 switch, and a ring 2 at least",
        "set `count` to 2",
    ),
]


@pytest.mark.parametrize(("kind", "body", "words", "name", "message", "help_text"), REFUSALS)
def test_refusals(kind: str, body: str, words: Any, name: str, message: str, help_text: str) -> None:
    assert networks.errors_of(networks.text_of(kind, body, **words)) == [(name, message, (help_text,))]


def test_switches_that_do_not_divide_into_planes() -> None:
    text = networks.text_of("ring", "planes = 2", tier=", count = 5")
    two = text.replace('port p1 { cage = "1" }', 'port p1 { cage = "1" }\n    port p2 { cage = "2" }')
    message = "5 switches of `net` do not divide into 2 planes"
    assert networks.errors_of(two) == [("count-not-possible", message, ("set `count` to 4 or 6",))]


def ports_of_first(scheme: str) -> list[tuple[str, int]]:
    """Return where the links of the first router of a full mesh lead, in the order of its ports."""
    plan = networks.plan_of(
        networks.text_of("full_mesh", "", tier=", count = 4", connect=f", parallel = 2{scheme}", endpoints=8)
    )
    rows = [row for row, at in enumerate(plan.links.segment.tolist()) if plan.segments[at].dimension]
    first = plan.devices.name.index("net-router001")
    found = sorted(
        (int(plan.links.a_port[row]), plan.devices.name[plan.links.z_device[row]])
        for row in rows
        if plan.links.a_device[row] == first
    )
    return [(name[-1], port) for port, name in found]


def test_ports_link_after_link() -> None:
    assert [name for name, _ in ports_of_first("")] == ["2", "2", "3", "3", "4", "4"]
    by_link = ports_of_first(", scheme = [by_link]")
    assert [name for name, _ in by_link] == ["2", "3", "4", "2", "3", "4"]
    assert [port for _, port in by_link] == [port for _, port in ports_of_first("")]


def test_ports_link_after_link_along_one_axis() -> None:
    body = "dims = [3, 3]; connect router.y -- router.y { length = 5m, parallel = 2, scheme = [by_link] }"
    plan = networks.plan_of(networks.text_of("torus", body, endpoints=9))
    (fabric,) = plan.fabrics
    assert fabric.port_scheme.endswith(" Of y, the first link to every neighbour comes before the second to any.")


@pytest.mark.parametrize(("kind", "scheme"), [("ring", "striped"), ("custom", "by_link"), ("dragonfly", "by_link")])
def test_other_orders_mean_nothing_there(kind: str, scheme: str) -> None:
    text = networks.text_of(kind, "", connect=f", scheme = [{scheme}]")
    found = networks.errors_of(text)
    message = f"`scheme` says nothing about links of a fabric of kind {kind}"
    assert [each[:2] for each in found] == [("attribute-not-of-kind", message)]
