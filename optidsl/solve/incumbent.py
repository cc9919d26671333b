"""A first solution: which switches to turn on (SKUs in use), then the cheapest option of each group that they allow."""

from __future__ import annotations

import numpy as np

from optidsl.solve.lagrange import Bound
from optidsl.solve.problem import Problem
from optidsl.solve.reduced import reduce
from optidsl.solve.relaxation import F64, I64, Bools, Relaxation

_TRIALS = 2_500
"""Sets of switches that are weighed."""
_ATTEMPTS = 4
_ROUNDS = 60
"""Rounds in which the prices of what is short go up."""


class Heuristic:
    """Choose from a bound's prices. A *switch* is a free variable that options need: `option -> switch`."""

    def __init__(self, problem: Problem, bound: Bound) -> None:
        self.problem = problem
        self.relaxation: Relaxation = bound.relaxation
        self.view = bound.views[1]
        n = problem.size
        self.is_free = np.zeros(n, dtype=bool)
        self.is_free[self.relaxation.free] = True
        pairs = [
            (-left - 1, right - 1)
            for clause in problem.clauses
            if len(clause) == 2
            for left, right in (clause, clause[::-1])
            if left < 0 < right and self.is_free[right - 1] and not self.is_free[-left - 1]
        ]
        table = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
        self.option, self.switch = table[:, 0], table[:, 1]
        self.switches: I64 = np.flatnonzero(np.bincount(self.switch, minlength=n))
        self._split_rows()
        self.left = _TRIALS
        self.n_trials = 0

    def _split_rows(self) -> None:
        """Tell rows over switches alone from those that price options and have no switch."""
        rel = self.relaxation
        n_rows = len(rel.bound)
        is_switch = np.zeros(len(rel.cost), dtype=bool)
        is_switch[self.switches] = True
        inside = np.bincount(rel.row, is_switch[rel.variable], minlength=n_rows)
        free = np.bincount(rel.row, self.is_free[rel.variable], minlength=n_rows)
        size = np.bincount(rel.row, minlength=n_rows)
        self.over_switches = (inside == size) & (size > 0)
        self.over_options = (free == 0) & (size > 0)

    def worth(self, prices: F64) -> F64:
        """Return the cost of every variable with what options use of rows without switches."""
        rel = self.relaxation
        paid = np.where(self.over_options, prices, 0.0)
        return rel.cost + np.bincount(rel.variable, rel.coefficient * paid[rel.row], minlength=len(rel.cost))

    def choose(self, on: Bools, worth: F64) -> tuple[float, F64] | None:
        """Return the least worth of every group's options that the switches allow, and the choice as 0 and 1."""
        rel = self.relaxation
        self.n_trials += 1
        barred = np.bincount(self.option, ~on[self.switch], minlength=len(worth)) > 0
        inside = np.where(barred[rel.grouped], np.inf, worth[rel.grouped])
        least = np.minimum.reduceat(inside, rel.starts)
        if np.isinf(least).any():
            return None
        ties = np.flatnonzero(inside == least[rel.of_group])
        first = np.ones(len(ties), dtype=bool)
        first[1:] = rel.of_group[ties[1:]] != rel.of_group[ties[:-1]]
        point = np.zeros(len(worth))
        point[rel.grouped[ties[first]]] = 1
        used = np.zeros(len(worth), dtype=bool)
        used[self.switch[point[self.option] > 0]] = True
        point[used] = 1
        return float(least.sum()) + float(worth[used].sum()), point

    def find(self) -> list[bool] | None:
        """Return the truth of every variable (index 0 unused) in a solution, or None when none was found."""
        if not len(self.relaxation.grouped):
            return None
        prices = np.where(self.over_options, self.view.prices, 0.0)
        for _ in range(_ATTEMPTS):
            self.left = _TRIALS
            worth = self.worth(prices)
            on = self._enough(worth)
            if on is None:
                return None
            model, prices = self._repaired(self._swapped(on, worth), prices)
            if model is not None:
                return model
        return None

    def _exceeds(self, on: Bools) -> bool:
        excess = self.relaxation.excess(on.astype(np.float64))
        return bool((excess[self.over_switches] > 0).any())

    def _enough(self, worth: F64) -> Bools | None:
        """Turn off switches, the least missed first, until rows over switches hold."""
        on = np.zeros(len(worth), dtype=bool)
        on[self.switches] = True
        found = self.choose(on, worth)
        if found is None:
            return None
        on = on & ((found[1] > 0) | (self.view.point > 0) | (self.view.reduced < np.median(self.view.reduced)))
        while self._exceeds(on):
            trials: list[tuple[float, int]] = []
            for switch in np.flatnonzero(on).tolist():
                on[switch] = False
                weighed = self.choose(on, worth)
                on[switch] = True
                self.left -= 1
                if weighed is not None:
                    trials.append((weighed[0], switch))
            if not trials:
                return None
            on[min(trials)[1]] = False
        return on

    def _swapped(self, on: Bools, worth: F64) -> Bools:
        """Turn single switches on or off, or one for another, as long as that is cheaper."""
        found = self.choose(on, worth)
        if found is None:
            return on
        best = found[0]
        order = sorted(self.switches.tolist(), key=lambda at: (float(self.view.reduced[at]), at))
        is_better = True
        while is_better and self.left > 0:
            is_better = False
            for new in order:
                if on[new]:
                    continue
                for old in (-1, *np.flatnonzero(on).tolist()):
                    trial = on.copy()
                    trial[new] = True
                    if old >= 0:
                        trial[old] = False
                    self.left -= 1
                    if self._exceeds(trial):
                        continue
                    weighed = self.choose(trial, worth)
                    if weighed is not None and weighed[0] < best:
                        best, on, is_better = weighed[0], trial, True
                        break
                if self.left <= 0:
                    break
        return on

    def _repaired(self, on: Bools, prices: F64) -> tuple[list[bool] | None, F64]:
        """Raise the prices of what is short until it is not; return the cheapest solution met, and the prices."""
        rel = self.relaxation
        best: tuple[float, list[bool]] | None = None
        typical = float(np.abs(rel.cost).sum()) / max(1, len(rel.starts))
        for turn in range(_ROUNDS):
            found = self.choose(on, self.worth(prices))
            if found is None:
                break
            excess = np.where(self.over_options, rel.excess(found[1]), 0.0)
            short = excess > 0
            if short.any():
                part = excess / np.maximum(1.0, np.abs(rel.bound)) + 0.01
                prices = prices + np.rint(np.where(short, part * (1 + turn) * typical / rel.width, 0.0))
                continue
            cost = float((rel.cost * found[1]).sum())
            if best is None or cost < best[0]:
                model = self._completed(found[1])
                best = best if model is None else (cost, model)
            if not prices.any():
                break
            prices = np.floor(prices * 0.8)
        return None if best is None else best[1], prices

    def _completed(self, point: F64) -> list[bool] | None:
        """Return a choice of options as a whole solution, with nothing true that need not be; None when it is none."""
        chosen = [at + 1 for at in self.relaxation.grouped.tolist() if point[at] > 0]
        rest = reduce(self.problem, chosen)
        if rest is None or any(
            sum(w for w, lit in each.terms if lit < 0) > each.bound for each in rest.problem.linears
        ):
            return None
        if any(all(literal > 0 for literal in clause) for clause in rest.problem.clauses):
            return None
        return rest.model([False] * (len(rest.kept) + 1))
