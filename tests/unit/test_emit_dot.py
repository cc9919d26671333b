"""The cabling plan as a DOT graph, read back link for link."""

from __future__ import annotations

import csv
import re
from dataclasses import replace

import pytest

from optidsl.api import compile_text
from optidsl.diag import Sink
from optidsl.emit import emit_all
from optidsl.emit.cabling import CablingEmitter
from optidsl.emit.cabling.dot import DotEmitter
from optidsl.plan.model import Plan
from tests.support import networks, splitters
from tests.support.plans import ethernet_clos, infiniband_rails

End = tuple[str, str]
Graph = tuple[dict[str, dict[str, str]], list[tuple[End, End]]]

WORD = r'"((?:[^"\\]|\\.)*)"'
NODE = re.compile(rf"  {WORD} \[ ((?:[a-z]+={WORD} )+)\]")
EDGE = re.compile(rf"  {WORD}:{WORD} -- {WORD}:{WORD}")
SAMPLES = [
    ("mose-gbnvl-l1", "swp1s0", "gb-nvl-yok-04-compute01", "enp3s0np0"),
    ("mose-gbnvl-l1", "swp1s1", "gb-nvl-yok-04-compute02", "enp3s0np0"),
]
"""The first edges of the example. Source: NVIDIA UFM Cable Validation Tool v1.6.0, "Dot File"."""


def read(text: str) -> Graph:
    """Read a graph and nothing else: every line is the head, a node, an edge or the end."""
    head, *lines, last = text.splitlines()
    assert (head, last) == ("graph network {", "}")
    nodes: dict[str, dict[str, str]] = {}
    edges: list[tuple[End, End]] = []
    for line in lines:
        edge, node = EDGE.fullmatch(line), NODE.fullmatch(line)
        if edge is not None:
            words = [re.sub(r"\\(.)", r"\1", word) for word in edge.groups()]
            edges.append(((words[0], words[1]), (words[2], words[3])))
        else:
            assert node is not None, line
            assert not edges, "a node after an edge"
            assert node[1] not in nodes
            nodes[node[1]] = dict(re.findall(rf"([a-z]+)={WORD}", node[2]))
    return nodes, edges


def dot(plan: Plan) -> str:
    return dict(DotEmitter().emit(plan))["cabling/compute.dot"]


def links_of(plan: Plan) -> set[frozenset[End]]:
    def end(device: int, port: int) -> End:
        return plan.devices.name[device], plan.groups[plan.devices.group[device]].ports.name[port]

    links = plan.links
    rows = zip(links.a_device, links.a_port, links.z_device, links.z_port, strict=True)
    return {frozenset((end(a, a_port), end(z, z_port))) for a, a_port, z, z_port in rows}


def with_ports(plan: Plan, names: list[str]) -> Plan:
    """Give the switches' ports other names."""
    groups = tuple(
        group
        if group.kind == "node"
        else group.model_copy(update={"ports": group.ports.model_copy(update={"name": tuple(names)})})
        for group in plan.groups
    )
    return replace(plan, groups=groups)


def swp(plan: Plan) -> Plan:
    n = max(len(group.ports.name) for group in plan.groups)
    return with_ports(plan, [f"swp{1 + index // 2}s{index % 2}" for index in range(n)])


def test_every_link_is_an_edge_and_nothing_else_is() -> None:
    plan = ethernet_clos()
    _, edges = read(dot(plan))
    assert len(edges) == len(plan.links.segment)
    assert {frozenset(edge) for edge in edges} == links_of(plan)


def test_the_edges_are_the_cables_of_the_cut_sheet() -> None:
    plan = ethernet_clos()
    rows = csv.DictReader(dict(CablingEmitter().emit(plan))["cabling/cables.csv"].splitlines())
    cut: set[frozenset[End]] = set()
    for row in rows:
        for a, z in zip(row["a_port"].split("+"), row["z_port"].split("+"), strict=True):
            cut.add(frozenset(((row["a_node"], a), (row["z_node"], z))))
    assert {frozenset(edge) for edge in read(dot(plan))[1]} == cut


def test_every_switch_is_a_node_with_its_role_and_servers_are_none() -> None:
    nodes, edges = read(dot(ethernet_clos()))
    assert {name: node["role"] for name, node in nodes.items()} == {
        **{f"compute-leaf-00{index}": "leaf" for index in range(1, 5)},
        **{f"compute-spine-00{index}": "spine" for index in range(1, 3)},
    }
    assert all(node["label"] == name for name, node in nodes.items())
    assert all(near in nodes for (near, _), _ in edges)


def test_edges_stand_in_the_order_of_switches_and_of_their_ports() -> None:
    plan = ethernet_clos()
    rank = {name: row for row, name in enumerate(plan.devices.name)}
    ports = plan.groups[-1].ports.name
    keys = [(rank[device], ports.index(port)) for (device, port), _ in read(dot(plan))[1]]
    assert keys == sorted(keys)


def test_names_of_ports_tell_the_operating_system() -> None:
    assert {node.get("os") for node in read(dot(swp(ethernet_clos())))[0].values()} == {"cumulus"}
    plan = ethernet_clos()
    told = {group.platform for group in plan.groups if group.kind == "switch"}
    assert {node.get("os") for node in read(dot(plan))[0].values()} == ({"sonic"} if all(told) else {None})
    bare = replace(plan, groups=tuple(group.model_copy(update={"platform": ""}) for group in plan.groups))
    assert {node.get("os") for node in read(dot(bare))[0].values()} == {None}


def test_the_published_edges_have_this_form() -> None:
    for words in SAMPLES:
        switch, port, peer, peer_port = words
        line = f'  "{switch}":"{port}" -- "{peer}":"{peer_port}"'
        match = EDGE.fullmatch(line)
        assert match is not None
        assert match.groups() == words
    edge = next(line for line in dot(swp(ethernet_clos())).splitlines() if " -- " in line)
    shape = re.compile(r'  "[a-z0-9-]+":"swp[0-9]+s[0-9]+" -- "[a-z0-9-]+":"[^"]+"')
    assert shape.fullmatch(edge)


def test_quotes_and_backslashes_in_names_come_back() -> None:
    plan = ethernet_clos()
    n = max(len(group.ports.name) for group in plan.groups)
    odd = with_ports(plan, [f'a"b\\{index}' for index in range(n)])
    assert {frozenset(edge) for edge in read(dot(odd))[1]} == links_of(odd)


def test_it_is_written_only_where_it_is_named() -> None:
    plan, sink = ethernet_clos(), Sink()
    assert not [path for path in emit_all(plan, None, sink) if path.endswith(".dot")]
    assert list(emit_all(plan, ("dot",), sink)) == ["cabling/compute.dot"]
    assert not sink.sorted()


def test_infiniband_is_refused_by_name() -> None:
    sink = Sink()
    assert emit_all(infiniband_rails(), ("dot",), sink) == {}
    (finding,) = sink.sorted()
    assert (finding.name, finding.severity) == ("emitter-not-applicable", "warning")
    assert finding.message == (
        "emitter `dot` was asked for and writes nothing: the plan holds nothing for cabling plans of Ethernet fabrics "
        "of at most three tiers as DOT graphs"
    )


def test_a_tier_without_a_word_of_the_tool_is_refused() -> None:
    plan = ethernet_clos()
    groups = tuple(group.model_copy(update={"level": group.level + 2 * (group.level > 1)}) for group in plan.groups)
    assert not DotEmitter().applies(replace(plan, groups=groups))


@pytest.mark.parametrize("kind", ["ring", "full_mesh"])
def test_switches_of_a_direct_network_are_leaves(kind: str) -> None:
    plan = networks.plan_of(
        networks.text_of(kind, "", protocol="ethernet", model="sn5600", tier=", count = 4, down = 2")
    )
    nodes, edges = read(dict(DotEmitter().emit(plan))["cabling/net.dot"])
    assert {node["role"] for node in nodes.values()} == {"leaf"}
    assert {frozenset(edge) for edge in edges} == links_of(plan)


def test_every_leg_of_a_splitter_is_an_edge() -> None:
    plan = compile_text(splitters.design(PROTOCOL="ethernet")).plan
    assert plan is not None
    assert {frozenset(edge) for edge in read(dot(plan))[1]} == links_of(plan)
