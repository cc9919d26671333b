"""A problem without what is already decided: literals that hold, what follows from them, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optidsl._record import record
from optidsl.solve.normal import normalise
from optidsl.solve.problem import Linear, Problem, Term


@record(frozen=True, slots=True)
class Reduced:
    """What is left of a problem.

    `kept` are the numbers that its variables 1.. have in the whole problem; `values` is the truth of each variable of
    the whole problem, None where open (index 0 unused).
    """

    problem: Problem
    kept: tuple[int, ...]
    values: tuple[bool | None, ...]

    def terms(self, terms: Sequence[Term]) -> tuple[tuple[Term, ...], int]:
        """Return a sum of the whole problem over what is left, and the part that is decided."""
        number = {old: new for new, old in enumerate(self.kept, 1)}
        return _mapped(terms, self.values, number)

    def model(self, left: Sequence[bool]) -> list[bool]:
        """Return the truth of every variable of the whole problem (index 0 unused) from that of those left."""
        model = [bool(value) for value in self.values]
        for new, old in enumerate(self.kept, 1):
            model[old] = left[new]
        return model


def reduce(problem: Problem, true: Iterable[int], more: Sequence[Linear] = ()) -> Reduced | None:
    """Return the problem with these literals true and these constraints added; None when that is impossible.

    What follows by itself is decided too: the last open literal of a clause or of a group, and a literal whose weight
    alone breaks a constraint.
    """
    linears = [normalise(linear, problem.groups, divide=False) for linear in (*problem.linears, *more)]
    values = _Values(problem.size)
    is_sound = all(values.put(literal) for literal in true) and _propagate(problem, linears, values)
    if not is_sound:
        return None
    kept = tuple(variable for variable in range(1, problem.size + 1) if values.of[variable] is None)
    number = {old: new for new, old in enumerate(kept, 1)}
    groups = [
        [number[lit] if lit > 0 else -number[-lit] for lit in group if values.true(lit) is None]
        for group in problem.groups
        if not any(values.true(lit) for lit in group)
    ]
    clauses = [
        tuple(number[lit] if lit > 0 else -number[-lit] for lit in clause if values.true(lit) is None)
        for clause in problem.clauses
        if not any(values.true(lit) for lit in clause)
    ]
    left: list[Linear] = []
    for linear in linears:
        if any(values.true(literal) is False for literal in linear.when):
            continue
        terms, constant = _mapped(linear.terms, values.of, number)
        when = tuple(number[lit] if lit > 0 else -number[-lit] for lit in linear.when if values.true(lit) is None)
        if sum(weight for weight, _ in terms) > linear.bound - constant:
            left.append(Linear(terms, linear.bound - constant, when))
    guards = tuple(number[guard] for guard in problem.guards if guard in number)
    found = Problem(len(kept), tuple(map(tuple, groups)), tuple(dict.fromkeys(clauses)), tuple(left), guards)
    return Reduced(found, kept, tuple(values.of))


def _mapped(
    terms: Sequence[Term], values: Sequence[bool | None], number: dict[int, int]
) -> tuple[tuple[Term, ...], int]:
    found: list[Term] = []
    constant = 0
    for weight, literal in terms:
        value = values[abs(literal)]
        if value is None:
            found.append((weight, number[literal] if literal > 0 else -number[-literal]))
        elif value == (literal > 0):
            constant += weight
    return tuple(found), constant


class _Values:
    """The truth of variables, as far as it is decided."""

    def __init__(self, size: int) -> None:
        self.of: list[bool | None] = [None] * (size + 1)
        self.of[0] = False
        self.n_changes = 0

    def true(self, literal: int) -> bool | None:
        value = self.of[abs(literal)]
        return None if value is None else value == (literal > 0)

    def put(self, literal: int) -> bool:
        """Make a literal true; False when it is false already."""
        old = self.of[abs(literal)]
        if old is None:
            self.of[abs(literal)] = literal > 0
            self.n_changes += 1
            return True
        return old == (literal > 0)


def _propagate(problem: Problem, linears: Sequence[Linear], values: _Values) -> bool:
    """Decide what follows until nothing more does; False at a contradiction."""
    before = -1
    while before != values.n_changes:
        before = values.n_changes
        if not all(_group(group, values) for group in problem.groups):
            return False
        if not all(_clause(clause, values) for clause in problem.clauses):
            return False
        if not all(_linear(linear, problem, values) for linear in linears):
            return False
    return True


def _group(group: Sequence[int], values: _Values) -> bool:
    state = [values.true(literal) for literal in group]
    n_true = state.count(True)
    if n_true > 1:
        return False
    if n_true == 1:
        return all(values.put(-lit) for lit, value in zip(group, state, strict=True) if value is None)
    if state.count(None) == 1:
        return values.put(group[state.index(None)])
    return None in state


def _clause(clause: Sequence[int], values: _Values) -> bool:
    unknown = 0
    of = values.of
    for literal in clause:
        value = of[abs(literal)]
        if value is None:
            if unknown:
                return True
            unknown = literal
        elif value == (literal > 0):
            return True
    return bool(unknown) and values.put(unknown)


def _linear(linear: Linear, problem: Problem, values: _Values) -> bool:
    """Decide what a constraint forces; its weights are above zero."""
    when = [values.true(literal) for literal in linear.when]
    if False in when:
        return True
    slack = linear.bound
    open_terms: list[Term] = []
    of = values.of
    for weight, literal in linear.terms:
        value = of[abs(literal)]
        if value is None:
            open_terms.append((weight, literal))
        elif value == (literal > 0):
            slack -= weight
    if slack < 0:
        unknown = [literal for literal, value in zip(linear.when, when, strict=True) if value is None]
        return len(unknown) > 1 or (len(unknown) == 1 and values.put(-unknown[0]))
    if None in when:
        return True
    return all(values.put(-literal) for weight, literal in open_terms if weight > slack)
