"""Both boxes of a link run one forward error correction, where both say which."""

from __future__ import annotations

import pytest

from optidsl._record import replace
from optidsl.plan.model import PlanFact
from optidsl.plan.verify import verify
from tests.support.compiled import compile_files, files_of, plan_of, said

KP4, KR4 = "fec = rs-544", "fec = rs-528"


@pytest.mark.parametrize(("nic", "switch"), [(KP4, KP4), (KP4, ""), ("", KR4), ("", "")])
def test_codes_that_agree_or_are_not_stated_say_nothing(nic: str, switch: str) -> None:
    compiled, context = compile_files(files_of(nic=nic, switch=switch))
    assert compiled is not None, said(context)
    assert said(context) == []


def test_codes_that_differ_are_refused_at_the_tier_with_both_statements() -> None:
    compiled, context = compile_files(files_of(nic=KP4, switch=KR4))
    assert compiled is None
    assert said(context) == ["error[fec-mismatch]: `box.compute` runs rs-544 and `sw` rs-528 on `f: endpoints -- leaf`"]
    labels = [label.text for label in context.sink.sorted()[0].secondary]
    assert labels == ["rs-544 stated here", "rs-528 stated here"]


def test_two_tiers_are_compared_too() -> None:
    files = files_of(fabric="tier spine { model = sw-old }", uses='use "./old.optd" { sw-old }')
    files["design.optd"] = (
        files["design.optd"]
        .replace("tier leaf { model = sw }", "")
        .replace("tier spine", "tier leaf { model = sw }\n    tier spine")
    )
    files["ours.optd"] = files["ours.optd"].replace("units     = 1U", "units     = 1U\n  fec = rs-544")
    old = files["ours.optd"].split("switch_model sw {")[1].split("\n}\n")[0].replace("rs-544", "rs-528")
    files["old.optd"] = f"optd 1\nswitch_model sw-old {{{old}\n}}\n"
    compiled, context = compile_files(files)
    assert compiled is None
    assert said(context) == ["error[fec-mismatch]: `sw` runs rs-544 and `sw-old` rs-528 on `f: leaf -- spine`"]


def test_the_verifier_finds_it_in_a_plan() -> None:
    plan = plan_of(files_of(nic=KP4, switch=KP4))
    changed = plan.parts["sw"].facts | {"fec": PlanFact(value="rs-528", source="tests", confidence="design")}
    parts = plan.parts | {"sw": plan.parts["sw"].model_copy(update={"facts": changed})}
    found = verify(replace(plan, parts=parts))
    assert [each.message for each in found] == ["f: n -- leaf: box runs rs-544, sw rs-528"]
