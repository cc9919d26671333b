"""A question about all solutions of at most some value, answered by prices, by cases, and by the solver."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from optidsl._record import record
from optidsl.diag import GaveUp
from optidsl.solve.branch import LEAF, Case, Tree
from optidsl.solve.descent import descend
from optidsl.solve.lagrange import STEPS
from optidsl.solve.problem import Linear, Term, value_of
from optidsl.solve.session import Session
from optidsl.solve.state import ENTRIES_PER_UNIT, Priced, Search, checked, price

SMALL = 150
"""Variables that the solver is asked about at once; more are split into cases first."""

SHARE = 4
"""Part of the effort left that one question may use up."""


@record(slots=True)
class Question:
    """What about solutions of at most `limit`? `leaf` looks into a case; `floor` is the effort to leave."""

    terms: tuple[Term, ...]
    grid: int
    limit: int
    floor: int
    leaf: Callable[[Search, Question, Sequence[int]], None]
    is_found: bool = False

    @property
    def ceiling(self) -> Linear:
        """The question as a constraint."""
        return Linear(self.terms, self.limit)


def branch(search: Search, question: Question, priced: Priced | None) -> None:
    """Answer by prices where they are enough, by the solver where little is left, else by cases of one switch."""
    decided: list[int] = []
    if priced is None:
        question.leaf(search, question, decided)
        return
    while True:
        decided += priced.decided(question.limit)
        rest = search.rest(decided, question.ceiling)
        if rest is None:
            return
        again = None
        if len(rest.kept) > SMALL:
            if len(rest.kept) > 0.8 * len(priced.rest.kept):
                _cases(search, question, priced, decided)
                return
            again = price(search, rest, question.terms, STEPS // 2)
        if again is None:
            question.leaf(search, question, decided)
            return
        if again.bound.value > question.limit:
            return
        priced = again


def _cases(search: Search, question: Question, priced: Priced, decided: list[int]) -> None:
    """Go through the cases of undecided switches, the likelier one of each first."""
    relaxation, kept = priced.bound.relaxation, priced.rest.kept
    tree = Tree(relaxation, priced.bound)
    units = 1 + len(relaxation.row) // ENTRIES_PER_UNIT
    stack = [tree.root]
    while stack:
        n_before = tree.n_steps
        implied = tree.implied(stack.pop())
        weighed = None if implied is None else tree.weigh(implied, tree.room(question.limit))
        search.left -= units * (1 + tree.n_steps - n_before)
        if search.left <= question.floor:
            raise GaveUp
        if weighed is None:
            continue
        case, switch = weighed.case, tree.undecided(weighed)
        if switch < 0 or tree.n_open(case) <= LEAF:
            off = [-kept[at] for at in np.flatnonzero(case.off).tolist()]
            question.leaf(search, question, [*decided, *off, *(kept[at] for at in np.flatnonzero(case.on).tolist())])
            continue
        on, off_too = case.on.copy(), case.off.copy()
        on[switch] = off_too[switch] = True
        cases = [Case(off_too, case.on, case.prices), Case(case.off, on, case.prices)]
        stack += cases if weighed.mean[switch] >= 0.5 else cases[::-1]


def best_of(search: Search, question: Question, decided: Sequence[int]) -> None:
    """Have the solver find the best solution of a case, if it has one that is good enough."""
    rest = search.rest(decided, question.ceiling)
    if rest is None:
        return
    terms, constant = rest.terms(question.terms)
    session = Session(rest.problem, search.left - question.floor, [terms])
    try:
        found = session.solve([])
        if found is None:
            return
        low, found = descend(session, terms, found, [])
    finally:
        search.left = question.floor + session.left
    search.model, question.is_found = checked(search, rest, found), True
    question.limit = value_of(question.terms, search.model) - question.grid
    if low + constant <= question.limit:
        raise GaveUp
