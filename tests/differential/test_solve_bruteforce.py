"""The solver against plain enumeration, on random small problems."""

from __future__ import annotations

import itertools
import random

import pytest

from optidsl.diag import GaveUp
from optidsl.solve import Builder, Engine, Objective, Problem, minimal_conflict, minimize
from optidsl.solve.normal import least, normalise
from optidsl.solve.problem import Linear, value_of

RLIMIT = 20_000_000


def random_problem(rng: random.Random, *, scale: int = 1) -> tuple[Problem, list[Objective]]:
    builder = Builder()
    groups = [[builder.variable() for _ in range(rng.randint(1, 4))] for _ in range(rng.randint(1, 4))]
    for group in groups:
        builder.one_of(group)
    options = [literal for group in groups for literal in group]
    used = [builder.any_of(rng.sample(options, rng.randint(1, len(options)))) for _ in range(rng.randint(0, 3))]
    everything = options + used
    for _ in range(rng.randint(0, 4)):
        guard = builder.guard()
        literals = rng.sample(everything, rng.randint(1, len(everything)))
        terms = [(scale * rng.randint(-5, 9), rng.choice((literal, -literal))) for literal in literals]
        builder.at_most(terms, scale * rng.randint(-3, 14), guard)
    for _ in range(rng.randint(0, 3)):
        builder.clause(-builder.guard(), -rng.choice(options))
    objectives = [
        Objective(tuple((scale * rng.randint(-4, 9), literal) for literal in everything))
        for _ in range(rng.randint(0, 3))
    ]
    return builder.problem(), objectives


def holds(problem: Problem, model: list[bool], guards: set[int]) -> bool:
    def true(literal: int) -> bool:
        if abs(literal) in problem.guards:
            return (abs(literal) in guards) == (literal > 0)
        return model[abs(literal)] == (literal > 0)

    return (
        all(sum(map(true, group)) == 1 for group in problem.groups)
        and all(any(map(true, clause)) for clause in problem.clauses)
        and all(
            sum(weight for weight, literal in linear.terms if true(literal)) <= linear.bound
            for linear in problem.linears
            if all(map(true, linear.when))
        )
    )


def models(problem: Problem, guards: set[int]) -> list[list[bool]]:
    free = [v for v in range(1, problem.size + 1) if v not in problem.guards]
    found = []
    for bits in itertools.product((False, True), repeat=len(free)):
        model = [False] * (problem.size + 1)
        for variable, bit in zip(free, bits, strict=True):
            model[variable] = bit
        if holds(problem, model, guards):
            found.append(model)
    return found


def picks(problem: Problem, model: list[bool] | tuple[bool, ...]) -> tuple[int, ...]:
    return tuple(next(i for i, literal in enumerate(group) if model[literal]) for group in problem.groups)


@pytest.mark.parametrize("engine", ["auto", "descent", "prices", "highs"])
@pytest.mark.parametrize("seed", range(60))
def test_lexicographic_optimum_equals_enumeration(seed: int, engine: Engine) -> None:
    problem, objectives = random_problem(random.Random(seed))
    every = models(problem, set(problem.guards))
    answer = minimize(problem, objectives, RLIMIT, engine=engine)
    if not every:
        assert answer is None
        return
    best = min((tuple(value_of(o.terms, model) for o in objectives), picks(problem, model)) for model in every)
    assert answer is not None
    assert (answer.values, picks(problem, answer.model)) == best


@pytest.mark.parametrize("seed", range(100, 112))
def test_large_weights_take_the_arithmetic_encoding_and_agree(seed: int) -> None:
    problem, objectives = random_problem(random.Random(seed), scale=(1 << 33) + 1)
    objectives = [Objective(tuple((w + i, lit) for i, (w, lit) in enumerate(o.terms))) for o in objectives]
    every = models(problem, set(problem.guards))
    answer = minimize(problem, objectives, RLIMIT)
    assert (answer is None) == (not every)
    if answer is not None:
        assert (answer.values, picks(problem, answer.model)) == min(
            (tuple(value_of(o.terms, model) for o in objectives), picks(problem, model)) for model in every
        )


@pytest.mark.parametrize("seed", range(200, 260))
def test_conflicts_are_irreducible(seed: int) -> None:
    problem, _ = random_problem(random.Random(seed))
    core = minimal_conflict(problem, RLIMIT)
    every = models(problem, set(problem.guards))
    assert (core is None) == bool(every)
    if core is None:
        return
    assert not models(problem, set(core))
    for member in core:
        assert models(problem, set(core) - {member})


@pytest.mark.parametrize("seed", range(300, 340))
def test_normal_form_keeps_the_meaning(seed: int) -> None:
    problem, _ = random_problem(random.Random(seed))
    normal = Problem(
        problem.size,
        problem.groups,
        problem.clauses,
        tuple(normalise(linear, problem.groups) for linear in problem.linears),
        problem.guards,
    )
    assert models(normal, set(problem.guards)) == models(problem, set(problem.guards))


@pytest.mark.parametrize("seed", range(400, 420))
def test_least_is_a_lower_bound(seed: int) -> None:
    problem, objectives = random_problem(random.Random(seed))
    for objective in objectives:
        low = least(objective.terms, problem.groups)
        assert all(value_of(objective.terms, model) >= low for model in models(problem, set()))


def test_a_used_up_budget_is_told_not_hidden() -> None:
    builder = Builder()
    for _ in range(30):
        builder.one_of([builder.variable() for _ in range(6)])
    with pytest.raises(GaveUp):
        minimize(builder.problem(), [Objective(tuple((v % 7 + 1, v) for v in range(1, 181)))], 3, engine="descent")


def test_normal_form_divides_and_shifts() -> None:
    linear = Linear(((10, 1), (30, 2), (20, 3)), 45)
    assert normalise(linear, [(1, 2)]) == Linear(((1, 2), (1, 3)), 1)
