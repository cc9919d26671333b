"""How many spares a team keeps, and what it knows of the parts' failures: the design's own words, never a fact."""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import field, record
from optidsl.diag import Span

DAYS_PER_YEAR = 365
"""What a year of an annual failure rate has."""


@record(frozen=True, slots=True)
class Reliability:
    """Share of a part that fails in a year, and the days that a new one takes; None where nobody says."""

    part: str
    afr: Fraction | None
    lead_days: Fraction | None
    as_of: str
    source: str
    span: Span


@record(frozen=True, slots=True)
class Spares:
    """The rules; `of` are categories of the bill of material."""

    of: tuple[str, ...]
    ratio: Fraction | None
    at_least: int | None
    confidence: Fraction | None
    lead_days: Fraction | None
    is_per_site: bool
    span: Span
    parts: dict[str, Reliability] = field(default_factory=dict)
