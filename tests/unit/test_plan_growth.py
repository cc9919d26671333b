"""Growth by phases: what stands earlier is a part of the last plan, row by row; what shrinks or fails is refused."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from optidsl import pipeline
from optidsl.cli.main import main
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.part_plan import standing_part
from optidsl.plan.verify import verify
from tests.support.compiled import PARTS, said
from tests.support.programs import context_of


def files(growth: str, body: str = "", *, default: int = 4, spines: int = 2) -> dict[str, str]:
    """Return a two-tier design of a param's servers."""
    parts = PARTS.replace("NIC", "").replace("SWITCH", "").replace("MODULE", "")
    design = f"""optd 1
use "./ours.optd" {{ box, sw }}
design d {{
  param servers: Int in 1..64 = {default}
  node n[1..servers] {{ model = box }}
  fabric f {{
    kind             = clos
    protocol         = ethernet
    endpoints        = n.nic.compute
    oversubscription = 1:1
    tier leaf  {{ model = sw }}
    tier spine {{ model = sw, count = {spines} }}
    connect endpoints -- leaf {{ length = 8m }}
    connect leaf -- spine     {{ length = 18m }}
  }}
  {growth}
{body}
}}
"""
    return {"design.optd": design, "ours.optd": parts}


TWO = "growth { phase one { servers = 20, ready = 2027-03-01 } phase two { servers = 48, ready = 2027-09-01 } }"


def compiled(program: dict[str, str], phase: str | None = None) -> tuple[pipeline.Compiled | None, list[str]]:
    context = context_of(program)
    context.options.phase = phase
    found = pipeline.compile_design("design.optd", context)
    return found, said(context)


def good(program: dict[str, str], phase: str | None = None) -> pipeline.Compiled:
    found, messages = compiled(program, phase)
    assert found is not None, messages
    return found


def errors(program: dict[str, str], phase: str | None = None) -> list[str]:
    found, messages = compiled(program, phase)
    assert found is None
    return [each for each in messages if each.startswith("error")]


def csv(result: pipeline.Compiled, end: str) -> list[str]:
    return next(text for path, text in result.files.items() if path.endswith(end)).splitlines()


# ------------------------------------------------------------------ a part of the last plan


@pytest.mark.parametrize("end", ["cabling/cables.csv", "cabling/labels.csv"])
def test_an_earlier_phase_has_rows_of_the_last_byte_for_byte(end: str) -> None:
    whole, part = csv(good(files(TWO)), end), csv(good(files(TWO), "one"), end)
    assert set(part) < set(whole)
    assert [row for row in whole if row in set(part)] == part


def test_the_column_says_in_which_phase_a_cable_is_pulled() -> None:
    whole, part = csv(good(files(TWO)), "cables.csv"), csv(good(files(TWO), "one"), "cables.csv")
    assert whole[0].endswith(",phase")
    assert {row.rpartition(",")[2] for row in part[1:]} == {"one"}
    assert [row for row in whole if row.endswith(",one")] == part[1:]
    later = [row for row in whole if row.endswith(",two")]
    assert len(later) + len(part) == len(whole)


def test_configurations_of_an_earlier_phase_only_gain_lines() -> None:
    whole, part = good(files(TWO)).files, good(files(TWO), "one").files
    shared = [path for path in part if path.startswith("configs/") and path.endswith("frr.conf")]
    assert shared
    for path in shared:
        assert not [line for line in part[path].splitlines() if line not in set(whole[path].splitlines())], path


def test_the_last_phase_is_the_plan_and_a_design_without_growth_has_no_column() -> None:
    assert good(files(TWO), "two").files == good(files(TWO)).files
    without = good(files("", default=48))
    assert not csv(without, "cables.csv")[0].endswith("phase")
    assert '"phase"' not in without.files["plan.json"]
    rows = [row.rpartition(",")[0] for row in csv(good(files(TWO)), "cables.csv")]
    assert [row.rpartition(":")[0] for row in rows] == [row.rpartition(":")[0] for row in csv(without, "cables.csv")]


def test_the_order_of_the_blocks_does_not_matter_where_they_have_days() -> None:
    turned = "growth { phase two { servers = 48, ready = 2027-09-01 } phase one { servers = 20, ready = 2027-03-01 } }"
    one, other = good(files(TWO)).files, good(files(turned)).files
    assert {path for path in one if one[path] != other[path]} <= {"plan.json"}
    assert csv(good(files(turned), "one"), "cables.csv") == csv(good(files(TWO), "one"), "cables.csv")


def test_phases_are_counted() -> None:
    plan = good(files(TWO)).plan
    assert plan.growth is not None
    first, last = plan.growth
    assert (first.nodes, last.nodes) == (20, 48)
    assert first.cables < last.cables == len(plan.links.segment)
    assert (first.name, first.ready, first.params) == ("one", "2027-03-01", {"servers": "20"})
    assert verify(plan) == []
    assert dump(load(dump(plan))) == dump(plan)


def test_the_bill_of_material_says_what_each_phase_adds() -> None:
    rows = [row.split(",") for row in csv(good(files(TWO)), "bom.csv")]
    assert rows[0][-2:] == ["phase one", "phase two"]
    at = rows[0].index("quantity")
    assert all(int(row[-2]) + int(row[-1]) == int(row[at]) for row in rows[1:])


def test_the_report_has_a_section_where_the_design_grows() -> None:
    text = next(text for path, text in good(files(TWO)).files.items() if path.endswith("summary.md"))
    assert "## Growth" in text
    assert "| two | 2027-09-01 | servers = 48 | 28 nodes," in text
    assert "## Growth" not in "".join(good(files("")).files.values())


@pytest.mark.parametrize("seed", range(8))
def test_phases_of_any_sizes_are_nested_and_pass_the_second_opinion(seed: int) -> None:
    rng = random.Random(seed)
    sizes = sorted(rng.sample(range(1, 65), rng.randint(2, 4)))
    blocks = [f"phase p{at} {{ servers = {size}, ready = 2027-0{at + 1}-01 }}" for at, size in enumerate(sizes)]
    rng.shuffle(blocks)
    plan = good(files(f"growth {{ {' '.join(blocks)} }}", spines=rng.choice([2, 4]))).plan
    before: set[tuple[object, ...]] = set()
    for at, size in enumerate(sizes):
        part = standing_part(plan, at)
        assert sum(group.count for group in part.groups if group.kind == "node") == size
        now = cables(part)
        assert before <= now
        before = now
        assert verify(part) == []
    assert before == cables(plan)


def cables(plan: Plan) -> set[tuple[object, ...]]:
    links, names = plan.links, plan.devices.name
    columns = (links.a_port.tolist(), links.z_port.tolist(), links.ordered_mm.tolist(), links.p2p.tolist())
    ends = ([names[row] for row in links.a_device.tolist()], [names[row] for row in links.z_device.tolist()])
    return set(zip(*ends, *columns, strict=True))


# ------------------------------------------------------------------ refusals


def test_a_phase_that_takes_something_away_is_refused() -> None:
    shrinking = TWO.replace("servers = 20", "servers = 60")
    assert errors(files(shrinking)) == [
        "error[growth-shrinks]: phase `two` has no n[49], n[50], n[51] and 9 more, which stands since phase `one`"
    ]


def test_a_requirement_holds_in_every_phase() -> None:
    fixed = files(TWO, "require bisection(f) >= 9600Gbps")
    assert errors(fixed) == [
        "error[growth-phase-fails]: a requirement does not hold in phase `one`: bisection(f) >= 9600Gbps"
    ]
    scaled = files(TWO, "require bisection(f) >= servers * 400Gbps / 2")
    plan = good(scaled).plan
    assert [[each.verdict for each in phase.requirements] for phase in plan.growth or ()] == [["holds"], ["holds"]]


def test_an_unknown_phase_is_refused() -> None:
    assert errors(files(TWO), "three") == ["error[unknown-phase]: there is no phase `three`"]
    assert errors(files(""), "one") == ["error[unknown-phase]: there is no phase `one`"]


def test_a_value_from_outside_wins_over_every_phase() -> None:
    program = files(TWO)
    context = context_of(program)
    context.options.params = {"servers": "12"}
    found = pipeline.compile_design("design.optd", context)
    assert found is not None, said(context)
    assert [phase.nodes for phase in found.plan.growth or ()] == [12, 12]


# ------------------------------------------------------------------ planted faults


def test_the_second_opinion_finds_a_wrong_phase() -> None:
    plan = good(files(TWO)).plan
    assert plan.devices.phase is not None
    switch = next(group for group in plan.groups if group.kind == "switch")
    wrong = plan.devices.phase.copy()
    wrong[switch.first] = 1
    found = verify(replace(plan, devices=replace(plan.devices, phase=wrong)))
    assert "growth-mismatch" in {each.name for each in found}
    gone = verify(replace(plan, devices=replace(plan.devices, phase=None)))
    assert "growth-mismatch" in {each.name for each in gone}


@pytest.mark.parametrize("name", ["nodes", "switches", "modules", "ports_free"])
def test_the_second_opinion_finds_a_wrong_figure(name: str) -> None:
    plan = good(files(TWO)).plan
    first, last = plan.growth or ()
    wrong = first.model_copy(update={name: getattr(first, name) + 1})
    found = verify(replace(plan, growth=(wrong, last)))
    assert [each.name for each in found] == ["growth-mismatch"]


# ------------------------------------------------------------------ beside other parts of the language


def test_the_plan_of_a_phase_is_written_read_and_verified() -> None:
    part = good(files(TWO), "one").plan
    assert part.header.phase == "one"
    assert dump(load(dump(part))) == dump(part)
    assert verify(load(dump(part))) == []


def test_an_environment_overrides_every_phase() -> None:
    program = files(TWO, "environment lab { override servers = 3 }")
    context = context_of(program)
    context.options.environment = "lab"
    found = pipeline.compile_design("design.optd", context)
    assert found is not None, said(context)
    assert [phase.nodes for phase in found.plan.growth or ()] == [3, 3]


def test_a_reserve_is_judged_of_the_last_phase() -> None:
    program = files(TWO, "policy { growth_reserve = 10% }")
    stated = program["design.optd"].replace("tier leaf  { model = sw }", "tier leaf  { model = sw, count = 4 }")
    program["design.optd"] = stated
    plan = good(program).plan
    assert plan.growth is not None
    assert [each.verdict for each in plan.growth[-1].requirements] == ["holds"]


def test_a_requirement_that_a_part_does_not_answer_is_told() -> None:
    _, messages = compiled(files(TWO, "require f.spare_ports >= 0"))
    assert [each for each in messages if "phase" in each] == [
        "warning[cannot-conclude]: cannot conclude whether a requirement holds in phase `one`: f.spare_ports >= 0 is "
        "not known of a part of a network"
    ]


def test_prices_of_a_phase_are_those_of_its_parts() -> None:
    prices = "price dr { each = $100, as_of = 2026-11-01 }\nprice jumper { each = $10, as_of = 2026-11-01 }"
    more = f"{prices}\nprice sw {{ each = $1000, as_of = 2026-11-01 }}"
    plan = good(files(TWO, more)).plan
    assert plan.growth is not None
    for at, phase in enumerate(plan.growth):
        assert phase.cost == f"{phase.switches * 1000 + phase.modules * 100 + phase.cables * 10}.00", at


def test_a_network_without_tiers_does_not_grow_by_phases() -> None:
    program = files(TWO)
    text = program["design.optd"]
    start, end = text.index("  fabric f {"), text.index("  growth")
    torus = """  fabric f {
    kind = torus, protocol = ethernet, endpoints = n.nic.compute, dims = [4, 4]
    tier router { model = sw }
    connect endpoints -- router { length = 8m }
    connect router.x -- router.x { length = 8m }
    connect router.y -- router.y { length = 8m }
  }
"""
    program["design.optd"] = text[:start] + torus + text[end:]
    assert errors(program) == [
        "error[not-in-edition]: growth of fabric `f` (torus) is not part of this edition of the language: only trees "
        "of switches grow"
    ]


def test_a_moved_quantity_in_the_bill_of_material_is_found() -> None:
    plan = good(files(TWO)).plan
    line = plan.bom[-1]
    wrong = line.model_copy(update={"by_phase": (line.by_phase[0] + 1, line.by_phase[1])})
    assert {each.name for each in verify(replace(plan, bom=(*plan.bom[:-1], wrong)))} == {"growth-mismatch"}


def test_the_command_line_writes_a_phase_beside_the_whole(tmp_path: Path) -> None:
    for name, text in files(TWO).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    design = str(tmp_path / "design.optd")
    assert main(["compile", design]) == 0
    lock = (tmp_path / "optidsl.lock").read_text(encoding="utf-8")
    assert main(["compile", design, "--phase", "one"]) == 0
    assert (tmp_path / "optidsl.lock").read_text(encoding="utf-8") == lock
    assert (tmp_path / "generated" / "plan.json").is_file()
    assert (tmp_path / "generated-one" / "plan.json").is_file()
    assert main(["compile", design, "--phase", "three"]) == 1
