"""Direct networks in designs: sizes that follow, sizes that authors decide, and refusals with what would work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from optidsl.plan.explain import explain
from optidsl.plan.model import PlanFabric
from optidsl.plan.statistics import statistics, summary
from tests.support import networks


def shape_of(kind: str, body: str, **words: Any) -> PlanFabric:
    (fabric,) = networks.plan_of(networks.text_of(kind, body, **words)).fabrics
    return fabric


@pytest.mark.parametrize(
    ("kind", "body", "words", "counts", "parameters"),
    [
        ("dragonfly", "", {"endpoints": 72}, 36, {"groups": 9, "routers_per_group": 4, "global_ports": 2}),
        ("dragonfly", "", {"endpoints": 73}, 30, {"groups": 5, "routers_per_group": 6, "links_per_group_pair": 4}),
        ("dragonfly", "routers_per_group = 8", {"endpoints": 200}, 56, {"groups": 7, "global_ports": 4}),
        ("dragonfly", "global_ports = 2; groups = 3", {}, 12, {"routers_per_group": 4, "links_per_group_pair": 4}),
        ("dragonfly", "groups = 2; group_dims = [3, 2]; links_per_group_pair = 5", {}, 12, {"global_ports": 1}),
        ("dragonfly", "routers_per_group = 8", {"tier": ", down = 2"}, 8, {"groups": 1}),
        ("torus", "dims = [4, 2, 3]", {}, 24, {"dims": (4, 2, 3)}),
        ("mesh", "dims = [3]", {}, 3, {"dims": (3,)}),
    ],
)
def test_sizes(kind: str, body: str, words: Any, counts: int, parameters: dict[str, int]) -> None:
    shape = shape_of(kind, body, **words)
    assert shape.counts == (counts,)
    assert {name: shape.parameters[name] for name in parameters} == parameters
    assert shape.endpoints == words.get("endpoints", 8)
    assert shape.down[0] * counts >= shape.endpoints


def test_parallel_links_of_one_dimension() -> None:
    body = "dims = [3, 4]; connect router.y -- router.y { length = 5m, parallel = 2 }"
    shape = shape_of("torus", body)
    assert [(each.name, each.ports, each.links) for each in shape.dimensions] == [("x", 2, 12), ("y", 4, 24)]
    assert shape.disjoint_paths == 6


def test_planes_are_networks_of_their_own() -> None:
    text = networks.text_of("torus", "dims = [2, 2]; planes = 2", endpoints=4)
    two = text.replace('port p1 { cage = "1" }', 'port p1 { cage = "1" }\n    port p2 { cage = "2" }')
    (shape,) = networks.plan_of(two).fabrics
    assert (shape.counts, shape.endpoints) == ((8,), 8)
    assert [(each.name, each.links) for each in shape.dimensions] == [("x", 4), ("y", 4)]
    assert shape.bisection_mbps == 2 * 2 * 400_000


def test_every_switch_has_its_own_number() -> None:
    plan = networks.plan_of(networks.text_of("torus", "dims = [4, 4]", protocol="ethernet", model="sn5600"))
    numbers = [number for number in plan.devices.asn.tolist() if number]
    assert len(set(numbers)) == len(numbers) == 16


REFUSALS = [
    (
        "dragonfly",
        "groups = 10; routers_per_group = 4; global_ports = 2",
        {},
        "groups-not-possible",
        "10 groups of `net` need 9 global links each (1 to every other), and 4 routers of 2 global ports have 8: "
        "1 too few",
        "set `groups = 9` or less, or `global_ports = 3`",
    ),
    (
        "torus",
        "dims = [2, 2]",
        {"tier": ", down = 1"},
        "endpoints-exceeded",
        "`net` has 8 endpoint ports, and its 4 switches of 1 take 4: 4 too many",
        "set `down = 2` in tier `router`, or make the network larger",
    ),
    (
        "torus",
        "dims = [1, 1]",
        {},
        "dims-not-possible",
        "`dims` of `net` is `[1, 1]`: a grid has at least 2 switches, and 1 on every axis",
        "write the switches along each axis, as `dims = [4, 4, 4]`",
    ),
    (
        "torus",
        "dims = [4, 4]",
        {"tier": ", count = 12"},
        "count-not-possible",
        "`net` has 16 switches by its parameters, and tier `router` asks for 12",
        "set `count = 16`, or leave it out: it follows from the parameters",
    ),
    (
        "torus",
        "dims = [4, 4]",
        {"tier": ", up = 3"},
        "count-not-possible",
        "a switch of `net` has 4 ports to other switches, and tier `router` asks for 3",
        "leave `up` out: it follows from the parameters",
    ),
    (
        "dragonfly",
        "groups = 3; routers_per_group = 70",
        {},
        "radix-exceeded",
        "a switch of `net` needs 105 ports (1 for endpoints, 69 local and 35 global), 53 cages, and a `qm9700` has 32 "
        "cages of 2 ports: 21 cages too few",
        "its 104 ports to other switches leave none: set `routers_per_group = 42`, or name a model with more ports",
    ),
    (
        "torus",
        "dims = [4, 4]",
        {"tier": ", down = 62"},
        "radix-exceeded",
        "a switch of `net` needs 66 ports (62 for endpoints, 2 x and 2 y), 33 cages, and a `qm9700` has 32 cages of 2 "
        "ports: 1 cage too few",
        "set `down = 60` in tier `router`, or name a model with more ports",
    ),
    (
        "dragonfly",
        "groups = 3; group_dims = [6]",
        {},
        "dims-not-possible",
        "`group_dims` of `net` is `[6]`: a group has columns and rows, 2 of each at least",
        "write `group_dims = [16, 6]`, or `routers_per_group` for a group without rows",
    ),
    (
        "dragonfly",
        "groups = 3; group_dims = [2, 3]; routers_per_group = 5",
        {},
        "count-not-possible",
        "`net` has 5 routers a group, and `group_dims` makes 6",
        "leave `routers_per_group` out",
    ),
    (
        "torus",
        "dims = [4, 4]; connect router.y -- router.y { rate = 200Gbps }",
        {},
        "peer-rates-differ",
        "links between switches of `net` have one rate, and `x` asks for 400 Gbit/s, `y` for 200 Gbit/s",
        "give all of them one `rate`; `parallel` makes one of them wider",
    ),
]


@pytest.mark.parametrize(("kind", "body", "words", "name", "message", "help_text"), REFUSALS)
def test_refusals(kind: str, body: str, words: Any, name: str, message: str, help_text: str) -> None:
    assert networks.errors_of(networks.text_of(kind, body, **words)) == [(name, message, (help_text,))]


def test_a_direct_network_is_explained() -> None:
    plan = networks.plan_of(networks.text_of("dragonfly", "groups = 3; routers_per_group = 2; global_ports = 1"))
    text = explain(plan, "net")
    assert text is not None
    assert "parameters    groups = 3, routers_per_group = 2, global_ports = 1, links_per_group_pair = 1" in text
    assert "local         3 links, 1 ports of a switch" in text
    assert "ports         The ports of a router: endpoints, then its group, then other groups." in text
    assert "paths         2 between any two switches, at least, with no link in common" in text
    assert (explain(plan, "net.router") or "").count("why 6: groups = 3") == 1


def test_a_network_without_known_bisection_leaves_it_unknown() -> None:
    plan = networks.plan_of(networks.text_of("torus", "dims = [2, 2]"))
    fabric = plan.fabrics[0].model_copy(update={"bisection_mbps": None, "oversubscription": ()})
    found = statistics(replace(plan, fabrics=(fabric,))).fabrics[0]
    assert (found.bisection_tbps, found.oversubscription) == (None, None)
    assert "bisection not known" in summary(replace(plan, fabrics=(fabric,)))


def test_a_connect_of_links_that_there_are_not_is_refused() -> None:
    body = "dims = [3, 3, 1]; connect router.z -- router.z { length = 5m, parallel = 2 }"
    assert networks.errors_of(networks.text_of("torus", body)) == [
        (
            "link-not-possible",
            "this `connect` is about the `z` links of `net`, and by its parameters it has none",
            ("take it out, or change the parameters",),
        )
    ]
