"""A conflict of statements as a diagnostic: the places, what was tried and works, what came nearest."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._context import Context
from optidsl._record import replace
from optidsl.diag import Fix, Label, Span
from optidsl.optics.statement import Statement
from optidsl.source.files import STANDARD


def tell_conflict(
    name: str,
    message: str,
    core: Sequence[Statement],
    fixes: Sequence[Fix],
    context: Context,
    notes: Sequence[str],
    helps: Sequence[str] = (),
    *,
    is_minimal: bool = True,
) -> None:
    """Put a conflict: its first statement as primary label, the others beside it, and what was tried and works.

    `is_minimal` says that without any one of the statements the others can hold.
    """
    shown = grouped(core)
    labels = labels_of(shown)
    together: tuple[str, ...] = ()
    if len(shown) > 1 and is_minimal:
        together = (f"these {len(shown)} statements cannot hold together; without any one of them the others can",)
    primary = labels[0] if labels else Label(Span(0, 0, 0), "")
    context.sink.error(
        name,
        message,
        primary.span if labels else None,
        primary.text,
        secondary=tuple(labels[1:]),
        notes=(*together, *notes),
        helps=tuple(helps),
        fixes=tuple(fixes),
    )


def grouped(core: Sequence[Statement]) -> list[Statement]:
    """Return statements with those of one place as one: the lengths of all classes of a connect."""
    places: dict[tuple[str, Span | None], list[Statement]] = {}
    for each in core:
        places.setdefault((each.topic, each.span), []).append(each)
    found = [same[0] if len(same) == 1 or same[0].topic != "length" else _longest(same) for same in places.values()]
    return sorted(found, key=_distance)


def _distance(statement: Statement) -> int:
    """Return how far a statement is from the author: his design, another file of his, the library."""
    file = 0 if statement.span is None else statement.span.file
    return 2 if file >= STANDARD else 1 if file else 0


def _longest(lengths: Sequence[Statement]) -> Statement:
    longest = max(lengths, key=lambda each: each.length_mm)
    return replace(longest, text=f"links of {len(lengths)} classes are as long as they are; {longest.text}")


def labels_of(statements: Sequence[Statement]) -> list[Label]:
    """Return the labels of the statements that stand somewhere in the source."""
    return [Label(statement.span, statement.text) for statement in statements if statement.span is not None]
