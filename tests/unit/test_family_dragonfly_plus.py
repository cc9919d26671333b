"""Dragonfly+: algebra against the graph, sizes that follow, refusals with what would work, planted faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import numpy as np
import pytest

from optidsl import pipeline
from optidsl._context import Context
from optidsl.diag import Sink
from optidsl.emit.registry import emit_all
from optidsl.fabric import synthesize
from optidsl.fabric.families.plus_network import DragonflyPlus
from optidsl.plan.explain import explain
from optidsl.plan.model import Plan, PlanFabric
from optidsl.plan.verify import verify
from tests.support import networks
from tests.support.designs import DictLoader

TIERS = """tier leaf { model = qm9700LEAF }
    tier spine { model = qm9700SPINE }
    connect endpoints -- leaf { length = 3m }
    connect leaf -- spine { length = 10mUP }
    connect spine -- spine { length = 30mGLOBAL }"""


def text_of(body: str, *, endpoints: int = 8, protocol: str = "infiniband", model: str = "qm9700", **words: str) -> str:
    """Return the source of a dragonfly+; `leaf`, `spine`, `up` and `global_` go on in the braces of those blocks."""
    text = networks.text_of("dragonfly_plus", body, endpoints=endpoints, protocol=protocol)
    tiers = TIERS
    for word in ("leaf", "spine", "up", "global_"):
        tiers = tiers.replace(word.strip("_").upper(), words.get(word, ""))
    start, end = text.index("tier router"), text.index("    connect router -- router")
    text = text[:start] + tiers + text[text.index("\n", end) :]
    return text.replace("qm9700", model)


def drawn(seed: int) -> DragonflyPlus:
    """Draw a small dragonfly+, with one or several links of a pair."""
    rng = random.Random(seed)
    leaves, spines, ports = rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 4)
    groups = rng.randint(1, spines * ports + 1) if seed % 3 else spines * ports + 1
    groups = min(groups, 9)
    links = rng.randint(1, spines * ports // (groups - 1)) if groups > 1 else 0
    return DragonflyPlus(rng.randint(1, 3), leaves, spines, rng.randint(1, 2), groups, ports, links)


def graph_of(network: DragonflyPlus) -> nx.Graph[int]:
    """Return leaves from 0 and spines after them, weights counting parallel links."""
    graph: nx.Graph[int] = nx.Graph()
    leaves, spines = network.counts
    graph.add_nodes_from(range(leaves + spines))
    up, between = network.uplink_ties(), network.global_ties()
    pairs = list(zip(up.a.tolist(), (up.z + leaves).tolist(), strict=True))
    pairs += zip((between.a + leaves).tolist(), (between.z + leaves).tolist(), strict=True)
    for a, z in pairs:
        weight = graph[a][z]["capacity"] + 1 if graph.has_edge(a, z) else 1
        graph.add_edge(a, z, capacity=weight)
    return graph


@pytest.mark.parametrize("seed", range(60))
def test_algebra_is_the_graph(seed: int) -> None:
    network = drawn(seed)
    graph = graph_of(network)
    leaves = network.counts[0]
    weights = dict(nx.get_edge_attributes(graph, "capacity"))
    inside = sum(weight for (a, _), weight in weights.items() if a < leaves)
    assert (inside, sum(weights.values()) - inside) == (network.uplinks, network.global_links)
    pairs = list(combinations(range(leaves), 2))
    far = dict(nx.all_pairs_shortest_path_length(graph))
    assert max((far[a][z] for a, z in pairs), default=0) == network.diameter
    flows = [nx.maximum_flow_value(graph, 0, z) for z in range(1, leaves)]  # any global cut parts leaf 0 from one
    assert min(flows, default=0) == network.disjoint_paths


@pytest.mark.parametrize("seed", range(60))
def test_a_port_has_one_link(seed: int) -> None:
    network = drawn(seed)
    up, between = network.uplink_ties(), network.global_ties()
    for switches, ports, most in (
        (up.a, up.a_port, network.leaf_up),
        (up.z, up.z_port, network.spine_down),
        (np.r_[between.a, between.z], np.r_[between.a_port, between.z_port], network.global_ports),
    ):
        ends = set(zip(switches.tolist(), ports.tolist(), strict=True))
        assert len(ends) == len(switches)
        assert all(0 <= port < most for _, port in ends)


@pytest.mark.parametrize("seed", range(60))
def test_stated_cuts_are_cuts_of_the_graph(seed: int) -> None:
    """Leaves of half of the groups (or half of those of each group), spines on the cheaper side."""
    network = drawn(seed)
    up, between = network.uplink_ties(), network.global_ties()
    leaf_group, spine_group = network.group_of(network.leaves), network.group_of(network.spines)
    half = network.groups // 2
    left = leaf_group < half, spine_group < half
    none = np.zeros(network.counts[1], dtype=bool)
    part = np.arange(network.counts[0]) % network.leaves < network.leaves // 2
    sides = [left, (left[0], none)] if network.groups > 1 else []
    if network.leaves > 1 and (network.groups == 1 or network.leaves % 2 == 0):
        sides.append((part, none))
    found = [(int((a[up.a] != z[up.z]).sum()), int((z[between.a] != z[between.z]).sum())) for a, z in sides]
    assert found == list(network.cuts())


def test_published_balanced_size() -> None:
    """Routers of radix 36: 18 leaves and 18 spines a group, 325 groups, 105,300 hosts (Shpiner et al., section III)."""
    network = DragonflyPlus(18, 18, 18, 1, 18 * 18 + 1, 18, 1)
    assert network.counts[0] * network.down == 105_300
    assert (network.diameter, network.disjoint_paths) == (3, 18)


def shape_of(body: str, **words: Any) -> PlanFabric:
    (fabric,) = networks.plan_of(text_of(body, **words)).fabrics
    return fabric


@pytest.mark.parametrize(
    ("body", "words", "counts", "parameters"),
    [
        ("", {"endpoints": 20}, (10, 10), {"groups": 5, "leaves_per_group": 2, "links_per_group_pair": 1}),
        ("groups = 3", {}, (6, 6), {"leaves_per_group": 2, "links_per_group_pair": 2}),
        ("spines_per_group = 4; groups = 2", {}, (8, 8), {"leaves_per_group": 4, "global_ports": 4}),
        (
            "leaves_per_group = 4; spines_per_group = 2; groups = 3; links_per_group_pair = 3",
            {},
            (12, 6),
            {"global_ports": 3},
        ),
        ("spines_per_group = 8", {"leaf": ", down = 8"}, (8, 8), {"groups": 1, "links_per_group_pair": 0}),
    ],
)
def test_sizes(body: str, words: Any, counts: tuple[int, int], parameters: dict[str, int]) -> None:
    shape = shape_of(body, **words)
    assert shape.counts == counts
    assert {name: shape.parameters[name] for name in parameters} == parameters


def test_planes_and_parallel_uplinks() -> None:
    text = text_of("groups = 2; spines_per_group = 2; planes = 2", endpoints=4, up=", parallel = 2")
    two = text.replace('port p1 { cage = "1" }', 'port p1 { cage = "1" }\n    port p2 { cage = "2" }')
    plan = networks.plan_of(two)
    (shape,) = plan.fabrics
    assert (shape.counts, shape.up, shape.endpoints) == ((8, 8), (4, 0), 8)
    assert [(each.name, each.tier, each.links) for each in shape.dimensions] == [("global", "spine", 2 * 8)]
    assert verify(plan) == []


def test_rates_of_uplinks_and_global_links_may_differ() -> None:
    """Global links at 200 Gbit/s halve what a cut between groups carries."""
    context = Context(
        DictLoader({"design.optd": text_of("groups = 3; spines_per_group = 2", global_=", rate = 200Gbps")})
    )
    static = pipeline.elaborate("design.optd", context)
    assert static is not None
    tables = synthesize(static[1], context)
    assert tables is not None
    assert [segment.rate_mbps for segment in tables.segments] == [400_000, 400_000, 200_000]
    assert tables.shapes[0].bisection_mbps == 4 * 200_000


def test_spines_have_numbers_of_their_own() -> None:
    plan = networks.plan_of(text_of("groups = 3; spines_per_group = 2", protocol="ethernet", model="sn5600"))
    numbers = [number for number in plan.devices.asn.tolist() if number]
    assert len(set(numbers)) == len(numbers) == 12


def test_it_is_explained() -> None:
    text = explain(networks.plan_of(text_of("groups = 3; spines_per_group = 2")), "net")
    assert text is not None
    assert "groups = 3, leaves_per_group = 2, spines_per_group = 2, global_ports = 2, links_per_group_pair = 2" in text
    assert "A leaf has its endpoints, then its spines in their order" in text
    assert "at least, with no link in common" in text
    assert "between any two leaves" in text
    spine = explain(networks.plan_of(text_of("groups = 3; spines_per_group = 2")), "net.spine") or ""
    assert "why 6: groups = 3, leaves_per_group = 2" in spine


def test_artefacts_need_no_tree() -> None:
    """OpenSM routes without roots; SimGrid has one zone for the spines of a group, and links between groups."""
    files = emit_all(networks.plan_of(text_of("groups = 3; spines_per_group = 2", endpoints=12)), None, Sink())
    assert "infiniband/net/root_guids.txt" not in files
    assert "routing_engine dfsssp" in files["infiniband/net/opensm.conf"].splitlines()
    platform = ElementTree.fromstring(files["simulators/simgrid/net/platform.xml"]).find("zone")
    assert platform is not None
    routes = {(each.get("src"), each.get("dst")) for each in platform.findall("zoneRoute")}
    groups = [f"net.spine.{number}" for number in (1, 2, 3)]
    assert {(one, other) for one in groups for other in groups if one != other} <= routes
    assert len(routes) == 6 + 2 * 6


def test_every_spine_has_a_session_for_each_link() -> None:
    text = text_of("groups = 3; spines_per_group = 2", protocol="ethernet", model="sn5600")
    files = emit_all(networks.plan_of(text), ("frr",), Sink())
    spine = next(text for path, text in files.items() if "net-spine001" in path)
    assert spine.count("interface peer-group FABRIC") == 2 + 2


REFUSALS = [
    (
        "groups = 10; spines_per_group = 2; global_ports = 4",
        {},
        "groups-not-possible",
        "10 groups of `net` need 9 global links each (1 to every other), and 2 spines of 4 global ports have 8: "
        "1 too few",
        "set `groups = 9` or less, or `global_ports = 5`",
    ),
    (
        "groups = 2; spines_per_group = 2",
        {"leaf": ", down = 1"},
        "endpoints-exceeded",
        "`net` has 8 endpoint ports, and its 4 leaves of 1 take 4: 4 too many",
        "set `down = 2` in tier `leaf`, or more `groups`",
    ),
    (
        "groups = 2; spines_per_group = 2",
        {"spine": ", count = 5"},
        "count-not-possible",
        "tier `spine` asks for `count` 5, and `net` has 4 of them by its parameters",
        "set `count = 4`, or leave it out: it follows from the parameters",
    ),
    (
        "groups = 2; spines_per_group = 70",
        {},
        "radix-exceeded",
        "a switch of tier `leaf` of `net` needs 1 ports for endpoints and 70 for spines, 36 cages, and a `qm9700` has "
        "32 cages",
        "ask for fewer `spines_per_group` or a smaller `down`, or name a model with more ports",
    ),
    (
        "groups = 2; spines_per_group = 2; leaves_per_group = 70",
        {},
        "radix-exceeded",
        "a switch of tier `spine` of `net` needs 70 ports for leaves and 70 for other groups, 70 cages, and a `qm9700` "
        "has 32 cages",
        "ask for fewer `leaves_per_group` or `global_ports`, or name a model with more ports",
    ),
]


@pytest.mark.parametrize(("body", "words", "name", "message", "help_text"), REFUSALS)
def test_refusals(body: str, words: Any, name: str, message: str, help_text: str) -> None:
    assert networks.errors_of(text_of(body, **words)) == [(name, message, (help_text,))]


# ------------------------------------------------------------------ planted faults

PLAN = networks.plan_of(text_of("groups = 3; spines_per_group = 2", endpoints=12))


def rows(segment: int) -> list[int]:
    return np.flatnonzero(PLAN.links.segment == segment).tolist()


def swapped(one: int, other: int) -> Plan:
    """Exchange the z plugs of two cables."""
    columns: dict[str, Any] = {}
    for name in ("z_device", "z_port"):
        column = getattr(PLAN.links, name).copy()
        column[[one, other]] = column[[other, one]]
        columns[name] = column
    return replace(PLAN, links=replace(PLAN.links, **columns))


def shaped(**changes: Any) -> Plan:
    return replace(PLAN, fabrics=(PLAN.fabrics[0].model_copy(update=changes),))


FAULTS: list[tuple[Callable[[], Plan], str]] = [
    (lambda: swapped(rows(1)[0], rows(1)[-1]), "net-leaf001 and net-spine006 are linked and are of two groups"),
    (lambda: swapped(rows(1)[0], rows(1)[3]), "net-leaf001 and net-spine002 have 2 links, others 1"),
    (lambda: swapped(rows(2)[0], rows(2)[-1]), "groups 1 and 2 have 1 links, its shape says 2 for every two"),
    (
        lambda: shaped(parameters={**PLAN.fabrics[0].parameters, "leaves_per_group": 3}),
        "its leaf switches do not form 3 groups of 3",
    ),
    (lambda: shaped(hops=3), "the longest path crosses 4 switches, its shape says 3"),
]


def test_a_good_plan_has_no_findings() -> None:
    assert verify(PLAN) == []


@pytest.mark.parametrize(("fault", "message"), FAULTS)
def test_planted_fault_is_named(fault: Callable[[], Plan], message: str) -> None:
    told = [each.message for each in verify(fault()) if each.name == "shape-mismatch"]
    assert f"fabric net: {message}" in told
