"""Why a problem has no solution: a smallest set of guards that cannot hold together."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.solve.normal import least
from optidsl.solve.problem import Problem
from optidsl.solve.reduced import reduce
from optidsl.solve.session import Session


def minimal_conflict(problem: Problem, rlimit: int, assume: Sequence[int] | None = None) -> tuple[int, ...] | None:
    """Return guards that conflict, none of which can be left out; None when all can hold together.

    An empty answer means that the problem fails without any guard. Deletion: a member stays only if the others
    without it are satisfiable, so the answer is irreducible whatever core the solver reports.

    Args:
        problem: the problem, its guards in the order in which they should be kept (the last are dropped first).
        rlimit: effort that may be spent, in the solver's resource units.
        assume: the guards to look at; all of the problem's when None.

    Raises:
        GaveUp: when the effort is used up.
    """
    guards = list(problem.guards if assume is None else assume)
    alone = next((guard for guard in guards if _is_impossible(problem, guard)), None)
    if alone is not None and _is_possible(problem):
        return (alone,)
    session = Session(problem, rlimit)
    if session.solve(guards) is not None:
        return None
    core = [guard for guard in guards if guard in session.core()]
    at = len(core) - 1
    while at >= 0:
        rest = core[:at] + core[at + 1 :]
        if session.solve(rest) is None:
            kept = session.core()
            # What follows `at` was shown to be needed, and stays needed in every smaller conflict.
            at = sum(1 for guard in rest[:at] if guard in kept) - 1
            core = [guard for guard in rest if guard in kept]
        else:
            at -= 1
    return tuple(core)


def _is_impossible(problem: Problem, guard: int) -> bool:
    """Tell whether one constraint of a guard is above its bound with the least of every group."""
    return any(each.when == (guard,) and least(each.terms, problem.groups) > each.bound for each in problem.linears)


def _is_possible(problem: Problem) -> bool:
    """Tell whether the first literal of every group, without any guard, is a solution; False when that is not clear."""
    firsts = [group[0] for group in problem.groups if group]
    rest = reduce(problem, [*(-guard for guard in problem.guards), *firsts])
    return rest is not None and not rest.problem.clauses and not rest.problem.linears
