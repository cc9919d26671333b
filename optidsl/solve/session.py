"""One problem in one solver, with one budget of effort."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.diag import GaveUp, InternalError
from optidsl.solve.normal import normalise
from optidsl.solve.problem import Linear, Problem, Term
from optidsl.solve.z3_facade import PB_LIMIT, Solver


class Session:
    """Ask questions of one problem; `rlimit` is the budget of all of them together."""

    def __init__(self, problem: Problem, rlimit: int, extra: Sequence[tuple[Term, ...]] = ()) -> None:
        """Load a problem. `extra` are sums that later bounds will be put on (they decide the encoding)."""
        self.problem = problem
        self.left = rlimit
        linears = [normalise(linear, problem.groups) for linear in problem.linears]
        sums = [*linears, *(normalise(Linear(terms, 0), problem.groups) for terms in extra)]
        is_large = any(
            sum(weight for weight, _ in linear.terms) > PB_LIMIT or linear.bound > PB_LIMIT for linear in sums
        )
        self._solver = Solver(problem.size, has_large_weights=is_large)
        for group in problem.groups:
            self._solver.exactly_one(group)
        for clause in problem.clauses:
            self._solver.clause(clause)
        for linear in linears:
            self._solver.at_most(linear.terms, linear.bound, linear.when)

    def solve(self, assumptions: Sequence[int]) -> list[bool] | None:
        """Return a model (index 0 unused) in which every assumption is true, or None when there is none.

        Raises:
            GaveUp: when the budget is used up.
        """
        if self.left <= 0:
            raise GaveUp
        status, used = self._solver.check(assumptions, self.left)
        self.left -= used
        if status == "unknown":
            raise GaveUp
        if status == "unsat":
            return None
        model = [False, *self._solver.model()]
        if any(model[abs(literal)] != (literal > 0) for literal in assumptions if abs(literal) <= self.problem.size):
            raise InternalError("the solver's model breaks an assumption")
        return model

    def core(self) -> set[int]:
        """Return the assumptions that the last refusal rests on."""
        return self._solver.core()

    def clause(self, *literals: int) -> None:
        """Add a clause for good."""
        self._solver.clause(literals)

    def bound(self, terms: Sequence[Term], bound: int) -> int:
        """Return a literal that, when assumed, requires `sum(terms) <= bound`."""
        literal = self._solver.variable()
        linear = normalise(Linear(tuple(terms), bound, (literal,)), self.problem.groups)
        self._solver.at_most(linear.terms, linear.bound, linear.when)
        return literal

    def any_literal(self, literals: Sequence[int]) -> int:
        """Return a literal that, when assumed, requires one of the literals."""
        literal = self._solver.variable()
        self._solver.clause((-literal, *literals))
        return literal
