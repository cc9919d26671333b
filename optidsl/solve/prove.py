"""The least value of one sum, proven: suppose it is close to the bound, delete what cannot be in it, ask the solver."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from optidsl._record import record
from optidsl.diag import GaveUp
from optidsl.solve.cases import SHARE, Question, best_of, branch
from optidsl.solve.incumbent import Heuristic
from optidsl.solve.lagrange import STEPS, bound_of
from optidsl.solve.normal import least
from optidsl.solve.problem import Linear, Problem, Term, value_of
from optidsl.solve.reduced import Reduced
from optidsl.solve.state import ENTRIES_PER_UNIT, Priced, Search, ask, price

_CLOSER = (16, 4, 1)
"""Parts of the way from the bound to the best solution that are tried one after the other."""

_WIDER = (400, 100, 25, 8, 2)
"""Parts of the bound above itself in which a first solution is looked for."""


@record(frozen=True, slots=True)
class Level:
    """The value reached for one objective and its proven lower bound; equal when it is the optimum."""

    value: int
    bound: int


def minimise_level(search: Search, terms: Sequence[Term]) -> Level | None:
    """Minimise one sum, and hold it where it was proven to be least; None when nothing satisfies the problem.

    Raises:
        GaveUp: when the effort is used up before there is any solution.
    """
    rest = search.rest()
    if rest is None:
        return None
    inner, constant = rest.terms(terms)
    grid = gcd(*(weight for weight, _ in inner)) if inner else 0
    if grid == 0:
        return _any(search, rest, constant)
    low = least(inner, rest.problem.groups) + constant
    priced = price(search, rest, terms, STEPS)
    if priced is not None and search.use_highs == "always":
        priced = _asked(search, terms, priced)
    if priced is not None:
        low = max(low, priced.bound.value)
        if search.model is None:
            search.model = _first(search, priced)
    low += (constant - low) % grid
    try:
        found = _climb(search, terms, priced, low, grid)
    except GaveUp as limit:
        if priced is None or search.use_highs != "gap" or limit.bound is None:
            raise
        found = Level(limit.bound + grid, limit.bound)  # no solution yet: HiGHS may know one
    if priced is not None and found is not None and found.bound < found.value and search.use_highs == "gap":
        priced = _asked(search, terms, priced)
        low = max(found.bound, priced.bound.value + (constant - priced.bound.value) % grid)
        found = _climb(search, terms, priced, low, grid)
    if found is not None and found.value == found.bound:
        search.held.append(Linear(tuple(terms), found.value))
        search.fixed += [] if priced is None else priced.decided(found.value)
    return found


def _any(search: Search, rest: Reduced, value: int) -> Level | None:
    """Find any solution, for a sum that is always the same."""
    if search.model is None:
        search.model = ask(search, rest, search.left)
    return None if search.model is None else Level(value, value)


def _asked(search: Search, terms: Sequence[Term], priced: Priced) -> Priced:
    """Take up what HiGHS proposes: a better bound from its prices, a better solution once the solver agrees."""
    import optidsl.solve.highs as highs

    relaxation, rest = priced.bound.relaxation, priced.rest
    bound = bound_of(relaxation, highs.prices(relaxation), priced.bound.mean)
    guess = highs.point(relaxation)
    if guess is not None:
        chosen_options = [rest.kept[at] for at in relaxation.grouped.tolist() if guess[at] > 0]
        case = search.rest(chosen_options)
        try:
            model = None if case is None else ask(search, case, search.left)
        except GaveUp:
            model = None
        if model is not None and (search.model is None or value_of(terms, model) < value_of(terms, search.model)):
            search.model = model
    return Priced(rest, bound) if bound.value > priced.bound.value else priced


def _first(search: Search, priced: Priced) -> list[bool] | None:
    """Return a solution guided by the bound's prices, if one is found."""
    heuristic = Heuristic(priced.rest.problem, priced.bound)
    found = heuristic.find()
    search.left -= heuristic.n_trials * (1 + len(priced.bound.relaxation.row) // ENTRIES_PER_UNIT)
    return None if found is None else priced.rest.model(found)


def _climb(search: Search, terms: Sequence[Term], priced: Priced | None, low: int, grid: int) -> Level | None:
    """Suppose the optimum is close to the bound, then less close, until it is found or shown to be where it is."""
    rung = 0
    while search.left > 0 and (search.model is None or low < value_of(terms, search.model)):
        best = None if search.model is None else value_of(terms, search.model)
        limit = _rung(low, best, rung, grid)
        try:
            is_found = _within(search, terms, priced, limit, grid)
        except GaveUp:
            if search.model is None and limit is not None:
                rung += 1
                continue
            break
        rung += 1
        if search.model is None and limit is None:
            return None
        if limit is None:
            continue
        low = limit + grid if search.model is None or not is_found else value_of(terms, search.model)
    if search.model is None:
        raise GaveUp(None, low)
    return Level(value_of(terms, search.model), low)


def _rung(low: int, best: int | None, rung: int, grid: int) -> int | None:
    """Return the value that the optimum is supposed not to exceed; None for any."""
    if best is not None:
        return low + (best - grid - low) // grid // _CLOSER[min(rung, len(_CLOSER) - 1)] * grid
    if rung >= len(_WIDER):
        return None
    return low + max(grid, abs(low) // _WIDER[rung] // grid * grid)


def _within(search: Search, terms: Sequence[Term], priced: Priced | None, limit: int | None, grid: int) -> bool:
    """Find the best solution of at most a value; tell whether there is one. Without a value, find any.

    Raises:
        GaveUp: when its share of the effort is used up.
    """
    if limit is None:
        rest = search.rest()
        found = None if rest is None else ask(search, rest, search.left)
        search.model = search.model if found is None else found
        return found is not None
    question = Question(tuple(terms), grid, limit, search.left - search.left // SHARE, best_of)
    branch(search, question, priced)
    return question.is_found


def least_possible(problem: Problem, terms: Sequence[Term]) -> int:
    """Return a lower bound of a sum over every solution, guards aside: by groups, or by prices where better."""
    low = least(terms, problem.groups)
    search = Search(problem, 0, [-guard for guard in problem.guards])
    rest = search.rest()
    priced = None if rest is None else price(search, rest, terms, STEPS // 2)
    return low if priced is None else max(low, priced.bound.value)
