"""What flips the verdict: how far a number can move before the choice changes, and before there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

from optidsl._record import record
from optidsl.diag import Span

Parts = tuple[tuple[str, str], ...]
"""The candidate of every class, by name of the class."""

Evaluate = Callable[[int], Parts | None]
"""What is chosen when a number has a value; None when nothing is possible."""

MOST = 64
"""Values at which a design is solved again in one direction, at most."""


@record(frozen=True, slots=True)
class Flip:
    """The first change in one direction.

    `last` is the last value with the choice as it is, `first` the first with another; both were solved. `then` is what
    changes (class and candidate, tier and size), empty when nothing is possible any more, or nobody knows for want of
    the figures that `lacks` names.
    """

    last: Fraction
    first: Fraction
    then: Parts
    lacks: tuple[str, ...] = ()

    @property
    def is_end(self) -> bool:
        """Tell whether nothing is possible beyond."""
        return not self.then


@record(frozen=True, slots=True)
class Sensitivity:
    """How far one number can move.

    `down` and `up` are the first changes, None where the choice stays however far it moves. `ends` are the last
    values, below and above, at which the design is possible at all; None where there is no end, or none was found
    within the effort (`is_bounded`).
    """

    name: str
    span: Span | None
    value: Fraction
    unit: str
    down: Flip | None
    up: Flip | None
    ends: tuple[Fraction | None, Fraction | None] = (None, None)
    is_bounded: bool = False
    subject: str = ""


def changed(usual: Parts, other: Parts) -> Parts:
    """Return the classes that have other parts, with these."""
    before = dict(usual)
    return tuple((name, candidate) for name, candidate in other if before.get(name) != candidate)


def scan(
    name: str, span: Span | None, value: int, unit: str, evaluate: Evaluate, borders: Sequence[int], subject: str = ""
) -> Sensitivity:
    """Move a whole number over the borders at which something may change, `b` when it may between `b` and `b + 1`.

    Every flip found was solved on both of its sides.
    """
    memo = lru_cache(maxsize=None)(evaluate)
    usual = memo(value)
    if usual is None:
        return Sensitivity(name, span, Fraction(value), unit, None, None, subject=subject)
    every = set(borders)
    above = sorted(each for each in every if each >= value)[:MOST]
    below = sorted((each for each in every if each < value), reverse=True)[:MOST]
    up = _first(memo, usual, value, [each + 1 for each in above])
    down = _first(memo, usual, value, below)
    end = _end(memo, value, [each + 1 for each in above])
    start = _end(memo, value, below)
    is_bounded = len(above) + len(below) < len(every)
    return Sensitivity(name, span, Fraction(value), unit, down, up, (start, end), is_bounded, subject)


def _first(evaluate: Evaluate, usual: Parts, value: int, stops: Sequence[int]) -> Flip | None:
    """Return the first flip on the way over some stops."""
    last = value
    for stop in stops:
        if evaluate(stop) != usual:
            same, other = _between(lambda at: evaluate(at) == usual, last, stop)
            found = evaluate(other)
            return Flip(Fraction(same), Fraction(other), () if found is None else changed(usual, found))
        last = stop
    return None


def _end(evaluate: Evaluate, value: int, stops: Sequence[int]) -> Fraction | None:
    """Return the last value at which something is possible, on the way over some stops."""
    last = value
    for stop in stops:
        if evaluate(stop) is None:
            return Fraction(_between(lambda at: evaluate(at) is not None, last, stop)[0])
        last = stop
    return None


def _between(holds: Callable[[int], bool], inside: int, outside: int) -> tuple[int, int]:
    """Return the two neighbours between which a predicate stops holding; it holds `inside` and not `outside`.

    A stop stands right behind a border, so that its neighbour mostly holds already.
    """
    nearest = outside - 1 if outside > inside else outside + 1
    if nearest != inside and holds(nearest):
        return nearest, outside
    while abs(outside - inside) > 1:
        middle = (inside + outside) // 2
        if holds(middle):
            inside = middle
        else:
            outside = middle
    return inside, outside
