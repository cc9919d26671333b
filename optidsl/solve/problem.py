"""A finite-domain problem as data.

A variable is an integer from 1; a literal is a variable, or its negative for "not".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optidsl._record import field, record

Term = tuple[int, int]
"""`(weight, literal)`: the weight counts when the literal is true."""


def value_of(terms: Sequence[Term], model: Sequence[bool]) -> int:
    """Return the value of a sum in a model (index 0 unused)."""
    return sum(weight for weight, literal in terms if model[abs(literal)] == (literal > 0))


@record(frozen=True, slots=True)
class Linear:
    """`sum(weight * literal) <= bound` whenever every literal of `when` is true."""

    terms: tuple[Term, ...]
    bound: int
    when: tuple[int, ...] = ()


@record(frozen=True, slots=True)
class Objective:
    """Minimise `sum(weight * literal)`."""

    terms: tuple[Term, ...]


@record(frozen=True, slots=True)
class Problem:
    """Exactly one literal of each group; every clause has a true literal; every linear constraint holds.

    `guards` are variables that stand for statements of the source: they are assumed true, and conflicts are told
    in them.
    """

    size: int
    groups: tuple[tuple[int, ...], ...]
    clauses: tuple[tuple[int, ...], ...]
    linears: tuple[Linear, ...]
    guards: tuple[int, ...] = ()


@record(slots=True)
class Builder:
    """Collect a problem; variables are numbered in the order they are asked for."""

    size: int = 0
    groups: list[tuple[int, ...]] = field(default_factory=list)
    clauses: list[tuple[int, ...]] = field(default_factory=list)
    linears: list[Linear] = field(default_factory=list)
    guards: list[int] = field(default_factory=list)

    def variable(self) -> int:
        """Return a new variable."""
        self.size += 1
        return self.size

    def guard(self) -> int:
        """Return a new variable that stands for a statement of the source."""
        self.guards.append(self.variable())
        return self.size

    def one_of(self, literals: Sequence[int]) -> None:
        """Require exactly one of the literals."""
        self.groups.append(tuple(literals))

    def clause(self, *literals: int) -> None:
        """Require one of the literals."""
        self.clauses.append(literals)

    def any_of(self, literals: Sequence[int]) -> int:
        """Return a variable that is true exactly when one of the literals is."""
        variable = self.variable()
        self.clauses.append((-variable, *literals))
        self.clauses.extend((variable, -literal) for literal in literals)
        return variable

    def at_most(self, terms: Iterable[Term], bound: int, *when: int) -> None:
        """Require `sum(terms) <= bound` whenever every literal of `when` is true."""
        self.linears.append(Linear(tuple(terms), bound, when))

    def problem(self) -> Problem:
        """Return what was collected."""
        return Problem(self.size, tuple(self.groups), tuple(self.clauses), tuple(self.linears), tuple(self.guards))
