"""The same choice over fewer options, with other limits, or without a statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import TypeVar

from optidsl._record import replace
from optidsl.optics.amount import Amount
from optidsl.optics.couplings import Coupling, Soft
from optidsl.optics.model import Model

T = TypeVar("T")

Kept = tuple[tuple[int, ...], ...]
"""Indices of the options that stay, per class."""


def narrowed(model: Model, kept: Kept) -> Model:
    """Return the choice over some of the options of each class, in their order."""

    def of(amount: Amount) -> Amount:
        gaps = _taken(amount.gaps, kept) if amount.gaps else ()
        return replace(amount, weights=_taken(amount.weights, kept), gaps=gaps)

    def limits(couplings: Sequence[Coupling]) -> tuple[Coupling, ...]:
        return tuple(replace(each, amount=of(each.amount)) for each in couplings)

    place = [{old: new for new, old in enumerate(row)} for row in kept]
    clashes = (
        ((left, place[left][at]), (right, place[right][number]))
        for (left, at), (right, number) in model.clashes
        if at in place[left] and number in place[right]
    )
    return replace(
        model,
        options=_taken(model.options, kept),
        figures=_taken(model.figures, kept),
        clashes=frozenset(clashes),
        couplings=limits(model.couplings),
        unsure=limits(model.unsure),
        softs=tuple(Soft(soft.requirement, limits(soft.couplings)) for soft in model.softs),
        goals=tuple(replace(goal, amount=of(goal.amount)) for goal in model.goals),
    )


def _taken(rows: Sequence[Sequence[T]], kept: Kept) -> tuple[tuple[T, ...], ...]:
    return tuple(tuple(row[at] for at in places) for row, places in zip(rows, kept, strict=True))


def without(model: Model, key: str) -> Model:
    """Return the choice without the limits of a statement."""
    return replace(model, couplings=tuple(each for each in model.couplings if each.statement.key != key))


def bound_of(coupling: Coupling, right: Fraction) -> int:
    """Return the scaled bound of a limit whose right side is `right`; amounts are whole, so that it is rounded down."""
    return floor(coupling.sign * (right - coupling.offset) * coupling.amount.scale)


def only(model: Model, row: int, admits: Callable[[int], bool]) -> Kept:
    """Return every option of the other classes, and those of one class that are admitted."""
    return tuple(
        tuple(at for at in range(len(options)) if number != row or admits(at))
        for number, options in enumerate(model.options)
    )
