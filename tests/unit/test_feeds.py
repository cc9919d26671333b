"""Power feeds: what each carries, what fails with one, what is not concluded, and planted faults in plans."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from optidsl._context import Context
from optidsl.cli.main import main
from optidsl.diag import pages
from optidsl.plan.draws import device_draws
from optidsl.plan.explain import explain
from optidsl.plan.indices import check_indices
from optidsl.plan.io import dump, load
from optidsl.plan.metrics import metric_values
from optidsl.plan.model import Plan
from optidsl.plan.statistics import summary
from optidsl.plan.verify import verify
from optidsl.proofs.faults import faults, faults_text
from tests.support.compiled import PARTS, compile_files, said

DESIGN = """optd 1
use "./ours.optd" {{ box, sw }}
design d {{
  site dc {{
    {feeds}
    hall h {{
      row_pitch = 3m, rack_pitch = 0.6m
      tray {{ drop = 1.2m, slack = 5% }}
      row a {{ rack r[1..8] {{ units = 48U {servers} }} }}
      row b {{ rack s[1..8] {{ units = 48U {switches} }} }}
    }}
  }}
  node n[1..64] {{ model = box, place {{ at = dc.h.a.r, per_rack = 8 {node} }} }}
  fabric f {{
    kind = clos, protocol = ethernet, endpoints = n.nic.compute
    tier leaf  {{ model = sw, down = 16, place {{ at = dc.h.b.s, per_rack = 2 {leaf} }} }}
    tier spine {{ model = sw, place {{ at = dc.h.b.s, per_rack = 1 }} }}
  }}
  {body}
}}
"""
BOTH = ", feeds = [a, b]"
LOST = "test t { fail_any = feed, expect lost_endpoints(f) == 0 }"
# 64 servers of 2 kW, 6 switches of 500 W, modules of 1.9264 kW: 132.9264 kW, half of it on either feed.


def files(
    a: str = "400kW",
    b: str = "400kW",
    *,
    servers: str = BOTH,
    switches: str = BOTH,
    node: str = "",
    leaf: str = "",
    body: str = "",
    feeds: str = "",
    box: str = "power_max = 2kW",
) -> dict[str, str]:
    feeds = feeds or f"feed a {{ power <= {a} }}, feed b {{ power <= {b} }}"
    design = DESIGN.format(feeds=feeds, servers=servers, switches=switches, node=node, leaf=leaf, body=body)
    parts = PARTS.replace("NIC", "").replace("SWITCH", "").replace("MODULE", "").replace("power_max = 2kW", box)
    return {"design.optd": design, "ours.optd": parts}


def compiled(source: dict[str, str]) -> tuple[Plan, Context]:
    result, context = compile_files(source)
    assert result is not None, said(context)
    return result.plan, context


def told(source: dict[str, str]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return severity, name, message and notes of what concerns feeds."""
    _, context = compile_files(source)
    return [(each.severity, each.name, each.message, each.notes) for each in context.sink.sorted()]


# ------------------------------------------------------------------ loads


def test_loads_are_in_the_plan_the_summary_and_the_report() -> None:
    result, context = compile_files(files())
    assert result is not None, said(context)
    plan = result.plan
    a, b = plan.feeds
    assert (a.path, a.power_cap_mw, a.load_mw, a.worst_mw, a.worst_without, a.source_ref) == (
        *("dc.a", 400_000_000, 66_463_200, 132_926_400, "dc.b", "design.optd: site dc / feed a"),
    )
    assert (b.load_mw, b.worst_mw, b.worst_without) == (66_463_200, 132_926_400, "dc.a")
    words = "66.4632 kW of 400 kW, 132.9264 kW when dc.b has failed"
    assert f"  feeds         dc.a: {words}\n                dc.b: 66.4632 kW" in summary(plan)
    assert f"- feed dc.a: {words}\n" in result.files["report/summary.md"]
    assert next((each.verdict, each.detail) for each in plan.checks if each.name == "feed-power") == (
        *("holds", f"feed dc.a: {words}"),
    )
    assert dump(load(dump(plan))) == dump(plan)
    assert verify(plan) == []


def test_designs_without_feeds_say_nothing_of_them() -> None:
    result, _ = compile_files(files(feeds=" ", servers="", switches=""))
    assert result is not None
    assert "feed" not in result.files["plan.json"]
    assert "feed" not in result.files["report/summary.md"]
    assert "feed" not in faults(result.plan).to_json() + faults_text(faults(result.plan))
    assert "feeds" not in (explain(result.plan, "f-leaf001") or "")


@pytest.mark.parametrize(
    ("limits", "message", "note"),
    [
        (
            ("60kW", "400kW"),
            "feed dc.a carries 66.4632 kW with every feed live, its limit is 60 kW: 6.4632 kW too much",
            "when dc.b has failed it carries 132.9264 kW",
        ),
        (
            ("400kW", "132.926kW"),
            "feed dc.b carries 132.9264 kW when dc.a has failed, its limit is 132.926 kW: 0.4 W too much",
            "with every feed live it carries 66.4632 kW",
        ),
    ],
)
def test_overload(limits: tuple[str, str], message: str, note: str) -> None:
    assert told(files(*limits)) == [("error", "feed-overloaded", message, (note,))]


def test_a_limit_that_is_just_enough() -> None:
    plan, _ = compiled(files("132.9264kW", "132.9264kW"))
    assert [each.verdict for each in plan.checks if each.name == "feed-power"] == ["holds", "holds"]


def test_three_feeds_share_and_the_worst_failure_is_named() -> None:
    three = ", feeds = [a, b, c]"
    feeds = "feed a { power <= 200kW }, feed b {}, feed c { power <= 60kW }"
    source = files(feeds=feeds, servers=three, switches=three, node=", feeds = [a, b]")
    plan, _ = compiled(source)
    a, b, c = plan.feeds
    draws = device_draws(plan.parts, plan.groups, plan.classes, plan.devices, plan.links).power_mw
    servers, switches = (int(draws[part].sum()) for part in (slice(0, 64), slice(64, None)))
    assert a.load_mw == b.load_mw == -(-(3 * servers + 2 * switches) // 6)
    assert (c.load_mw, c.worst_mw, c.worst_without) == (-(-switches // 3), -(-switches // 2), "dc.a")
    assert (a.worst_mw, a.worst_without) == (-((-2 * servers - switches) // 2), "dc.b")
    assert Fraction(servers + switches) == 132_926_400
    assert verify(plan) == []
    assert [each.detail.split(":")[0] for each in plan.checks if each.name == "feed-power"] == [
        "feed dc.a",
        "feed dc.c",
    ]


def test_one_feed_has_no_failure_of_another() -> None:
    one = ", feeds = [a]"
    plan, _ = compiled(files(feeds="feed a { power <= 140kW }", servers=one, switches=one))
    assert (plan.feeds[0].load_mw, plan.feeds[0].worst_mw, plan.feeds[0].worst_without) == (132_926_400,) * 2 + ("",)
    assert "feed dc.a: 132.9264 kW of 140 kW, written at" in (explain(plan, "dc.a") or "")


def test_draws_add_up_to_those_of_the_whole() -> None:
    plan, _ = compiled(files())
    args = plan.parts, plan.groups, plan.classes, plan.devices, plan.links
    assert int(device_draws(*args).power_mw.sum()) == metric_values(*args)["power.it"]


# ------------------------------------------------------------------ not known


def test_an_unknown_draw_is_not_concluded() -> None:
    source = files(box="", switches=", feeds = [a]", feeds="feed a { power <= 40kW }, feed b { power <= 40kW }")
    message = "cannot conclude on the power of feeds dc.a and dc.b: no usable number for box.power_max"
    assert told(source)[0][:3] == ("warning", "cannot-conclude", message)
    plan, _ = compiled(source)
    assert [(each.load_mw, each.worst_mw, each.worst_without) for each in plan.feeds] == [(None, None, "")] * 2
    check = next(each for each in plan.checks if each.name == "feed-power")
    assert (check.verdict, check.detail) == ("unknown", "feed dc.a: load not known of 40 kW")
    assert verify(plan) == []
    source["design.optd"] = source["design.optd"].replace("feed b { power <= 40kW }", "feed b {}")
    assert told(source)[0][2] == message.replace("feeds dc.a and dc.b", "feed dc.a")


def test_policy_stops_on_an_unknown_draw() -> None:
    found = told(files(box="", body="policy { unknown { rack_power = stop } }"))
    assert [(severity, name) for severity, name, _, _ in found if name == "cannot-conclude"] == [
        ("error", "cannot-conclude")
    ]


def test_what_is_known_may_already_be_too_much() -> None:
    message = "feed dc.a carries at least 4.9264 kW when dc.b has failed, its limit is 4 kW: 926.4 W too much"
    found = [each for each in told(files("4kW", box="")) if each[0] == "error"]
    assert [(name, text) for _, name, text, _ in found] == [("feed-overloaded", message)]
    assert found[0][3][1] == "no usable number for box.power_max"


def test_racks_that_state_no_feeds_are_named() -> None:
    racks = "racks b-s-1, b-s-2 state no `feeds`"
    found = told(files(switches="", body=LOST))
    assert [(severity, name, message) for severity, name, message, _ in found] == [
        ("warning", "cannot-conclude", f"cannot conclude on the power of feeds dc.a and dc.b: {racks}"),
        ("error", "cannot-conclude", f"cannot conclude on `lost_endpoints(f) == 0`: {racks}"),
    ]


def test_a_design_without_feeds_does_not_pass_silently() -> None:
    racks = "racks a-r-1, a-r-2, a-r-3, a-r-4, a-r-5, a-r-6 and 4 more state no `feeds`"
    found = told(files(feeds=" ", servers="", switches="", body=LOST))
    assert [each[:3] for each in found] == [
        ("error", "cannot-conclude", f"cannot conclude on `lost_endpoints(f) == 0`: {racks}")
    ]
    plan, _ = compiled(files(feeds=" ", servers="", switches=""))
    assert faults_text(faults(plan, ("feed",))) == f"cannot conclude on any feed in f: {racks}\n"
    assert faults(plan, ("feed",)).undecided[0].because == racks


# ------------------------------------------------------------------ failures


def test_a_feed_takes_down_what_nothing_else_feeds() -> None:
    assert told(files(body=LOST)) == []
    message = (
        "the expectation does not hold when feed dc.a has failed: `lost_endpoints(f) == 0` is 64, wanted 0, 64 too much"
    )
    assert told(files(body=LOST, leaf=", feeds = [a]"))[0][:3] == ("error", "expectation-failed", message)
    message = message.replace("dc.a", "dc.b")
    assert told(files(body=LOST, node=", feeds = [b]"))[0][:3] == ("error", "expectation-failed", message)


def test_faults_name_the_worst_feed() -> None:
    plan, _ = compiled(files(leaf=", feeds = [b]"))
    line = next(each for each in faults(plan).lines if each.kind == "feed")
    assert line.elements == 2
    assert line.lost_nodes is not None
    assert (line.lost_nodes.element, line.lost_nodes.value) == ("feed dc.b", "64")
    text = "feed dc.b: 67.9448 kW"
    assert text in (explain(plan, "dc.b") or "")
    assert "  devices    70 hang on it, 4 of them on no other\n  it alone   f-leaf001, f-leaf002" in (
        explain(plan, "dc.b") or ""
    )
    assert "  feeds      b\n" in (explain(plan, "f-leaf001") or "")
    assert "  feeds      a, b\n" in (explain(plan, "f-spine001") or "")


def test_the_command_takes_feeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in files(leaf=", feeds = [b]").items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["faults", str(tmp_path / "design.optd"), "--any", "feed"]) == 0
    assert "  any feed of 2\n    endpoints cut off   64                     feed dc.b\n" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "design.optd")]) == 0
    assert "`optidsl test` and `compile` judge 2 feeds on the finished network" in capsys.readouterr().err


# ------------------------------------------------------------------ planted faults


def test_verify_adds_up_again() -> None:
    from dataclasses import replace

    plan, _ = compiled(files())
    feed = plan.feeds[0]

    def findings(**changes: object) -> list[tuple[str, str]]:
        planted = replace(plan, feeds=(feed.model_copy(update=changes), *plan.feeds[1:]))
        return [(each.name, each.message) for each in verify(planted)]

    assert findings(load_mw=66_000_000) == [
        (
            "feed-mismatch",
            "feed dc.a: the plan records 66 kW and 132.9264 kW, "
            "its devices draw 66.4632 kW, and 132.9264 kW after the worst failure",
        )
    ]
    assert findings(worst_without="")[0][0] == "feed-mismatch"
    assert findings(load_mw=None, worst_mw=None)[0][0] == "feed-mismatch"
    assert findings(power_cap_mw=100_000_000) == [
        (
            "feed-overloaded",
            "feed dc.a carries 132.9264 kW when dc.b has failed, its limit is 100 kW: 32.9264 kW over",
        )
    ]


def test_verify_finds_a_load_without_its_figures() -> None:
    from dataclasses import replace

    plan, _ = compiled(files())
    box = plan.parts["box"]
    facts = {name: fact for name, fact in box.facts.items() if name != "power_max_mw"}
    planted = replace(plan, parts={**plan.parts, "box": box.model_copy(update={"facts": facts})})
    found = [each.message for each in verify(planted) if each.name == "feed-mismatch"]
    assert found[0] == "feed dc.a: the plan records a load, and lacks a figure that it rests on"


def test_names_that_point_nowhere() -> None:
    from dataclasses import replace

    plan, _ = compiled(files())
    rack = plan.racks[0].model_copy(update={"feeds": ("a", "x")})
    planted = replace(plan, racks=(rack, *plan.racks[1:]))
    assert check_indices(planted) == ["rack `a-r-1` names the feed `x`, which is not in feeds"]
    group = plan.groups[0].model_copy(update={"feeds": ("x",)})
    planted = replace(plan, groups=(group, *plan.groups[1:]))
    assert check_indices(planted) == ["group `n` names a feed that rack `a-r-1` does not have"]
    assert check_indices(replace(plan, feeds=(plan.feeds[0],) * 2)) == ["two feeds of a site have one name"]


def test_devices_without_a_rack_are_not_passed_over() -> None:
    from dataclasses import replace

    plan, _ = compiled(files())
    rack = plan.devices.rack.copy()
    rack[-1] = -1
    planted = replace(plan, devices=replace(plan.devices, rack=rack))
    assert np.count_nonzero(rack < 0) == 1
    assert (
        faults_text(faults(planted, ("feed",))) == "cannot conclude on any feed in f: some devices stand in no rack\n"
    )


@pytest.mark.parametrize("name", ["feed-overloaded", "feed-mismatch", "unknown-feed"])
def test_pages(name: str) -> None:
    assert pages.page(name) is not None
