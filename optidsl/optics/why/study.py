"""A finished choice of parts, open to questions: what it costs, and what would be chosen if things were otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from optidsl._context import Context
from optidsl._record import field, record
from optidsl.diag import InternalError, Span
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.candidates import ClassOptions, Option, Tried, options_of
from optidsl.optics.classify import views
from optidsl.optics.lacking import missing
from optidsl.optics.model import Model, Picks, assemble
from optidsl.optics.search import search
from optidsl.optics.tables import Choice
from optidsl.optics.text import quantity
from optidsl.sema.design import Design

_SILENT = {"mW": "power.optics", "mm": "cables.length"}
"""What a goal that nobody asked for is about, by unit."""


@record(frozen=True, slots=True)
class Step:
    """What another choice changes in one objective: the values of both in words, and the difference in its unit.

    `is_worse` tells whether the other choice loses there. `unit` is a base unit, "" of plain numbers. `lacks` are the
    figures that the other choice needs and no source gives: what it comes to is at least what is told.
    """

    objective: str
    chosen: str
    other: str
    difference: Fraction
    unit: str
    is_worse: bool
    lacks: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Study:
    """A design with its choice of parts. `model` is over the options that nothing stands against, without a lock."""

    design: Design
    placed: PlacedFabric
    classes: tuple[ClassOptions, ...]
    model: Model
    picks: Picks
    context: Context
    doubts: list[str] = field(default_factory=list)  # what is proven of answers that were not solved to the end

    def chosen(self, row: int) -> Option:
        """Return the option that a class has."""
        return self.model.options[row][self.picks[row]]

    def where(self, span: Span) -> str:
        """Return `file:line` of a span."""
        return self.context.sources.where(span)

    @property
    def is_held(self) -> bool:
        """Tell whether the lock keeps a choice that would not be made without it."""
        free = self.solved(self.model) if self.context.pins.picks else None
        return free is not None and free != self.picks

    @property
    def is_locked(self) -> bool:
        """Tell whether a lock holds parts: questions are answered as without it."""
        return bool(self.context.pins.picks)

    def solved(self, model: Model) -> Picks | None:
        """Return the best choice of a model; None when there is none.

        Raises:
            GaveUp: when the solver's effort is used up.
        """
        found = search(model, self.context.options.rlimit)
        if found is not None and not found.is_proven and found.proof not in self.doubts:
            self.doubts.append(found.proof)
        return None if found is None else found.picks

    def over(
        self,
        admits: Callable[[Option], bool],
        classes: Sequence[ClassOptions] | None = None,
        design: Design | None = None,
    ) -> Model | None:
        """Return the choice over the options that are admitted; None where a class has none."""
        classes = self.classes if classes is None else classes
        rows = [[option for option in each.options if admits(option)] for each in classes]
        return assemble(design or self.design, self.placed, classes, rows, {}) if all(rows) else None


def study(design: Design, placed: PlacedFabric, choice: Choice, context: Context) -> Study:
    """Take up a finished choice."""
    tried = Tried()
    classes = tuple(options_of(design, view, tried) for view in views(design, placed))
    model = assemble(design, placed, classes, [each.open for each in classes], {})
    chosen = {each.link_class.name: each.candidate.name for each in choice.classes}
    picks: list[int] = []
    for each, options in zip(classes, model.options, strict=True):
        name = chosen[each.view.link_class.name]
        at = next((at for at, option in enumerate(options) if option.candidate.name == name), None)
        if at is None:
            raise InternalError(f"the part chosen for {each.view.link_class.name} is no option: {name}")
        picks.append(at)
    return Study(design, placed, classes, model, tuple(picks), context)


def names_of(model: Model, picks: Picks) -> tuple[str, ...]:
    """Return the candidate of each class."""
    return tuple(row[pick].candidate.name for row, pick in zip(model.options, picks, strict=True))


def steps(ours: Model, picks: Picks, theirs: Model, others: Picks) -> tuple[Step, ...]:
    """Compare two choices, in order of importance; objectives that nobody asked for are told where they differ."""
    found: list[Step] = []
    for mine, other in zip(_broken(ours, picks), _broken(theirs, others), strict=True):
        if mine[1] != other[1]:
            found.append(
                Step(mine[0], str(mine[1]), str(other[1]), Fraction(other[1] - mine[1]), "", other[1] > mine[1])
            )
    skus, more = ours.sku_counts(picks), theirs.sku_counts(others)
    told: set[str] = set()
    for goal, again in zip(ours.goals, theirs.goals, strict=True):
        name = goal.text or _SILENT.get(goal.unit, "numbers without a source")
        here, there = goal.amount.value(picks, *skus), again.amount.value(others, *more)
        difference = Fraction(there, again.amount.scale) - Fraction(here, goal.amount.scale)
        if goal.is_pin or name in told or (not goal.text and not difference):
            continue
        told.add(name)
        step = goal.sign * difference
        lacks = missing(theirs, again.amount, goal.unit, others)
        told_other = f"at least {again.shown(there)}" if lacks else again.shown(there)
        found.append(Step(name, goal.shown(here), told_other, step, goal.unit, difference > 0, lacks))
    return tuple(found)


def _broken(model: Model, picks: Picks) -> list[tuple[str, int]]:
    """Return the weight of what is broken, by rank of soft requirements."""
    broken = model.broken_softs(picks)
    return [
        (
            "broken warnings" if level[0][0].requirement.weight is None else "unmet preferences",
            sum(weight for soft, weight in level if soft in broken),
        )
        for level in model.soft_levels()
    ]


def difference(step: Step) -> str:
    """Return a difference as people write it: "+3.2 W", "-2 SKUs", "=" for none; "unknown" where a figure lacks."""
    if step.lacks:
        return "unknown"
    if not step.difference:
        return "="
    sign = "+" if step.difference > 0 else "-"
    return f"{sign}{quantity(abs(step.difference), step.unit)}"
