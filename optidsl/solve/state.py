"""A problem while it is being solved, and how questions about what is left of it are put."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from optidsl._record import field, record
from optidsl.diag import InternalError
from optidsl.solve.lagrange import Bound, ascend
from optidsl.solve.problem import Linear, Problem, Term, value_of
from optidsl.solve.reduced import Reduced, reduce
from optidsl.solve.relaxation import relax
from optidsl.solve.session import Session

ENTRIES_PER_UNIT = 40
"""Entries of a relaxation that one subgradient step passes in the time of one of the solver's resource units."""


@record(slots=True)
class Search:
    """A problem while it is being solved: what is decided, what is held, and the effort left.

    `fixed` are literals that hold in every solution still of interest; `held` are the sums that keep earlier
    objectives at their optimum. `model` is the best solution known (index 0 unused). `use_highs` says when HiGHS is
    asked: never, where a gap is left, or first.
    """

    problem: Problem
    left: int
    fixed: list[int]
    held: list[Linear] = field(default_factory=list)
    model: list[bool] | None = None
    use_highs: Literal["never", "gap", "always"] = "never"

    def rest(self, more: Sequence[int] = (), limit: Linear | None = None) -> Reduced | None:
        """Return what is left of the problem, with more decided; None when that is impossible."""
        return reduce(self.problem, [*self.fixed, *more], [*self.held, *([] if limit is None else [limit])])


@record(frozen=True, slots=True)
class Priced:
    """What is left of a problem, with a bound of the sum to be minimised over it."""

    rest: Reduced
    bound: Bound

    def decided(self, limit: int) -> list[int]:
        """Return the literals of the whole problem that every solution of at most this value has."""
        zero, one = self.bound.decided(limit)
        kept = self.rest.kept
        return [-kept[at] for at in zero.nonzero()[0].tolist()] + [kept[at] for at in one.nonzero()[0].tolist()]


def price(search: Search, rest: Reduced, terms: Sequence[Term], steps: int) -> Priced | None:
    """Return what is left with a bound of a sum; None where its figures are too large to be exact."""
    relaxation = relax(rest.problem, *rest.terms(terms))
    if relaxation is None:
        return None
    search.left -= steps * (1 + len(relaxation.row) // ENTRIES_PER_UNIT)
    return Priced(rest, ascend(relaxation, None, steps))


def ask(search: Search, rest: Reduced, effort: int) -> list[bool] | None:
    """Have the solver look for any solution of what is left."""
    session = Session(rest.problem, effort)
    try:
        found = session.solve([])
    finally:
        search.left -= effort - session.left
    if found is None:
        return None
    return checked(search, rest, found)


def checked(search: Search, rest: Reduced, found: Sequence[bool]) -> list[bool]:
    """Return the solver's model for the whole problem, tried on the sums that are held."""
    model = rest.model(found[: rest.problem.size + 1])
    if any(value_of(linear.terms, model) > linear.bound for linear in search.held):
        raise InternalError("the solver's model breaks a value that was held")
    return model
