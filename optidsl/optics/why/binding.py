"""What binds the choice of a class: each statement without which the class would have other, better parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optidsl._record import record
from optidsl.optics.candidates import Option
from optidsl.optics.statement import Statement
from optidsl.optics.tables import Check
from optidsl.optics.why.narrow import without
from optidsl.optics.why.rival import Rival, rival
from optidsl.optics.why.study import Study, names_of

LENGTHS = ("length", "line")
"""Topics that say how long links are: taking them away would be another floor plan, not another choice."""


@record(frozen=True, slots=True)
class Bond:
    """A statement that keeps better parts out, with the parts it keeps out, and by how much (None: no number)."""

    statement: Statement
    rival: Rival
    check: Check | None = None


def bonds(study: Study, row: int) -> tuple[Bond, ...]:
    """Return what binds a class: bars of its own options first, then what ties the classes together.

    Each statement is taken away from the whole design, and the design is solved again.

    Raises:
        GaveUp: when the solver's effort is used up.
    """
    free = study.solved(study.model)
    if free is None:
        return ()
    usual = names_of(study.model, free)[row]
    return tuple(bond for bond in (*_barring(study, row), *_coupling(study, row)) if bond.rival.candidate != usual)


def _barring(study: Study, row: int) -> Iterator[Bond]:
    statements = {bar.key: bar for option in study.classes[row].options for bar in option.bars}
    for statement in statements.values():
        if statement.topic in LENGTHS:
            continue
        model = study.over(_only_barred_by(statement.key))
        picks = None if model is None else study.solved(model)
        if model is None or picks is None:
            continue
        found = rival(study, model, picks, row)
        option = model.options[row][picks[row]]
        yield Bond(statement, found, _failed(option))


def _only_barred_by(key: str) -> Callable[[Option], bool]:
    def admits(option: Option) -> bool:
        return all(bar.key == key for bar in option.bars)

    return admits


def _failed(option: Option) -> Check | None:
    return next((check for check in option.candidate.checks if check.verdict != "holds" and option.bars), None)


def _coupling(study: Study, row: int) -> Iterator[Bond]:
    statements = {each.statement.key: each.statement for each in study.model.couplings if not each.amount.is_fixed}
    for statement in statements.values():
        model = without(study.model, statement.key)
        picks = study.solved(model)
        if picks is not None:
            yield Bond(statement, rival(study, model, picks, row))
