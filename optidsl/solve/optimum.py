"""The exact lexicographic optimum, and a rule that makes it unique."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from optidsl._record import record
from optidsl.diag import GaveUp
from optidsl.solve.descent import descend, settle
from optidsl.solve.problem import Objective, Problem, value_of
from optidsl.solve.session import Session

Engine = Literal["auto", "descent", "prices", "highs"]
"""How to minimise: by the solver alone, by prices and the solver, with HiGHS first, or whichever suits the size.

Where prices and the solver leave a gap, `auto` asks HiGHS too if it is installed.
"""

_SMALL = 150
"""Variables up to which the solver alone is fastest."""


@record(frozen=True, slots=True)
class Optimum:
    """The value of each objective and the truth of each variable (index 0 unused).

    The first `n_proven` values are the least that the ones before them leave; `bound` is what the next is proven not
    to fall below (None when nothing is left to prove). `is_unique` tells that equal solutions were told apart by rule.
    """

    values: tuple[int, ...]
    model: tuple[bool, ...]
    n_proven: int
    bound: int | None = None
    is_unique: bool = True


def minimize(
    problem: Problem,
    objectives: Sequence[Objective],
    rlimit: int,
    *,
    assume: Sequence[int] | None = None,
    is_unique: bool = True,
    engine: Engine = "auto",
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
        engine: how to minimise.

    Raises:
        GaveUp: when the effort is used up before the optimum is proven.
    """
    found = optimize(problem, objectives, rlimit, assume=assume, is_unique=is_unique, engine=engine)
    if found is None or (found.n_proven == len(objectives) and (found.is_unique or not is_unique)):
        return found
    at = found.n_proven
    raise GaveUp(found.values[at] if at < len(found.values) else None, found.bound)


def optimize(
    problem: Problem,
    objectives: Sequence[Objective],
    rlimit: int,
    *,
    assume: Sequence[int] | None = None,
    is_unique: bool = True,
    engine: Engine = "auto",
) -> Optimum | None:
    """Return the best solution that the effort allows, with what is proven of it; None when there is none.

    The arguments are those of `minimize`.

    Raises:
        GaveUp: when the effort is used up before there is any solution.
    """
    held = list(problem.guards if assume is None else assume)
    if engine == "descent" or (engine == "auto" and problem.size - len(problem.guards) <= _SMALL):
        return _descended(problem, objectives, rlimit, held, is_unique=is_unique)
    return _priced(problem, objectives, rlimit, held, is_unique=is_unique, engine=engine)


def _told(
    objectives: Sequence[Objective], model: Sequence[bool], n_proven: int, bound: int | None, *, is_unique: bool
) -> Optimum:
    values = tuple(value_of(objective.terms, model) for objective in objectives)
    return Optimum(values, tuple(model), n_proven, bound, is_unique)


# ------------------------------------------------------------------ prices first


def _priced(
    problem: Problem, objectives: Sequence[Objective], rlimit: int, held: list[int], *, is_unique: bool, engine: Engine
) -> Optimum | None:
    """Minimise one sum after the other by prices, then tell equals apart."""
    from optidsl.solve.highs import is_installed
    from optidsl.solve.prove import minimise_level
    from optidsl.solve.state import Search
    from optidsl.solve.ties import settled

    search = Search(problem, rlimit, held)
    if engine == "highs" or (engine == "auto" and is_installed()):
        search.use_highs = "always" if engine == "highs" else "gap"
    for at, objective in enumerate([*objectives, *([] if objectives else [Objective(())])]):
        level = minimise_level(search, objective.terms)
        if level is None or search.model is None:
            return None
        if level.bound < level.value:
            return _told(objectives, search.model, at, level.bound, is_unique=False)
    if search.model is None:
        return None
    is_settled = is_unique and settled(search, next((each.terms for each in reversed(objectives) if each.terms), ()))
    return _told(objectives, search.model, len(objectives), None, is_unique=is_settled)


# ------------------------------------------------------------------ the solver alone


def _descended(
    problem: Problem, objectives: Sequence[Objective], rlimit: int, held: list[int], *, is_unique: bool
) -> Optimum | None:
    """Minimise one sum after the other by the solver alone."""
    session = Session(problem, rlimit, [objective.terms for objective in objectives])
    model = session.solve(held)
    if model is None:
        return None
    for at, objective in enumerate(objectives):
        low, model = descend(session, objective.terms, model, held)
        if low < value_of(objective.terms, model):
            return _told(objectives, model[: problem.size + 1], at, low, is_unique=False)
    is_settled = False
    if is_unique:
        is_settled, model = settle(session, problem.groups, model, held)
    return _told(objectives, model[: problem.size + 1], len(objectives), None, is_unique=is_settled)
