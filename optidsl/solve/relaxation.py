"""A problem as columns, with everything between groups taken for a price: what a Lagrangian bound is made of.

Rows `coefficients . x <= bound` hold for every solution; each exactly-one group and each variable outside all groups is
then minimised on its own. All figures are whole numbers below 2**53, kept as floats: sums are exact in any order, so
the bound is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.diag import InternalError
from optidsl.solve.normal import merged, normalise
from optidsl.solve.problem import Linear, Problem, Term

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

EXACT = 1 << 53
ENDLESS = float(1 << 62)
_ROOM = 1 << 10
"""By how much sums of prices may outgrow the objective's weights and stay exact."""

_WIDEST = 1 << 26

_Row = dict[int, int]


@record(frozen=True, slots=True)
class Relaxation:
    """Minimise `cost . x` over groups and free variables, numbered from 0, with rows for a price.

    `grouped` lists the variables of the groups one group after the other, `starts` where each begins and `of_group`
    the place of each in `starts`; `free` are the others. Entry `(row, variable, coefficient)` of the rows is at the
    same index of three columns. `cost` is scaled by `scale`; `constant` is not.
    """

    cost: F64
    constant: int
    scale: int
    grouped: I64
    starts: I64
    of_group: I64
    free: I64
    row: I64
    variable: I64
    coefficient: F64
    bound: F64
    width: F64  # the greatest coefficient of each row
    switch: I64  # per row that says "an option of one group needs this free variable", that variable; -1 elsewhere

    def priced(self, prices: F64) -> tuple[float, F64, F64]:
        """Return the scaled value at prices, a point that has it (0 or 1), and every variable's reduced cost.

        The reduced cost is what the value grows by when a variable of a group is chosen, or a free one turned round.
        """
        nothing = np.zeros(len(self.cost), dtype=bool)
        found = self.within(prices, nothing, nothing)
        if found is None:
            raise InternalError("a group without variables")
        return found

    def within(self, prices: F64, off: Bools, on: Bools) -> tuple[float, F64, F64] | None:
        """Return what `priced` does where some variables are 0 and some free ones are 1; None when a group is empty.

        Reduced costs of what is decided mean nothing. Figures too large to be exact give a value that says nothing.
        """
        n = len(self.cost)
        worth = self.cost + np.bincount(self.variable, self.coefficient * prices[self.row], minlength=n)
        point, reduced = np.zeros(n), np.zeros(n)
        total = 0.0
        if len(self.grouped):
            inside = np.where(off[self.grouped], np.inf, worth[self.grouped])
            least = np.minimum.reduceat(inside, self.starts)
            total = float(least.sum())
            if total == np.inf:
                return None
            reduced[self.grouped] = over = inside - least[self.of_group]
            ties = np.flatnonzero(over == 0)
            first = np.ones(len(ties), dtype=bool)
            first[1:] = self.of_group[ties[1:]] != self.of_group[ties[:-1]]
            point[self.grouped[ties[first]]] = 1
        outside = worth[self.free]
        taken = on[self.free] | ((outside < 0) & ~off[self.free])
        point[self.free[taken]] = 1
        reduced[self.free] = np.abs(outside)
        paid = prices * self.bound
        total += float(outside[taken].sum()) - float(paid.sum())
        is_exact = float(np.abs(worth).sum()) + float(np.abs(paid).sum()) < EXACT
        return total if is_exact else -ENDLESS, point, reduced

    def excess(self, point: F64) -> F64:
        """Return by how much a point exceeds the bound of each row."""
        used = np.bincount(self.row, self.coefficient * point[self.variable], minlength=len(self.bound))
        return used - self.bound

    def certified(self, prices: F64) -> int:
        """Return the bound that prices prove, worked out again in whole numbers of any size."""
        rows, variables = self.row.tolist(), self.variable.tolist()
        paid = [max(0, int(price)) for price in prices.tolist()]
        worth = [int(each) for each in self.cost.tolist()]
        for row, variable, coefficient in zip(rows, variables, self.coefficient.tolist(), strict=True):
            if paid[row]:
                worth[variable] += int(coefficient) * paid[row]
        total = -sum(price * int(bound) for price, bound in zip(paid, self.bound.tolist(), strict=True))
        grouped = self.grouped.tolist()
        cuts = [*self.starts.tolist(), len(grouped)]
        for start, end in pairwise(cuts):
            total += min(worth[variable] for variable in grouped[start:end])
        total += sum(min(0, worth[variable]) for variable in self.free.tolist())
        exact = Fraction(total, self.scale)
        return self.constant + -(-exact.numerator // exact.denominator)


def relax(problem: Problem, terms: Sequence[Term], constant: int = 0) -> Relaxation | None:
    """Return the relaxation of a problem under an objective; None when its figures are too large to be exact."""
    groups, rows = _groups(problem)
    rows += _clause_rows(problem, groups, terms)
    rows += [found for linear in problem.linears if (found := _linear_row(linear, problem)) is not None]
    weights, more = merged(terms)
    size = sum(abs(weight) for weight in weights.values())
    scale = EXACT // _ROOM // max(1, size)
    if scale < 1:
        return None
    cost = np.zeros(problem.size)
    for variable, weight in weights.items():
        cost[variable - 1] = weight * scale
    rows = [_coarse(row, bound) for row, bound in rows]
    owned = {literal for group in groups for literal in group}
    sizes = [len(group) for group in groups]
    entries = [(at, v - 1, w) for at, (row, _) in enumerate(rows) for v, w in row.items()]
    table = np.array(entries, dtype=np.int64).reshape(-1, 3)
    return Relaxation(
        cost,
        constant + more,
        scale,
        np.array([literal - 1 for group in groups for literal in group], dtype=np.int64),
        np.cumsum([0, *sizes])[:-1].astype(np.int64),
        np.repeat(np.arange(len(groups)), sizes).astype(np.int64),
        np.array([v - 1 for v in range(1, problem.size + 1) if v not in owned], dtype=np.int64),
        table[:, 0].copy(),
        table[:, 1].copy(),
        table[:, 2].astype(np.float64),
        np.array([bound for _, bound in rows], dtype=np.float64),
        np.array([max(map(abs, row.values()), default=1) for row, _ in rows], dtype=np.float64),
        np.array([_switch(row, bound, owned) for row, bound in rows], dtype=np.int64),
    )


def _switch(row: _Row, bound: int, owned: set[int]) -> int:
    """Return the place of the free variable that a row's options need; -1 for a row of another kind."""
    needed = [variable for variable, weight in row.items() if weight == -1 and variable not in owned]
    if bound or len(needed) != 1 or any(w != 1 or v not in owned for v, w in row.items() if v != needed[0]):
        return -1
    return needed[0] - 1


def _coarse(row: _Row, bound: int) -> tuple[_Row, int]:
    """Return a row whose weights leave room for fine prices; rounded down, it still holds for every solution."""
    divisor = max(map(abs, row.values()), default=0) // _WIDEST + 1
    return ({v: w // divisor for v, w in row.items()}, bound // divisor) if divisor > 1 else (row, bound)


def _groups(problem: Problem) -> tuple[list[tuple[int, ...]], list[tuple[_Row, int]]]:
    """Return groups of variables with none in common; the others become rows."""
    found: list[tuple[int, ...]] = []
    rows: list[tuple[_Row, int]] = []
    seen: set[int] = set()
    for group in problem.groups:
        if all(literal > 0 for literal in group) and len(set(group)) == len(group) and seen.isdisjoint(group):
            found.append(group)
            seen.update(group)
            continue
        row, constant = merged([(1, literal) for literal in group])
        rows += [(row, 1 - constant), ({v: -w for v, w in row.items()}, constant - 1)]
    return found, rows


def _clause_rows(problem: Problem, groups: Sequence[tuple[int, ...]], terms: Sequence[Term]) -> list[tuple[_Row, int]]:
    """Return the clauses as rows; those of one group that ask for the same become one, which bounds much better."""
    of_group = {literal: at for at, group in enumerate(groups) for literal in group}
    wanted = _wanted(problem, of_group, terms)
    alike: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    rows: list[tuple[_Row, int]] = []
    for clause in problem.clauses:
        inside = [-literal for literal in clause if literal < 0 and -literal in of_group]
        if len(inside) == 1:
            key = of_group[inside[0]], tuple(literal for literal in clause if literal != -inside[0])
            alike.setdefault(key, []).append(inside[0])
        elif not any(-literal in wanted for literal in clause):
            rows.append(_clause_row(clause))
    for (_, rest), chosen in alike.items():
        row, bound = _clause_row(rest)
        for variable in dict.fromkeys(chosen):
            row[variable] = row.get(variable, 0) + 1
        rows.append((row, bound + 1))
    return rows


def _clause_row(clause: Sequence[int]) -> tuple[_Row, int]:
    """Return `-(number of true literals) <= -1`."""
    row, constant = merged([(-1, literal) for literal in clause])
    return row, -1 - constant


def _wanted(problem: Problem, of_group: dict[int, int], terms: Sequence[Term]) -> set[int]:
    """Return the free variables that nothing gains from being true: what they need then never binds the relaxation."""
    weights, _ = merged(terms)
    gaining = {variable for variable, weight in weights.items() if weight < 0}
    for linear in problem.linears:
        inner, _ = merged(linear.terms)
        gaining.update(variable for variable, weight in inner.items() if weight < 0)
        gaining.update(abs(literal) for literal in linear.when)
    gaining.update(literal for group in problem.groups for literal in group if literal not in of_group)
    return set(range(1, problem.size + 1)) - gaining - set(of_group)


def _linear_row(linear: Linear, problem: Problem) -> tuple[_Row, int] | None:
    """Return a constraint as a row; a condition of it counts as slack enough to drop it."""
    normal = normalise(linear, problem.groups, divide=True)
    most = sum(weight for weight, _ in normal.terms)
    if most <= normal.bound:
        return None
    drop = most - normal.bound
    terms = [*normal.terms, *((drop, literal) for literal in normal.when)]
    row, constant = merged(terms)
    bound = normal.bound + drop * len(normal.when) - constant
    return {variable: weight for variable, weight in row.items() if weight}, bound
