"""Figures that a choice of parts rests on and no source gives."""

from __future__ import annotations

from optidsl.optics.amount import Amount
from optidsl.optics.model import Model, Picks
from optidsl.sema.design import Design


def missing(model: Model, amount: Amount, unit: str, picks: Picks) -> tuple[str, ...]:
    """Return the figures that an amount needs under a choice and no source gives."""
    lacks = amount.missing(picks)
    if unit != "mW" or not any(map(any, amount.weights)):
        return lacks
    watts = (name for row, pick in zip(model.figures, picks, strict=True) for name in row[pick].lacks)
    return tuple(dict.fromkeys((*lacks, *watts)))


def inconclusive(design: Design, model: Model, picks: Picks) -> tuple[str, ...]:
    """Return the figures without which nobody knows whether a choice keeps what the design requires."""
    waived = {each.span for each in design.requirements if each.waiver is not None}
    found: dict[str, None] = {}
    for coupling in (*model.couplings, *model.unsure):
        if coupling.statement.topic == "requirement" and coupling.statement.span not in waived:
            found.update(dict.fromkeys(missing(model, coupling.amount, coupling.unit, picks)))
    return tuple(found)
