"""The runner-up of a class: the best whole choice in which it has other parts, and what that costs."""

from __future__ import annotations

from collections.abc import Callable

from optidsl._record import record
from optidsl.optics.model import Model, Picks
from optidsl.optics.tables import Candidate
from optidsl.optics.why.narrow import narrowed, only
from optidsl.optics.why.study import Step, Study, names_of, steps


@record(frozen=True, slots=True)
class Rival:
    """Another choice, with what changes in each objective; `others` are the classes that change with this one."""

    candidate: str
    steps: tuple[Step, ...]
    others: tuple[str, ...]

    @property
    def is_tie(self) -> bool:
        """Tell whether no objective tells it from the choice."""
        return not any(step.difference for step in self.steps)


def runner_up(study: Study, row: int, of: Callable[[Candidate], object] | None = None) -> Rival | None:
    """Return the best choice in which a class has another candidate; None where no limit leaves one.

    Args:
        study: the choice.
        row: of the class.
        of: what of the candidate must be another, its modules or its medium; None: anything.

    Raises:
        GaveUp: when the solver's effort is used up.
    """

    def is_other(at: int) -> bool:
        if of is None:
            return at != study.picks[row]
        return of(study.model.options[row][at].candidate) != of(study.chosen(row).candidate)

    model = narrowed(study.model, only(study.model, row, is_other))
    if not model.options[row]:
        return None
    picks = study.solved(model)
    return None if picks is None else rival(study, model, picks, row)


def rival(study: Study, model: Model, picks: Picks, row: int) -> Rival:
    """Return another choice as one class sees it."""
    mine, theirs = names_of(study.model, study.picks), names_of(model, picks)
    others = tuple(
        each.view.link_class.name for at, each in enumerate(study.classes) if at != row and mine[at] != theirs[at]
    )
    return Rival(theirs[row], steps(study.model, study.picks, model, picks), others)
