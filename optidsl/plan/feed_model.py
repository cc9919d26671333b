"""The plan's record of a power feed."""

from __future__ import annotations

from optidsl.plan.record import Record


class PlanFeed(Record):
    """A feed of a site; racks and groups name it. Loads are the highest draw in mW, rounded up, None when not known.

    `load_mw` is with every feed live; `worst_mw` the most of all failures of one other feed, that of `worst_without`
    ("" where the site has no other feed, or its failure adds nothing).
    """

    name: str
    site: str
    power_cap_mw: int | None
    load_mw: int | None
    worst_mw: int | None
    worst_without: str = ""
    source_ref: str

    @property
    def path(self) -> str:
        """The feed as messages name it: `dc.a`."""
        return f"{self.site}.{self.name}"
