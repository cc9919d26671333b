"""Which declaration made a thing, and through which instances it was expanded."""

from __future__ import annotations

from optidsl._record import record
from optidsl.diag import Span


@record(frozen=True, slots=True)
class Origin:
    """`span` is the declaration; `via` the component instances and loops it was expanded from, outermost first."""

    span: Span
    via: tuple[Span, ...] = ()
