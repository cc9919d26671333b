"""Linear constraints in a form that a pseudo-Boolean solver handles well. The meaning stays the same."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from optidsl.solve.problem import Linear, Term


def merged(terms: Sequence[Term]) -> tuple[dict[int, int], int]:
    """Return weights by positive variable, and the constant that turning literals round left over."""
    weights: dict[int, int] = {}
    constant = 0
    for weight, literal in terms:
        if literal < 0:
            constant += weight
            weight = -weight
        weights[abs(literal)] = weights.get(abs(literal), 0) + weight
    return weights, constant


def least(terms: Sequence[Term], groups: Sequence[tuple[int, ...]]) -> int:
    """Return a lower bound of a sum: the least weight of every exactly-one group, and every negative weight beside."""
    normal = normalise(Linear(tuple(terms), 0), groups, divide=False)
    return -normal.bound


def normalise(linear: Linear, groups: Sequence[tuple[int, ...]], *, divide: bool = True) -> Linear:
    """Return an equal constraint with weights above zero only, as small as they can be.

    In each exactly-one group the least weight moves to the bound, because one of its literals is true anyway; a
    negative weight turns its literal round; a common divisor goes.
    """
    weights, constant = merged(linear.terms)
    bound = linear.bound - constant
    for group in groups:
        if any(literal < 0 for literal in group) or not any(literal in weights for literal in group):
            continue
        shift = min(weights.get(literal, 0) for literal in group)
        if shift == 0:
            continue
        for literal in group:
            weights[literal] = weights.get(literal, 0) - shift
        bound -= shift
    terms: list[Term] = []
    for variable in sorted(weights):
        weight = weights[variable]
        if weight < 0:
            bound -= weight
            terms.append((-weight, -variable))
        elif weight > 0:
            terms.append((weight, variable))
    divisor = gcd(*(weight for weight, _ in terms)) if divide and terms else 1
    return Linear(tuple((weight // divisor, literal) for weight, literal in terms), bound // divisor, linear.when)
