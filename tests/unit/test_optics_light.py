"""Light that is too strong gets an attenuator or a refusal that says which would do; OMA, splices, shrunk reach."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from optidsl.optics import Check
from optidsl.optics.candidates import Option, options_of
from optidsl.optics.classify import views
from optidsl.sema.design import Design, Statistical
from optidsl.sema.slot import Slot
from tests.support import designs
from tests.support.designs import fact
from tests.support.light import FR, FR4_OMA, LR, attenuator, jumper, lc, lit
from tests.support.links import placed_with
from tests.support.parts import dr4, fiber, pair, tables_of


def options(design: Design, required_mm: int = 2_000) -> dict[str, Option]:
    """Return the options of the server -- leaf class by name."""
    placed = placed_with(tables_of(design, designs.context()), required_mm)
    found = options_of(design, views(design, placed)[0]).options
    return {option.candidate.name: option for option in found}


def the_option(design: Design, required_mm: int = 2_000) -> Option:
    found = list(options(design, required_mm).values())
    assert len(found) == 1
    return found[0]


def checks(option: Option, name: str) -> list[Check]:
    return [check for check in option.candidate.checks if check.name == name]


def the_check(option: Option, name: str) -> Check:
    (found,) = checks(option, name)
    return found


# ------------------------------------------------------------------ attenuators

BRIGHT = {**LR, "rx_max_mdbm": 3_500}


def test_the_weakest_attenuator_that_helps_stands_at_every_end_that_needs_it() -> None:
    option = the_option(lit([lc("lr", **BRIGHT)], [attenuator(f"att-{n}", n * 1_000) for n in (5, 1, 2, 3)]))
    assert option.is_open
    assert option.candidate.name == "lr (att-2) + lc + lr (att-2)"
    overload, loss = the_check(option, "overload"), the_check(option, "loss")
    assert (overload.verdict, overload.margin) == ("holds", 400)
    assert overload.detail == "lr receives up to 3.1 dBm from lr over 2 m through att-2, overload is 3.5 dBm"
    # One attenuator in each direction: 0.001 + 2 x 0.25 + 2 dB of 4 dB.
    assert (loss.margin, loss.detail) == (
        1_499,
        "loss 2.501 dB within the budget 4 dB (2 m of os2, 2 connections, attenuator att-2 of 2 dB)",
    )


def test_only_the_receiver_that_is_blinded_gets_one() -> None:
    # LR4-10 at 5.1 dBm into FR4 at 3.5 dBm over 2 m needs about 2 dB; the other way needs nothing.
    found = options(lit([lc("lr", **LR), lc("fr", **FR)], [attenuator("att-2", 2_000)]))
    assert set(found) == {
        *("fr + lc + fr", "lr + lc + lr", "lr + lc + fr (att-2)", "fr (att-2) + lc + lr"),
    }
    assert all(option.is_open for option in found.values())


def test_the_tolerance_of_an_attenuator_counts_both_ways() -> None:
    # 1.7 - 0.2 dB is too little against 1.6 dB; 2 dB counts as 1.8 dB of light taken and 2.2 dB of loss.
    fitted = [attenuator("weak", 1_700, tolerance_mdb=200), attenuator("good", 2_000, tolerance_mdb=200)]
    option = the_option(lit([lc("lr", **BRIGHT)], fitted))
    assert option.candidate.name == "lr (good) + lc + lr (good)"
    assert the_check(option, "overload").margin == 200
    assert the_check(option, "loss").margin == 4_000 - 501 - 2_200


@pytest.mark.parametrize(
    "stranger",
    [
        attenuator("apc", 2_000, connector="mpo-12-apc"),
        replace(attenuator("mm", 2_000), medium=fact("multimode")),
        replace(attenuator("rumour", 2_000), loss_mdb=fact(2_000, "unverified")),
        attenuator("weak", 1_500),
    ],
)
def test_without_a_fitting_attenuator_the_message_gives_the_window(stranger: object) -> None:
    option = the_option(lit([lc("lr", **BRIGHT)], [stranger]))  # type: ignore[list-item]
    check = the_check(option, "overload")
    assert (check.verdict, check.margin) == ("fails", -1_600)
    assert check.detail.endswith(
        "overload is 3.5 dBm, 1.6 dB less; a fixed attenuator of 1.6 dB to 3.499 dB at lr cures it, "
        "and none in the catalogue does (lc-upc, singlemode)"
    )


def test_no_attenuator_can_when_the_budget_is_spent() -> None:
    option = the_option(lit([lc("lr", loss_mdb=2_000, **BRIGHT)], [attenuator("att-2", 2_000)]))
    assert the_check(option, "overload").detail.endswith(
        "no attenuator cures it: it would have to take 1.6 dB and the budget leaves 1.499 dB"
    )


def test_without_a_budget_no_attenuator_is_planned() -> None:
    bare = replace(lc("lr", tx_max_mdbm=5_100, rx_max_mdbm=3_500), limits=())
    option = the_option(lit([bare], [attenuator("att-2", 2_000)]))
    assert the_check(option, "overload").detail.endswith("an attenuator of at least 1.6 dB at lr would cure it")


def test_an_array_attenuator_weakens_both_directions_and_is_bought_once() -> None:
    bright = dr4("dr", tx_max_mdbm=fact(5_000), tx_min_mdbm=fact(-1_900))
    mpo = attenuator("mpo-1", 1_000, connector="mpo-12-apc")
    design = pair([bright], cables=[fiber("sm", "os2", [5])])
    design = replace(design, catalog=replace(design.catalog, attenuators={"mpo-1": mpo}))
    option = the_option(design, 5_000)
    assert option.candidate.name == "dr + sm + dr (mpo-1)"
    assert the_check(option, "loss").margin == 3_000 - 702 - 1_000


def test_a_vendor_that_the_policy_bars_sells_no_attenuator() -> None:
    design = lit([lc("lr", **BRIGHT)], [attenuator("att-2", 2_000), attenuator("att-3", 3_000, vendor="nvidia")])
    design = replace(design, policy=replace(design.policy, vendors=Slot(options=("nvidia",))))
    assert the_option(design).candidate.name == "lr (att-3) + lc + lr (att-3)"


def test_damage_is_judged_without_the_attenuator() -> None:
    found = options(lit([lc("lr", rx_damage_mdbm=5_000, **BRIGHT)], [attenuator("att-2", 2_000)]))
    assert not found


# ------------------------------------------------------------------ OMA


def test_both_signals_are_judged_against_the_longest_channel() -> None:
    option = the_option(lit([lc("fr", **FR, **FR4_OMA)], cables=[jumper([500])]), 500_000)
    assert [(check.verdict, check.margin) for check in checks(option, "oma")] == [
        ("holds", 300 + 4_000 - 700),
        ("holds", 300 + 4_000 - 700),
    ]
    assert checks(option, "oma")[0].detail == ("fr sends OMA - TDECQ -1.7 dBm, less 0.7 dB of channel; fr needs -6 dBm")


def test_a_weak_signal_is_refused_though_the_loss_budget_holds() -> None:
    weak = {**FR4_OMA, "tx_oma_tdecq_min_mdbm": -5_600}
    option = the_option(lit([lc("fr", **FR, **weak)]))
    assert the_check(option, "loss").verdict == "holds"
    assert [check.margin for check in checks(option, "oma") if check.verdict == "fails"] == [-101]
    assert not option.is_open


def test_a_receiver_tested_with_better_signals_than_it_gets_is_unknown() -> None:
    near = lc("near", **FR, **{**FR4_OMA, "tdecq_max_mdb": 3_900})
    far = lc("far", **FR, **FR4_OMA)
    check = next(each for each in checks(options(lit([near, far]))["far + lc + near"], "oma") if each.missing)
    assert (check.verdict, check.missing) == ("unknown", "far.rx_stressed_oma of a signal of TDECQ 3.9 dB")


def test_absent_oma_numbers_are_no_doubt_of_their_own() -> None:
    option = the_option(lit([lc("fr", **FR)]))
    assert option.is_open
    assert not checks(option, "oma") and not checks(option, "oma-overload")


def test_overload_in_oma_is_cured_like_overload_in_average_power() -> None:
    loud = lc("fr", **FR, tx_oma_max_mdbm=4_200, rx_oma_max_mdbm=3_700)
    assert the_check(the_option(lit([loud])), "oma-overload").margin == -500
    option = the_option(lit([loud], [attenuator("att-1", 1_000)]))
    assert option.candidate.name == "fr (att-1) + lc + fr (att-1)"
    assert (the_check(option, "oma-overload").margin, the_check(option, "overload").margin) == (500, 1_000)


def test_the_policy_s_margin_holds_for_oma_too() -> None:
    design = lit([lc("fr", **FR, **FR4_OMA)])
    design = replace(design, policy=replace(design.policy, margin_mdb=Slot(lower=3_800)))
    details = [check.detail for check in checks(the_option(design), "margin")]
    assert "OMA margin 3.799 dB, the policy asks for 3.8 dB" in details
    assert not the_option(design).is_open


# ------------------------------------------------------------------ splices, shares, statistics


def spliced(splices: int, loss_mdb: int | None, connections: int = 2) -> object:
    connect = designs.connect("endpoints", "leaf")
    return replace(connect, splices=splices, splice_loss_mdb=loss_mdb, connections=connections)


def test_splices_are_part_of_the_loss() -> None:
    option = the_option(lit([lc("fr", **FR)], connect=spliced(4, 100)))  # type: ignore[arg-type]
    assert the_check(option, "loss").detail == (
        "loss 0.901 dB within the budget 4 dB (2 m of os2, 2 connections, 4 splices)"
    )


def test_splices_without_their_loss_are_unknown() -> None:
    check = the_check(the_option(lit([lc("fr", **FR)], connect=spliced(4, None))), "loss")  # type: ignore[arg-type]
    assert (check.verdict, check.missing) == ("unknown", "connect endpoints -- leaf.splice_loss")


def test_joints_beyond_their_share_shorten_the_reach() -> None:
    part = lc("fr", connections_mdb=3_000, **FR)
    bad = spliced(20, 150)  # 2 x 0.25 + 20 x 0.15 = 3.5 dB of 3 dB; 0.5 dB are left for fibre of 0.4 dB/km
    option = the_option(lit([part], cables=[jumper([1_000, 1_500])], connect=bad), 1_400_000)  # type: ignore[arg-type]
    reach = the_check(option, "reach")
    assert (reach.verdict, reach.margin) == ("fails", 1_250_000 - 1_500_000)
    assert reach.detail == (
        "fr over os2 reaches 1,250 m and not 2,000 m, as connections and splices take 3.5 dB of 3 dB allotted, "
        "the longest cable is 1,500 m, 250 m more"
    )
    near = the_option(lit([part], cables=[jumper([1_000, 1_500])], connect=bad), 1_000_000)  # type: ignore[arg-type]
    assert near.is_open


def test_joints_within_their_share_leave_the_reach_alone() -> None:
    part = lc("fr", connections_mdb=3_000, **FR)
    option = the_option(lit([part], cables=[jumper([1_500])], connect=spliced(10, 250)), 1_400_000)  # type: ignore[arg-type]
    assert the_check(option, "reach").margin == 500_000


def test_a_statistical_sum_needs_the_author_s_own_spread_and_says_what_it_is() -> None:
    own = Statistical(100, 50, None, None, None, None, Fraction(3))
    design = lit([lc("fr", **FR)], connect=spliced(2, 100))  # type: ignore[arg-type]
    design = replace(design, policy=replace(design.policy, statistical=own))
    # 2 x 0.1 + 2 x 0.1 (splices at their worst) + 0.0008 + 3 x sqrt(2) x 0.05 = 0.6129… dB
    assert the_check(the_option(design), "loss").detail == (
        "statistical loss (mean plus 3 sigma) 0.613 dB within the budget 4 dB (2 m of os2, 2 connections, 2 splices)"
    )


# ------------------------------------------------------------------ symbol rate


def test_lanes_of_unlike_symbol_rates_do_not_face_each_other() -> None:
    # A PMD with an inner code runs 113.4375 GBd where its sister runs 106.25; 106.3 is the latter, rounded.
    rates = {"old": 106_250_000, "rounded": 106_300_000, "new": 113_437_500}
    parts = [replace(lc(name, **FR), baud_kbaud=fact(rate)) for name, rate in rates.items()]
    found = set(options(lit(parts)))
    assert {"old + lc + rounded", "new + lc + new"} <= found
    assert not {"old + lc + new", "new + lc + rounded", "rounded + lc + new"} & found
