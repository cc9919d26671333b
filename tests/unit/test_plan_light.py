"""Attenuators, splices and statistics travel: plan, verifier, BOM, cut sheet, labels, `explain budget`."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from optidsl import pipeline
from optidsl._context import Context, Options
from optidsl.emit.cabling import BomEmitter, CablingEmitter
from optidsl.emit.report.summary import summary_md
from optidsl.plan.budget_text import explain_budget, find_links
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan, PlanFact
from optidsl.plan.statistics import statistics
from optidsl.plan.summary import summary_text
from optidsl.plan.verify import verify
from tests.support.programs import MemoryLoader

PARTS = """
source sheet { title = "made for tests", confidence = vendor-doc }
transceiver lr {
  cite sheet {
    form_factor = qsfp112, lanes = 4x100Gbps, modulation = pam4, pmd = "400g-fr4", medium = singlemode
    connector = lc-upc, power_max = 10W
    tx_min = -2.7dBm, tx_max = 5.1dBm, rx_min = -7.3dBm, rx_max = 3.5dBm
    tx_oma_min = -0.3dBm, tx_oma_max = 4dBm, tx_oma_tdecq_min = -1.7dBm, tdecq_max = 3.4dB
    rx_oma_max = 4dBm, rx_sens_oma = -4.6dBm, rx_stressed_oma = -2.6dBm
    over glass { reach = 2km, loss = 4dB, connections = 3dB }
  }
  protocols = [ethernet]
}
fiber_grade glass { cite sheet { medium = singlemode, attenuation = 0.4dB/km, wavelength = 1310nm } }
fiber_cable jumper { cite sheet { grade = glass, medium = singlemode, connector = lc-upc, lengths = [2m, 5m] } }
attenuator lc-2db {
  vendor = "acme", part_numbers = ["ATT-LC-2"]
  cite sheet { connector = lc-upc, medium = singlemode, loss = 2dB, tolerance = 0.2dB }
}
switch_model sw4 {
  protocols = [ethernet], cages = 8, lanes = 4x100Gbps, accepts = [qsfp112], breakout = [1x400Gbps]
  port_name = "Ethernet{{cage}}", units = 1U
  cage_power { cages = 1..8, power = 12W }
}
server_model srv {
  gpus = 1, units = 2U
  nic compute {
    rate = 400Gbps, lanes = 4x100Gbps, accepts = [qsfp112], protocols = [ethernet], cage_power = 12W
    port p1 { cage = "1", gpu = 0, rail = 0 }
  }
}
"""
DESIGN = """
design lit {
  site s { hall h { row_pitch = 3m, rack_pitch = 0.6m, tray { drop = 1m, slack = 5% }
    row a { rack r[1..4] { units = 48U } } } }
  node n[1..4] { model = srv, place { at = s.h.a.r } }
  fabric f {
    kind = clos, protocol = ethernet, endpoints = n.nic.compute
    tier leaf { model = sw4, place { at = s.h.a.r } }
    connect endpoints -- leaf { splices = 2, splice_loss = 0.1dB, module = lr }
  }
  policy { POLICY }
}
"""


def compiled(policy: str = "margin >= 0.2dB") -> Plan:
    """Compile the design with a policy."""
    text = "optd 1\n" + PARTS + DESIGN.replace("POLICY", policy)
    context = Context(MemoryLoader({"design.optd": text}), Options())
    plan = pipeline.plan("design.optd", context)
    assert plan is not None, [each.message for each in context.sink.sorted()]
    return plan


PLAN = compiled()
"""Two attenuators on each of four links: 0.001 + 2 x 0.25 + 2 x 0.1 + 2.2 = 2.901 dB of 4 dB."""

STATISTICAL = compiled("statistical { connector_mean = 0.1dB, connector_sigma = 0.05dB }")


def class_with(plan: Plan, **changes: Any) -> Plan:
    return replace(plan, classes=(plan.classes[0].model_copy(update=changes), *plan.classes[1:]))


def fact_of(plan: Plan, part: str, name: str, value: int | str) -> Plan:
    old = plan.parts[part]
    told = PlanFact(value=value, source="tests", confidence="vendor-doc")
    return replace(plan, parts={**plan.parts, part: old.model_copy(update={"facts": {**old.facts, name: told}})})


def found(plan: Plan) -> set[str]:
    return {each.name for each in verify(plan)}


# ------------------------------------------------------------------ plan and verifier


@pytest.mark.parametrize("plan", [PLAN, STATISTICAL], ids=["worst case", "statistical"])
def test_a_good_plan_round_trips_and_verifies(plan: Plan) -> None:
    assert not verify(plan)
    assert dump(load(dump(plan))) == dump(plan)


def test_the_plan_holds_what_a_link_loses() -> None:
    (only,) = PLAN.classes
    assert (only.a_attenuator, only.z_attenuator, only.loss_mdb, only.budget_mdb) == ("lc-2db", "lc-2db", 2_901, 4_000)
    # Means 2 x 0.1, splices at their worst 2 x 0.1, fibre 0.0008, spread 3 x sqrt(2) x 0.05, attenuator 2.2 dB.
    assert STATISTICAL.classes[0].loss_mdb == 613 + 2_200


@pytest.mark.parametrize(
    ("plan", "name"),
    [
        (class_with(PLAN, z_attenuator=""), "receiver-overload"),
        (class_with(PLAN, z_attenuator=""), "bom-mismatch"),
        (class_with(PLAN, loss_mdb=2_701), "budget-mismatch"),
        (fact_of(PLAN, "lc-2db", "loss_mdb", 1_500), "receiver-overload"),
        (fact_of(PLAN, "lc-2db", "loss_mdb", 3_500), "loss-exceeded"),
        (fact_of(PLAN, "lc-2db", "connector", "mpo-12-apc"), "connector-mismatch"),
        (fact_of(PLAN, "lr", "tx_oma_tdecq_min_mdbm", -3_100), "oma-too-low"),
        (fact_of(PLAN, "lr", "tx_oma_min_mdbm", -1_700), "oma-too-low"),
        (fact_of(PLAN, "lr", "rx_oma_max_mdbm", 2_100), "receiver-overload"),
        (fact_of(PLAN, "lr", "connections_mdb.glass", 699), "reach-exceeded"),
        (class_with(STATISTICAL, loss_mdb=2_812), "budget-mismatch"),
    ],
)
def test_a_planted_fault_is_named(plan: Plan, name: str) -> None:
    if name == "reach-exceeded":  # 0.7 dB of joints leave 3.3 dB for fibre: make that less than the cable
        plan = fact_of(fact_of(plan, "lr", "loss_max_mdb.glass", 700), "glass", "attenuation_mdb_per_km", 400)
    assert name in found(plan)


def test_an_attenuator_that_is_no_part_of_the_plan_is_damage() -> None:
    assert found(class_with(PLAN, a_attenuator="ghost")) == {"plan-damaged"}


# ------------------------------------------------------------------ artefacts


def test_the_bill_has_one_for_each_receiver() -> None:
    files = dict(BomEmitter().emit(PLAN))
    rows = list(csv.DictReader(files["bom/bom.csv"].splitlines()))
    line = next(row for row in rows if row["category"] == "attenuator")
    assert (line["part"], line["part_number"], line["quantity"], line["power_max_total_w"]) == (
        *("lc-2db", "ATT-LC-2"),
        *("8", "0"),
    )


def test_cut_sheet_and_labels_say_where_they_go() -> None:
    files = dict(CablingEmitter().emit(PLAN))
    sheet = list(csv.DictReader(files["cabling/cables.csv"].splitlines()))
    assert {(row["a_attenuator"], row["z_attenuator"], row["loss_db"]) for row in sheet} == {
        ("ATT-LC-2", "ATT-LC-2", "2.901")
    }
    labels = list(csv.DictReader(files["cabling/labels.csv"].splitlines()))
    assert {row["attenuator"] for row in labels} == {"ATT-LC-2"}
    one_sided = dict(CablingEmitter().emit(class_with(PLAN, a_attenuator="")))
    ends = {row["end"]: row["attenuator"] for row in csv.DictReader(one_sided["cabling/labels.csv"].splitlines())}
    assert ends == {"A": "", "Z": "ATT-LC-2"}


def test_a_plan_without_attenuators_has_no_such_columns() -> None:
    bare = class_with(PLAN, a_attenuator="", z_attenuator="")
    files = dict(CablingEmitter().emit(bare))
    assert "attenuator" not in files["cabling/cables.csv"] + files["cabling/labels.csv"]
    assert not {"a_attenuator", "z_attenuator"} & set(json.loads(dump(bare))["classes"][0])
    assert "statistical" not in json.loads(dump(bare))["policy"]


def test_summaries_name_attenuators_and_statistics() -> None:
    assert "lc-2db, attenuator" in summary_text(PLAN, statistics(PLAN))
    assert "| lc-2db | ATT-LC-2 |" in summary_md(PLAN)
    assert "statistical: mean plus 3 sigma" in summary_md(STATISTICAL)
    assert "statistical" not in summary_md(PLAN)


# ------------------------------------------------------------------ explain budget


def test_a_waterfall_from_launch_to_margin() -> None:
    text = explain_budget(PLAN, "n-1:p1") or ""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0] == "budget n-1:p1 -- f-leaf001:Ethernet1"
    start = lines.index("lr, both ways: least power")
    assert lines[start + 1 : start + 11] == [
        "launch power -2.700 dBm [sheet, vendor-doc]",
        "fibre, 2 m x 0.4 dB/km -0.001 dB [sheet, vendor-doc]",
        "2 connections x 0.25 dB -0.500 dB [nv-cabreq, vendor-doc]",
        "2 splices x 0.1 dB -0.200 dB [the design]",
        "attenuator lc-2db at z, most -2.200 dB [sheet, vendor-doc]",
        "receive power -5.601 dBm =",
        "receiver needs -7.300 dBm [sheet, vendor-doc]",
        "margin 1.699 dB =",
        "the policy's margin -0.200 dB [the design's policy]",
        "left 1.499 dB =",
    ]
    start = lines.index("lr, both ways: most power")
    assert lines[start + 2 : start + 6] == [
        "attenuator lc-2db at z, least -1.800 dB [sheet, vendor-doc]",
        "receive power 3.300 dBm =",
        "receiver bears 3.500 dBm [sheet, vendor-doc]",
        "margin 0.200 dB =",
    ]
    assert "receiver needs (-2.6 dBm at TDECQ 3.4 dB) -6.000 dBm [sheet, vendor-doc]" in lines
    assert "lr over glass 2000 m [sheet, vendor-doc]" in lines


def test_the_sum_of_the_printed_terms_is_the_printed_sum() -> None:
    for plan in (PLAN, STATISTICAL):
        budget = json.loads(explain_budget(plan, "n-2:p1", "json") or "")
        *terms, total = budget["losses"][: [line["label"] for line in budget["losses"]].index("insertion loss") + 1]
        assert sum(term["value"] for term in terms) == total["value"] == -plan.classes[0].loss_mdb  # type: ignore[operator]
        for waterfall in budget["waterfalls"]:
            first = next(i for i, line in enumerate(waterfall["lines"]) if line["is_sum"])
            assert sum(line["value"] for line in waterfall["lines"][:first]) == waterfall["lines"][first]["value"]


def test_statistical_losses_are_printed_as_such() -> None:
    text = explain_budget(STATISTICAL, "n-1:p1") or ""
    assert "losses     statistical: mean plus 3 sigma" in text
    assert "connections, mean" in text
    assert "3 sigma of all together" in text


def test_what_is_unknown_is_named() -> None:
    facts = {name: fact for name, fact in PLAN.parts["lr"].facts.items() if name not in ("rx_max_mdbm", "tx_min_mdbm")}
    bare = replace(PLAN, parts={**PLAN.parts, "lr": PLAN.parts["lr"].model_copy(update={"facts": facts})})
    text = explain_budget(bare, "n-1:p1") or ""
    assert text.splitlines()[-1] == "  unknown    lr.tx_min, lr.rx_max"
    assert "(missing: lr.rx_max)" in text


@pytest.mark.parametrize(
    "what", ["n-1:p1", "f-leaf001:Ethernet1", "n-1:p1--f-leaf001:Ethernet1", "n-1 f-leaf001", "f-leaf001 n-1"]
)
def test_every_name_of_a_link(what: str) -> None:
    links = find_links(PLAN, what)
    assert links is not None and links.tolist() == [0]


@pytest.mark.parametrize("what", ["n-9:p1", "n-1", "n-1:p9", "n-1 n-2", "n-1:p1--n-2:p1", "n-1 n-9"])
def test_names_of_no_link(what: str) -> None:
    assert explain_budget(PLAN, what) is None


def test_k_is_kept_as_a_fraction() -> None:
    plan = compiled("statistical { connector_mean = 0.1dB, connector_sigma = 0.05dB, k = 2.5 }")
    own = plan.policy.statistical
    assert own is not None and Fraction(*own.k) == Fraction(5, 2)
    assert not verify(plan)
