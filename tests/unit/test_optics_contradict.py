"""Requirements that contradict each other, found by elimination over the metrics."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optidsl.diag import Span
from optidsl.optics.contradict import contradiction, is_derived
from optidsl.sema.design import Affine, Condition, Metric, Requirement

LEAF, SPINE = "fabric.f.tier.leaf.count", "fabric.f.tier.spine.count"


def at_least(line: int, constant: int, relation: str = ">=", **weights: int) -> Requirement:
    """Return `constant + sum(weight * metric) >= 0`."""
    names = {"leaf": LEAF, "spine": SPINE, "watts": "power.optics"}
    terms = tuple((Metric(names[name]), Fraction(weight)) for name, weight in weights.items())
    condition = Condition(Affine(Fraction(constant), terms), relation, "")  # type: ignore[arg-type]
    return Requirement(None, (condition,), None, None, False, Span(0, line, line + 1))


def test_two_bounds_that_cross_contradict() -> None:
    low, high = at_least(0, -9, spine=1), at_least(1, 5, spine=-1)
    assert contradiction(low, [high]) == (low, high)
    assert contradiction(high, [low]) == (low, high)


def test_bounds_that_meet_in_a_point_do_not_contradict_unless_one_is_strict() -> None:
    assert contradiction(at_least(0, -9, spine=1), [at_least(1, 9, spine=-1)]) == ()
    strict = at_least(0, -9, ">", spine=1)
    assert len(contradiction(strict, [at_least(1, 9, spine=-1)])) == 2


def test_three_requirements_contradict_only_together_and_bystanders_stay_out() -> None:
    spine, leaf, both = at_least(0, -9, spine=1), at_least(1, -2, leaf=1), at_least(2, 10, spine=-1, leaf=-1)
    bystander = at_least(3, 100, leaf=-1)
    assert contradiction(spine, [leaf, both, bystander]) == (spine, leaf, both)
    assert contradiction(spine, [leaf, bystander]) == ()


def test_an_equality_bounds_on_both_sides() -> None:
    exact = at_least(0, -4, "==", spine=1)
    assert contradiction(at_least(1, -5, spine=1), [exact]) != ()
    assert contradiction(at_least(1, 3, spine=-1), [exact]) != ()
    assert contradiction(at_least(1, -4, spine=1), [exact]) == ()


def test_a_requirement_is_not_blamed_for_what_the_others_alone_contradict() -> None:
    others = [at_least(0, -9, spine=1), at_least(1, 5, spine=-1)]
    assert contradiction(at_least(2, -9, leaf=1), others) == ()


@pytest.mark.parametrize(("metric", "expected"), [("leaf", True), ("watts", False)])
def test_only_sizes_of_fabrics_are_derived(metric: str, expected: bool) -> None:
    requirement = at_least(0, 1, leaf=1) if metric == "leaf" else at_least(0, 1, watts=1)
    assert is_derived(requirement) is expected
