"""Lengths that can be bought, and which of them each link gets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.catalog.parts import DirectCable, Fact, FiberCable
from optidsl.optics.classify import ClassView

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class Order:
    """What a cable's length list gives a class: the lengths its shortest and longest link get, in mm.

    `is_covered` is False when the list ends before the longest link; `longest_mm` is then what that link needs.
    `longest_sold_mm` is the end of the list.
    """

    shortest_mm: int
    longest_mm: int
    is_covered: bool
    longest_sold_mm: int


def sold_lengths(cable: FiberCable | DirectCable) -> Fact[tuple[int, ...]] | None:
    """Return the lengths a cable is sold in, or None when no list is known."""
    fact = cable.lengths_mm
    return fact if fact is not None and fact.value and fact.confidence != "unverified" else None


def order_for(view: ClassView, cable: FiberCable | DirectCable) -> Order | None:
    """Return the purchasable lengths of a class's extremes; None without a list or without lengths."""
    fact = sold_lengths(cable)
    if fact is None or not view.has_lengths:
        return None
    sold = sorted(fact.value)
    shortest = next((each for each in sold if each >= view.link_class.shortest_mm), sold[-1])
    longest = next((each for each in sold if each >= view.link_class.longest_mm), None)
    return Order(shortest, view.link_class.longest_mm if longest is None else longest, longest is not None, sold[-1])


def ordered_mm(required_mm: I64, cable: FiberCable | DirectCable) -> I64:
    """Return the smallest purchasable length that covers each link, -1 where there is none.

    Args:
        required_mm: route and slack in mm, shape `(n_links,)`, -1 where no length is known.
        cable: the part whose lengths are on sale.
    """
    fact = sold_lengths(cable)
    if fact is None:
        return np.full(len(required_mm), -1, dtype=np.int64)
    sold = np.array([*sorted(fact.value), -1], dtype=np.int64)
    ordered: I64 = sold[np.searchsorted(sold[:-1], required_mm, side="left")]
    ordered[required_mm < 0] = -1
    return ordered
