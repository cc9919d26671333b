"""What a phase of growth takes to buy and to power: stock first, spares by the same rules, what stands of the rest."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from optidsl import pipeline
from optidsl.cli.main import main
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.part_plan import standing_part
from optidsl.plan.verify import verify
from tests.support import splitters
from tests.support.compiled import said
from tests.support.programs import context_of
from tests.unit.test_feeds import files as feed_files
from tests.unit.test_plan_growth import TWO, files, good
from tests.unit.test_scale_up import text_of

BUYING = """policy { spares { of = [transceiver, cable], ratio = 3%, at_least = 2 } }
price dr { each = $100, as_of = 2026-11-01 }
stock dr { quantity = STOCK, as_of = 2026-11-01 }
"""


def bought(stock: int) -> Plan:
    return good(files(TWO, BUYING.replace("STOCK", str(stock)))).plan


TEST = "test t { fail_any = feed, expect lost_endpoints(f) == 0 }"


# ------------------------------------------------------------------ stock and spares


@pytest.mark.parametrize("stock", [0, 3, 107, 108, 109, 150, 197, 198, 500])
def test_stock_serves_the_first_phase_and_nothing_is_bought_twice(stock: int) -> None:
    plan = bought(stock)
    line = next(each for each in plan.bom if each.part == "dr")
    assert (line.quantity, line.spares, line.by_phase, line.spares_by_phase) == (192, 6, (104, 88), (4, 2))
    first, all_ = max(0, 108 - stock), max(0, 198 - stock)
    assert (line.stock, line.to_buy, line.to_buy_by_phase) == (stock, all_, (first, all_ - first))
    assert verify(plan) == []
    part = standing_part(plan, 0)
    own = next(each for each in part.bom if each.part == "dr")
    assert (own.quantity, own.spares, own.stock, own.to_buy) == (104, 4, stock, first)
    assert (own.price_total, own.spares_total) == ("10400.00", "400.00")
    assert verify(part) == []
    assert dump(load(dump(part))) == dump(part)


def test_the_bill_of_material_has_columns_of_spares_and_stock_by_phase() -> None:
    text = next(
        text for path, text in good(files(TWO, BUYING.replace("STOCK", "9"))).files.items() if "bom.csv" in path
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    row = next(each for each in rows if each["part"] == "dr")
    assert (row["phase one"], row["phase one spares"], row["phase one to_buy"]) == ("104", "4", "99")
    assert (row["phase two"], row["phase two spares"], row["phase two to_buy"]) == ("88", "2", "90")


@pytest.mark.parametrize("column", ["spares_by_phase", "to_buy_by_phase"])
def test_the_second_opinion_finds_what_is_bought_too_early(column: str) -> None:
    plan = bought(20)
    row = next(at for at, line in enumerate(plan.bom) if line.part == "dr")
    one, two = getattr(plan.bom[row], column)
    for wrong in ((one + 1, two - 1), (one, two + 1), (one + two,)):
        line = plan.bom[row].model_copy(update={column: wrong})
        found = verify(replace(plan, bom=(*plan.bom[:row], line, *plan.bom[row + 1 :])))
        assert {each.name for each in found} == {"growth-mismatch"}, wrong


# ------------------------------------------------------------------ feeds, scale-up networks, tests


def grown(source: dict[str, str], first: str, last: str, most: int) -> dict[str, str]:
    """Return a design whose number of servers is a param with two phases."""
    text = source["design.optd"].replace(f"node n[1..{most}]", "node n[1..servers]")
    phases = f"phase one {{ servers = {first} }} phase two {{ servers = {last} }}"
    head = f"param servers: Int = {most}\n  growth {{ {phases} }}"
    return {**source, "design.optd": text.replace("design d {", f"design d {{\n  {head}", 1)}


def test_feeds_of_a_phase_carry_what_stands() -> None:
    plan = good(grown(feed_files(body=TEST), "16", "64", 64)).plan
    part = standing_part(plan, 0)
    assert [each.load_mw for each in plan.feeds] == [66_463_200, 66_463_200]
    # 16 servers of 2 kW, a leaf and two spines of 500 W, 64 modules of 10 W: half of it on either feed.
    modules = sum(
        line.quantity * (line.power_max_mw or 0) for line in part.bom if line.category in ("transceiver", "cable")
    )
    switches = sum(group.count for group in part.groups if group.kind == "switch")
    assert [each.load_mw for each in part.feeds] == [(16 * 2_000_000 + switches * 500_000 + modules) // 2] * 2
    assert [each.detail for each in part.checks if each.name == "feed-power"] != [
        each.detail for each in plan.checks if each.name == "feed-power"
    ]
    assert verify(part) == []
    assert part.header.left_out == (
        "tests",
        "margins of shorter links (the checks are those of the whole network)",
    )


def test_the_report_says_what_the_part_plan_leaves_out() -> None:
    source = grown(feed_files(body=TEST), "16", "64", 64)
    part = next(text for path, text in good(source, "one").files.items() if path.endswith("summary.md"))
    assert "not in the part plan of a phase: tests" in part
    whole = next(text for path, text in good(source).files.items() if path.endswith("summary.md"))
    assert "not in the part plan" not in whole


def test_scale_up_domains_of_a_phase_are_those_that_stand() -> None:
    plan = good(grown({"design.optd": text_of()}, "18", "36", 36)).plan
    part = standing_part(plan, 0)
    assert ([each.domains for each in plan.scale_up], [each.domains for each in part.scale_up]) == ([2], [1])
    assert part.header.left_out == ()
    assert verify(part) == []


def test_a_domain_that_stands_in_part_is_told() -> None:
    plan = good(grown({"design.optd": text_of()}, "18", "36", 36)).plan
    assert plan.devices.phase is not None
    phase = plan.devices.phase.copy()
    phase[3] = 1
    part = standing_part(replace(plan, devices=replace(plan.devices, phase=phase)), 0)
    assert part.scale_up == ()
    assert part.header.left_out == ("scale-up nvl72 (a domain of 18 servers stands in part)",)


# ------------------------------------------------------------------ cables with several far ends


@pytest.mark.parametrize("first", ["1", "2", "3", "5"])
def test_legs_say_when_they_are_plugged_in(first: str) -> None:
    text = splitters.design().replace("node gpu[1..6]", "node gpu[1..servers]")
    phases = f"growth {{ phase one {{ servers = {first} }} phase two {{ servers = 6 }} }}"
    source = {"design.optd": text.replace("design split {", f"design split {{ param servers: Int = 6\n {phases}")}
    found = good(source)
    table = next(text for path, text in found.files.items() if path.endswith("cables.csv"))
    rows = list(csv.DictReader(io.StringIO(table)))
    assert list(rows[0])[:2] + list(rows[0])[-1:] == ["cable_id", "leg", "phase"]
    used = [row for row in rows if row["status"] == "planned"]
    nodes = {f"gpu-{key + 1}" for key in range(int(first))}
    assert {row["phase"] for row in used if {row["a_node"], row["z_node"]} & nodes} == {"one"}
    assert {row["phase"] for row in used if not {row["a_node"], row["z_node"]} & nodes} == {"two"}
    for row in rows:
        if row["status"] == "spare":
            assert row["phase"] == min(each["phase"] for each in used if each["cable_id"] == row["cable_id"])
    assert verify(found.plan) == []
    assert verify(standing_part(found.plan, 0)) == []


# ------------------------------------------------------------------ told by check


def told_by_check(program: dict[str, str]) -> list[str]:
    context = context_of(program)
    pipeline.judged("design.optd", context)
    return [each for each in said(context) if each.startswith("error")]


def test_check_tells_what_a_phase_takes_away() -> None:
    assert told_by_check(files(TWO.replace("servers = 20", "servers = 60"))) == [
        "error[growth-shrinks]: phase `two` has no n[49], n[50], n[51] and 9 more, which stands since phase `one`"
    ]


def test_check_tells_what_an_earlier_phase_does_not_keep() -> None:
    assert told_by_check(files(TWO, "require bisection(f) >= 9600Gbps")) == [
        "error[growth-phase-fails]: a requirement does not hold in phase `one`: bisection(f) >= 9600Gbps"
    ]


def test_check_and_compile_say_the_same_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in files(TWO, "require f.spare_ports >= 0").items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    design = str(tmp_path / "design.optd")
    heard = []
    for command in ("check", "compile"):
        assert main([command, design]) == 0
        heard.append(capsys.readouterr().err.count("warning[cannot-conclude]"))
    assert heard == [1, 1]
