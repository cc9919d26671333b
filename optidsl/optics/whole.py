"""The whole design, to try changes on: every change that is offered was solved together with everything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optidsl._context import Context
from optidsl._record import field, record, replace
from optidsl.diag import GaveUp
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions, Option
from optidsl.optics.classify import ClassView
from optidsl.optics.figures import Figures, figures
from optidsl.optics.model import Model, Picks, assemble
from optidsl.optics.search import search
from optidsl.optics.statement import Statement
from optidsl.optics.tables import Candidate
from optidsl.sema.design import Design

Change = Callable[[ClassOptions], ClassOptions]
"""What a changed statement makes of a class: its options with fewer bars."""

MOST_EFFORT = 5_000_000
"""Effort for one trial: beyond it a change counts as not found to work."""


def unchanged(each: ClassOptions) -> ClassOptions:
    """Leave a class as it is."""
    return each


@record(frozen=True, slots=True)
class Solution:
    """A choice of parts that works after a change."""

    model: Model
    picks: Picks


@record(frozen=True, slots=True)
class Known:
    """Figures of options that were read once; a trial asks for the same ones again."""

    of: dict[tuple[int, int], tuple[ClassView, Candidate, Figures]] = field(default_factory=dict)

    def __call__(self, view: ClassView, option: Option) -> Figures:
        """Return the figures of an option on a class."""
        key = (id(view), id(option.candidate))
        if key not in self.of:
            # The objects are kept with the figures: an id is only theirs while they live.
            self.of[key] = (view, option.candidate, figures(view, option))
        return self.of[key][2]


@record(frozen=True, slots=True)
class Whole:
    """The whole design, to try changes on.

    `waived` are the keys of statements that other conflicts are told of; `raised` is by how much other limits are
    already raised, by key of statement, in the scaled units of their couplings. Without `is_tried` nothing is offered.
    """

    design: Design
    placed: PlacedFabric
    classes: tuple[ClassOptions, ...]
    context: Context
    waived: frozenset[str] = frozenset()
    raised: dict[str, int] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    is_tried: bool = True

    def is_alone(self, option: Option, statement: Statement) -> bool:
        """Tell whether one statement is all that stands against an option."""
        return [bar.key for bar in option.bars if bar.key not in self.waived] == [statement.key]

    def model(self, classes: Sequence[ClassOptions], options: Sequence[Sequence[Option]]) -> Model:
        """Return the choice over these options, with the limits that are raised and without the waived ones."""
        return self.adjusted(assemble(self.design, self.placed, classes, options, {}, self.known))

    def adjusted(self, model: Model) -> Model:
        """Return a choice with the limits that are raised and without the waived ones."""
        kept = (each for each in model.couplings if each.statement.key not in self.waived)
        moved = (replace(each, bound=each.bound + self.raised.get(each.statement.key, 0)) for each in kept)
        return replace(model, couplings=tuple(moved))

    def solve(self, change: Change = unchanged) -> Solution | None:
        """Return the best choice for the whole design after a change, None where none works or none was found."""
        classes = [change(each) for each in self.classes]
        rows = [
            [
                replace(option, bars=())
                for option in each.options
                if self.waived.issuperset(bar.key for bar in option.bars)
            ]
            for each in classes
        ]
        if not all(rows):
            return None
        model = self.model(classes, rows)
        try:
            found = search(model, min(self.context.options.rlimit, MOST_EFFORT))
        except GaveUp:
            return None
        return None if found is None else Solution(model, found.picks)
