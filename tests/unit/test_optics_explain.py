"""Conflicts are told in the author's statements, are irreducible, and offer only what was tried and works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from optidsl._context import Context
from optidsl.diag import Diagnostic, Edit, Span
from optidsl.optics import choose
from optidsl.sema.design import Design, Requirement
from optidsl.sema.slot import Slot
from tests.support import designs
from tests.support.designs import fact
from tests.support.links import placed_with
from tests.support.parts import connect_at, dr4, fiber, module, pair, source, sr4, tables_of
from tests.unit.test_optics_choose import require


def failing(design: Design, required_mm: list[int] | int, context: Context, **place: Any) -> list[Diagnostic]:
    placed = placed_with(tables_of(design, context), required_mm, **place)
    assert choose(design, placed, context, recheck=True) is None
    return [d for d in context.sink.sorted() if d.severity == "error"]


def one(design: Design, required_mm: list[int] | int, context: Context, **place: Any) -> Diagnostic:
    found = failing(design, required_mm, context, **place)
    assert len(found) == 1, [d.message for d in found]
    return found[0]


def at(span: Span, **slot: Any) -> Slot[Any]:
    return Slot(span=span, **slot)


def applied(context: Context, edits: tuple[Edit, ...]) -> str:
    """Return the statement after its edits."""
    text = context.sources[edits[0].span.file].text
    for edit in sorted(edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text.splitlines()[0]


# ------------------------------------------------------------------ one class


def test_reach_alone() -> None:
    context = designs.context()
    found = one(pair([sr4()], cables=[fiber("mm", "om4", [50, 70])]), [20_000, 60_000], context)
    assert found.name == "reach-exceeded"
    assert found.message == (
        "nothing serves `compute: leaf -- spine`: sr4 over om4 reaches 50 m, the longest cable is 70 m, 20 m more "
        "(4 links; longest compute-leaf-001 -> compute-spine-001)"
    )
    assert [fix.title for fix in found.fixes] == [
        "shorten the longest link of `compute: leaf -- spine` to 50 m or less (10 m less): sr4 + mm + sr4 then fits"
    ]


def test_loss_alone() -> None:
    context = designs.context()
    connect = replace(designs.connect("endpoints", "leaf"), connections=6)
    found = one(pair([sr4()], connect=connect), 20_000, context)
    # 6 x 0.35 + 20 m x 3 dB/km = 2.16 dB of 1.9 dB.
    assert {found.name} == {"loss-exceeded"}
    assert (
        "loss 2.16 dB exceeds the budget 1.9 dB by 0.26 dB (20 m of om4 take 0.06 dB, 6 connections 2.1 dB)"
        in found.message
    )
    assert found.fixes == ()  # no length helps


def test_length_and_medium_conflict_and_each_can_be_relaxed() -> None:
    context = designs.context()
    spans = source(context, "medium = multimode\nconnect endpoints -- leaf\n")
    connect = connect_at("endpoints", "leaf", spans["connect"], medium=at(spans["medium"], value="multimode"))
    found = one(pair([dr4(), sr4()], connect=connect), 80_000, context)
    # 80 m: multimode is sold to 50 m; single-mode would do.
    assert found.name == "no-optic-fits"
    assert found.message == (
        "no optic in the catalogue fits `compute: server -- leaf`: the longest of 4 links needs 80 m "
        "(server-001 -> compute-leaf-001) and medium must be multimode"
    )
    assert found.primary is not None
    assert found.primary.span == spans["connect"]
    assert [(label.span, label.text) for label in found.secondary] == [(spans["medium"], "medium must be multimode")]
    assert found.notes[0] == "these 2 statements cannot hold together; without any one of them the others can"
    assert [fix.title for fix in found.fixes] == [
        "shorten the longest link of `compute: server -- leaf` to 50 m or less (30 m less): sr4 + mm + sr4 then fits",
        "allow singlemode as medium: dr4 + sm + dr4 then fits",
    ]
    assert applied(context, found.fixes[1].edits) == "medium in [multimode, singlemode]"


def test_a_list_of_the_policy_gets_the_fewest_more_words() -> None:
    context = designs.context()
    spans = source(context, "vendors in [acme, other]\n")
    design = pair([replace(dr4(), vendor="nvidia")])
    vendors = at(spans["vendors"], options=("acme", "other"))
    design = replace(design, policy=replace(design.policy, vendors=vendors))
    found = one(design, 20_000, context)
    assert found.message == ("no optic in the catalogue fits `compute: server -- leaf`: vendors must be acme or other")
    assert found.notes[0] == "the same stops `compute: leaf -- spine`"
    assert applied(context, found.fixes[0].edits) == "vendors in [acme, other, nvidia]"


def test_a_margin_is_lowered_to_what_there_is() -> None:
    context = designs.context()
    spans = source(context, "margin >= 2.5dB\n")
    design = pair([dr4()], cables=[fiber("sm", "os2", [20])])
    design = replace(design, policy=replace(design.policy, margin_mdb=at(spans["margin"], lower=2_500)))
    found = one(design, 20_000, context)
    # 3.0 - 2 x 0.35 - 0.008 = 2.292 dB.
    assert found.message.endswith("every link must keep 2.5 dB of its loss budget")
    assert applied(context, found.fixes[0].edits) == "margin >= 2.29dB"


def test_a_stated_length_is_edited() -> None:
    context = designs.context()
    spans = source(context, "length = 80m\n")
    connect = connect_at("endpoints", "leaf", spans["length"], length_mm=at(spans["length"], value=80_000))
    found = one(pair([sr4()], connect=connect), [80_000, 20_000], context)
    assert applied(context, found.fixes[0].edits) == "length = 50m"


def test_an_offer_that_breaks_the_whole_design_is_not_made() -> None:
    context = designs.context()
    spans = source(context, "media in [multimode]\noptic_skus <= 1\nconnect\n")
    connect = connect_at("leaf", "spine", spans["connect"], module=at(spans["connect"], value="sr4"))
    design = pair([dr4(), sr4()], connect=connect)
    policy = replace(
        design.policy,
        media=at(spans["media"], options=("multimode",)),
        optic_skus=at(spans["optic_skus"], upper=1),
    )
    found = one(replace(design, policy=policy), [80_000, 20_000], context)
    # Single-mode at the leaves would serve, but the spines' module is fixed and one SKU is all there may be.
    assert [fix.title.split(":")[0] for fix in found.fixes] == ["shorten the longest link of `compute"]


def test_no_part_at_all_names_the_rule_that_removed_the_last() -> None:
    context = designs.context()
    parts = [dr4("hot", power_max_mw=fact(17_000)), dr4("ib", protocols=("infiniband",))]
    found = failing(pair(parts), 20_000, context)[0]
    assert found.name == "no-optic-fits"
    assert found.message == (
        "no optic in the catalogue fits `compute: server -- leaf` at 400 Gbps: "
        "hot draws up to 17 W, the server1 compute cage allows 15 W: 2 W too much"
    )
    assert found.notes[0] == "ib (protocol): ib carries infiniband, the fabric speaks ethernet"


def test_an_empty_catalogue_is_said_to_be_empty() -> None:
    found = failing(pair([]), 20_000, designs.context())
    assert all(d.message.endswith("the catalogue is empty") for d in found)


def test_missing_numbers_stop_by_name_and_say_how_to_go_on() -> None:
    found = one(pair([module("bare")]), 20_000, designs.context())
    assert found.name == "cannot-conclude"
    assert found.message == (
        "cannot conclude that bare + sm + bare serves `compute: server -- leaf` and `compute: leaf -- spine`: "
        "no usable number for bare.over os2.loss"
    )
    assert found.helps == (
        "state the number with its source, or accept the risk: `policy { unknown { loss = warn } }`",
    )


# ------------------------------------------------------------------ couplings


def test_too_few_skus_print_the_arithmetic_and_the_limit_that_works() -> None:
    context = designs.context()
    spans = source(context, "optic_skus <= 1\nmodule = sr4\nconnect\n")
    connect = connect_at("endpoints", "leaf", spans["connect"], module=at(spans["module"], value="sr4"))
    design = pair([dr4(), sr4()], connect=connect)
    design = replace(design, policy=replace(design.policy, optic_skus=at(spans["optic_skus"], upper=1)))
    found = one(design, [20_000, 80_000], context)
    assert found.name == "sku-limit"
    assert found.message == "the links need at least 2 optic SKUs, 1 allowed"
    texts = [found.primary.text if found.primary else "", *(label.text for label in found.secondary)]
    assert sorted(texts) == [
        "at most 1 optic SKUs",
        "module must be sr4",
        "the longest of 4 links needs 80 m (compute-leaf-001 -> compute-spine-001)",
    ]
    assert [fix.title for fix in found.fixes] == [
        "shorten the longest link of `compute: leaf -- spine` to 50 m or less (30 m less): sr4 + mm + sr4 then fits",
        "raise the limit to 2",
        "allow dr4 as module: dr4 + sm + dr4 then fits",
    ]
    assert applied(context, found.fixes[1].edits) == "optic_skus <= 2"
    assert [fix.price for fix in found.fixes] == [
        "cheapest: 128 W of optics, 1 optic SKU, 280 m of cable",
        "+8 W, +1 optic SKU, +200 m of cable",
        "+16 W, +200 m of cable",
    ]


def test_a_rack_s_cap_prints_the_least_possible_draw() -> None:
    context = designs.context()
    spans = source(context, "power <= 5.6kW\n")
    design = pair([dr4(), sr4()])
    cap = at(spans["power"], upper=5_600_000)
    found = one(design, 20_000, context, rack=[0] * 7, caps_mw=[5_600_000], cap_slot=cap)
    # 4 x 1 kW + 3 x 0.5 kW + 16 x 8 W = 5.628 kW.
    assert found.name == "rack-power"
    assert found.message == "rack rack-1: the least possible draw 5.628 kW exceeds the limit 5.6 kW by 28 W"
    assert found.notes[0] == "boxes without modules: 5.5 kW"
    assert [(fix.title, applied(context, fix.edits)) for fix in found.fixes] == [
        ("raise the limit to 5.628 kW", "power <= 5.628kW")
    ]


def test_a_requirement_over_the_whole_design() -> None:
    context = designs.context()
    design = replace(pair([sr4()]), requirements=(require("power.optics", "<=", 100_000),))
    found = one(design, 20_000, context)
    assert found.name == "requirement-failed"
    assert found.message == (
        "`power.optics <= 100000` cannot hold: the least possible is 128 W, 100 W allowed (28 W short)"
    )


@pytest.mark.parametrize(
    ("requirement", "message"),
    [
        (
            require("fabric.compute.tier.spine.count", ">=", 2),
            "`fabric.compute.tier.spine.count >= 2` does not hold: it is 1, 2 required",
        ),
        (
            require("fabric.compute.hops", "<=", 2),
            "`fabric.compute.hops <= 2` does not hold: it is 3, 2 allowed",
        ),
    ],
)
def test_requirements_known_after_synthesis_are_answered_without_a_choice(
    requirement: Requirement, message: str
) -> None:
    found = one(replace(pair([sr4()]), requirements=(requirement,)), 20_000, designs.context())
    assert (found.name, found.message) == ("requirement-failed", message)


def test_the_solver_s_limit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from optidsl.optics import search

    monkeypatch.setattr(search, "ENUMERABLE", 0)
    context = designs.context()
    context.options.rlimit = 1
    found = one(pair([dr4(), sr4()]), 20_000, context)
    assert found.name == "solver-gave-up"
    assert found.message.startswith("the solver used up its limit of 1 units before any choice was found")
