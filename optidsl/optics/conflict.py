"""A conflict of statements as a diagnostic: the places, what was tried and works, what came nearest."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Context
from optidsl.diag import Label, Span
from optidsl.optics.relax import Relaxation
from optidsl.optics.statement import Statement

SHOWN = 3


def tell_conflict(
    name: str,
    message: str,
    core: Sequence[Statement],
    offers: Sequence[Relaxation],
    context: Context,
    notes: Sequence[str],
    helps: Sequence[str] = (),
    *,
    is_minimal: bool = True,
) -> None:
    """Put a conflict: its first statement as primary label, the others beside it, and what was tried and works.

    `is_minimal` says that without any one of the statements the others can hold.
    """
    labels = labels_of(core)
    together: tuple[str, ...] = ()
    if len(core) > 1 and is_minimal:
        together = (f"these {len(core)} statements cannot hold together; without any one of them the others can",)
    fixes = tuple(offer.fix for offer in offers[:SHOWN])
    primary = labels[0] if labels else Label(Span(0, 0, 0), "")
    context.sink.error(
        name,
        message,
        primary.span if labels else None,
        primary.text,
        secondary=tuple(labels[1:]),
        notes=(*together, *notes),
        helps=tuple(helps),
        fixes=fixes,
    )


def labels_of(statements: Sequence[Statement]) -> list[Label]:
    """Return the labels of the statements that stand somewhere in the source."""
    return [Label(statement.span, statement.text) for statement in statements if statement.span is not None]
