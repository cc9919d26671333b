"""Cases of single switches, each bounded by prices: what prices alone leave open, split until little is left."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.solve.lagrange import Bound, lowered
from optidsl.solve.relaxation import F64, I64, Bools, Relaxation

STEPS = 60
"""Subgradient steps per case, from the prices of the case it is part of."""
_PATIENCE = 6
_SHORTEN = 0.5
_MOMENTUM = 0.8
_RECENT = 0.05
LEAF = 80
"""Open options from which on the solver is asked."""


@record(frozen=True, slots=True)
class Case:
    """Part of a problem: variables that are 0, free variables that are 1, and prices to start from."""

    off: Bools
    on: Bools
    prices: F64


@record(frozen=True, slots=True)
class Weighed:
    """A case with what prices say of it: a bound (scaled), and the mean of the points passed."""

    case: Case
    raw: float
    mean: F64


class Tree:
    """The cases of one relaxation."""

    def __init__(self, relaxation: Relaxation, bound: Bound) -> None:
        self.relaxation = relaxation
        n = len(relaxation.cost)
        self.n_steps = 0
        self.root = Case(np.zeros(n, dtype=bool), np.zeros(n, dtype=bool), bound.views[0].prices)
        rel = relaxation
        is_link = (rel.switch[rel.row] >= 0) & (rel.switch[rel.row] != rel.variable)
        self.option: I64 = rel.variable[is_link]
        self.link_row: I64 = rel.row[is_link]
        self.switch: I64 = rel.switch[self.link_row]
        group = np.full(n, -1, dtype=np.int64)
        group[rel.grouped] = rel.of_group
        self.group = group
        self.row_group = np.full(len(rel.bound), -1, dtype=np.int64)
        self.row_group[self.link_row] = group[self.option]
        is_free = np.zeros(n, dtype=bool)
        is_free[rel.free] = True
        self.is_free = is_free
        self.is_switch = np.zeros(n, dtype=bool)
        self.is_switch[self.switch] = True

    def room(self, limit: int) -> float:
        """Return a value in the scaled units of bounds."""
        return float((limit - self.relaxation.constant) * self.relaxation.scale)

    def implied(self, case: Case) -> Case | None:
        """Return a case with what follows from it; None when nothing can satisfy it."""
        rel = self.relaxation
        off, on = case.off.copy(), case.on.copy()
        while True:
            before = int(off.sum()) + int(on.sum())
            if bool((off & on).any()):
                return None
            off[self.option[off[self.switch]]] = True
            alive = ~off[rel.grouped]
            of_group = np.bincount(rel.of_group, alive, minlength=len(rel.starts))
            if bool((of_group == 0).any()):
                return None
            of_row = np.bincount(self.link_row, ~off[self.option], minlength=len(rel.bound))
            linked = self.row_group >= 0
            is_forced = linked & (of_row > 0)
            is_forced[linked] &= of_row[linked] == of_group[self.row_group[linked]]
            on[rel.switch[is_forced]] = True
            if int(off.sum()) + int(on.sum()) == before:
                return Case(off, on, case.prices)

    def weigh(self, case: Case, room: float) -> Weighed | None:
        """Return a case with a better bound and what it decides; None when nothing of at most `room` is in it."""
        rel = self.relaxation
        now, length, stall = case.prices, 0.5, 0
        first = rel.within(now, case.off, case.on)
        if first is None or first[0] > room:
            return None
        value, point, reduced = first
        best = value, now, point, reduced
        momentum, mean = np.zeros(len(now)), point
        for _ in range(STEPS):
            self.n_steps += 1
            excess = rel.excess(point) / rel.width + _MOMENTUM * momentum
            momentum = np.where((excess > 0) | (now > 0), excess, 0.0)
            norm = float(np.cumsum(momentum * momentum)[-1]) if len(momentum) else 0.0
            if norm == 0:
                break
            aim = room + 0.05 * (room - best[0]) + rel.scale
            now = np.rint(np.maximum(0.0, now + length * (aim - value) / norm * momentum / rel.width))
            found = rel.within(now, case.off, case.on)
            if found is None:
                return None
            value, point, reduced = found
            mean = mean + _RECENT * (point - mean)
            stall += 1
            if value > best[0]:
                best, stall = (value, now, point, reduced), 0
                if value > room:
                    return None
            elif stall > _PATIENCE:
                length, stall = length * _SHORTEN, 0
                value, now, point, reduced = best
                momentum = np.zeros(len(now))
        return self._decided(case, best, mean, room)

    def _decided(self, case: Case, best: tuple[float, F64, F64, F64], mean: F64, room: float) -> Weighed | None:
        """Rule out what costs more than there is room for."""
        rel = self.relaxation
        off, on = case.off.copy(), case.on.copy()
        low = lowered(rel, best[1], np.where(case.off, np.inf, best[3]))
        views = [(best[0], best[2], best[3]), rel.within(low, case.off, case.on)]
        for value, point, reduced in (view for view in views if view is not None):
            far = (reduced > room - value) & ~case.off & ~case.on
            is_on = self.is_free & (point > 0)
            off |= far & ~is_on
            on |= far & is_on
        implied = self.implied(Case(off, on, best[1]))
        return None if implied is None else Weighed(implied, best[0], mean)

    def undecided(self, weighed: Weighed) -> int:
        """Return the switch that prices say least about; -1 when none is open."""
        is_open = self.is_switch & ~weighed.case.off & ~weighed.case.on
        at = np.flatnonzero(is_open)
        if not len(at):
            return -1
        doubt = np.minimum(weighed.mean[at], 1 - weighed.mean[at])
        return int(at[int(np.argmax(doubt))])

    def n_open(self, case: Case) -> int:
        """Return how many options beyond one of each group are open."""
        return int((~case.off[self.relaxation.grouped]).sum()) - len(self.relaxation.starts)
