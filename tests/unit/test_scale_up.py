"""Scale-up networks: counts against graphs, checks of parts and domains, planted faults."""

from __future__ import annotations

import random
from dataclasses import replace
from math import prod
from typing import Any

import networkx as nx
import pytest

from optidsl.catalog.scale_up import inside_links
from optidsl.plan.explain import explain
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.statistics import statistics, summary
from optidsl.plan.verify import verify
from tests.support import networks

TEXT = """optd 1
server_model box {{
  gpus  = {gpus}
  units = 1U
  scale_up nvlink {{ {scale_up} }}
}}
design d {{
  site dc {{
    hall h {{
      row_pitch  = 3m
      rack_pitch = 600mm
      tray {{ drop = 500mm }}
      row r {{ rack k[1..4] {{ units = 48U }} }}
    }}
  }}
  node n[1..{nodes}] {{
    model = box
    place {{ at = dc.h.r.k, per_rack = {per_rack} }}
  }}
  {domain}
}}
"""
NVL72 = "scale_up_domain nvl72 { nodes = n, per_domain = 18, switches = 18, switch_ports = 72, within = rack }"


def text_of(
    scale_up: str = "links = 18, rate = 400Gbps",
    domain: str = NVL72,
    *,
    gpus: int = 4,
    nodes: int = 36,
    per_rack: int = 18,
) -> str:
    return TEXT.format(gpus=gpus, scale_up=scale_up, nodes=nodes, per_rack=per_rack, domain=domain)


PLAN = networks.plan_of(text_of())


@pytest.mark.parametrize("seed", range(30))
def test_links_of_a_grid_are_those_of_the_graph(seed: int) -> None:
    rng = random.Random(seed)
    dims = tuple(rng.randint(1, 5) for _ in range(rng.randint(1, 3)))
    for kind in ("mesh", "torus"):
        graph = nx.grid_graph(dims[::-1], periodic=kind == "torus")
        graph.remove_edges_from(list(nx.selfloop_edges(graph)))
        assert inside_links(kind, prod(dims), 6, dims) == graph.number_of_edges()


@pytest.mark.parametrize("seed", range(20))
def test_links_of_switches_and_of_a_full_mesh(seed: int) -> None:
    rng = random.Random(seed)
    gpus, parallel = rng.randint(2, 16), rng.randint(1, 4)
    assert inside_links("full_mesh", gpus, parallel * (gpus - 1), ()) == parallel * gpus * (gpus - 1) // 2
    assert inside_links("switched", gpus, parallel, ()) == parallel * gpus


def test_a_rack_of_72_gpus() -> None:
    (own,) = statistics(PLAN).scale_up
    assert (own.domains, own.servers, own.gpus, own.links, own.links_per_switch) == (2, 18, 72, 1296, 72)
    assert (own.gpu_tbytes, own.domain_tbytes, own.open_ends) == (1.8, 129.6, 0)
    assert "2 domains of 72 GPUs, 1,296 links each to 18 switch chips, 72 a chip" in summary(PLAN)


def test_it_is_explained() -> None:
    text = explain(PLAN, "nvl72") or ""
    assert "a GPU         18 links of 400 Gbit/s in each direction" in text
    assert "a chip        72 links of 72" in text
    assert "stands        within one rack" in text


def test_it_travels_in_the_plan() -> None:
    assert load(dump(PLAN)).scale_up == PLAN.scale_up


def test_a_plan_without_one_does_not_mention_it() -> None:
    plan = networks.plan_of(text_of("links = 18", domain=""))
    assert plan.scale_up == ()
    assert "scale_up" not in dump(plan)
    assert "scale_up" not in statistics(plan).to_json()


def test_links_inside_a_server_make_a_domain_of_each() -> None:
    plan = networks.plan_of(text_of("links = 18, switches = 4, rate = 400Gbps", domain="", gpus=8))
    (own,) = plan.scale_up
    assert (own.name, own.domains, own.gpus, own.links, own.switches) == ("n.nvlink", 36, 8, 144, 4)


def test_a_cube_of_a_torus_has_ends_that_lead_out() -> None:
    """64 chips of six links: 144 inside, and the 96 ends of six faces of 16."""
    plan = networks.plan_of(text_of("kind = mesh, dims = [4, 4, 4], links = 6", domain="", gpus=64, nodes=1))
    (own,) = statistics(plan).scale_up
    assert (own.links, own.open_ends, own.gpu_tbytes) == (144, 96, None)
    assert "a mesh 4 x 4 x 4 of 144 links each, 96 ends lead out; bandwidth not known" in (
        explain(plan, "n.nvlink") or ""
    )


PART_FAULTS = [
    ("kind = torus, dims = [3]", 4, "box: a torus of [3] does not have the 4 GPUs of the server"),
    ("kind = mesh", 4, "box: a mesh of [] does not have the 4 GPUs of the server"),
    ("links = 2, dims = [2, 2]", 4, "box: scale_up nvlink is switched, and `dims` is of a mesh or torus"),
    ("rate = 400Gbps", 4, "box: scale_up nvlink does not state the `links` of a GPU"),
    ("kind = full_mesh, links = 7, switches = 2", 8, "box: scale_up nvlink is a full_mesh, which has no switches"),
    ("kind = full_mesh, links = 8", 8, "box: 8 links of a GPU do not divide over the other 7"),
    ("links = 18, switches = 5", 8, "box: 144 links do not divide over 5 switch chips"),
    ("links = 18, switches = 4, switch_ports = 32", 8, "box: a switch chip takes 32 links, and 36 lead to it"),
    ("kind = torus, dims = [4, 4, 4], links = 5", 64, "box: 64 GPUs of 5 links have too few for a torus"),
]


@pytest.mark.parametrize(("scale_up", "gpus", "message"), PART_FAULTS)
def test_parts_that_contradict_themselves(scale_up: str, gpus: int, message: str) -> None:
    found = networks.errors_of(text_of(scale_up, domain="", gpus=gpus))
    assert [(name, text) for name, text, _ in found] == [("part-inconsistent", message)]


REFUSALS = [
    (
        text_of(nodes=35),
        "domain-not-possible",
        "35 servers of `n` do not make whole domains of 18",
        ("declare 18 or 36 of them",),
    ),
    (
        text_of(domain=NVL72.replace("switches = 18", "switches = 17")),
        "domain-not-possible",
        "1,296 links of a domain of `nvl72` do not divide over 17 switch chips",
        ("16 or 18 would work",),
    ),
    (
        text_of(domain=NVL72.replace("switch_ports = 72", "switch_ports = 64")),
        "domain-not-possible",
        "a switch chip of `nvl72` has 72 links and takes 64: 8 too many",
        ("21 chips would take them, or smaller domains",),
    ),
    (
        text_of("links = 18, switches = 2"),
        "domain-not-possible",
        "`box` has a scale-up network that ends in the server, and `nvl72` joins the links of its GPUs outside it",
        ("state `scale_up NAME { links = …, rate = … }` in the server model, without `switches`",),
    ),
    (
        text_of(domain=NVL72 + "\n  " + NVL72.replace("nvl72", "other")),
        "domain-not-possible",
        "`n` is in another domain already",
        ("a domain takes a whole declaration: declare these nodes in a family of their own",),
    ),
    (
        text_of(per_rack=17),
        "domain-apart",
        "2 domains of `nvl72` do not stand within one rack: n-1 in r-k-1, n-18 in r-k-2",
        ("set `per_rack = 18` in the `place` of the nodes, in racks with room for as many",),
    ),
]


@pytest.mark.parametrize(("text", "name", "message", "helps"), REFUSALS)
def test_refusals(text: str, name: str, message: str, helps: tuple[str, ...]) -> None:
    assert networks.errors_of(text) == [(name, message, helps)]


def test_a_row_may_hold_a_domain_of_several_racks() -> None:
    plan = networks.plan_of(text_of(domain=NVL72.replace("within = rack", "within = row"), per_rack=9))
    assert plan.scale_up[0].within == "row"


# ------------------------------------------------------------------ planted faults


def changed(**changes: Any) -> Plan:
    return replace(PLAN, scale_up=(PLAN.scale_up[0].model_copy(update=changes),))


def moved() -> Plan:
    rack = PLAN.devices.rack.copy()
    rack[17] = 1
    return replace(PLAN, devices=replace(PLAN.devices, rack=rack))


FAULTS = [
    (changed(domains=3), "3 domains of 18 servers are not the 36 of n"),
    (changed(gpus=64), "a domain states 64 GPUs, its servers have 72"),
    (changed(links=1200), "a domain states 1200 links, its GPUs make 1296"),
    (changed(switches=17), "1296 links do not divide over 17 switch chips"),
    (changed(switch_ports=64), "1296 links do not fit 18 switch chips of 64"),
    (moved(), "the servers from n-1 on do not stand within one rack"),
]


def test_a_good_plan_has_no_findings() -> None:
    assert verify(PLAN) == []


def test_a_group_that_is_not_there_damages_the_plan() -> None:
    assert [each.message for each in verify(changed(group=7))] == ["the plan is damaged: scale_up.0 names group 7 of 1"]


@pytest.mark.parametrize(("plan", "message"), FAULTS, ids=range(len(FAULTS)))
def test_planted_fault_is_named(plan: Plan, message: str) -> None:
    told = [each.message for each in verify(plan) if each.name == "domain-mismatch"]
    assert f"scale-up nvl72: {message}" in told
