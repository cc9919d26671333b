"""Bounds, certificates and what is said when the effort ends, on synthetic choices."""

from __future__ import annotations

import random

import numpy as np
import pytest

from optidsl.diag import GaveUp
from optidsl.solve import Builder, Objective, minimal_conflict, optimize
from optidsl.solve.lagrange import ascend, bound_of
from optidsl.solve.problem import value_of
from optidsl.solve.prove import least_possible
from optidsl.solve.reduced import reduce
from optidsl.solve.relaxation import EXACT, relax
from tests.support.instances import instance

RLIMIT = 50_000_000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_prices_prove_a_bound_below_the_optimum_and_never_rule_it_out(seed: int) -> None:
    made = instance(12, 40, seed)
    found = optimize(made.problem, made.objectives, RLIMIT, engine="descent")
    assert found is not None
    rest = reduce(made.problem, made.problem.guards)
    assert rest is not None
    relaxation = relax(rest.problem, *rest.terms(made.objectives[0].terms))
    assert relaxation is not None
    bound = ascend(relaxation)
    assert bound.value <= found.values[0]
    assert bound.value >= 0.8 * found.values[0]
    zero, one = bound.decided(found.values[0])
    for at, variable in enumerate(rest.kept):
        assert not (zero[at] and found.model[variable])
        assert not (one[at] and not found.model[variable])


def test_any_prices_prove_a_true_bound() -> None:
    made = instance(8, 30, 5)
    best = optimize(made.problem, made.objectives, RLIMIT, engine="descent")
    assert best is not None
    rest = reduce(made.problem, made.problem.guards)
    assert rest is not None
    relaxation = relax(rest.problem, *rest.terms(made.objectives[0].terms))
    assert relaxation is not None
    rng = random.Random(0)
    for _ in range(50):
        prices = np.array([float(rng.randrange(1 << rng.randint(0, 30))) for _ in relaxation.bound])
        assert bound_of(relaxation, prices, np.zeros(len(relaxation.cost))).value <= best.values[0]


def test_figures_too_large_to_be_exact_are_left_to_the_solver() -> None:
    builder = Builder()
    literals = [builder.variable() for _ in range(4)]
    builder.one_of(literals)
    terms = tuple((EXACT * (at + 3), literal) for at, literal in enumerate(literals))
    assert relax(builder.problem(), terms) is None
    found = optimize(builder.problem(), [Objective(terms)], RLIMIT, engine="prices")
    assert found is not None
    assert found.values == (3 * EXACT,)


@pytest.mark.parametrize("engine", ["prices", "highs"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_engines_agree_on_a_middling_instance(seed: int, engine: str) -> None:
    made = instance(16, 40, seed)
    alone = optimize(made.problem, made.objectives, RLIMIT, engine="descent")
    found = optimize(made.problem, made.objectives, RLIMIT, engine=engine)  # type: ignore[arg-type]
    assert alone is not None
    assert found is not None
    assert (found.values, found.n_proven, found.is_unique) == (alone.values, 1, True)
    assert [found.model[v] for group in made.problem.groups for v in group] == [
        alone.model[v] for group in made.problem.groups for v in group
    ]


def test_with_little_effort_a_solution_comes_with_its_gap() -> None:
    made = instance(100, 100, 3)
    found = optimize(made.problem, made.objectives, 600_000, engine="prices")
    assert found is not None
    assert found.n_proven == 0
    assert found.bound is not None
    assert found.bound < found.values[0] == value_of(made.objectives[0].terms, found.model)
    again = optimize(made.problem, made.objectives, 600_000, engine="prices")
    assert again == found
    best = optimize(made.problem, made.objectives, RLIMIT)
    assert best is not None
    assert found.bound <= best.values[0] <= found.values[0]


def test_without_effort_and_without_a_solution_it_gives_up() -> None:
    builder = Builder()
    groups = [[builder.variable() for _ in range(4)] for _ in range(45)]
    for group in groups:
        builder.one_of(group)
    for at, left in enumerate(groups[:-1]):  # neighbours differ, and so do those two apart
        for right in groups[at + 1 : at + 3]:
            for one, other in zip(left, right, strict=True):
                builder.clause(-one, -other)
    with pytest.raises(GaveUp):
        optimize(builder.problem(), [Objective(tuple((1 + v % 3, v) for v in range(1, 181)))], 1, engine="descent")


@pytest.mark.parametrize("fault", ["cap", "limit"])
def test_an_impossible_limit_is_a_conflict_of_its_own_with_its_arithmetic(fault: str) -> None:
    made = instance(40, 60, 3, fault=fault)
    guard = made.caps[0] if fault == "cap" else made.limit
    assert minimal_conflict(made.problem, RLIMIT) == (guard,)
    (limit,) = [linear for linear in made.problem.linears if linear.when == (guard,)]
    assert least_possible(made.problem, limit.terms) > limit.bound
