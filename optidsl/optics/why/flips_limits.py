"""How far limits on the whole choice can move: SKU limits, power caps, requirements."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optidsl._record import replace
from optidsl.optics.couplings import Coupling
from optidsl.optics.lacking import inconclusive
from optidsl.optics.model import Model, Picks
from optidsl.optics.why.flips import MOST, Flip, Parts, Sensitivity, changed
from optidsl.optics.why.narrow import bound_of
from optidsl.optics.why.slack import name_of
from optidsl.optics.why.study import Study, names_of

_PLAIN = ("optic SKUs", "cable SKUs", "fibre types")
"""Subjects that say no more than the name of the limit."""


def limit_flips(study: Study) -> Iterator[Sensitivity]:
    """Yield how far each limit can move; those that hold both ways are left out: any move breaks one of the two.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    wanted = {f"requirement {each.span.file}:{each.span.start}": each for each in study.design.requirements}
    groups: dict[tuple[str, str], list[Coupling]] = {}
    for coupling in study.model.couplings:
        # A requirement may have several conditions, and a cap may be of many racks.
        groups.setdefault((coupling.statement.key, coupling.subject if coupling.statement.key in wanted else ""), [])
        groups[coupling.statement.key, coupling.subject if coupling.statement.key in wanted else ""].append(coupling)
    for (key, _), group in groups.items():
        if len({each.sign for each in group}) > 1 or any(each.amount.lacks for each in group):
            continue
        requirement = wanted.get(key)
        yield _Limit(study, tuple(group)).moved(name_of(group[0].statement, requirement))


class _Limit:
    """One limit on the author's right side, over all the couplings that it made."""

    def __init__(self, study: Study, group: tuple[Coupling, ...]) -> None:
        self.study = study
        self.group = group
        self.sign = group[0].sign
        self.rest = replace(
            study.model,
            couplings=tuple(each for each in study.model.couplings if not any(each is one for one in group)),
        )
        free = study.solved(study.model)
        self.usual: Picks = study.picks if free is None else free
        self.names = names_of(study.model, self.usual)

    def moved(self, name: str) -> Sensitivity:
        """Return how far the limit can move each way."""
        tighter, end, is_bounded = self._tighter()
        looser = self._looser()
        down, up = (tighter, looser) if self.sign > 0 else (looser, tighter)
        ends = (end, None) if self.sign > 0 else (None, end)
        first = self.group[0]
        at = max(self.group, key=lambda each: (self._used(each, self.usual) - each.bound, each.subject))
        if all(each.amount.is_fixed for each in self.group):
            subject = "fixed by the shape: no choice of parts changes it"
        else:
            subject = "" if at.subject in (name, *_PLAIN) else at.subject
        return Sensitivity(name, first.statement.span, first.right, first.unit, down, up, ends, is_bounded, subject)

    def _used(self, coupling: Coupling, picks: Picks) -> int:
        return coupling.amount.value(picks, *self.study.model.sku_counts(picks))

    def _right(self, picks: Picks) -> Fraction:
        """Return the tightest right side that a choice still meets."""
        values = [each.left(self._used(each, picks)) for each in self.group]
        return max(values) if self.sign > 0 else min(values)

    def _beyond(self, right: Fraction) -> Fraction:
        """Return the next right side that is too tight for what needs `right`, one step of the finest scale further."""
        step = min(Fraction(1, each.amount.scale) for each in self.group)
        return right - self.sign * step

    def _at(self, right: Fraction) -> Model:
        """Return the choice with the right side at another value."""
        again = tuple(replace(each, bound=bound_of(each, right)) for each in self.group)
        return replace(self.rest, couplings=(*self.rest.couplings, *again))

    def _parts(self, picks: Picks) -> Parts:
        names = [each.view.link_class.name for each in self.study.classes]
        return tuple(zip(names, names_of(self.study.model, picks), strict=True))

    def _flip(self, last: Fraction, first: Fraction, picks: Picks | None, lacks: tuple[str, ...] = ()) -> Flip:
        then = () if picks is None else changed(self._parts(self.usual), self._parts(picks))
        return Flip(last, first, then, lacks)

    def _sure(self, model: Model) -> tuple[Picks | None, tuple[str, ...]]:
        """Return the best choice of a model; None, with the figures that lack, where nobody knows that it is one."""
        picks = self.study.solved(model)
        lacks = () if picks is None else inconclusive(self.study.design, model, picks)
        return None if lacks else picks, lacks

    def _tighter(self) -> tuple[Flip | None, Fraction | None, bool]:
        """Return the first flip when tightened, the last right side with a choice, and whether effort ran out."""
        right, flip = self._right(self.usual), None
        for _ in range(MOST):
            beyond = self._beyond(right)
            picks, lacks = self._sure(self._at(beyond))
            flip = flip or self._flip(right, beyond, picks, lacks)
            if picks is None:
                return flip, right, False
            right = self._right(picks)
        return flip, None, True

    def _looser(self) -> Flip | None:
        """Return the first flip when loosened: the tightest right side that lets another choice in."""
        picks = self.study.solved(self.rest)
        if picks is None or picks == self.usual:
            return None
        for _ in range(MOST):
            right = self._right(picks)
            before = self.study.solved(self._at(self._beyond(right)))
            if before is None or before == self.usual:
                return self._flip(self._beyond(right), right, picks)
            picks = before
        return None
