"""Custom networks: stated links, ports by name, figures measured on the instance, refusals."""

from __future__ import annotations

import random
from pathlib import Path

import networkx as nx
import pytest
import yaml

from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.golden.test_published_families import DESIGNS, PUBLISHED
from tests.support import networks
from tests.unit.test_plan_verify_direct import dropped, rows, swapped, told


def text_of(links: str, tier: str = ", count = 4", kind: str = "custom") -> str:
    return networks.text_of(kind, "", tier=tier).replace(
        "connect router -- router ", f"{links}\nconnect router -- router "
    )


def links_of(plan: Plan) -> list[tuple[str, str, str, str]]:
    """Return the links between switches: device and port of both ends, without the prefix of their names."""
    ports: dict[int, tuple[str, ...]] = {}
    found = []
    for row in range(len(plan.links.segment)):
        if not plan.segments[int(plan.links.segment[row])].dimension:
            continue
        ends = []
        for device, port in (
            (plan.links.a_device, plan.links.a_port),
            (plan.links.z_device, plan.links.z_port),
        ):
            group = int(plan.devices.group[device[row]])
            names = ports.setdefault(group, tuple(plan.groups[group].ports.name))
            ends += [plan.devices.name[device[row]].removeprefix("net-router"), names[port[row]]]
        found.append((ends[0], ends[1], ends[2], ends[3]))
    return found


def test_links_take_the_lowest_ports_in_the_order_written() -> None:
    plan = networks.plan_of(
        text_of("connect router[3] -- router[4]\nconnect router[1] -- router[2, 3] { parallel = 2 }")
    )
    assert links_of(plan) == [
        ("003", "2/1", "004", "2/1"),
        ("001", "2/1", "002", "2/1"),
        ("001", "2/2", "002", "2/2"),
        ("001", "3/1", "003", "2/2"),
        ("001", "3/2", "003", "3/1"),
    ]


def test_named_ports_are_the_ports() -> None:
    links = """connect router[1] -- router[2] { from_ports = ["10/2", "10/1"], to_ports = ["31/1", "7/2"] }
    connect router[4] -- router[3] { to_ports = ["8/1"] }
    connect router[2] -- router[3]"""
    plan = networks.plan_of(text_of(links))
    assert links_of(plan) == [
        ("001", "10/2", "002", "31/1"),
        ("001", "10/1", "002", "7/2"),
        ("003", "8/1", "004", "7/1"),
        ("002", "7/1", "003", "7/1"),
    ]
    assert verify(plan) == []


def test_a_set_with_itself_is_a_full_mesh() -> None:
    plan = networks.plan_of(text_of("connect router[1..4] -- router[1..4]"))
    (fabric,) = plan.fabrics
    assert (fabric.dimensions[0].links, fabric.hops, fabric.disjoint_paths) == (6, 2, 3)


def test_links_by_a_rule() -> None:
    plan = networks.plan_of(
        text_of(
            "for i in 1..8 { connect router[i] -- router[mod(i, 8) + 1], "
            "connect router[i] -- router[mod(i + 2, 8) + 1] }",
            "",
        )
    )
    (fabric,) = plan.fabrics
    assert (fabric.counts, fabric.dimensions[0].links, fabric.hops, fabric.bisection_mbps) == ((8,), 16, 3, None)


@pytest.mark.parametrize("seed", range(20))
def test_figures_are_those_of_the_graph(seed: int) -> None:
    rng = random.Random(seed)
    size = rng.randint(2, 9)
    pairs = [(i, rng.randrange(1, i)) for i in range(2, size + 1)]
    pairs += [(a, z) for a, z in (rng.sample(range(1, size + 1), 2) for _ in range(rng.randint(0, 12)))]
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    stated: dict[tuple[int, int], int] = {}
    for a, z in dict.fromkeys(pairs):
        stated[a, z] = rng.randint(1, 2)
        graph.add_edges_from([(a, z)] * stated[a, z])
    lines = "\n".join(f"connect router[{a}] -- router[{z}] {{ parallel = {n} }}" for (a, z), n in stated.items())
    (fabric,) = networks.plan_of(text_of(lines, "")).fabrics
    weighted = nx.Graph()
    for a, z in graph.edges():
        weighted.add_edge(a, z, weight=graph.number_of_edges(a, z))
    assert fabric.hops == nx.diameter(nx.Graph(graph)) + 1
    assert fabric.disjoint_paths == nx.stoer_wagner(weighted)[0]
    assert fabric.dimensions[0].links == graph.number_of_edges()


def test_exchanged_and_missing_cables_are_told() -> None:
    plan = networks.plan_of(text_of("for i in 1..8 { connect router[i] -- router[mod(i, 8) + 1] }", ""))
    links = rows(plan, "link")
    message = "fabric net: the 8 pairs of switches that have links are not those that the design states"
    assert told(swapped(plan, links[0], links[4])) == [message]
    assert told(dropped(plan, links[0])) == ["fabric net: dimension link has 7 links, its shape 8"]


REFUSALS = [
    ("", "`net` is of kind custom, and states no link"),
    ("connect router[1] -- router[5]", "`net` has 4 routers, numbered from 1: there is no router 5"),
    ("connect router[0] -- router[1]", "`net` has 4 routers, numbered from 1: there is no router 0"),
    ("connect router[2] -- router[2]", "router 2 of `net` is linked to itself"),
    ("connect router[1, 2] -- router[2, 3]", "router 2 of `net` is linked to itself"),
    ("connect router[1] -- router[2, 3, 2]", "router 2 of `net` is named twice at one end"),
    ("connect router[1] -- router[2, 3]", "no path leads from router 1 to router 4 in `net`"),
    (
        'connect router[1] -- router[2..4]\nconnect router[1] -- router[2] { from_ports = ["99/1"] }',
        "`qm9700` has no port `99/1` (did you mean `19/1`, `29/1` or `9/1`?)",
    ),
    (
        'connect router[1] -- router[2..4] { from_ports = ["9/1"] }',
        "ports are named for one switch at each end, and this `connect` names 3 pairs",
    ),
    (
        'connect router[1] -- router[2] { from_ports = ["9/1"], to_ports = ["9/1", "9/2"] }',
        "`to_ports` names 2 ports for 1 link",
    ),
    (
        'connect router[1] -- router[2] { from_ports = ["9/1"] }\n'
        'connect router[1] -- router[3] { from_ports = ["9/1"] }',
        "port `9/1` of router 1 in `net` has two links",
    ),
    ("connect router[1] -- router", "both ends of stated links name switches of one tier by number"),
    (
        "connect router[1] -- router[2] { splices = 3 }",
        "`splices` is said of all links between switches of `router`, not of some",
    ),
    ("connect router[1] -- router[2] { parallel <= 3 }", "the number of stated links is decided with `=`"),
]


@pytest.mark.parametrize(("links", "message"), REFUSALS)
def test_refusals(links: str, message: str) -> None:
    assert [each[:2] for each in networks.errors_of(text_of(links))] == [("link-not-possible", message)]


def test_more_links_than_ports() -> None:
    found = networks.errors_of(text_of("connect router[1..4] -- router[1..4] { parallel = 30 }"))
    message = "router 1 of `net` has 90 links, and a `qm9700` 64 ports"
    assert [each[:2] for each in found] == [("radix-exceeded", message)]


def test_other_kinds_have_links_of_their_own() -> None:
    message = "numbers of switches say nothing about a fabric of kind ring: its links follow from its kind"
    found = networks.errors_of(text_of("connect router[1] -- router[2]", kind="ring"))
    assert [each[:2] for each in found] == [("attribute-not-of-kind", message)]


def test_all_links_have_no_ports_by_name() -> None:
    text = networks.text_of("ring", "", connect=', from_ports = ["1/1"]')
    message = "`from_ports` says nothing about all links between `router` and `router`"
    assert [each[:2] for each in networks.errors_of(text)] == [("attribute-not-of-kind", message)]


def test_ports_on_cages_that_the_author_gave_to_endpoints() -> None:
    tier = ", count = 4, seat { side = down, cages = 1..8 }, seat { side = up, cages = 9..16 }"
    links = 'connect router[1] -- router[2..4]\nconnect router[2] -- router[3] { from_ports = ["3/1"] }'
    found = networks.errors_of(text_of(links, tier))
    assert [each[:2] for each in found] == [
        ("link-not-possible", "port `3/1` of `qm9700` is not among those to other switches in `net`")
    ]


ORACLE = {1: "R1-U24", 2: "R2-U24", 3: "R1-U18", 4: "R2-U18", 5: "R1-U1", 6: "R2-U1"}


def test_oracle_two_racks_port_by_port() -> None:
    table: Path = PUBLISHED / "oracle-two-rack-cabling.yaml"
    if not table.is_file():
        pytest.skip(f"no published tables in {PUBLISHED}")
    expected = {(a, z, length) for a, z, length in yaml.safe_load(table.read_text(encoding="utf-8"))["expected"]}
    plan = networks.plan_of((DESIGNS / "oracle-two-rack-custom.optd").read_text(encoding="utf-8"))
    rows = [row for row, at in enumerate(plan.links.segment.tolist()) if plan.segments[at].dimension]
    found = set()
    for (a, a_port, z, z_port), row in zip(links_of(plan), rows, strict=True):
        ends = [f"{ORACLE[int(name[-1])]}-{port[:-1]}{port[-1].upper()}" for name, port in ((a, a_port), (z, z_port))]
        found.add((ends[0], ends[1], f"{int(plan.links.ordered_mm[row]) // 1000}m"))
    assert found == expected
