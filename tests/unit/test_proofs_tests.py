"""`test` blocks: what they say of a whole design and of one with something failed, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl import pipeline
from optidsl._context import Context
from optidsl._record import replace
from optidsl.diag import pages
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from optidsl.proofs.faults import faults, faults_text
from tests.support.compiled import PARTS, compile_files, said
from tests.support.programs import context_of
from tests.support.spec_cases import read_cases

DESIGN = """optd 1
use "./ours.optd" {{ box, sw }}
design d {{
  site dc {{
    hall h {{
      row_pitch = 3m, rack_pitch = 0.6m
      tray {{ drop = 1.2m, slack = 5% }}
      row a {{ rack r[1..8] {{ units = 48U }} }}
      row b {{ rack s[1..8] {{ units = 48U }} }}
    }}
  }}
  node n[1..64] {{ model = box, place {{ at = dc.h.a.r, per_rack = 8 }} }}
  fabric f {{
    kind = clos, protocol = ethernet, endpoints = n.nic.compute
    {fabric}
    tier leaf  {{ model = sw, down = {down}, place {{ at = dc.h.b.s, per_rack = 2 }} }}
    tier spine {{ model = sw, place {{ at = dc.h.b.s, per_rack = 1 }} }}
  }}
{body}
}}
"""


def files(body: str, fabric: str = "", down: int = 16) -> dict[str, str]:
    parts = PARTS.replace("NIC", "").replace("SWITCH", "").replace("MODULE", "")
    return {"design.optd": DESIGN.format(body=body, fabric=fabric, down=down), "ours.optd": parts}


def errors(body: str, **options: str) -> list[str]:
    return [line for line in said(compile_files(files(body, **options))[1]) if line.startswith("error")]


def plan_of(body: str, **options: str) -> Plan:
    compiled, context = compile_files(files(body, **options))
    assert compiled is not None, said(context)
    return compiled.plan


# ------------------------------------------------------------------ the whole design


def test_holds_and_is_in_the_plan_and_the_report() -> None:
    body = """  test published {
    expect gpus: f.leaf.count == 4 { because = "table 3" }
    expect links(f) == 128
    expect diameter(f) == 2
    expect mean_distance(f) <= 1.5
    expect path_diversity(f) == 128
    expect bisection(f) == 32 * 400Gbps
    expect power.switches <= 3kW
    expect degree_min(f) == 16 and degree_max(f) == 32
    expect f.latency <= 10us or true
  }"""
    compiled, context = compile_files(files(body))
    assert compiled is not None, said(context)
    (test,) = compiled.plan.tests
    assert (test.name, test.verdict, test.failure, test.elements) == ("published", "holds", "", 0)
    told = {each.text: (each.name, each.found, each.wanted) for each in test.expectations}
    assert told["f.leaf.count == 4"] == ("published.gpus", "4", "4")
    assert told["links(f) == 128"] == ("", "128", "128")
    assert told["diameter(f) == 2"] == ("", "2", "2")
    assert told["mean_distance(f) <= 1.5"] == ("", "about 1.46667", "at most 1.5")
    assert test.expectations[0].name == "published.gpus"  # those with a name first, then by their text
    assert dump(load(dump(compiled.plan))) == dump(compiled.plan)
    assert (
        "| holds | published | `diameter(f) == 2` | 2 |  | design.optd: test published / expect |"
        in compiled.files["report/summary.md"]
    )


def test_designs_without_tests_say_nothing_of_them() -> None:
    compiled, _ = compile_files(files(""))
    assert compiled is not None
    assert '"tests"' not in compiled.files["plan.json"]
    assert "## Tests" not in compiled.files["report/summary.md"]


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        ("links(f) == 120", "`links(f) == 120` is 128, wanted 120, 8 too much"),
        ("diameter(f) < 2", "`diameter(f) < 2` is 2, wanted less than 2"),
        (
            "bisection(f) >= 20Tbps",
            "`bisection(f) >= 20Tbps` is 12.8 Tbps, wanted at least 20 Tbps, 7.2 Tbps too little",
        ),
        ("power.switches <= 1kW", "`power.switches <= 1kW` is 3 kW, wanted at most 1 kW, 2 kW too much"),
        ("n.count == 63", "`n.count == 63` is 64 == 63"),
        ("reachable(f) <= 50%", "`reachable(f) <= 50%` is 100%, wanted at most 50%, 50% too much"),
    ],
)
def test_what_fails_is_told_with_both_sides(expectation: str, message: str) -> None:
    found = errors(f"  test t {{ expect {expectation} }}")
    assert found == [f"error[expectation-failed]: the expectation does not hold: {message}"]


def test_a_failed_expectation_stops_the_compile() -> None:
    compiled, context = compile_files(files('  test t { expect x: links(f) == 1 { because = "a table" } }'))
    assert compiled is None
    (found,) = (each for each in context.sink.sorted() if each.severity == "error")
    assert found.notes == ("because: a table", "in test `t`")
    assert found.primary is not None


def test_unknown_figures_are_named() -> None:
    body = "  test t { expect f.latency <= 1us, expect cost.cables <= $5, expect f.cable_latency <= 1us }"
    latency, cost = errors(body)
    start = "error[cannot-conclude]: cannot conclude on"
    assert latency.startswith(f"{start} `f.latency <= 1us`: no usable number for box.")
    assert "dr.latency" in latency
    assert cost.startswith(f"{start} `cost.cables <= $5`: no usable number for price of copper, price of jumper")


# ------------------------------------------------------------------ with something failed


@pytest.mark.parametrize(
    ("fail", "expectation"),
    [
        ("[f.spine[1]]", "bisection(f) == 6.4Tbps"),
        ("[f.spine[1]]", "uplink_share(f) == 50%"),
        ("[f.spine[i] for i in 1..2]", "reachable(f) == 15 / 63"),
        ("[f.spine]", "lost_endpoints(f) == 48"),
        ("[f.leaf[2]]", "lost_endpoints(f) == 16 and lost_nodes(f) == 16"),
        ("[n[1..3]]", "lost_endpoints(f) == 3"),
        ("[link(f.leaf[1], f.spine[1])]", "links(f) == 120"),
        ("[link(f.spine[1], f.leaf[1]), link(f.leaf[1], f.spine[2])]", "lost_endpoints(f) == 16"),
        ('["f-leaf001"]', "lost_endpoints(f) == 16"),
        ('["f-leaf001:Ethernet17"]', "links(f) == 127"),
        ('["f-leaf001:Ethernet17 -- f-spine001:Ethernet1"]', "links(f) == 127"),
        ("[dc.h.a.r[1]]", "lost_nodes(f) == 8"),
        ("[dc.h.a]", "lost_nodes(f) == 64"),
        ("[f.plane[0]]", "lost_endpoints(f) == 64"),
        ("f.leaf[1]", "lost_endpoints(f) == 16"),
    ],
)
def test_what_may_fail(fail: str, expectation: str) -> None:
    assert errors(f"  test t {{ fail = {fail}, expect {expectation} }}") == []


def test_planes_fail_alone_or_for_one_tier() -> None:
    body = """  test one { fail = [f.plane[0]], expect lost_endpoints(f) == 64, expect lost_nodes(f) == 0 }
  test tier { fail = [f.plane[1].spine], expect lost_endpoints(f) > 0, expect reachable(f) > 50% }
  test any { fail_any = plane, expect lost_nodes(f) == 0 }"""
    two = files(body, fabric="planes = 2")
    nic = 'port p1 { cage = "1" }'
    two["ours.optd"] = two["ours.optd"].replace(nic, f'{nic}\n    port p2 {{ cage = "2" }}')
    compiled, context = compile_files(two)
    assert compiled is not None, said(context)
    assert [(test.verdict, test.elements) for test in compiled.plan.tests] == [("holds", 2), ("holds", 0), ("holds", 0)]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("switch", "when f-leaf001 has failed: `lost_endpoints(f) <= 0` is 16, wanted at most 0, 16 too much"),
        ("rack", "when rack b-s-1 has failed: `lost_endpoints(f) <= 0` is 32, wanted at most 0, 32 too much"),
        ("tray", "when tray of row a in h has failed: `lost_endpoints(f) <= 0` is 64, wanted at most 0, 64 too much"),
        ("plane", "when plane 0 of f has failed: `lost_endpoints(f) <= 0` is 64, wanted at most 0, 64 too much"),
    ],
)
def test_the_worst_element_is_named(kind: str, message: str) -> None:
    found = errors(f"  test t {{ fail_any = {kind}, expect lost_endpoints(f) <= 0 }}")
    assert found == [f"error[expectation-failed]: the expectation does not hold {message}"]


def test_any_link_is_every_link() -> None:
    plan = plan_of("  test t { fail_any = link, expect lost_endpoints(f) <= 1, expect uplink_share(f) >= 93.75% }")
    (test,) = plan.tests
    assert test.elements == 128
    assert [each.element for each in test.expectations] == [
        "n-1:p1 -- f-leaf001:Ethernet1",
        "f-leaf001:Ethernet17 -- f-spine001:Ethernet1",
    ]


@pytest.mark.parametrize(
    ("fail", "message"),
    [
        ("fail = [f.spine[9]]", "`f.spine[9]` names nothing that could fail: its switches are 1 to 2"),
        ("fail = [f.plane[3]]", "`f.plane[3]` names nothing that could fail: the fabric has one plane, 0"),
        (
            "fail = [link(f.leaf[1], f.leaf[2])]",
            "`link(f.leaf[1], f.leaf[2])` names nothing that could fail: no link joins the two",
        ),
        (
            'fail = ["leaf-77"]',
            '`"leaf-77"` names nothing that could fail: the plan has no device or port of that name',
        ),
        ("fail = []", "`fail` lists nothing"),
    ],
)
def test_nothing_fails(fail: str, message: str) -> None:
    assert errors(f"  test t {{ {fail}, expect reachable(f) == 100% }}") == [
        f"error[empty-scenario]: test `t`: {message}"
    ]


def test_no_element_of_a_kind() -> None:
    text = files("  test t { fail_any = rack, expect reachable(f) >= 0% }")
    head, _, rest = text["design.optd"].partition("  site dc")
    body = rest.partition("  node n")[2]
    body = "  node n" + body
    for place in (", place { at = dc.h.a.r, per_rack = 8 }", ", place { at = dc.h.b.s, per_rack = 2 }"):
        body = body.replace(place, "")
    body = body.replace(", place { at = dc.h.b.s, per_rack = 1 }", "")
    body = body.replace(
        "tier leaf ", "connect endpoints -- leaf { length = 3m }\n connect leaf -- spine { length = 3m }\n tier leaf "
    )
    found = [line for line in said(compile_files({**text, "design.optd": head + body})[1]) if line.startswith("error")]
    assert found == ["error[empty-scenario]: test `t`: the fabric has no rack that could fail"]


def test_what_a_failure_does_not_change_is_refused() -> None:
    found = errors("  test t { fail_any = switch, expect oversubscription(f) <= 2, expect power.switches <= 1MW }")
    assert found == [
        "error[not-in-scenario]: test `t`: `oversubscription(f)` is of the whole design and says nothing about what a "
        "failure leaves",
        "error[not-in-scenario]: test `t`: `power.switches` is of the whole design and says nothing about what a "
        "failure leaves",
    ]


def test_a_network_in_pieces_has_no_diameter() -> None:
    found = errors("  test t { fail = [f.spine], expect diameter(f) <= 9 }")
    assert found == [
        "error[expectation-failed]: the expectation does not hold: `diameter(f) <= 9` is without end, wanted at most 9"
    ]
    assert errors("  test t { fail = [f.spine], expect diameter(f) >= 100 }") == []


# ------------------------------------------------------------------ requirements after the fact


def test_requirements_of_the_finished_network() -> None:
    plan = plan_of("  require near: diameter(f) <= 2\n  prefer path_diversity(f) >= 500")
    assert [(each.name, each.verdict, each.slack, each.is_soft) for each in plan.requirements] == [
        ("near", "holds", "0", False),
        ("", "fails", "-372", True),
    ]
    found = errors("  require near: diameter(f) <= 1")
    assert found == [
        "error[requirement-failed]: the requirement `near` does not hold: `diameter(f) <= 1` is 2, wanted at most 1, "
        "1 too much"
    ]


def test_a_waived_requirement_is_recorded() -> None:
    waive = '  policy { waive near { until = 2099-01-31, because = "later" } }\n  require near: diameter(f) <= 1'
    plan = plan_of(waive)
    assert plan.waivers[0].covers == ("requirement near",)


def test_measures_are_no_objective() -> None:
    found = errors("  minimize diameter(f)")
    assert found == [
        "error[not-in-edition]: `minimize diameter(f)`: what only the finished network has cannot be an objective"
    ]


# ------------------------------------------------------------------ choosing tests


def _proved(body: str, names: tuple[str, ...]) -> tuple[Plan | None, Context]:
    context = context_of(files(body))
    context.options.tests = names
    return pipeline.proved("design.optd", context), context


def test_only_the_tests_named_run() -> None:
    body = "  test a { expect links(f) == 1 }\n  test b { expect links(f) == 128 }"
    plan, context = _proved(body, ("b",))
    assert plan is not None
    assert [test.name for test in plan.tests] == ["b"]
    assert not context.sink.has_errors
    _, context = _proved(body, ("c",))
    assert said(context)[-1] == "error[unknown-test]: there is no test `c`"


@pytest.mark.parametrize("name", ["expectation-failed", "empty-scenario", "not-in-scenario", "empty-test"])
def test_examples_of_the_pages(name: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(pages.page(name) or "", encoding="utf-8")
    (case,) = [case for case in read_cases(page) if case.title == "Example"]
    own = files("")["ours.optd"]
    text = case.files["design.optd"].replace("parts.optd", "ours.optd")
    _, context = compile_files({"design.optd": text, "ours.optd": own})
    assert name in {each.name for each in context.sink.sorted()}, said(context)


def test_servers_that_relay_are_part_of_the_network() -> None:
    text = """optd 1
use "./ours.optd" { box, sw }
design d {
  node n[1..16] { model = box }
  fabric f {
    kind = bcube, protocol = ethernet, endpoints = n.nic.compute
    tier low  { model = sw, down = 4 }
    tier high { model = sw, down = 4 }
    connect endpoints -- low  { length = 3m }
    connect endpoints -- high { length = 3m }
  }
  test whole  { expect diameter(f) == 4, expect reachable(f) == 100% }
  test switch { fail_any = switch, expect lost_endpoints(f) == 0 and reachable(f) == 100% }
  test link   { fail_any = link, expect lost_endpoints(f) == 0 }
  test server { fail = [n[1]], expect lost_nodes(f) == 1 }
  test cut    { fail = [f.low[1]], expect bisection(f) >= 1Gbps }
}
"""
    two = files("")["ours.optd"].replace('port p1 { cage = "1" }', 'port p1 { cage = "1" }\n    port p2 { cage = "2" }')
    _, context = compile_files({"design.optd": text, "ours.optd": two})
    why = "no cut of this family is known after a failure"
    assert said(context) == [f"error[cannot-conclude]: cannot conclude on `bisection(f) >= 1Gbps`: {why}"]


def test_tests_of_components_and_overrides() -> None:
    body = """  component Survivor {
    param most: Int = 16
    test survives { fail_any = switch, expect lost_endpoints(f) <= most }
  }
  Survivor a { most = 16 }
  test links { fail_any = switch, expect lost_endpoints(f) <= 1 }
  override links.fail_any = link"""
    plan = plan_of(body)
    assert [(test.name, test.failure) for test in plan.tests] == [("a.survives", "any switch"), ("links", "any link")]


# ------------------------------------------------------------------ faults


def test_faults_name_the_worst_elements() -> None:
    found = faults(plan_of(""))
    switch = next(line for line in found.lines if line.kind == "switch")
    assert switch.lost_endpoints is not None
    assert (switch.elements, switch.lost_endpoints.element, switch.lost_endpoints.value) == (6, "f-leaf001", "16")
    assert faults_text(found).splitlines()[:5] == [
        "fabric f: 64 endpoints, bisection 12.8 Tbit/s",
        "  any link of 128",
        "    endpoints cut off   1                      n-1:p1 -- f-leaf001:Ethernet1",
        "    nodes cut off       1                      n-1:p1 -- f-leaf001:Ethernet1",
        "    least uplinks kept  93.75%                 f-leaf001:Ethernet17 -- f-spine001:Ethernet1 (at f-leaf001)",
    ]


def test_a_plan_that_records_a_failed_test_is_refused() -> None:
    plan = plan_of("  test t { fail_any = switch, expect lost_endpoints(f) <= 16 }")
    (test,) = plan.tests
    worse = test.expectations[0].model_copy(update={"verdict": "fails", "found": "17"})
    broken = replace(plan, tests=(test.model_copy(update={"verdict": "fails", "expectations": (worse,)}),))
    assert [each.message for each in verify(broken)] == [
        "the plan records that test t fails when f-leaf001 has failed: lost_endpoints(f) <= 16 is 17"
    ]


def test_planes_of_one_leaf_each_have_paths_of_one_switch() -> None:
    design = files("  require near: diameter(f) == 1\n", fabric="planes = 2, tiers = 2", down=16)
    design["design.optd"] = design["design.optd"].replace("1..64", "1..16")
    nic = 'port p1 { cage = "1" }'
    design["ours.optd"] = design["ours.optd"].replace(nic, f'{nic}\n    port p2 {{ cage = "2" }}')
    compiled, context = compile_files(design)
    assert compiled is not None, said(context)
    (fabric,) = compiled.plan.fabrics
    assert (fabric.counts[0], fabric.hops) == (2, 1)
