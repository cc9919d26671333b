"""Freezing: parts with their sources, bill of material, requirements, statistics and the summary."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from optidsl.plan.bom import part_number
from optidsl.plan.model import Plan, PlanFact, PlanPart
from optidsl.plan.part_facts import plan_part
from optidsl.plan.statistics import statistics, summary
from optidsl.sema.design import Affine, Condition, Metric, Requirement
from optidsl.sema.slot import Slot
from tests.support import designs, frozen

CLOS = frozen.clos().freeze()
RAILS = frozen.rails(2).freeze()


def test_modules_are_counted_per_cage() -> None:
    """16 servers with a module each; 4 leaves with 4 + 4 ports and 2 spines with 8, two ports a module."""
    quantities = {(line.category, line.part, line.length_mm): line.quantity for line in CLOS.bom}
    assert quantities == {
        ("switch", "sn5600", 0): 6,
        ("server", "server1", 0): 16,
        ("transceiver", "sr4", 0): 16,
        ("transceiver", "sr8", 0): 24,
        ("cable", "mm-mpo", 5_000): 16,
        ("cable", "mm-mpo", 10_000): 16,
    }


def test_boxes_come_first_then_modules_then_cables() -> None:
    assert [line.category for line in CLOS.bom] == [
        "switch", "server", "transceiver", "transceiver", "cable", "cable",
    ]  # fmt: skip


def test_facts_keep_source_and_confidence() -> None:
    facts = CLOS.parts["sr4"].facts
    assert facts["reach_mm.om4"] == PlanFact(value=50_000, source="tests", confidence="design")
    assert facts["lanes"].value == (4, 100_000)
    assert facts["bores"] == PlanFact(value=1, source="", confidence="structure")
    assert "wavelength" not in facts  # nobody stated it
    assert CLOS.parts["sn5600"].facts["cage_power_mw"].value == (18_000,) * 64
    assert CLOS.parts["sn5600"].facts["breakout"].value == ("1x800000", "2x400000", "4x200000")
    assert CLOS.parts["server1"].facts["nic.compute.port_names"].value == ("eth0",)


def test_the_later_of_two_cage_limits_binds() -> None:
    from optidsl.catalog.parts import CageLimit

    limits = (
        CageLimit(1, 4, 1, designs.fact(17_000, "standard")),
        CageLimit(2, 4, 2, designs.fact(12_000, "secondary")),
        CageLimit(1, 1, 1, designs.fact(21_000)),
    )
    switch = replace(designs.switch("box", 6, [(1, 400_000)]), cage_limits=limits)
    fact = plan_part(switch).facts["cage_power_mw"]
    assert fact.value == (21_000, 12_000, 17_000, 12_000, -1, -1)
    assert fact.confidence == "secondary"


@pytest.mark.parametrize(
    ("form", "length_mm", "expected"),
    [("MFP7E30-N{m:03}", 10_000, "MFP7E30-N010"), ("MFP7E30-N{m:03}", 500, "MFP7E30"), ("X-{q}", 1_000, "MFP7E30")],
)
def test_part_numbers_of_lengths(form: str, length_mm: int, expected: str) -> None:
    part = PlanPart(
        name="c",
        kind="fiber_cable",
        vendor="",
        part_numbers=("MFP7E30",),
        facts={"part_number_form": PlanFact(value=form, source="", confidence="structure")},
    )
    assert part_number(part, length_mm) == expected


def test_header_lists_own_sources_only() -> None:
    assert [source.path for source in CLOS.header.sources] == ["design.optd"]
    assert CLOS.header.sources[0].sha256 == "93fb2be319dba30efa17fcd9fb9578fd0671817e70f0479730cc45f9c697314f"
    assert CLOS.racks[0].source_ref == "design.optd"


def test_loss_and_budget_of_a_class() -> None:
    first = CLOS.classes[0]
    assert (first.loss_mdb, first.budget_mdb) == (730, 1_900)  # 10 m at 3 dB/km and two connections of 0.35 dB
    assert (first.medium, first.grade, first.longest_mm) == ("multimode", "om4", 9_870)


# ------------------------------------------------------------------ requirements


def frozen_with(metric: str, factor: int, constant: int, relation: str = ">=") -> Plan:
    wired = frozen.clos()
    affine = Affine(Fraction(constant), ((Metric(metric), Fraction(factor)),))
    condition = Condition(affine, relation, f"{metric} {relation} …")  # type: ignore[arg-type]
    requirement = Requirement("r", (condition,), None, None, False, designs.SPAN)
    return replace(wired, design=replace(wired.design, requirements=(requirement,))).freeze()


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("fabric.compute.tier.leaf.count", 4),
        ("fabric.compute.bisection_mbps", 3_200_000),
        ("fabric.compute.hops", 3),
        ("fabric.compute.links", 32),
        ("fabric.compute.oversubscription", 1),
        ("power.optics", 16 * 8_500 + 24 * 17_000),
        ("power.switches", 6 * 940_000),
        ("power.nodes", 16 * 10_200_000),
        ("power.network", 16 * 8_500 + 24 * 17_000 + 6 * 940_000),
        ("power.it", 16 * 8_500 + 24 * 17_000 + 6 * 940_000 + 16 * 10_200_000),
        ("bom.optics.skus", 2),
        ("bom.cables.skus", 2),
        ("cables.count", 32),
        ("cables.length", 240_000),
        ("optics.count", 40),
    ],
)
def test_metrics(metric: str, value: int) -> None:
    assert frozen_with(metric, 1, 0).requirements[0].slack == str(value)
    exact = frozen_with(metric, -1, value, "==").requirements[0]
    assert (exact.verdict, exact.slack) == ("holds", "0")
    assert frozen_with(metric, -1, value - 1).requirements[0].verdict == "fails"
    assert frozen_with(metric, -1, value, ">").requirements[0].verdict == "fails"


def test_a_requirement_on_an_unknown_figure_is_unknown() -> None:
    wired = frozen.clos()
    design = wired.design
    server = replace(design.nodes[0].model, power_max_mw=None)
    groups = (replace(wired.placed.tables.groups[0], model=server), *wired.placed.tables.groups[1:])
    placed = replace(wired.placed, tables=replace(wired.placed.tables, groups=groups))
    affine = Affine(Fraction(10**12), ((Metric("power.it"), Fraction(-1)),))
    requirement = Requirement(
        None, (Condition(affine, ">=", "power.it <= 1GW"),), Fraction(1), None, False, designs.SPAN
    )
    plan = replace(wired, placed=placed, design=replace(design, requirements=(requirement,))).freeze()
    assert (plan.requirements[0].verdict, plan.requirements[0].slack) == ("unknown", "")
    assert plan.requirements[0].is_soft


def test_policy_limits_are_kept() -> None:
    wired = frozen.clos()
    policy = replace(
        wired.design.policy, optic_skus=Slot(upper=3), cable_skus=Slot(value=4), margin_mdb=Slot(lower=500)
    )
    plan = replace(wired, design=replace(wired.design, policy=policy)).freeze()
    assert (plan.policy.optic_skus_max, plan.policy.cable_skus_max, plan.policy.margin_mdb) == (3, 4, 500)


# ------------------------------------------------------------------ figures


def test_statistics() -> None:
    figures = statistics(RAILS)
    fabric, totals = figures.fabrics[0], figures.totals
    assert [(tier.name, tier.switches, tier.down, tier.up) for tier in fabric.tiers] == [
        ("leaf", 16, 4, 4),
        ("spine", 2, 32, 0),
    ]
    assert [(each.a, each.z, each.links) for each in fabric.segments] == [
        ("endpoints", "leaf", 64),
        ("leaf", "spine", 64),
    ]
    assert (fabric.oversubscription, fabric.bisection_tbps, fabric.hops) == (1.0, 12.8, 3)
    assert (totals.nodes, totals.gpus, totals.switches, totals.cables) == (8, 64, 18, 128)
    assert totals.optics == {"sr8": 128}
    assert totals.watts.modules == 128 * 17.0
    assert totals.watts.unknown == ()
    assert totals.cable_m == sum(each.length_mm * each.quantity for each in totals.cables_by_sku) / 1000
    assert {(each.check, each.unit) for each in totals.margins} == {("reach", "mm"), ("loss", "mdB")}
    assert json.loads(figures.to_json())["schema_version"] == "1.0"


def test_watts_that_nobody_sourced_are_named() -> None:
    bom = tuple(line.model_copy(update={"power_max_mw": None}) if line.part == "sr8" else line for line in RAILS.bom)
    plan = replace(RAILS, bom=bom)
    watts = statistics(plan).totals.watts
    assert watts.modules is None
    assert watts.unknown == ("sr8",)
    assert "optics unknown" in summary(plan)
    assert "no sourced watts for sr8" in summary(plan)


def test_summary() -> None:
    assert (
        summary(CLOS)
        == """\
test

fabric compute (clos, ethernet)
  leaf               4 x sn5600, each 4 ports down, 4 up
  spine              2 x sn5600, each 8 ports down
  links             16 x 400G  endpoints -- leaf
  links             16 x 400G  leaf -- spine
  capacity      3.2 Tbit/s bisection, oversubscription 1:1, longest path 3 switches

totals
  nodes             16
  switches           6
  cables            32, 240 m ordered
  power at most optics 0.54 kW, switches 5.64 kW, nodes 163.20 kW

parts
        16 x    sr4
        24 x    sr8
        32 x    mm-mpo, 2 lengths, 5..10 m

checks: 4 hold, 0 fail, 0 unknown
  reach         40 m left at least, on compute: endpoints -- leaf
  loss          1.17 dB left at least, on compute: endpoints -- leaf
  parts are     optimal: minimize power.optics
"""
    )


def test_a_long_summary_ends_in_time() -> None:
    plan = replace(CLOS, fabrics=CLOS.fabrics * 9)
    lines = summary(plan).splitlines()
    assert len(lines) == 40
    assert lines[-1].startswith("… and ")
