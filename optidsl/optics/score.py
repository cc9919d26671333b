"""What a choice is worth to the author, so that choices for different shapes of the network can be compared."""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import record
from optidsl.optics.model import Goal, Model, Picks
from optidsl.sema.design import Design


@record(frozen=True, slots=True)
class Score:
    """Broken soft requirements by rank, figures of the objectives that no source gives, and the objectives' values.

    `values` are in base units, negated for what is maximised; `shown` are the same as the author counts them.
    """

    softs: tuple[int, ...]
    missing: int
    values: tuple[Fraction, ...]
    shown: tuple[str, ...]


def score_of(design: Design, model: Model, picks: Picks) -> Score:
    """Return what a choice is worth under the objectives of the design."""
    skus = model.sku_counts(picks)
    price = model.price(picks)
    goals = [goal for goal in model.goals if goal.text] if design.objectives else []
    found = [goal.amount.value(picks, *skus) for goal in goals]
    chosen = [row[pick] for row, pick in zip(model.figures, picks, strict=True)]
    in_watts = any(term.name.startswith("power.") for each in design.objectives for term, _ in each.expression.terms)
    lacking = sum(len(each.lacks) for each in chosen) if in_watts else 0
    return Score(
        tuple(price[: len(model.soft_levels())]),
        lacking + sum(len(goal.amount.missing(picks)) for goal in goals),
        tuple(Fraction(value, goal.amount.scale) for goal, value in zip(goals, found, strict=True)),
        tuple(
            f"{goal.text} {_known(goal, picks)}{goal.shown(value)}" for goal, value in zip(goals, found, strict=True)
        ),
    )


def _known(goal: Goal, picks: Picks) -> str:
    """Return the words before a value to which only known figures add up."""
    if not goal.amount.missing(picks):
        return ""
    return "at least " if goal.sign > 0 else "at most "
