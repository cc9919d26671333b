"""What a plan knows of cages: pipelines, splits, co-packaged optics; the verifier counts them itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optidsl.emit.report.summary import summary_md
from optidsl.plan.explain import explain
from optidsl.plan.failure_domains import failure_domains
from optidsl.plan.model import Plan, PlanFact, PlanPart
from optidsl.plan.statistics import summary
from optidsl.plan.verify import verify
from tests.support import cages

PIPED = """switch_model piped {
  protocols = [ethernet]
  cages     = 8
  lanes     = 8x100Gbps
  accepts   = [osfp]
  breakout  = [1x800Gbps, 2x400Gbps, 8x100Gbps]
  max_ports = 40
  port_name = "Ethernet{{lane}}"
  pipeline { cages = 2, max_ports = 10 }
  split { cages = 1..8 }
}
"""
EIGHT = (
    PIPED
    + cages.server("100Gbps", "1x100Gbps", "qsfp112")
    + cages.module("near", "osfp", "8x100Gbps", 17, "100g-x", bores=8)
    + cages.module("far", "qsfp112", "1x100Gbps", 4, "100g-x")
)
LEAF = "    tier leaf { model = %s }\n    connect endpoints -- leaf { length = 5m }\n"

CPO = """switch_model cpo {
  protocols = [ethernet]
  cages     = 16
  lanes     = 8x100Gbps
  accepts   = [cpo-engine]
  breakout  = [2x400Gbps]
  port_name = "Ethernet{{lane}}"
  power_max = 2kW
  engine { ports = 8 }
  laser  { ports = 4 }
}
"""
BUILT_IN = (
    CPO
    + cages.server("400Gbps", "4x100Gbps", "qsfp112")
    + cages.module("inner", "cpo-engine", "8x100Gbps", None, "400g-fr4", bores=2, more="  built_in = true\n")
    + cages.module("outer", "qsfp112", "4x100Gbps", 9, "400g-fr4")
)


def plan_of(text: str) -> Plan:
    plan, errors = cages.compiled(text)
    assert plan is not None, [error.message for error in errors]
    return plan


def piped() -> Plan:
    return plan_of(cages.design(24, LEAF % "piped", EIGHT))


def cpo(nodes: int = 12) -> Plan:
    return plan_of(cages.design(nodes, LEAF % "cpo", BUILT_IN))


def with_facts(plan: Plan, name: str, **facts: PlanFact) -> Plan:
    part: PlanPart = plan.parts[name]
    changed = part.model_copy(update={"facts": {**part.facts, **facts}})
    return replace(plan, parts={**plan.parts, name: changed})


def stated(value: int | tuple[int, ...] | tuple[str, ...]) -> PlanFact:
    return PlanFact(value=value, source="", confidence="design")


def test_neighbours_of_a_full_cage_idle() -> None:
    plan = piped()
    assert cages.cages_of(plan, "f.leaf", "down") == [1, 3, 5]
    assert verify(plan) == []
    facts = plan.parts["piped"].facts
    assert facts["pipeline"].value == (0, 0, 1, 1, 2, 2, 3, 3)
    assert facts["pipeline_max_ports"].value == (10, 10, 10, 10)
    assert facts["split_cages"].value == tuple(range(1, 9))


def test_the_pipeline_is_named_where_it_binds() -> None:
    tiers = (LEAF % "piped").replace("model = piped", "model = piped, down = 40")
    assert cages.messages(cages.design(24, tiers, EIGHT)) == [
        "radix-exceeded: tier `leaf` of `f` needs 40 ports down: 5 cages as 8x100 Gbit/s of a `piped`, of which 4 can: "
        "a pipeline serves every 2 neighbouring cages and runs at most 10 ports, and only cages 1..8 may run more "
        "than one port"
    ]


@pytest.mark.parametrize(
    ("name", "facts", "message"),
    [
        (
            "cage-ports-exceeded",
            {"pipeline_max_ports": stated((10, 8, 10, 10))},
            "f.leaf: cages 3 to 4 run 9 ports, their pipeline at most 8",
        ),
        ("cage-ports-exceeded", {"split_cages": stated((1, 5))}, "f.leaf: cage 3 runs 8 ports, on a piped it runs one"),
        ("cage-ports-exceeded", {"max_ports": stated(20)}, "f.leaf: its ports are 29, a piped runs at most 20"),
        (
            "cage-mode-unknown",
            {"breakout": stated(("1x800000", "2x400000"))},
            "f.leaf: cage 1 runs 8x100 Gbps on 8 lanes, no mode of a piped",
        ),
    ],
)
def test_planted_fault_is_named(name: str, facts: dict[str, PlanFact], message: str) -> None:
    found = verify(with_facts(piped(), "piped", **facts))
    assert (name, message) in [(each.name, each.message) for each in found]


def test_built_in_optics_are_not_bought() -> None:
    plan = cpo()
    assert {each.z_module for each in plan.classes} == {"inner"}
    assert [line.part for line in plan.bom if line.category == "transceiver"] == ["outer"]
    assert "inner" in plan.parts
    assert verify(plan) == []
    assert "optics 0.11 kW" in summary(plan)


def test_listing_built_in_optics_as_bought_is_found() -> None:
    plan = cpo()
    outer = next(line for line in plan.bom if line.part == "outer")
    wrong = outer.model_copy(update={"part": "inner", "part_number": ""})
    assert "bom-mismatch" in [found.name for found in verify(replace(plan, bom=(*plan.bom, wrong)))]


def test_what_fails_together() -> None:
    plan = cpo()
    engine, laser = failure_domains(plan)
    assert (engine.kind, engine.n_each, engine.ports, engine.links) == ("optical engine", 2, 8, 12)
    assert (laser.kind, laser.n_each, laser.ports, laser.links, laser.rate_mbps) == ("laser module", 4, 4, 8, 3_200_000)
    told = explain(plan, laser.device)
    assert told is not None
    assert "    laser module 2   Ethernet32 … Ethernet60: 4 links" in told.splitlines()
    assert "one laser module takes 4 ports: 8 links, 3,200 Gbit/s at worst" in summary(plan)
    assert "## What fails together" in summary_md(plan)


def test_other_boxes_have_no_such_section() -> None:
    plan = piped()
    assert failure_domains(plan) == ()
    assert "shared optics" not in summary(plan)
    assert "fails together" not in summary_md(plan)


def test_a_built_in_optic_suits_its_box_only() -> None:
    other = BUILT_IN.replace("accepts   = [cpo-engine]", "accepts   = [osfp]")
    plan = plan_of(cages.design(12, LEAF % "cpo", other))
    assert "inner" not in {module for each in plan.classes for module in (each.a_module, each.z_module)}
