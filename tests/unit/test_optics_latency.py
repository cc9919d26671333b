"""The worst one-way latency as something to require: three answers, the worst path, what the choice can do about it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from optidsl._context import Context
from optidsl.catalog.parts import Offer
from optidsl.optics import Choice, choose, latencies
from optidsl.optics import search as search_module
from optidsl.sema.design import Affine, Condition, Design, Metric, Requirement
from tests.support import designs
from tests.support.designs import SPAN, fact
from tests.support.links import placed_with
from tests.support.parts import dac, pair, sr4, tables_of


@pytest.fixture(params=["enumerated", "solved"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with enumeration and with the solver."""
    if request.param == "solved":
        monkeypatch.setattr(search_module, "ENUMERABLE", 0)
    return str(request.param)


def at_most(metric: str, ps: int) -> tuple[Requirement, ...]:
    name = f"fabric.compute.{metric}"
    condition = Condition(Affine(Fraction(ps), ((Metric(name), Fraction(-1)),)), ">=", f"compute.{metric} <= {ps}ps")
    return (Requirement(None, (condition,), None, None, False, SPAN),)


def stated(
    design: Design, *, switch_ps: int | None = 500_000, nic_ps: int | None = 400_000, fec: str = "rs-544"
) -> Design:
    """Return the design with latencies of its boxes, and a FEC of its switches."""

    def offer(ps: int | None) -> Offer:
        return Offer(latency_ps=None if ps is None else fact(ps))

    fabric = design.fabrics[0]
    tiers = tuple(
        replace(tier, model=designs.decided(replace(tier.model.value, offer=offer(switch_ps), fec=fact(fec))))
        for tier in fabric.tiers
        if tier.model.value is not None
    )
    node = design.nodes[0]
    nics = tuple(replace(nic, offer=offer(nic_ps)) for nic in node.model.nics)
    return replace(
        design,
        fabrics=(replace(fabric, tiers=tiers),),
        nodes=(replace(node, model=replace(node.model, nics=nics)),),
    )


def run(design: Design, required_mm: list[int] | int = 20_000) -> tuple[Choice | None, Context]:
    context = designs.context()
    placed = placed_with(tables_of(design, context), required_mm)
    return choose(design, placed, context, recheck=True), context


def errors(design: Design, required_mm: list[int] | int = 20_000) -> list[str]:
    _, context = run(design, required_mm)
    return [each.message for each in context.sink.sorted() if each.severity == "error"]


QUICK: dict[str, Any] = {"latency_ps": fact(10_000)}
# 20 m of multimode fibre 99 ns, two modules 20 ns, a block of 400G 25.6 ns; twice a segment, two segments.
LINKS_PS = 4 * (99_000 + 20_000 + 25_600)
BOXES_PS = 2 * 400_000 + 3 * 500_000


def test_the_sum_is_links_blocks_modules_adapters_and_hops(engine: str) -> None:
    design = stated(pair([sr4(**QUICK)]))
    exact = LINKS_PS + BOXES_PS
    assert errors(replace(design, requirements=at_most("latency", exact))) == []
    found = errors(replace(design, requirements=at_most("latency", exact - 1)))
    assert len(found) == 1
    assert "compute.latency" in found[0]


def test_cables_alone_are_known_without_any_part_s_latency(engine: str) -> None:
    design = pair([sr4()])
    assert errors(replace(design, requirements=at_most("cable_latency", 4 * 99_000))) == []
    assert errors(replace(design, requirements=at_most("cable_latency", 4 * 99_000 - 1))) != []


def test_a_length_that_is_not_known_is_named() -> None:
    design = replace(pair([sr4()]), requirements=at_most("cable_latency", 10**9))
    design = replace(design, policy=replace(design.policy, unknown=dict.fromkeys(design.policy.unknown, "warn")))
    assert errors(design, -1) == [
        "cannot conclude on `compute.cable_latency <= 1000000000ps`: no usable number for length of compute: server -- "
        "leaf and length of compute: leaf -- spine"
    ]


def test_what_nobody_states_cannot_be_decided_and_is_named() -> None:
    design = stated(pair([sr4()]), nic_ps=None)
    found = errors(replace(design, requirements=at_most("latency", 10**9)))
    assert len(found) == 1
    assert found[0].startswith("cannot conclude on `compute.latency <= 1000000000ps`: no usable number for server")
    assert found[0].endswith("sr4.latency")


def test_what_is_known_may_break_the_bound_already() -> None:
    design = stated(pair([sr4()]), nic_ps=None)
    found = errors(replace(design, requirements=at_most("latency", 1_000_000)))
    assert found
    assert all("cannot conclude" not in each for each in found)


def test_passive_copper_has_no_latency_of_its_own_and_is_preferred_where_modules_have_none(engine: str) -> None:
    design = stated(pair([sr4()], direct=[dac("dac", [1, 2, 3])]))
    choice, context = run(replace(design, requirements=at_most("latency", 10**9)), 2_000)
    assert choice is not None, designs.messages(context)
    assert [each.candidate.name for each in choice.classes] == ["dac", "dac"]


def test_active_copper_states_its_own() -> None:
    base = stated(pair([], direct=[dac("aec", [1, 2, 3], technology=fact("aec"))]))
    wanted = replace(base, requirements=at_most("latency", 10**9))
    assert "aec.latency" in errors(wanted, 2_000)[0]
    known = stated(pair([], direct=[dac("aec", [1, 2, 3], technology=fact("aec"), latency_ps=fact(100_000))]))
    assert errors(replace(known, requirements=at_most("latency", 10**9)), 2_000) == []


def test_the_faster_of_two_modules_is_taken_when_only_it_keeps_the_bound(engine: str) -> None:
    slow, fast = sr4("a-slow", latency_ps=fact(200_000)), sr4("z-fast", power_mw=9_000, **QUICK)
    design = stated(pair([slow, fast]))
    choice, _ = run(design)
    assert choice is not None
    assert choice.classes[0].candidate.name == "a-slow + mm + a-slow"
    choice, context = run(replace(design, requirements=at_most("latency", LINKS_PS + BOXES_PS)))
    assert choice is not None, designs.messages(context)
    assert [each.candidate.name for each in choice.classes] == ["z-fast + mm + z-fast"] * 2


def test_a_code_without_a_known_block_is_named() -> None:
    design = stated(pair([sr4(**QUICK)]), fec="rs-272")
    assert "block time of rs-272" in errors(replace(design, requirements=at_most("latency", 10**9)))[0]
    bare = stated(pair([sr4(**QUICK)]), fec="none")
    assert errors(replace(bare, requirements=at_most("latency", LINKS_PS + BOXES_PS - 4 * 25_600))) == []


def test_secondary_numbers_are_named_only_when_a_requirement_rests_on_them() -> None:
    def secondary(design: Design) -> list[str]:
        _, context = run(design)
        return [each.message for each in context.sink.sorted() if each.name == "secondary-number"]

    design = stated(pair([sr4(**QUICK)]))
    assert secondary(design) == []
    assert secondary(replace(design, requirements=at_most("latency", 10**9))) == [
        "`compute.latency <= 1000000000ps` rests on secondary numbers: 4.95 ns a metre of multimode fibre and the "
        "interleave of RS(544,514)"
    ]
    copper = replace(pair([], direct=[dac()]), requirements=at_most("cable_latency", 10**9))
    _, context = run(copper, 2_000)
    assert [each for each in context.sink.sorted() if each.name == "secondary-number"] == []


# ------------------------------------------------------------------ paths


def steps(tiers: tuple[str, ...], hops: int, by_segment: list[list[int]]) -> list[tuple[tuple[int, int], ...]]:
    shape = SimpleNamespace(tiers=tiers, hops=hops)
    return list(latencies._steps(shape, by_segment))  # type: ignore[arg-type]


def test_a_tree_goes_up_and_down_through_every_class_that_may_be_the_slowest() -> None:
    assert steps(("leaf", "spine"), 3, [[0, 1], [2]]) == [((0, 2), (2, 2)), ((1, 2), (2, 2))]
    assert steps(("leaf",), 1, [[0]]) == [((0, 2),)]
    assert len(steps(("leaf", "spine", "core"), 5, [[0, 1], [2, 3], [4, 5, 6]])) == 12


def test_elsewhere_the_slowest_link_stands_for_every_hop_between_switches() -> None:
    assert steps(("router",), 3, [[0], [1], [2]]) == [((0, 2), (1, 2)), ((0, 2), (2, 2))]


def test_too_many_classes_are_judged_one_by_one() -> None:
    many = [list(range(40)), list(range(40, 80))]
    assert steps(("leaf", "spine"), 3, many) == [((row, 2),) for row in range(80)]
