"""BCubes: algebra against the graph, partial ones, refusals with what would work, planted faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest

from optidsl.diag import Sink
from optidsl.emit.registry import emit_all
from optidsl.fabric.families.bcube_network import BCube
from optidsl.plan.explain import explain
from optidsl.plan.model import Plan, PlanFabric
from optidsl.plan.verify import verify
from tests.support import networks

SIZES = [
    *(BCube(n, 2, m) for n in range(2, 7) for m in range(2, n + 1)),
    *(BCube(n, 3, m) for n in range(2, 4) for m in range(2, n + 1)),
    *(BCube(n, 1, n) for n in (2, 3, 5)),
    BCube(2, 4, 2),
]


def text_of(levels: int, *, servers: int = 16, tier: str = "", protocol: str = "ethernet", body: str = "") -> str:
    """Return the source of a BCube of servers with a port on every one of `levels` tiers."""
    text = networks.text_of("bcube", body, endpoints=servers, protocol=protocol, model="sn5600")
    tiers = "\n".join(
        f"    tier level{i} {{ model = sn5600{tier} }}\n    connect endpoints -- level{i} {{ length = 3m }}"
        for i in range(levels)
    )
    ports = "\n".join(f'    port p{i} {{ cage = "{i}" }}' for i in range(levels))
    start, end = text.index("    tier router"), text.index("    connect router -- router")
    text = text[:start] + tiers + text[text.index("\n", end) :]
    return text.replace('    port p1 { cage = "1" }', ports)


def graph_of(network: BCube) -> nx.Graph[Any]:
    """Return servers as numbers and switches as pairs of level and number."""
    graph: nx.Graph[Any] = nx.Graph()
    for level in range(network.levels):
        for server, switch in enumerate(network.switch_of(level).tolist()):
            graph.add_edge(server, (level, switch), capacity=1)
    return graph


@pytest.mark.parametrize("network", SIZES, ids=str)
def test_algebra_is_the_graph(network: BCube) -> None:
    graph = graph_of(network)
    assert graph.number_of_nodes() == network.servers + sum(network.counts)
    assert graph.number_of_edges() == network.links
    far = {s: nx.single_source_shortest_path_length(graph, s) for s in range(network.servers)}
    assert max(far[a][z] for a, z in combinations(range(network.servers), 2)) == 2 * network.diameter
    flows = [nx.maximum_flow_value(graph, 0, z) for z in range(1, network.servers)]
    assert min(flows) == network.disjoint_paths


@pytest.mark.parametrize("network", SIZES, ids=str)
def test_a_port_has_one_server(network: BCube) -> None:
    for level in range(network.levels):
        ends = set(zip(network.switch_of(level).tolist(), network.port_of(level).tolist(), strict=True))
        assert len(ends) == network.servers
        assert {switch for switch, _ in ends} == set(range(network.counts[level]))
        assert max(port for _, port in ends) < network.ports


@pytest.mark.parametrize("network", [each for each in SIZES if each.servers <= 16 and each.servers % 2 == 0], ids=str)
def test_no_even_cut_is_narrower(network: BCube) -> None:
    """All even splits of the servers; a switch carries the fewer of its links on a side."""
    at = np.stack([network.switch_of(level) for level in range(network.levels)])
    at += np.cumsum([0, *network.counts])[:-1, None]
    total = np.bincount(at.ravel(), minlength=sum(network.counts))
    least = network.links
    for half in combinations(range(1, network.servers), network.servers // 2 - 1):
        left = np.bincount(at[:, [0, *half]].ravel(), minlength=len(total))
        least = min(least, int(np.minimum(left, total - left).sum()))
    assert network.halves() == (least if network.cubes % 2 == 0 else None)


def test_published_sizes() -> None:
    """Eight-port switches, four levels: 4,096 servers, 512 switches a level (Guo et al., section 3.1)."""
    network = BCube(8, 4, 8)
    assert (network.servers, network.counts, network.diameter, network.disjoint_paths) == (4096, (512,) * 4, 4, 4)


def shape_of(levels: int, **words: Any) -> PlanFabric:
    (fabric,) = networks.plan_of(text_of(levels, **words)).fabrics
    return fabric


@pytest.mark.parametrize(
    ("levels", "words", "counts", "down"),
    [
        (2, {}, (4, 4), 4),
        (2, {"servers": 12}, (3, 4), 4),  # three of four cubes
        (2, {"servers": 12, "tier": ", down = 6"}, (2, 6), 6),
        (3, {"servers": 8}, (4, 4, 4), 2),
        (1, {"servers": 7}, (1,), 7),
    ],
)
def test_sizes(levels: int, words: Any, counts: tuple[int, ...], down: int) -> None:
    shape = shape_of(levels, **words)
    assert (shape.counts, set(shape.down), set(shape.up)) == (counts, {down}, {0})
    assert (shape.hops, shape.endpoints) == (levels, words.get("servers", 16) * levels)


def test_planes_are_cubes_of_their_own() -> None:
    plan = networks.plan_of(
        text_of(2, body="planes = 2")
        .replace("port p1", 'port x { cage = "8" }\n port p1')
        .replace('port p1 { cage = "1" }', 'port p1 { cage = "1" }\n port y { cage = "9" }')
    )
    assert plan.fabrics[0].counts == (8, 8)
    assert verify(plan) == []


def test_switches_have_numbers_of_their_own() -> None:
    numbers = [number for number in networks.plan_of(text_of(2)).devices.asn.tolist() if number]
    assert len(set(numbers)) == len(numbers) == 8


def test_it_is_explained() -> None:
    plan = networks.plan_of(text_of(2))
    text = explain(plan, "net") or ""
    assert "2 between any two servers, at least, with no link in common" in text
    assert "Port i of a server, from 0, leads to tier i" in text
    assert "why 4: 16 servers with a port on every tier, switches of 4 ports" in (explain(plan, "net.level1") or "")
    assert "forwarding time of a server" in (explain(plan, "net.latency") or "")


def test_simgrid_has_no_platform_of_servers_that_forward() -> None:
    assert (
        emit_all(networks.plan_of(text_of(2)), None, Sink()).keys().isdisjoint({"simulators/simgrid/net/platform.xml"})
    )


REFUSALS = [
    (
        text_of(2, servers=17, tier=", down = 4"),
        "endpoints-exceeded",
        "`net` has 17 servers, and a bcube of 2 tiers of switches of 4 ports is 16 servers at most: 1 too many",
        ("declare another tier (and port of a server), or set `down = 5`",),
    ),
    (
        text_of(2, servers=17),
        "endpoints-not-possible",
        "`net` has 17 servers, and a bcube of 2 tiers of switches of 5 ports is whole cubes of 5 servers, two at least",
        ("15 or 20 servers would work", "set another `down` in every tier"),
    ),
    (
        text_of(2, servers=10, tier=", down = 4"),
        "endpoints-not-possible",
        "`net` has 10 servers, and a bcube of 2 tiers of switches of 4 ports is whole cubes of 4 servers, two at least",
        ("8 or 12 servers would work", "set another `down` in every tier"),
    ),
    (
        text_of(2).replace('    port p1 { cage = "1" }\n', ""),
        "ports-not-possible",
        "a server of `net` needs one port for each of its 2 tiers, and one has 1 port",
        ("declare 1 tier, or give the server 2 ports",),
    ),
    (
        text_of(2, tier=", count = 3"),
        "count-not-possible",
        "tier `level0` of `net` has `count` 4 by its servers and tiers, and asks for 3",
        ("set `count = 4`, or leave it out",),
    ),
    (
        text_of(2)
        .replace("tier level1 { model = sn5600 }", "tier level1 { model = sn5600, down = 5 }")
        .replace("tier level0 { model = sn5600 }", "tier level0 { model = sn5600, down = 4 }"),
        "count-not-possible",
        "all switches of `net` have as many ports to servers, and its tiers ask for 4 and 5",
        ("give all tiers one `down`",),
    ),
    (
        text_of(1, servers=200),
        "radix-exceeded",
        "a switch of `net` needs 200 ports for servers, and a `sn5600` has 128: 72 too few",
        ("declare another tier (and port of a server), or name a model with more ports",),
    ),
    (
        text_of(2, protocol="infiniband").replace("sn5600", "qm9700"),
        "protocol-not-offered",
        "`net` is a bcube, whose servers forward packets for each other, and adapters of infiniband do not",
        ("set `protocol = ethernet`",),
    ),
]


@pytest.mark.parametrize(("text", "name", "message", "helps"), REFUSALS)
def test_refusals(text: str, name: str, message: str, helps: tuple[str, ...]) -> None:
    assert networks.errors_of(text) == [(name, message, helps)]


# ------------------------------------------------------------------ planted faults

PLAN = networks.plan_of(text_of(2))


def swapped(one: int, other: int) -> Plan:
    """Exchange the z plugs of two cables."""
    columns: dict[str, Any] = {}
    for name in ("z_device", "z_port"):
        column = getattr(PLAN.links, name).copy()
        column[[one, other]] = column[[other, one]]
        columns[name] = column
    return replace(PLAN, links=replace(PLAN.links, **columns))


def replugged(row: int, other: int) -> Plan:
    """Move the server's end of a cable to another server."""
    column = PLAN.links.a_device.copy()
    column[row] = column[other]
    return replace(PLAN, links=replace(PLAN.links, a_device=column))


FAULTS: list[tuple[Callable[[], Plan], str]] = [
    (lambda: swapped(0, 4), "n-4 and n-5 share net-level0001 and differ in another digit"),
    (lambda: swapped(0, 5), "n-1 and n-2 are at the same port of every tier"),
    (lambda: replugged(0, 1), "n-1 has 0 links to level0 switches, and a server of a bcube has one to every tier"),
    (
        lambda: replace(PLAN, fabrics=(PLAN.fabrics[0].model_copy(update={"hops": 3}),)),
        "the longest path crosses 2 switches, its shape says 3",
    ),
]


def test_a_good_plan_has_no_findings() -> None:
    assert verify(PLAN) == []


@pytest.mark.parametrize(("fault", "message"), FAULTS)
def test_planted_fault_is_named(fault: Callable[[], Plan], message: str) -> None:
    told = [each.message for each in verify(fault()) if each.name == "shape-mismatch"]
    assert f"fabric net: {message}" in told


def test_a_promise_of_latency_cannot_be_judged() -> None:
    """Nobody states how long a server takes to forward."""
    text = text_of(2).replace("  fabric net {", "  require net.latency <= 10us\n  fabric net {")
    ((name, message, _),) = networks.errors_of(text)
    assert name == "cannot-conclude"
    assert "forwarding time of a server" in message
