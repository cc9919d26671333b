"""Equal optima told apart: the first group's earliest literal, then the second's, and so on."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.diag import GaveUp
from optidsl.solve.cases import SHARE, SMALL, Question, branch
from optidsl.solve.descent import chosen, settle
from optidsl.solve.lagrange import STEPS
from optidsl.solve.problem import Problem, Term, value_of
from optidsl.solve.reduced import Reduced
from optidsl.solve.session import Session
from optidsl.solve.state import Search, checked, price


def settled(search: Search, terms: Sequence[Term]) -> bool:
    """Give the first group its earliest literal in any optimum, then the second, and so on; tell whether it was proven.

    `search.model` is an optimum, and `terms` the last sum that was minimised: solutions as good are gone through case
    by case; where these are too many, the solver tells equals apart group by group.
    """
    if search.model is None:
        return False
    rest = search.rest()
    if rest is not None and len(rest.kept) > SMALL and terms:
        value = value_of(terms, search.model)
        question = Question(tuple(terms), 1, value, search.left - search.left // SHARE, _tie)
        try:
            branch(search, question, price(search, rest, terms, STEPS))
        except GaveUp:
            rest = search.rest()
        else:
            return True
    return rest is not None and _settle_rest(search, rest, search.left)


def _tie(search: Search, question: Question, decided: Sequence[int]) -> None:
    """Take the first of the solutions of a case, if it comes before the one known."""
    rest = search.rest(decided, question.ceiling)
    before = search.model
    if rest is None or before is None:
        return
    if not _settle_rest(search, rest, search.left - question.floor):
        raise GaveUp
    if _order(search.problem, search.model) > _order(search.problem, before):
        search.model = before


def _order(problem: Problem, model: Sequence[bool] | None) -> tuple[int, ...]:
    return () if model is None else tuple(chosen(group, model) for group in problem.groups)


def _settle_rest(search: Search, rest: Reduced, effort: int) -> bool:
    """Make the first solution of what is left the one known; tell whether it was proven to be the first."""
    number = {old: new for new, old in enumerate(rest.kept, 1)}
    groups = [
        [number[abs(literal)] * (1 if literal > 0 else -1) for literal in group if abs(literal) in number]
        for group in search.problem.groups
    ]
    session = Session(rest.problem, effort)
    try:
        model = session.solve([])
    except GaveUp:
        return False
    is_settled = True
    if model is not None:
        is_settled, model = settle(session, groups, model, [])
        search.model = checked(search, rest, model)
    search.left -= effort - session.left
    return is_settled
