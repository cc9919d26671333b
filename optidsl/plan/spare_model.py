"""The records of a plan's spare parts."""

from __future__ import annotations

from optidsl.plan.record import Record

Share = tuple[int, int]
"""A fraction: numerator and denominator."""


class PlanSpare(Record):
    """Spares of one part (of one length in mm, 0 without) in one store: of a site, or "" of the whole design.

    `afr` and `lead_days` are None where nobody states them.
    """

    part: str
    length_mm: int
    site: str
    in_service: int
    spares: int
    afr: Share | None = None
    lead_days: Share | None = None


class PlanSpares(Record):
    """The rules on spares and what follows from them. Of a part the most that any rule asks for is kept."""

    of: tuple[str, ...]
    ratio: Share | None
    at_least: int | None
    confidence: Share | None
    is_per_site: bool
    stores: tuple[PlanSpare, ...]
    source_ref: str
