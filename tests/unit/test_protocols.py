"""Protocols over Ethernet, what they demand of boxes, linear modules, and copper reach as a policy."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from optidsl import pipeline
from optidsl._protocols import PROTOCOLS, carrier_of, carries, is_ethernet
from optidsl.catalog.facts import facts_of
from optidsl.catalog.parts import SwitchModel
from optidsl.optics.candidates import candidates
from optidsl.optics.classify import classify
from optidsl.schema.protocols import FEATURES, NEEDS
from optidsl.sema.slot import Slot
from tests.support import designs
from tests.support.compiled import compile_files, files_of, plan_of, said
from tests.support.designs import fact
from tests.support.links import placed_with
from tests.support.parts import dac, pair, sr4, tables_of
from tests.support.programs import context_of

RDMA = "features = [rdma]"
LOSSLESS = "features = [pfc, ecn]"


def test_every_protocol_has_a_row_and_a_carrier() -> None:
    assert tuple(NEEDS) == PROTOCOLS
    assert [carrier_of(each) for each in PROTOCOLS] == ["infiniband", "ethernet", "ethernet", "ethernet", "ici"]
    assert [is_ethernet(each) for each in PROTOCOLS] == [False, True, True, True, False]
    assert carries(("ethernet",), "roce")
    assert not carries(("infiniband",), "ultra-ethernet")


def test_every_demand_is_a_feature_with_a_source() -> None:
    for needs in NEEDS.values():
        for demand in needs.demands:
            assert demand.feature in FEATURES
            assert demand.source


# ------------------------------------------------------------------ three answers


def test_roce_over_boxes_that_offer_it_says_nothing() -> None:
    compiled, context = compile_files(files_of(protocol="roce", nic=RDMA, switch=LOSSLESS))
    assert compiled is not None, said(context)
    assert said(context) == []


def test_what_is_not_stated_is_a_warning_by_default() -> None:
    compiled, context = compile_files(files_of(protocol="roce"))
    assert compiled is not None
    assert said(context) == [
        "warning[cannot-conclude]: cannot conclude whether `box.compute` offers rdma, which `f` needs: neither "
        "`features` nor `lacks` says so",
        "warning[cannot-conclude]: cannot conclude whether `sw` offers pfc and ecn, which `f` needs: neither "
        "`features` nor `lacks` says so",
    ]


def test_and_an_error_where_the_policy_stops() -> None:
    body = "policy { unknown { features = stop } }"
    compiled, context = compile_files(files_of(body, protocol="ultra-ethernet", switch="features = [ecn]"))
    assert compiled is None
    assert said(context) == [
        "error[cannot-conclude]: cannot conclude whether `box.compute` offers uec, which `f` needs: neither `features` "
        "nor `lacks` says so"
    ]


@pytest.mark.parametrize(
    ("protocol", "nic", "switch", "found"),
    [
        ("roce", RDMA, "features = [ecn], lacks = [pfc]", "`sw` lacks pfc, which `f` needs"),
        ("roce", "lacks = [rdma]", LOSSLESS, "`box.compute` lacks rdma, which `f` needs"),
        ("ultra-ethernet", "lacks = [uec]", "features = [ecn]", "`box.compute` lacks uec, which `f` needs"),
        ("ultra-ethernet", "features = [uec]", "lacks = [ecn]", "`sw` lacks ecn, which `f` needs"),
    ],
)
def test_what_a_box_lacks_is_refused(protocol: str, nic: str, switch: str, found: str) -> None:
    compiled, context = compile_files(files_of(protocol=protocol, nic=nic, switch=switch))
    assert compiled is None
    assert said(context) == [f"error[feature-missing]: {found}"]


def test_ultra_ethernet_needs_no_flow_control() -> None:
    switch = "features = [ecn], lacks = [pfc, packet-trimming]"
    compiled, context = compile_files(files_of(protocol="ultra-ethernet", nic="features = [uec]", switch=switch))
    assert compiled is not None, said(context)


def test_plain_ethernet_and_infiniband_ask_for_nothing() -> None:
    lacking = "lacks = [pfc, ecn]"
    for protocol in ("ethernet", "infiniband"):
        compiled, context = compile_files(files_of(protocol=protocol, switch=lacking))
        assert compiled is not None, said(context)
        assert said(context) == []


def test_a_fabric_asks_for_more_of_its_switches() -> None:
    fabric = "features = [sharp]"
    compiled, context = compile_files(files_of(protocol="infiniband", fabric=fabric, switch="lacks = [sharp]"))
    assert compiled is None
    assert said(context) == ["error[feature-missing]: `sw` lacks sharp, which `f` needs"]
    assert compile_files(files_of(protocol="infiniband", fabric=fabric, switch=fabric))[0] is not None


def test_infiniband_needs_one_subnet_manager() -> None:
    switch = "lacks = [subnet-manager]"
    assert compile_files(files_of(protocol="infiniband", switch=switch))[0] is not None
    compiled, context = compile_files(files_of(protocol="infiniband", switch=switch, nic=switch))
    assert compiled is None
    assert said(context) == ["error[feature-missing]: no box of `f` has a subnet-manager, and InfiniBand needs one"]


def test_secondary_features_are_told_and_unverified_ones_do_not_decide() -> None:
    def cited(confidence: str) -> str:
        return f'source s {{ title = "A page", confidence = {confidence} }}\n'

    files = files_of(protocol="roce", nic=RDMA, switch="cite s { features = [pfc, ecn] }")
    for confidence, name in (("secondary", "secondary-number"), ("unverified", "cannot-conclude")):
        told = {**files, "ours.optd": files["ours.optd"].replace("optd 1\n", f"optd 1\n{cited(confidence)}")}
        compiled, context = compile_files(told)
        assert compiled is not None, said(context)
        assert {each.name for each in context.sink.sorted()} == {name}


def test_open_models_that_lack_something_are_not_tried() -> None:
    files = files_of(protocol="roce", nic=RDMA, switch="lacks = [pfc]")
    other = files["ours.optd"].replace("lacks = [pfc]", LOSSLESS)
    start, end = other.index("switch_model sw {"), other.index("transceiver dr {")
    files["ours.optd"] += other[start:end].replace("switch_model sw ", "switch_model other ")
    files["design.optd"] = files["design.optd"].replace("tier leaf { model = sw }", "tier leaf { model = auto }")
    files["design.optd"] = files["design.optd"].replace("{ box, sw }", "{ box }")
    assert {group.model for group in plan_of(files).groups if group.kind == "switch"} == {"other"}


@pytest.mark.parametrize(("mtu", "size"), [(1500, 1024), (4191, 2048), (576, 256)])
def test_a_small_mtu_is_told_with_the_message_that_fits(mtu: int, size: int) -> None:
    files = files_of(f"addressing {{ mtu = {mtu} }}", protocol="roce", nic=RDMA, switch=LOSSLESS)
    assert said(compile_files(files)[1]) == [
        f"warning[mtu-too-small]: an MTU of {mtu} bytes leaves `f` RDMA messages of {size} bytes: 4096 need an MTU of "
        "4192"
    ]


def test_an_mtu_of_4192_is_enough() -> None:
    files = files_of("addressing { mtu = 4192 }", protocol="roce", nic=RDMA, switch=LOSSLESS)
    assert said(compile_files(files)[1]) == []


# ------------------------------------------------------------------ Ethernet underneath


def test_roce_has_the_addresses_and_files_of_ethernet() -> None:
    plain, _ = compile_files(files_of())
    roce, context = compile_files(files_of(protocol="roce", nic=RDMA, switch=LOSSLESS))
    assert plain is not None
    assert roce is not None, said(context)
    assert roce.plan.devices.asn.tolist() == plain.plan.devices.asn.tolist()
    assert roce.plan.devices.loopback.tolist() == plain.plan.devices.loopback.tolist()
    assert sorted(roce.files) == sorted(plain.files)
    same = [path for path in plain.files if path.endswith((".conf", "config_db.json")) or "frr" in path]
    assert same
    for path in same:
        assert roce.files[path] == plain.files[path]
    assert json.loads(roce.files["plan.json"])["fabrics"][0]["protocol"] == "roce"


def test_a_default_policy_leaves_no_trace_in_the_plan() -> None:
    assert set(plan_of(files_of()).policy.unknown) >= {"reach", "loss"}
    assert "features" not in plan_of(files_of()).policy.unknown
    told = plan_of(files_of("policy { unknown { features = stop, linear = warn } }"))
    assert told.policy.unknown["features"] == "stop"
    assert told.policy.unknown["linear"] == "warn"


# ------------------------------------------------------------------ linear modules

LINEAR = "linear = true"
HOST = "linear_host = true, fec = rs-544"


def test_linear_modules_go_where_both_boxes_drive_them() -> None:
    compiled, context = compile_files(files_of(module=LINEAR, nic=HOST, switch=HOST))
    assert compiled is not None, said(context)
    assert compiled.plan.classes[0].a_module == "dr"
    assert [check.verdict for check in compiled.plan.checks if check.name == "linear-host"] == ["holds", "holds"]


def test_a_box_that_does_not_drive_them_refuses_them() -> None:
    files = files_of(module=LINEAR, nic=HOST, switch="linear_host = false, fec = rs-544")
    start, end = files["ours.optd"].index("direct_cable copper"), files["ours.optd"].index("fiber_grade glass")
    files["ours.optd"] = files["ours.optd"][:start] + files["ours.optd"][end:]
    compiled, context = compile_files(files)
    assert compiled is None
    found = context.sink.sorted()[0]
    assert found.name == "no-optic-fits"
    text = " ".join((found.message, *found.notes))
    assert "dr has no signal processor, the sw does not drive linear modules" in text


@pytest.mark.parametrize(("nic", "missing"), [("fec = rs-544", "box.linear_host"), ("linear_host = true", "box.fec")])
def test_what_is_not_stated_stops_unless_the_policy_warns(nic: str, missing: str) -> None:
    compiled, context = compile_files(files_of(module=LINEAR, nic=nic, switch=HOST))
    assert compiled is None
    assert any(missing in each for each in said(context)), said(context)
    body = "policy { unknown { linear = warn } }"
    compiled, context = compile_files(files_of(body, module=LINEAR, nic=nic, switch=HOST))
    assert compiled is not None, said(context)
    told = [each for each in said(context) if "linear host" in each]
    assert len(told) == 1
    assert missing in told[0]


# ------------------------------------------------------------------ copper reach


def policy(reach: str) -> str:
    return f"policy {{ copper_reach {{ {reach} }} }}\n  minimize power.optics"


def test_copper_goes_as_far_as_the_policy_lets_it() -> None:
    assert plan_of(files_of(policy("dac = 3m"), length="2.5m")).classes[0].direct == "copper"
    assert plan_of(files_of(policy("dac = 2m"), length="1.9m")).classes[0].direct == "copper"
    assert plan_of(files_of(policy("aec = 1m"), length="2.5m")).classes[0].direct == "copper"


def test_the_ordered_length_counts() -> None:
    assert plan_of(files_of(policy("dac = 2.5m"), length="2.4m")).classes[0].direct == ""


def test_a_looser_policy_adds_nothing() -> None:
    assert plan_of(files_of(policy("dac = 30m"), length="4m")).classes[0].direct == ""


def test_a_conflict_names_the_policy_s_line_and_how_far_it_must_go() -> None:
    files = files_of(policy("dac = 2m"), length="2.5m")
    files["design.optd"] = files["design.optd"].replace("length = 2.5m", "length = 2.5m, medium = dac")
    compiled, context = compile_files(files)
    assert compiled is None
    found = context.sink.sorted()[0]
    assert found.name == "no-optic-fits"
    labels = [label.text for label in (found.primary, *found.secondary) if label is not None]
    assert "dac may be at most 2 m" in labels
    assert any("allow dac up to 3 m: copper then fits" in each.title for each in found.fixes), found.fixes


def test_a_tighter_policy_only_takes_candidates_away() -> None:
    cables = [dac("d", [1, 2, 3]), dac("e", [1, 5], technology=fact("aec"))]
    base = pair([sr4()], direct=cables)
    context = designs.context()
    placed = placed_with(tables_of(base, context), 1_500)
    before: set[str] | None = None
    for reach_mm in (30_000, 5_000, 4_000, 3_000, 2_000, 1_000, 0):
        slots = {name: Slot(value=reach_mm) for name in ("dac", "aec")}
        design = replace(base, policy=replace(base.policy, copper_reach=slots))
        (first, *_) = candidates(design, placed, classify(design, placed))
        names = {option.candidate.name for option in first.open}
        assert before is None or names <= before
        before = names
    assert before == {"sr4 + mm + sr4"}


def test_the_catalogue_shows_what_a_box_offers() -> None:
    words = "features = [pfc, ecn], lacks = [uec], linear_host = true, latency = 500ns"
    shown = {each.name: each.text for each in facts_of(_switch(words))}
    assert (shown["features"], shown["lacks"]) == ("pfc, ecn", "uec")
    assert (shown["linear_host"], shown["latency"]) == ("true", "500ns")


def _switch(words: str) -> SwitchModel:
    files = files_of(switch=words)
    found = pipeline.elaborate("design.optd", context_of(files))
    assert found is not None
    return found[1].catalog.switches["sw"]


def test_what_boxes_offer_stands_in_the_plan() -> None:
    plan = plan_of(files_of(protocol="roce", nic=RDMA))
    told = [(check.verdict, check.detail, check.missing) for check in plan.checks if check.name == "features"]
    assert told == [
        ("unknown", "cannot conclude whether sw offers pfc and ecn, which f needs", "sw.features"),
        ("holds", "box.compute offers rdma, which f needs", ""),
    ]
    assert all(check.name != "features" for check in plan_of(files_of()).checks)
