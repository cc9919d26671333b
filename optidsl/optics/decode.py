"""From the choice back to links: the length each gets, why this part, and what came second."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from optidsl.optics.assemblies import view_of_legs
from optidsl.optics.lengths import ordered_mm
from optidsl.optics.model import Model, Picks
from optidsl.optics.tables import Choice, ClassChoice
from optidsl.optics.text import listing, plural, quantity


class _Swaps:
    """What changing one class's part would cost, computed from the difference alone."""

    def __init__(self, model: Model, picks: Picks) -> None:
        self.model = model
        self.picks = picks
        chosen = [row[pick] for row, pick in zip(model.figures, picks, strict=True)]
        self.modules = Counter(name for each in chosen for name in each.modules)
        self.cables = Counter(sku for each in chosen for sku in each.cable_skus)
        self.fibers = Counter(kind for each in chosen for kind in each.fiber_types)
        skus = (len(self.modules), len(self.cables), len(self.fibers))
        self.loads = [each.amount.value(picks, *skus) for each in model.couplings]
        self.tied = {end[0] for tie in model.ties for end in tie}
        self.prices = [goal.amount.value(picks, *skus) for goal in model.goals]

    def _skus(self, row: int, option: int) -> tuple[int, int, int]:
        """Return how many more optics, cables and fibre types a swap would use."""
        old, new = self.model.figures[row][self.picks[row]], self.model.figures[row][option]
        optics = sum(1 for name in new.modules if not self.modules[name])
        optics -= sum(1 for name in old.modules if self.modules[name] == 1 and name not in new.modules)
        cables = sum(1 for sku in new.cable_skus if not self.cables[sku])
        cables -= sum(1 for sku in old.cable_skus if self.cables[sku] == 1 and sku not in new.cable_skus)
        fibers = sum(1 for kind in new.fiber_types if not self.fibers[kind])
        fibers -= sum(1 for kind in old.fiber_types if self.fibers[kind] == 1 and kind not in new.fiber_types)
        return optics, cables, fibers

    def _together(self, row: int, option: int) -> Picks | None:
        """Return the choice after a swap and the swaps that shared cages force; None when they cannot follow."""
        picks, moved, queue = list(self.picks), {row}, [row]
        picks[row] = option
        pairs = [pair for left, right in self.model.ties for pair in ((left, right), (right, left))]
        while queue:
            at = queue.pop()
            for near, (far, side) in pairs:
                part = self.model.part_at(near, picks[near[0]])
                if near[0] != at or self.model.part_at((far, side), picks[far]) == part:
                    continue
                fitting = [n for n in range(len(self.model.options[far])) if self.model.part_at((far, side), n) == part]
                if far in moved or not fitting:
                    return None
                prices = [([goal.amount.weights[far][n] for goal in self.model.goals], n) for n in fitting]
                picks[far] = min(prices)[1]
                moved.add(far)
                queue.append(far)
        return tuple(picks)

    def judge(self, row: int, option: int) -> tuple[str, list[int]]:
        """Return what forbids a swap ("" when nothing does), and by how much each goal grows."""
        if row in self.tied:
            return self._judge_together(row, option)
        optics, cables, fibers = self._skus(row, option)
        forbidden = ""
        for coupling, load in zip(self.model.couplings, self.loads, strict=True):
            amount = coupling.amount
            grown = load + amount.weights[row][option] - amount.weights[row][self.picks[row]]
            grown += amount.per_optic_sku * optics + amount.per_cable_sku * cables + amount.per_fiber_type * fibers
            if grown > coupling.bound:
                forbidden = coupling.statement.text
                break
        growth = [
            goal.amount.weights[row][option]
            - goal.amount.weights[row][self.picks[row]]
            + goal.amount.per_optic_sku * optics
            + goal.amount.per_cable_sku * cables
            + goal.amount.per_fiber_type * fibers
            for goal in self.model.goals
        ]
        return forbidden, growth

    def _judge_together(self, row: int, option: int) -> tuple[str, list[int]]:
        picks = self._together(row, option)
        if picks is None:
            return "the modules of cages it shares", [0] * len(self.prices)
        skus = self.model.sku_counts(picks)
        growth = [
            goal.amount.value(picks, *skus) - price for goal, price in zip(self.model.goals, self.prices, strict=True)
        ]
        return next((each.statement.text for each in self.model.broken(picks)), ""), growth


def decode(model: Model, picks: Picks, kept: frozenset[int] = frozenset()) -> Choice:
    """Return the parts per class with ordered lengths per link; the lock holds those of the classes in `kept`."""
    swaps = _Swaps(model, picks)
    classes: list[ClassChoice] = []
    for row, (options, pick) in enumerate(zip(model.options, picks, strict=True)):
        view, candidate = model.classes[row].view, options[pick].candidate
        cable = candidate.direct or candidate.fiber
        reason, runner_up = _why(model, swaps, row, is_kept=row in kept)
        required = view_of_legs(view, candidate).required_mm
        ordered = required.copy() if cable is None else ordered_mm(required, cable)
        classes.append(ClassChoice(view.link_class, candidate, ordered, runner_up, reason))
    pairs = zip(model.goals, swaps.prices, strict=True)
    told = [f"{goal.text} {goal.shown(value)}" for goal, value in pairs if goal.text]
    return Choice(tuple(classes), "optimal", "; ".join(told))


def _why(model: Model, swaps: _Swaps, row: int, *, is_kept: bool) -> tuple[str, str]:
    """Return the reason for a class's part and its runner-up."""
    each = model.classes[row]
    others = [at for at in range(len(model.options[row])) if at != swaps.picks[row]]
    if not others:
        tried = len(each.options) + len(each.unfit)
        return f"the only one of {plural(tried, 'combination')} that fits", ""
    judged = [(swaps.judge(row, at), at) for at in others]
    (forbidden, growth), second = min(judged, key=lambda item: (bool(item[0][0]), item[0][1], item[1]))
    name = model.options[row][second].candidate.name
    if forbidden:
        return f"the best of {len(others) + 1} that fit", f"{name}: excluded by {forbidden}"
    for goal, more in zip(model.goals, growth, strict=True):
        if more == 0 or goal.is_pin:
            continue
        amount = quantity(Fraction(abs(more), goal.amount.scale), goal.unit)
        what = goal.text or {"mW": "power.optics", "mm": "cables.length"}.get(goal.unit, "numbers without a source")
        best, fewer, greater = ("least", "less", "more") if goal.sign > 0 else ("most", "more", "less")
        if more < 0 and is_kept:
            return "in service, and held by the lock", f"{name}: {amount} {fewer} {what} on its own"
        if more < 0:
            return "parts shared with other links", f"{name}: {amount} {fewer} {what} on its own"
        other = what.replace("numbers", "number", 1) if not goal.text and abs(more) == goal.amount.scale else what
        return f"{best} {what}: {amount} {fewer} than the next", f"{name}: {amount} {greater} {other}"
    told = [goal.text for goal in model.goals if goal.text]
    return "first by name among equals", f"{name}: equal in {listing(told, 'and')}"
