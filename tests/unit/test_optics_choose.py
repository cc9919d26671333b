"""The choice: optimum, uniqueness, ties, what is reported about it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from optidsl._context import Context
from optidsl._pins import Pins
from optidsl.optics import Choice, choose
from optidsl.optics import search as search_module
from optidsl.sema.design import Affine, Condition, Design, Metric, Objective, Requirement
from tests.support import designs
from tests.support.designs import SPAN, fact
from tests.support.links import placed_with
from tests.support.parts import dac, dr4, fiber, module, pair, rule, sr4, tables_of


@pytest.fixture(params=["enumerated", "solved"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with enumeration and with the solver."""
    if request.param == "solved":
        monkeypatch.setattr(search_module, "ENUMERABLE", 0)
    return str(request.param)


def run(design: Design, required_mm: list[int] | int = 20_000, **place: Any) -> tuple[Choice | None, Context]:
    context = designs.context()
    placed = placed_with(tables_of(design, context), required_mm, **place)
    return choose(design, placed, context, recheck=True), context


def chosen(design: Design, required_mm: list[int] | int = 20_000) -> list[str]:
    choice, context = run(design, required_mm)
    assert choice is not None, designs.messages(context)
    return [each.candidate.name for each in choice.classes]


def minimise(*names: str) -> tuple[Objective, ...]:
    return tuple(Objective(Affine(Fraction(0), ((Metric(name), Fraction(1)),)), name, SPAN) for name in names)


def require(metric: str, relation: str, value: int, *, weight: int | None = None, **changes: Any) -> Requirement:
    """Return `metric >= value` or `metric <= value`."""
    sign = 1 if relation == ">=" else -1
    expression = Affine(Fraction(-sign * value), ((Metric(metric), Fraction(sign)),))
    condition = Condition(expression, ">=", f"{metric} {relation} {value}")
    base = Requirement(None, (condition,), None if weight is None else Fraction(weight), None, False, SPAN)
    return replace(base, **changes)


# ------------------------------------------------------------------ optimum


def test_without_objectives_fewest_skus_then_watts_then_metres(engine: str) -> None:
    design = pair([dr4(), sr4()])
    assert chosen(design, [20_000, 80_000]) == ["dr4 + sm + dr4", "dr4 + sm + dr4"]
    assert chosen(design, [20_000, 40_000]) == ["sr4 + mm + sr4", "sr4 + mm + sr4"]


def test_an_objective_goes_before_the_number_of_skus(engine: str) -> None:
    design = replace(pair([dr4(), sr4()]), objectives=minimise("power.optics"))
    assert chosen(design, [20_000, 80_000]) == ["sr4 + mm + sr4", "dr4 + sm + dr4"]


def test_objectives_are_lexicographic(engine: str) -> None:
    design = pair([dr4(), sr4()], cables=[fiber("sm", "os2", [20]), fiber("mm", "om4", [50])])
    assert chosen(replace(design, objectives=minimise("cables.length", "power.optics"))) == ["dr4 + sm + dr4"] * 2
    assert chosen(replace(design, objectives=minimise("power.optics", "cables.length"))) == ["sr4 + mm + sr4"] * 2


def test_equal_parts_are_chosen_by_name_and_the_lock_s_pick_is_kept(engine: str) -> None:
    design = replace(pair([sr4("b"), sr4("a")]), objectives=minimise("power.optics"))
    assert chosen(design) == ["a + mm + a", "a + mm + a"]
    context = designs.context()
    context.pins = Pins(picks={"compute: server -- leaf": "b + mm + b"})
    choice = choose(design, placed_with(tables_of(design, context), 20_000), context, recheck=True)
    assert choice is not None
    assert [each.candidate.name for each in choice.classes] == ["b + mm + b", "a + mm + a"]


def test_the_order_of_the_catalogue_does_not_matter(engine: str) -> None:
    parts = [dr4(), sr4(), sr4("also"), module("more", loss_mdb=3_000)]
    assert chosen(pair(parts), [20_000, 80_000]) == chosen(pair(parts[::-1]), [20_000, 80_000])


def test_a_part_with_unknown_watts_ranks_last(engine: str) -> None:
    design = replace(pair([sr4("a", power_max_mw=None), sr4("z")]), objectives=minimise("power.optics"))
    warn = {**design.policy.unknown, "cage_power": "warn"}
    assert chosen(replace(design, policy=replace(design.policy, unknown=warn))) == ["z + mm + z"] * 2


def test_ordered_lengths_are_the_smallest_on_sale_per_link() -> None:
    design = pair([dr4()])
    context = designs.context()
    placed = placed_with(tables_of(design, context), [20_000, 40_000])
    placed.lengths.required_mm[:4] = [1, 3_000, 3_001, 20_000]
    choice = choose(design, placed, context, recheck=True)
    assert choice is not None
    assert choice.classes[0].ordered_mm.tolist() == [3_000, 3_000, 5_000, 20_000]


def test_reason_and_runner_up_say_why() -> None:
    choice, _ = run(replace(pair([dr4(), sr4()]), objectives=minimise("power.optics")), [20_000, 80_000])
    assert choice is not None
    assert choice.classes[0].reason == "least power.optics: 8 W less than the next"
    assert choice.classes[0].runner_up == "dr4 + sm + dr4: 8 W more power.optics"
    assert choice.classes[1].reason.startswith("the only one of ")
    assert choice.objective == "power.optics 136 W"
    assert choice.proof == "optimal"


# ------------------------------------------------------------------ couplings


def test_an_sku_limit_couples_classes(engine: str) -> None:
    design = replace(pair([dr4(), sr4()]), objectives=minimise("power.optics"))
    limited = replace(design, policy=replace(design.policy, optic_skus=designs.at_most(1)))
    assert chosen(limited, [20_000, 80_000]) == ["dr4 + sm + dr4"] * 2


def test_cable_skus_count_parts_with_their_lengths(engine: str) -> None:
    design = replace(pair([dr4(), sr4()]), objectives=minimise("power.optics"))
    limited = replace(design, policy=replace(design.policy, cable_skus=designs.at_most(2)))
    assert chosen(limited, [20_000, 80_000]) == ["sr4 + mm + sr4", "dr4 + sm + dr4"]
    limited = replace(design, policy=replace(design.policy, cable_skus=designs.at_most(1)))
    assert chosen(limited, [20_000, 20_000]) == ["sr4 + mm + sr4"] * 2


def test_a_rack_cap_excludes_the_hotter_part(engine: str) -> None:
    design = replace(pair([dr4(), sr4()]), objectives=minimise("cables.length"))
    design = replace(
        design,
        catalog=replace(design.catalog, fiber_cables={"mm": fiber("mm", "om4", [50]), "sm": fiber("sm", "os2", [20])}),
    )
    n = 4 + 2 + 1
    choice, _ = run(design, 20_000, rack=[0] * n, caps_mw=[10_000_000])
    assert choice is not None
    assert choice.classes[0].candidate.name == "dr4 + sm + dr4"
    # Four servers of 1 kW, three switches of 500 W and 16 modules of 9 W are 5.644 kW; with 8 W 5.628 kW.
    choice, context = run(design, 20_000, rack=[0] * n, caps_mw=[5_630_000])
    assert choice is not None, designs.messages(context)
    assert [each.candidate.name for each in choice.classes] == ["sr4 + mm + sr4"] * 2


def test_classes_that_share_cages_carry_one_module(engine: str) -> None:
    design = designs.superpod(1)
    warn = {**design.policy.unknown, "cage_power": "warn", "loss": "warn"}
    design = replace(design, policy=replace(design.policy, unknown=warn), objectives=minimise("power.optics"))
    # Fabric managers at 80 m need single-mode; the shared leaf cages make the nodes' ports single-mode as well.
    context = designs.context()
    placed = placed_with(tables_of(design, context), 20_000)
    ufm = next(g.first for g in placed.tables.groups if g.name == "ufm")
    placed.lengths.required_mm[placed.tables.links.a_device >= ufm] = 20_000
    rows = [i for i, device in enumerate(placed.tables.links.a_device) if ufm <= device < ufm + 4]
    placed.lengths.required_mm[rows] = 80_000
    choice = choose(design, placed, context, recheck=True)
    assert choice is not None, designs.messages(context)
    modules = [(each.candidate.z_module or each.candidate.a_module) for each in choice.classes[:2]]
    assert [part.name for part in modules if part is not None] == ["dr8", "dr8"]
    assert choice.classes[2].candidate.name == "dr8 + sm-mpo + dr8"


def test_requirements_over_metrics_couple(engine: str) -> None:
    design = replace(pair([dr4(), sr4()]), objectives=minimise("bom.optics.skus"))
    limited = replace(design, requirements=(require("power.optics", "<=", 137_000),))
    assert chosen(limited, [20_000, 80_000]) == ["sr4 + mm + sr4", "dr4 + sm + dr4"]


def test_dual_sourcing_by_requirement(engine: str) -> None:
    design = replace(pair([sr4("a"), sr4("b")]), requirements=(require("bom.optics.skus", ">=", 2),))
    assert sorted(set(chosen(design))) == ["a + mm + a", "a + mm + b"]


def test_a_preference_yields_to_what_cannot_be(engine: str) -> None:
    design = replace(pair([dr4(), sr4()]), requirements=(require("power.optics", "<=", 137_000, weight=1),))
    assert chosen(design, [20_000, 80_000]) == ["sr4 + mm + sr4", "dr4 + sm + dr4"]
    design = replace(design, requirements=(require("power.optics", "<=", 1_000, weight=1, name="cool"),))
    choice, context = run(design, [20_000, 80_000])
    assert choice is not None
    assert "warning[preference-not-met]: preference `cool` is not met: " in "\n".join(designs.messages(context))


# ------------------------------------------------------------------ what is said of it


def test_a_secondary_number_is_reported_once() -> None:
    choice, context = run(pair([dr4(confidence="secondary")]))
    assert choice is not None
    told = [d for d in context.sink.sorted() if d.name == "secondary-number"]
    assert len(told) == 1 or {d.severity for d in told} == {"warning"}
    assert all("`compute: server -- leaf` and `compute: leaf -- spine`" in d.message for d in told)


def test_unknown_that_only_warns_names_the_missing_numbers() -> None:
    _, context = run(pair([dr4("dr", rx_max_mdbm=None)]))
    assert designs.messages(context) == [
        "warning[cannot-conclude]: cannot conclude on overload of `compute: server -- leaf` and "
        "`compute: leaf -- spine`: no usable number for dr.rx_max"
    ]


def test_a_warning_rule_is_reported_for_the_chosen_part_only() -> None:
    parts = [sr4("a"), sr4("b", power_max_mw=fact(9_000))]
    rules = [rule("in-cage", "b", "switch_model", "warn", "beta")]
    _, context = run(pair(parts, rules=rules))
    assert not [m for m in designs.messages(context) if "compatibility-warning" in m]
    _, context = run(pair(parts[1:], rules=rules))
    assert [m for m in designs.messages(context) if "compatibility-warning" in m] == [
        "warning[compatibility-warning]: `compute: server -- leaf` and `compute: leaf -- spine`: "
        "b goes with reserve with radix32: beta"
    ]


def test_a_rack_with_a_box_of_unknown_watts_cannot_be_concluded() -> None:
    design = pair([dr4()])
    server = replace(design.nodes[0].model, power_max_mw=None)
    design = replace(design, nodes=(replace(design.nodes[0], model=server),))
    choice, context = run(design, 20_000, rack=[0] * 7, caps_mw=[50_000_000])
    assert choice is not None
    assert designs.messages(context) == [
        "warning[cannot-conclude]: cannot conclude on the power of rack rack-1: no usable number for server1.power_max"
    ]
    stop = {**design.policy.unknown, "rack_power": "stop"}
    strict = replace(design, policy=replace(design.policy, unknown=stop))
    choice, context = run(strict, 20_000, rack=[0] * 7, caps_mw=[50_000_000])
    assert choice is None
    assert designs.messages(context)[0].startswith("error[cannot-conclude]")


def test_the_known_watts_alone_may_break_a_cap() -> None:
    design = pair([dr4()])
    server = replace(design.nodes[0].model, power_max_mw=None)
    design = replace(design, nodes=(replace(design.nodes[0], model=server),))
    choice, context = run(design, 20_000, rack=[0] * 7, caps_mw=[1_000_000])
    assert choice is None
    assert [d.name for d in context.sink.sorted()] == ["rack-power"]


def test_copper_wins_on_watts_and_cages_without_limits_stop_by_default() -> None:
    design = replace(pair([sr4()], direct=[dac()]), objectives=minimise("power.optics"))
    assert chosen(design, [2_000, 20_000]) == ["dac", "sr4 + mm + sr4"]
    choice, context = run(pair([sr4()], limits=()))
    assert choice is None
    assert {d.name for d in context.sink.sorted()} == {"cannot-conclude"}
