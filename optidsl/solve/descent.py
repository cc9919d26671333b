"""One sum made smaller step by step, and equals told apart, by the solver alone."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.diag import GaveUp
from optidsl.solve.normal import least
from optidsl.solve.problem import Term, value_of
from optidsl.solve.session import Session


def descend(session: Session, terms: Sequence[Term], model: list[bool], held: list[int]) -> tuple[int, list[bool]]:
    """Minimise one sum under what is held, and hold its optimum from then on; return its proven bound and a model."""
    best = value_of(terms, model)
    low = least(terms, session.problem.groups)
    trial = low
    while low < best:
        trial = max(trial, low)
        literal = session.bound(terms, trial)
        try:
            better = session.solve([*held, literal])
        except GaveUp:
            return low, model
        if better is None:
            low = trial + 1
        else:
            model, best = better, value_of(terms, better)
        # Refusals far below the optimum are the dear ones: step down by an eighth of the gap, not by half.
        trial = best - 1 - (best - low) // 8
    held.append(session.bound(terms, best))
    return best, model


def settle(
    session: Session, groups: Sequence[Sequence[int]], model: list[bool], held: list[int]
) -> tuple[bool, list[bool]]:
    """Walk the groups in order and give each its earliest literal that leaves the optimum standing.

    Returns:
        Whether every group is settled (not when the effort was used up), and the model.
    """
    for group in groups:
        at = chosen(group, model)
        while at > 0:
            # Any model with an earlier literal moves `at` down to it; none at all settles the group.
            try:
                better = session.solve([*held, session.any_literal(group[:at])])
            except GaveUp:
                return False, model
            if better is None:
                break
            model = better
            at = chosen(group, model)
        if group:
            held.append(group[at])
    return True, model


def chosen(group: Sequence[int], model: Sequence[bool]) -> int:
    """Return the place of a group's true literal in a model; 0 when it has none."""
    return next((at for at, literal in enumerate(group) if model[abs(literal)] == (literal > 0)), 0)
