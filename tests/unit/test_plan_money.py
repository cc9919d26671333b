"""Prices, fees, stock and latency in the plan, its verification and its files; a team's own catalogue."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest

from optidsl.plan.amounts import money_text
from optidsl.plan.explain import explain
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan, PlanBomLine
from optidsl.plan.statistics import statistics, summary
from optidsl.plan.verify import verify
from tests.support.compiled import compile_files, files_of, plan_of, said

BUYING = """optd 1
use "./ours.optd" as ours

price dr     { each = 500EUR, as_of = 2026-11-01, from = "quote 4711" }
price dr     { each = $999, as_of = 2026-01-01 }
price jumper { each = $20, per_metre = $1.25, as_of = 2026-11-01 }
price sw     { each = $21.5k, as_of = 2026-11-01 }
fee ethernet { per_port = $100, as_of = 2026-11-01 }
stock dr     { quantity = 3, as_of = 2026-11-01 }
stock dr     { quantity = 2, at = "elsewhere", as_of = 2026-11-01 }
stock jumper { quantity = 9, length = 10m, as_of = 2026-11-01 }
stock jumper { quantity = 9, length = 20m, as_of = 2026-11-01 }
"""
FX = "fx { EUR = 1.1USD, as_of = 2026-11-01 }"


def bought(body: str = FX, **changes: str) -> dict[str, str]:
    return files_of(body, uses='use "./buying.optd" as buying', extra={"buying.optd": BUYING}, **changes)


def table(files: dict[str, str]) -> list[dict[str, str]]:
    compiled, context = compile_files(files)
    assert compiled is not None, said(context)
    text = next(text for path, text in compiled.files.items() if path.endswith("bom.csv"))
    return list(csv.DictReader(io.StringIO(text)))


# ------------------------------------------------------------------ the bill of material


def test_lines_have_prices_stock_and_what_is_left_to_buy() -> None:
    rows = {row["part"]: row for row in table(bought())}
    assert {name: row["price_total"] for name, row in rows.items()} == {
        "sw": "21500.00",
        "box": "",
        "dr": "4400.00",
        "jumper": "130.00",
        "ethernet": "400.00",
    }
    dr = rows["dr"]
    assert (dr["price"], dr["currency"], dr["price_as_of"], dr["price_from"]) == (
        "550.00",
        "USD",
        "2026-11-01",
        "quote 4711",
    )
    assert (dr["quantity"], dr["stock"], dr["to_buy"]) == ("8", "3", "5")
    jumper = rows["jumper"]
    assert (jumper["length_m"], jumper["quantity"], jumper["stock"], jumper["to_buy"]) == ("10.000", "4", "9", "0")
    assert (rows["box"]["price"], rows["box"]["currency"]) == ("", "")
    assert (rows["ethernet"]["category"], rows["ethernet"]["quantity"]) == ("fee", "4")


def test_a_design_without_prices_has_the_table_it_had() -> None:
    assert list(table(files_of())[0])[-1] == "power_max_total_w"
    assert "price" not in dump(plan_of(files_of()))
    assert "currency" not in dump(plan_of(files_of()))
    assert "cost" not in summary(plan_of(files_of()))


def test_stock_alone_adds_no_money() -> None:
    files = files_of("stock dr { quantity = 1, as_of = 2026-11-01 }")
    files["design.optd"] = files["design.optd"].replace("{ box, sw }", "{ box, dr, sw }")
    columns = list(table(files)[0])
    assert columns[-2:] == ["stock", "to_buy"]
    assert "price" not in columns


def test_fees_between_switches_count_both_ends() -> None:
    fabric = "tiers = 2"
    files = bought(fabric=fabric)
    files["design.optd"] = files["design.optd"].replace(
        "tier leaf { model = sw }",
        "tier leaf { model = sw, count = 2, up = 2 }\n    tier spine { model = sw, count = 1 }",
    )
    files["design.optd"] = files["design.optd"].replace(
        "connect endpoints -- leaf { length = 8m }",
        "connect endpoints -- leaf { length = 8m }\n    connect leaf -- spine { length = 8m }",
    )
    plan = plan_of(files)
    n_up = int((plan.links.segment == 1).sum())
    fee = next(line for line in plan.bom if line.category == "fee")
    assert n_up > 0
    assert fee.quantity == 4 + 2 * n_up


def test_the_day_is_no_part_of_the_files() -> None:
    first, _ = compile_files(bought())
    later, context = compile_files(bought(), today="2030-01-01")
    assert first is not None
    assert later is not None
    assert [each.name for each in context.sink.sorted()] == ["price-old", "price-old"]
    assert first.files == later.files
    assert first.lock_text == later.lock_text


# ------------------------------------------------------------------ requirements and figures


@pytest.mark.parametrize(
    ("goal", "verdict"),
    [
        ("require cost.optics <= $4400", "holds"),
        ("require cost.network <= $26430", "holds"),
        ("require cost.network + cost.fees <= $26830", "holds"),
        ("prefer cost.cables <= $100", "fails"),
    ],
)
def test_goals_on_costs_are_judged_on_the_bill_of_material(goal: str, verdict: str) -> None:
    compiled, context = compile_files(bought(f"{FX}\n  {goal}"))
    assert compiled is not None, said(context)
    assert [each.verdict for each in compiled.plan.requirements] == [verdict]


def test_a_cent_too_much_is_refused() -> None:
    compiled, context = compile_files(bought(f"{FX}\n  require cost.network <= $26429.99"))
    assert compiled is None
    assert said(context)[0].startswith("error[requirement-failed]")


def test_figures_tell_totals_and_what_has_no_price() -> None:
    plan = plan_of(bought())
    cost = statistics(plan).totals.cost
    assert cost is not None
    assert (cost.optics, cost.cables, cost.switches, cost.nodes, cost.fees, cost.network) == (
        "4400.00",
        "130.00",
        "21500.00",
        None,
        "400.00",
        "26430.00",
    )
    assert cost.unpriced == ("box",)
    text = summary(plan)
    assert "network 26,430.00 USD: optics 4,400.00, cables 130.00, switches 21,500.00, fees 400.00" in text
    assert "no price of box" in text


def test_the_plan_is_written_and_read_back() -> None:
    plan = plan_of(bought(f"{FX}\n  require f.cable_latency <= 1us"))
    assert dump(load(dump(plan))) == dump(plan)


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0.00"), ("1200", "1200.00"), ("0.125", "0.125"), ("-3.5", "-3.50"), ("1234567.891", "1234567.891")],
)
def test_money_is_printed_exactly(value: str, text: str) -> None:
    assert money_text(Fraction(value)) == text


# ------------------------------------------------------------------ the second opinion


def with_line(plan: Plan, part: str, **changes: object) -> Plan:
    lines: list[PlanBomLine] = [line.model_copy(update=changes) if line.part == part else line for line in plan.bom]
    return replace(plan, bom=tuple(lines))


@pytest.mark.parametrize(
    ("part", "changes", "message"),
    [
        ("dr", {"price_total": "4399.99"}, "the bill of material says that 8 x dr at 550.00 are not 4399.99"),
        ("dr", {"to_buy": 4}, "the bill of material buys 4 x dr, with 3 of 8 there"),
        (
            "ethernet",
            {"quantity": 3, "price_total": "300.00"},
            "the bill of material lists 3 x ethernet, the plan needs 4",
        ),
    ],
)
def test_planted_mistakes_in_money_are_found(part: str, changes: dict[str, object], message: str) -> None:
    plan = plan_of(bought())
    assert verify(plan) == []
    assert [each.message for each in verify(with_line(plan, part, **changes))] == [message]


def test_a_planted_latency_is_found() -> None:
    plan = plan_of(files_of("require f.cable_latency <= 1us"))
    assert plan.fabrics[0].cable_latency_ps == 2 * 10_000 * 49 // 10
    wrong = replace(plan, fabrics=(plan.fabrics[0].model_copy(update={"cable_latency_ps": 1}),))
    assert [each.message for each in verify(wrong)] == [
        "the cables of f's longest path take 98.0 ns, the plan says 0.0 ns"
    ]


# ------------------------------------------------------------------ latency told


def test_the_terms_of_a_latency_are_told_with_what_is_missing() -> None:
    text = explain(plan_of(files_of()), "f.latency")
    assert text is not None
    assert "  2 x      49.0 ns  10 m of jumper in f: n -- leaf  [4.9 ns a metre of single-mode fibre" in text
    assert "(missing: sw.latency)" in text
    assert text.endswith("  cables       98.0 ns\n  in all       at least 98.0 ns\n")


def test_and_their_sum_when_everything_is_stated() -> None:
    box = "latency = 500ns, fec = rs-544"
    files = files_of("require f.latency <= 1.7us", nic="latency = 300ns", switch=box, module="latency = 20ns")
    plan = plan_of(files)
    whole = 2 * 300_000 + 500_000 + 2 * (49_000 + 2 * 20_000 + 25_600)
    assert plan.fabrics[0].latency_ps == whole
    assert [each.verdict for each in plan.requirements] == ["holds"]
    text = explain(plan, "f.latency")
    assert text is not None
    assert text.endswith(f"  in all       {whole / 1000:.1f} ns\n")


# ------------------------------------------------------------------ a catalogue of one's own

OWN = {
    "team/sources.optd": """optd 1

source acme-sheet { title = "Acme A400 data sheet, revision 3", confidence = vendor-doc }
""",
    "team/optics.optd": """optd 1
use "./sources.optd" { acme-sheet }

transceiver a400 {
  vendor       = "Acme"
  part_numbers = ["A400-DR"]
  cite acme-sheet {
    form_factor = house
    lanes       = 4x100Gbps
    modulation  = pam4
    pmd         = "house-dr"
    medium      = singlemode
    connector   = mpo-7-apc
    power_max   = 12W
    tx_min = -2.9dBm, tx_max = 4dBm, rx_min = -5.9dBm, rx_max = 4dBm
    over glass { reach = 500m, loss = 3dB }
  }
  protocols = [ethernet]
}
""",
    "team/buying.optd": """optd 1
use "./optics.optd" as optics

price a400 { each = $310, as_of = 2026-11-01, from = "quote 4711" }
stock a400 { quantity = 64, as_of = 2026-11-01 }
approval a400 { verdict = approved, because = "burn-in of 200 modules" }
""",
}


def test_a_design_chooses_from_a_folder_of_the_team_s_own() -> None:
    body = """  price dr { each = $400, as_of = 2026-11-01 }
  minimize cost.optics"""
    files = files_of(body, uses='use "./team/buying.optd" as team', extra=OWN)
    files["design.optd"] = files["design.optd"].replace("{ box, sw }", "{ box, dr, sw }")
    compiled, context = compile_files(files)
    assert compiled is not None, said(context)
    assert said(context) == []
    plan = compiled.plan
    assert plan.classes[0].a_module == plan.classes[0].z_module == "a400"
    assert plan.parts["a400"].facts["power_max_mw"].source == "acme-sheet"
    line = next(line for line in plan.bom if line.part == "a400")
    assert (line.part_number, line.price_total, line.stock, line.to_buy) == ("A400-DR", "2480.00", 64, 0)
    assert [source.path for source in plan.header.sources][-3:] == sorted(OWN)[:3]


def test_only_what_the_team_approves() -> None:
    body = """  policy { approved_only = true }"""
    approvals = "\n".join(
        f'approval {name} {{ verdict = approved, because = "in service" }}' for name in ("jumper", "sw")
    )
    own = {**OWN, "team/buying.optd": OWN["team/buying.optd"] + 'use "./../ours.optd" as parts\n' + approvals + "\n"}
    own["team/buying.optd"] = own["team/buying.optd"].replace('use "./../ours.optd" as parts\n', "")
    files = files_of(body, uses='use "./team/buying.optd" as team', extra=own)
    compiled, context = compile_files(files)
    assert compiled is not None, said(context)
    assert compiled.plan.classes[0].a_module == "a400"


def test_a_grade_that_states_its_own_delay_is_believed() -> None:
    files = files_of("require f.cable_latency <= 100ns")
    files["ours.optd"] = files["ours.optd"].replace("wavelength = 1310nm", "wavelength = 1310nm, latency = 5us/km")
    compiled, context = compile_files(files)
    assert compiled is not None
    assert said(context) == []
    assert compiled.plan.fabrics[0].cable_latency_ps == 100_000
    slower = {**files, "ours.optd": files["ours.optd"].replace("5us/km", "5.001us/km")}
    assert compile_files(slower)[0] is None


def test_the_latency_between_two_devices_is_told() -> None:
    plan = plan_of(files_of(nic="latency = 300ns", switch="latency = 500ns, fec = rs-544", module="latency = 20ns"))
    text = explain(plan, "n-1 -> n-4")
    assert text is not None
    whole = 2 * 300_000 + 500_000 + 2 * (49_000 + 2 * 20_000 + 25_600)
    assert text.startswith("latency n-1 -> n-4, one way over n-1 -> f-leaf001 -> n-4\n")
    assert text.endswith(f"  in all       {whole / 1000:.1f} ns\n")
    assert explain(plan, "n-1 -> nobody") is None
