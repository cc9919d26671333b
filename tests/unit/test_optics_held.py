"""What the lock holds of parts: kept while it fits, its price, and who must move when it does not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from importlib import import_module

import pytest

from optidsl._context import Context
from optidsl._pins import Pins
from optidsl.optics import Choice, choose
from optidsl.optics.model import Model
from optidsl.optics.search import Found, search
from optidsl.sema.design import Affine, Condition, Design, Metric, Objective, Requirement
from tests.support import designs
from tests.support.designs import SPAN, fact
from tests.support.links import placed_with
from tests.support.parts import dr4, pair, sr4, tables_of

NODES, SPINES = "compute: server -- leaf", "compute: leaf -- spine"


def minimise(*names: str) -> tuple[Objective, ...]:
    return tuple(
        Objective(Affine(Fraction(0), ((Metric(name), Fraction(1)),)), f"minimize {name}", SPAN) for name in names
    )


def at_most(metric: str, value: int) -> Requirement:
    expression = Affine(Fraction(value), ((Metric(metric), Fraction(-1)),))
    return Requirement(None, (Condition(expression, ">=", f"{metric} <= {value}"),), None, None, False, SPAN)


def locked(design: Design, picks: dict[str, str], *upgrade: str) -> tuple[Choice | None, Context]:
    context = designs.context()
    context.pins = Pins(picks=picks)
    context.options.upgrade = upgrade
    return choose(design, placed_with(tables_of(design, context), 20_000), context, recheck=True), context


def names(choice: Choice | None, context: Context) -> list[str]:
    assert choice is not None, designs.messages(context)
    return [each.candidate.name for each in choice.classes]


def costs(context: Context) -> list[str]:
    return [each.message for each in context.sink.sorted() if each.name == "pins-cost"]


HOT = [sr4("cool"), sr4("hot", power_max_mw=fact(11_000))]


def test_a_part_in_service_stays_against_the_objective_and_its_price_is_told() -> None:
    design = replace(pair(HOT), objectives=minimise("power.optics", "bom.optics.skus"))
    choice, context = locked(design, {SPINES: "hot + mm + hot"})
    assert names(choice, context) == ["cool + mm + cool", "hot + mm + hot"]
    (message,) = costs(context)
    assert message.startswith("the lock keeps the parts of 1 class of links: the optimum without it would save ")
    assert message.endswith(" power.optics and 1 bom.optics.skus")
    (told,) = [each for each in context.sink.sorted() if each.name == "pins-cost"]
    assert told.helps == ("`--upgrade compute.leaf--spine` takes it",)
    assert choice is not None
    assert choice.proof == "optimal with what the lock keeps"
    assert choice.classes[1].reason == "in service, and held by the lock"


def test_a_lock_of_the_optimum_says_nothing_and_tells_the_same_story() -> None:
    design = replace(pair(HOT), objectives=minimise("power.optics"))
    free, _ = locked(design, {})
    assert free is not None
    again, context = locked(design, {each.link_class.name: each.candidate.name for each in free.classes})
    assert again is not None
    assert costs(context) == []
    assert [(each.reason, each.runner_up) for each in again.classes] == [
        (each.reason, each.runner_up) for each in free.classes
    ]
    assert again.proof == free.proof == "optimal"


def test_equals_stay_without_a_word() -> None:
    design = replace(pair([sr4("b"), sr4("a")]), objectives=minimise("power.optics"))
    choice, context = locked(design, {NODES: "b + mm + b", SPINES: "b + mm + b"})
    assert names(choice, context) == ["b + mm + b"] * 2
    assert costs(context) == []


def test_every_kind_of_path_lets_a_class_move() -> None:
    design = replace(pair(HOT), objectives=minimise("power.optics"))
    picks = {NODES: "hot + mm + hot", SPINES: "hot + mm + hot"}
    cool, hot = "cool + mm + cool", "hot + mm + hot"
    for path, wanted in (
        ("all", [cool, cool]),
        ("compute", [cool, cool]),
        ("compute.leaf", [cool, cool]),
        ("compute.spine", [hot, cool]),
        ("compute.leaf--spine", [hot, cool]),
        ("compute: leaf -- spine", [hot, cool]),
    ):
        choice, context = locked(design, picks, path)
        assert names(choice, context) == wanted, path


def test_what_may_move_stays_where_that_costs_nothing() -> None:
    design = replace(pair([sr4("b"), sr4("a")]), objectives=minimise("power.optics"))
    choice, context = locked(design, {NODES: "b + mm + b", SPINES: "b + mm + b"}, "compute.spine")
    assert names(choice, context) == ["b + mm + b"] * 2


def test_an_unknown_path_is_refused_by_name() -> None:
    choice, context = locked(pair(HOT), {}, "compute.leef")
    assert choice is None
    assert [each.message for each in context.sink.sorted()] == [
        "`--upgrade compute.leef` names no fabric, tier or class of links of the design (did you mean `compute.leaf`?)"
    ]


def test_the_fewest_that_must_move_are_named_with_what_stands_against_them() -> None:
    policy = replace(pair(HOT).policy, optic_skus=designs.at_most(1))
    design = replace(pair(HOT), policy=policy, objectives=minimise("power.optics"))
    choice, context = locked(design, {NODES: "cool + mm + cool", SPINES: "hot + mm + hot"})
    assert choice is None
    (told,) = context.sink.sorted()
    assert told.name == "pins-infeasible"
    assert told.message.startswith("the parts in service cannot all stay: `compute: ")
    assert told.message.count("`") == 2
    assert len(told.notes) == 1
    assert "at most 1 optic SKUs" in told.notes[0]
    choice, context = locked(design, {NODES: "cool + mm + cool", SPINES: "hot + mm + hot"}, "compute.leaf--spine")
    assert names(choice, context) == ["cool + mm + cool"] * 2


def test_a_requirement_that_all_of_them_break_names_one_class_where_one_is_enough() -> None:
    design = replace(pair(HOT), objectives=minimise("power.optics"))
    hot, _ = locked(design, {NODES: "hot + mm + hot", SPINES: "hot + mm + hot"})
    cool, _ = locked(design, {})
    assert hot is not None
    assert cool is not None
    assert hot.score is not None
    limit = int(hot.score.values[0]) - 1
    choice, context = locked(
        replace(design, requirements=(at_most("power.optics", limit),)),
        {NODES: "hot + mm + hot", SPINES: "hot + mm + hot"},
    )
    assert choice is None
    (told,) = context.sink.sorted()
    assert len(told.notes) == 1
    assert "required: power.optics <= " in told.notes[0]


def test_a_part_that_a_policy_no_longer_allows_must_move() -> None:
    design = pair([sr4("sr"), dr4("dr")])
    design = replace(design, policy=replace(design.policy, media=designs.one_of("multimode")))
    choice, context = locked(design, {NODES: "dr + sm + dr", SPINES: "sr + mm + sr"})
    assert choice is None
    (told,) = context.sink.sorted()
    assert told.name == "pins-infeasible"
    assert told.notes == (f"{NODES} cannot keep dr + sm + dr: media must be multimode",)
    assert told.helps == ("let it move: `optidsl compile --upgrade compute.server--leaf`",)


def test_a_part_that_is_gone_from_the_catalogue_must_move() -> None:
    choice, context = locked(pair([sr4("sr")]), {NODES: "old + mm + old"})
    assert choice is None
    (told,) = context.sink.sorted()
    assert told.notes == (f"{NODES} cannot keep old + mm + old: it is no longer offered",)


def test_a_design_that_is_impossible_anyway_is_explained_as_such() -> None:
    design = pair(HOT)
    design = replace(design, policy=replace(design.policy, media=designs.one_of("dac")))
    choice, context = locked(design, {NODES: "hot + mm + hot"})
    assert choice is None
    assert "pins-infeasible" not in {each.name for each in context.sink.sorted()}


def test_a_choice_that_is_not_proven_comes_with_its_gap_as_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    design = replace(pair(HOT), objectives=minimise("power.optics"))

    def gives_up(model: Model, rlimit: int) -> Found | None:
        found = search(model, rlimit)
        return found and replace(found, proof="gap <= 0.65 % of power.optics", bound="31 W")

    monkeypatch.setattr(import_module("optidsl.optics.choose"), "search", gives_up)
    choice, context = locked(design, {})
    assert choice is not None
    assert choice.proof == "gap <= 0.65 % of power.optics"
    assert [each.message for each in context.sink.sorted() if each.name == "solver-gave-up"] == [
        "the solver used up its limit of 50,000,000 units before the choice was proven: gap <= 0.65 % of power.optics, "
        "and nothing is below 31 W"
    ]
    assert not context.sink.has_errors
