"""Power feeds of a site."""

from __future__ import annotations

from optidsl._record import record
from optidsl.diag import Span


@record(frozen=True, slots=True)
class Feed:
    """`feed a { power <= 400kW }` of a site. `power_mw` is the most that it may carry, None where nothing says so."""

    name: str
    power_mw: int | None
    power_span: Span | None
    span: Span  # of its name
