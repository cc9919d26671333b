"""The exact lexicographic optimum, and a rule that makes it unique."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._record import record
from optidsl.diag import GaveUp
from optidsl.solve.normal import least
from optidsl.solve.problem import Objective, Problem, Term
from optidsl.solve.session import Session


@record(frozen=True, slots=True)
class Optimum:
    """The value of each objective and the truth of each variable (index 0 unused)."""

    values: tuple[int, ...]
    model: tuple[bool, ...]


def value_of(terms: Sequence[Term], model: Sequence[bool]) -> int:
    """Return the value of a sum in a model."""
    return sum(weight for weight, literal in terms if model[abs(literal)] == (literal > 0))


def minimize(
    problem: Problem,
    objectives: Sequence[Objective],
    rlimit: int,
    *,
    assume: Sequence[int] | None = None,
    is_unique: bool = True,
) -> Optimum | None:
    """Return the lexicographic optimum, or None when nothing satisfies the problem.

    Among equal optima the one is taken whose first group has its earliest possible literal, then the second, and
    so on; the answer therefore depends on the problem alone, never on the solver.

    Args:
        problem: what must hold; a group's literals stand in the order of preference.
        objectives: most important first.
        rlimit: effort that may be spent, in the solver's resource units.
        assume: guards assumed true; all of the problem's when None.
        is_unique: False skips the last step (for bounds, where any optimum will do).

    Raises:
        GaveUp: when the effort is used up.
    """
    session = Session(problem, rlimit, [objective.terms for objective in objectives])
    held = list(problem.guards if assume is None else assume)
    model = session.solve(held)
    if model is None:
        return None
    values: list[int] = []
    for objective in objectives:
        value, model = _descend(session, objective.terms, model, held)
        values.append(value)
    if is_unique:
        model = _settle(session, problem, model, held)
    return Optimum(tuple(values), tuple(model[: problem.size + 1]))


def _descend(session: Session, terms: Sequence[Term], model: list[bool], held: list[int]) -> tuple[int, list[bool]]:
    """Minimise one sum under what is held, and hold its optimum from then on."""
    best = value_of(terms, model)
    low = least(terms, session.problem.groups)
    trial = low
    while low < best:
        trial = max(trial, low)
        literal = session.bound(terms, trial)
        try:
            better = session.solve([*held, literal])
        except GaveUp as limit:
            raise GaveUp(best, low) from limit
        if better is None:
            low = trial + 1
        else:
            model, best = better, value_of(terms, better)
        # Refusals far below the optimum are the dear ones: step down by an eighth of the gap, not by half.
        trial = best - 1 - (best - low) // 8
    held.append(session.bound(terms, best))
    return best, model


def _settle(session: Session, problem: Problem, model: list[bool], held: list[int]) -> list[bool]:
    """Walk the groups in order and give each its earliest literal that leaves the optimum standing."""
    for group in problem.groups:
        at = next(index for index, literal in enumerate(group) if model[literal])
        while at > 0:
            # Any model with an earlier literal moves `at` down to it; none at all settles the group.
            better = session.solve([*held, session.any_literal(group[:at])])
            if better is None:
                break
            model = better
            at = next(index for index, literal in enumerate(group) if model[literal])
        held.append(group[at])
    return model
