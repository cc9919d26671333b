"""Each rule refuses its planted fault, accepts its neighbour, and says "unknown" without its number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from optidsl.catalog.parts import CageLimit, FiberLimit, Lanes
from optidsl.optics import Check
from optidsl.optics.candidates import ClassOptions, options_of
from optidsl.optics.check_pair import bands
from optidsl.optics.classify import views
from optidsl.sema.design import Design
from tests.support import designs
from tests.support.designs import GBPS, fact
from tests.support.links import placed_with
from tests.support.parts import dac, dr4, fiber, module, pair, rule, sr4, tables_of


def leaf_class(design: Design, required_mm: int = 20_000) -> ClassOptions:
    """Return the options of the server -- leaf class."""
    placed = placed_with(tables_of(design, designs.context()), required_mm)
    return options_of(design, views(design, placed)[0])


def the_check(design: Design, name: str, required_mm: int = 20_000) -> Check:
    """Return a check of the only option."""
    options = leaf_class(design, required_mm).options
    assert len(options) == 1, [option.candidate.name for option in options]
    return next(check for check in options[0].candidate.checks if check.name == name)


def refusal(design: Design) -> Check:
    """Return the check that left no option."""
    found = leaf_class(design)
    assert not found.options
    return max(found.unfit, key=lambda unfit: (unfit.where in ("pair", "fiber"), unfit.depth)).check


SM = [fiber("sm", "os2", [5, 20, 100, 500])]


def test_a_link_within_everything_holds() -> None:
    option = leaf_class(pair([dr4()], cables=SM)).options[0]
    assert option.is_open
    assert option.candidate.name == "dr4 + sm + dr4"
    assert {check.verdict for check in option.candidate.checks} == {"holds"}


# ------------------------------------------------------------------ reach


def test_reach_is_compared_with_the_cable_that_is_ordered() -> None:
    check = the_check(pair([module("short", reach_m=90)], cables=SM), "reach", 30_000)
    assert (check.verdict, check.margin, check.unit) == ("fails", -10_000, "mm")
    assert check.detail == "short over os2 reaches 90 m, the longest cable is 100 m, 10 m more"


def test_the_shorter_reach_of_both_ends_binds() -> None:
    near = module("near", reach_m=100)
    options = leaf_class(pair([near, module("far", reach_m=500)], cables=SM), 100_000).options
    by_name = {option.candidate.name: option for option in options}
    reach = next(c for c in by_name["far + sm + near"].candidate.checks if c.name == "reach")
    assert (reach.verdict, reach.margin) == ("holds", 0)


def test_a_reach_towards_a_named_far_end_binds() -> None:
    # The 500 m twin-port module reaches 100 m towards the single-port one (NVIDIA MMS4X00-NM, rule K033).
    nm = module("nm", reach_m=500, faces=(("ns400", fact(100_000, "vendor-doc")),))
    options = leaf_class(pair([nm, module("ns400", reach_m=500)], cables=SM), 400_000).options
    verdicts = {
        option.candidate.name: next(c.verdict for c in option.candidate.checks if c.name == "reach")
        for option in options
    }
    assert verdicts["nm + sm + nm"] == "holds"
    assert verdicts["nm + sm + ns400"] == verdicts["ns400 + sm + nm"] == "fails"


def test_the_cable_s_own_longest_channel_binds() -> None:
    cable = fiber("sm", "os2", [100], max_total_mm=fact(50_000, "vendor-doc"))
    check = the_check(pair([dr4()], cables=[cable]), "reach")
    assert check.detail == "sm may span 50 m, the longest cable is 100 m, 50 m more"


def test_a_grade_that_the_vendor_does_not_list_is_unknown() -> None:
    part = module("dr", reach_m=500)
    part = replace(part, limits=(FiberLimit("os1a", fact(250_000)),))
    check = the_check(pair([part], cables=SM), "reach")
    assert (check.verdict, check.missing) == ("unknown", "dr.over os2.reach")


def test_an_unverified_reach_decides_nothing_and_a_secondary_one_says_so() -> None:
    unverified = the_check(pair([dr4(confidence="unverified")], cables=SM), "reach")
    assert (unverified.verdict, unverified.missing) == ("unknown", "dr4.over os2.reach")
    secondary = the_check(pair([dr4(confidence="secondary")], cables=SM), "reach")
    assert (secondary.verdict, secondary.confidence) == ("holds", "secondary")


# ------------------------------------------------------------------ loss


def test_loss_against_the_channel_s_limit() -> None:
    # 500 m at 0.4 dB/km and two connections of 0.35 dB: 0.9 dB of 3.0 dB.
    check = the_check(pair([dr4()], cables=SM), "loss", 500_000)
    assert (check.verdict, check.margin) == ("holds", 2_100)
    assert check.detail == "loss 0.9 dB within the budget 3 dB (500 m of os2, 2 connections)"


def test_loss_over_the_limit_says_by_how_much() -> None:
    connect = replace(designs.connect("endpoints", "leaf"), connections=8)
    check = the_check(pair([dr4()], cables=SM, connect=connect), "loss", 500_000)
    assert check.verdict == "holds"  # 0.2 + 8 x 0.35 = 3.0 dB exactly
    assert check.margin == 0
    worse = replace(connect, connections=9)
    check = the_check(pair([dr4()], cables=SM, connect=worse), "loss", 500_000)
    assert (check.verdict, check.margin) == ("fails", -350)
    assert (
        check.detail
        == "loss 3.35 dB exceeds the budget 3 dB by 0.35 dB (500 m of os2 take 0.2 dB, 9 connections 3.15 dB)"
    )


def test_without_a_limit_the_levels_give_the_window() -> None:
    check = the_check(pair([dr4(loss_mdb=None)], cables=SM), "loss")
    assert (check.verdict, check.margin) == ("holds", 3_000 - 708)


def test_without_levels_the_vendor_s_channel_holds_when_the_plant_is_no_worse() -> None:
    part = module(
        "ns",
        channel_connections=fact(4, "vendor-doc"),
        channel_connection_loss_mdb=fact(350, "vendor-doc"),
    )
    check = the_check(pair([part], cables=SM), "loss")
    # Promised: 4 x 0.35 + 0.2 = 1.6 dB at 500 m; here 2 x 0.35 + 0.008.
    assert (check.verdict, check.margin) == ("holds", 1_600 - 708)


@pytest.mark.parametrize("changes", [{"channel_connections": fact(1)}, {"channel_connection_loss_mdb": fact(250)}])
def test_a_plant_worse_than_the_vendor_s_channel_is_unknown(changes: dict[str, Any]) -> None:
    channel: dict[str, Any] = {"channel_connections": fact(4), "channel_connection_loss_mdb": fact(350)}
    check = the_check(pair([module("ns", **{**channel, **changes})], cables=SM), "loss")
    assert (check.verdict, check.missing) == ("unknown", "ns.over os2.loss")


def test_loss_without_any_number_names_the_field() -> None:
    check = the_check(pair([module("bare")], cables=SM), "loss")
    assert (check.verdict, check.missing) == ("unknown", "bare.over os2.loss")


def test_loss_without_the_connector_s_number_names_it() -> None:
    design = pair([dr4()], cables=SM)
    design = replace(design, catalog=replace(design.catalog, connectors={}))
    assert the_check(design, "loss").missing == "mpo-12-apc.loss"


# ------------------------------------------------------------------ overload and shortest length


def lr_into_fr() -> tuple[Any, Any]:
    lr = dr4("lr", tx_min_mdbm=fact(-2_700), tx_max_mdbm=fact(5_100), rx_min_mdbm=fact(-7_300), rx_max_mdbm=fact(5_100))
    fr = dr4("fr", tx_min_mdbm=fact(-3_300), tx_max_mdbm=fact(3_500), rx_min_mdbm=fact(-7_300), rx_max_mdbm=fact(3_500))
    return lr, fr


def test_a_strong_transmitter_into_a_weak_receiver() -> None:
    design = pair(lr_into_fr(), cables=[fiber("sm", "os2", [2])])
    options = {option.candidate.name: option for option in leaf_class(design, 2_000).options}
    check = next(c for c in options["lr + sm + fr"].candidate.checks if c.name == "overload")
    assert (check.verdict, check.margin) == ("fails", -1_600)
    assert "a fixed attenuator of 1.6 dB to 2.299 dB at fr cures it, and none in the catalogue does" in check.detail
    own = next(c for c in options["fr + sm + fr"].candidate.checks if c.name == "overload")
    assert (own.verdict, own.margin) == ("holds", 0)


def test_light_that_damages_the_far_end_is_refused_whatever_the_length() -> None:
    parts = [dr4("strong", tx_max_mdbm=fact(6_000)), dr4("weak", rx_damage_mdbm=fact(5_000))]
    found = leaf_class(pair(parts, cables=SM))
    assert {option.candidate.name for option in found.options} == {"strong + sm + strong", "weak + sm + weak"}
    assert {unfit.check.detail for unfit in found.unfit} == {"strong sends up to 6 dBm, weak is damaged above 5 dBm"}


def test_without_levels_the_vendor_s_shortest_length_decides() -> None:
    levels = {"tx_max_mdbm": None, "min_length_mm": fact(2_000)}
    design = pair([dr4(**levels)], cables=[fiber("sm", "os2", [1, 5])])
    assert the_check(design, "overload", 5_000).verdict == "holds"
    assert the_check(design, "overload", 1_000).verdict == "fails"
    assert the_check(design, "min-length", 1_000).margin == -1_000


def test_without_levels_and_length_overload_is_unknown() -> None:
    check = the_check(pair([dr4(rx_max_mdbm=None)], cables=SM), "overload")
    assert (check.verdict, check.missing) == ("unknown", "dr4.rx_max")


# ------------------------------------------------------------------ what fits together


@pytest.mark.parametrize(
    ("changes", "check", "detail"),
    [
        ({"protocols": ("infiniband",)}, "protocol", "dr4 carries infiniband, the fabric speaks ethernet"),
        ({"lanes": fact(Lanes(4, 50 * GBPS))}, "rate", "a bore of dr4 runs 200 Gbps, the link 400 Gbps"),
        (
            {"lanes": fact(Lanes(2, 200 * GBPS))},
            "lanes",
            "a bore of dr4 has 2 lanes of 200 Gbps, a port of the server1 compute cage 4 of 100 Gbps",
        ),
        ({"form_factor": fact("osfp-rhs")}, "form-factor", "dr4 is osfp-rhs, the server1 compute cage takes osfp"),
        (
            {"power_max_mw": fact(16_000)},
            "cage-power",
            "dr4 draws up to 16 W, the server1 compute cage allows 15 W: 1 W too much",
        ),
        ({"connector": fact("lc-apc")}, "connector", "dr4 takes lc, sm ends in mpo-12"),
        ({"connector": fact("mpo-12-upc")}, "polish", "dr4 is UPC, sm APC; angled and flat end faces do not meet"),
        ({"medium": fact("multimode")}, "medium", "dr4 is multimode, sm singlemode"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changes: dict[str, Any], check: str, detail: str) -> None:
    found = refusal(pair([dr4(**changes)], cables=SM))
    assert (found.name, found.verdict, found.detail) == (check, "fails", detail)


def test_a_twin_port_module_does_not_fit_a_one_port_cage() -> None:
    found = refusal(pair([module("twin", bores=2)], cables=SM))
    assert (found.name, found.detail) == ("bores", "twin has 2 bores, the server1 compute cage runs 1 port")


@pytest.mark.parametrize(
    ("field", "left", "right"),
    [("pmd", "400g-dr4", "400g-fr4"), ("modulation", "pam4", "nrz"), ("wavelength", "1310", "1271;1291;1311;1331")],
)
def test_both_ends_must_agree(field: str, left: str, right: str) -> None:
    design = pair([dr4("a", **{field: fact(left)}), dr4("b", **{field: fact(right)})], cables=SM)
    found = leaf_class(design)
    assert [option.candidate.name for option in found.options] == ["a + sm + a", "b + sm + b"]
    assert {unfit.check.name for unfit in found.unfit} == {field}


def test_wavelengths_are_compared_as_numbers() -> None:
    assert bands("1304.5-1317.5") is not None
    assert bands("CWDM4") is None
    design = pair([dr4("a", wavelength=fact("1310")), dr4("b", wavelength=fact("1304.5-1317.5"))], cables=SM)
    assert len(leaf_class(design).options) == 4


def test_fec_must_agree_where_it_is_known() -> None:
    design = pair([dr4("a", fec=fact("rs-544")), dr4("b", fec=fact("rs-528")), dr4("c")], cables=SM)
    names = {option.candidate.name for option in leaf_class(design).options}
    assert "a + sm + b" not in names
    assert {"a + sm + a", "a + sm + c", "b + sm + c"} <= names


def test_splitters_are_refused_with_their_reason() -> None:
    found = refusal(pair([dr4()], cables=[fiber("y", "os2", [20], ends=2)]))
    assert found.detail == "y has 2 far ends, the link needs 1 far end a bore"


def test_the_longest_length_on_sale_is_named() -> None:
    check = the_check(pair([dr4()], cables=[fiber("sm", "os2", [5, 10])]), "lengths-on-sale")
    assert (check.verdict, check.margin) == ("fails", -10_000)
    assert check.detail == "sm is sold up to 10 m, the longest link needs 20 m"


# ------------------------------------------------------------------ watts of cages


def test_the_worst_cage_in_use_decides() -> None:
    limits = (CageLimit(1, 32, 1, fact(18_000)), CageLimit(2, 2, 1, fact(8_000)))
    found = refusal(pair([dr4()], cables=SM, limits=limits))
    assert found.name == "cage-power"
    assert found.detail.startswith("dr4 draws up to 9 W, cage ")
    assert found.margin == -1_000


def test_cages_without_a_limit_are_unknown_unless_the_part_is_listed_for_the_box() -> None:
    design = pair([dr4()], cables=SM, limits=())
    unknown = [c for c in leaf_class(design).options[0].candidate.checks if c.verdict == "unknown"]
    assert [(c.name, c.missing) for c in unknown] == [("cage-power", "radix32.cage_power")]
    listed = pair([dr4()], cables=SM, limits=(), rules=[rule("in-cage", "dr4", "radix32", "allowed")])
    assert leaf_class(listed).options[0].is_open


# ------------------------------------------------------------------ rules


def test_a_forbidding_rule_removes_and_a_closer_allowing_one_lifts_it() -> None:
    forbidden = rule("faces", "medium=singlemode", "transceiver", "forbidden", "not tested")
    found = refusal(pair([dr4()], cables=SM, rules=[forbidden]))
    assert (found.name, found.detail) == ("rule", "dr4 does not go with dr4: not tested")
    lifted = rule("faces", "dr4 medium=singlemode", "dr4", "allowed")
    assert leaf_class(pair([dr4()], cables=SM, rules=[forbidden, lifted])).options[0].is_open


def test_a_warning_rule_keeps_the_part() -> None:
    design = pair([dr4()], cables=SM, rules=[rule("in-cage", "dr4", "radix32", "warn", "beta support")])
    option = leaf_class(design).options[0]
    assert option.is_open
    assert [c.detail for c in option.candidate.checks if c.name == "rule-warning"] == [
        "dr4 goes with reserve with radix32: beta support"
    ]


# ------------------------------------------------------------------ direct cables


def test_a_straight_copper_cable_serves_a_short_link() -> None:
    found = leaf_class(pair([], cables=SM, direct=[dac()]), 2_500)
    assert [option.candidate.name for option in found.options] == ["dac"]
    assert found.options[0].is_open


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"ends": 2}, "rate"),
        ({"ends": 2, "lanes": fact(Lanes(8, 100 * GBPS))}, "bores"),
        ({"lanes": fact(Lanes(8, 100 * GBPS)), "bores": 2}, "bores"),
        ({"form_factor_z": fact("qsfp112")}, "form-factor"),
        ({"protocols": ("infiniband",)}, "protocol"),
        ({"power_a_mw": fact(16_000)}, "cage-power"),
    ],
)
def test_direct_cables_that_do_not_fit(changes: dict[str, Any], check: str) -> None:
    found = leaf_class(pair([], cables=SM, direct=[dac(**changes)]), 2_000)
    assert [unfit.check.name for unfit in found.unfit if unfit.where == "direct"] == [check]


def test_a_direct_cable_without_a_length_list_is_unknown() -> None:
    option = leaf_class(pair([], cables=SM, direct=[dac(lengths_mm=None)]), 2_000).options[0]
    assert [c.missing for c in option.candidate.checks if c.verdict == "unknown"] == ["dac.lengths"]


def test_a_longer_link_never_gains_margin() -> None:
    design = pair([dr4(), sr4()])
    placed = placed_with(tables_of(design, designs.context()), 1_000)
    last: dict[tuple[str, str], int] = {}
    for required in range(1_000, 60_000, 1_700):
        placed.lengths.required_mm[:] = required
        for option in options_of(design, views(design, placed)[0]).options:
            for check in option.candidate.checks:
                if check.name in ("reach", "loss", "lengths-on-sale") and check.margin is not None:
                    key = (option.candidate.name, check.name)
                    assert check.margin <= last.get(key, check.margin)
                    last[key] = check.margin
