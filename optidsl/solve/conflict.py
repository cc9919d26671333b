"""Why a problem has no solution: a smallest set of guards that cannot hold together."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.solve.problem import Problem
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
    session = Session(problem, rlimit)
    guards = list(problem.guards if assume is None else assume)
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
