"""Prices for what ties groups together, found by subgradient steps: a lower bound that anybody can work out again."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.solve.relaxation import F64, Bools, Relaxation

STEPS = 800
_PATIENCE = 20
"""Steps without a better bound after which steps become shorter."""
_SHORTEN = 0.6
_SHORTEST = 1e-3
_AHEAD = 0.3
"""How far above the best bound the next is hoped for."""
_MOMENTUM = 0.92
_RECENT = 0.03


@record(frozen=True, slots=True)
class _View:
    """What one set of prices (scaled, one per row) says: the value, a point that has it, and every reduced cost."""

    prices: F64
    raw: float
    point: F64
    reduced: F64


@record(frozen=True, slots=True)
class Bound:
    """A proven lower bound of a sum in whole units, and the prices that prove it.

    The first view rules options out one by one; the second gives what they pay beyond need to the switches they ask
    for, and rules switches out.
    """

    relaxation: Relaxation
    value: int
    views: tuple[_View, ...]
    mean: F64  # of the points that the search passed, the later ones more: how undecided a variable is

    def decided(self, most: int) -> tuple[Bools, Bools]:
        """Return which variables are 0, and which are 1, in every solution of at most this value."""
        n = len(self.relaxation.cost)
        zero, one, is_free = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        is_free[self.relaxation.free] = True
        for view in self.views:
            far = view.reduced > (most - self.relaxation.constant) * self.relaxation.scale - view.raw
            is_on = is_free & (view.point > 0)
            zero |= far & ~is_on
            one |= far & is_on
        return zero, one


def ascend(relaxation: Relaxation, prices: F64 | None = None, steps: int = STEPS) -> Bound:
    """Return the best bound that some hundred steps find, from prices (one per row, scaled) or from none."""
    now = np.zeros(len(relaxation.bound)) if prices is None else prices
    value, point, reduced = relaxation.priced(now)
    best = value, now, point, reduced
    length, stall = 1.0, 0
    momentum = np.zeros(len(now))
    mean = point
    for _ in range(steps):
        excess = relaxation.excess(point) / relaxation.width + _MOMENTUM * momentum
        momentum = np.where((excess > 0) | (now > 0), excess, 0.0)
        norm = _total(momentum * momentum)
        if norm == 0:
            break
        aim = best[0] + _AHEAD * abs(best[0]) + relaxation.scale
        step = length * (aim - value) / norm
        now = np.rint(np.maximum(0.0, now + step * momentum / relaxation.width))
        value, point, reduced = relaxation.priced(now)
        mean = mean + _RECENT * (point - mean)
        if value > best[0]:
            best, stall = (value, now, point, reduced), 0
            continue
        stall += 1
        if stall > _PATIENCE:
            length, stall = length * _SHORTEN, 0
            value, now, point, reduced = best
            momentum = np.zeros(len(now))
            if length < _SHORTEST:
                break
    return bound_of(relaxation, best[1], mean)


def bound_of(relaxation: Relaxation, prices: F64, mean: F64) -> Bound:
    """Return what prices prove."""
    sets = (prices, lowered(relaxation, prices, relaxation.priced(prices)[2]))
    views = tuple(_View(each, *relaxation.priced(each)) for each in sets)
    return Bound(relaxation, max(map(relaxation.certified, sets)), views, mean)


def lowered(relaxation: Relaxation, prices: F64, reduced: F64) -> F64:
    """Return prices with none higher than it need be: the bound is as good, and says more of what cannot be.

    What an option pays for a switch beyond what keeps it out of the choice goes back to the switch, whose own reduced
    cost grows by it.
    """
    found, over = prices.copy(), reduced.copy()
    is_option = relaxation.switch[relaxation.row] >= 0
    is_option &= relaxation.switch[relaxation.row] != relaxation.variable
    rows, options = relaxation.row[is_option], relaxation.variable[is_option]
    switches = relaxation.switch[rows]
    order = np.lexsort((options, rows, switches, -reduced[switches]))
    rows, options, switches = rows[order], options[order], switches[order]
    ends = np.flatnonzero(np.diff(switches)) + 1
    for part in np.split(np.arange(len(rows)), ends):
        if not len(part):
            continue
        inside = rows[part]
        starts = np.flatnonzero(np.diff(inside, prepend=-1))
        of = inside[starts]
        spare = np.minimum(found[of], np.minimum.reduceat(over[options[part]], starts))
        found[of] -= spare
        over[options[part]] -= np.repeat(spare, np.diff(starts, append=len(part)))
    return found


def _total(values: F64) -> float:
    """Return a sum of fractions added up in one order, whatever the machine's vectors are."""
    return float(np.cumsum(values)[-1]) if len(values) else 0.0
