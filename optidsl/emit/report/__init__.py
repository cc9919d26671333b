"""The report: one page that a reviewer reads first."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.emit.report.summary import summary_md
from optidsl.plan.model import Plan

__all__ = ["ReportEmitter"]


class ReportEmitter:
    """The summary: counts, optics and cables, worst margins, what could not be concluded, verdicts of requirements.

    Reads: everything but the columns of ports.
    Makes: `report/summary.md`.
    """

    name = "report"
    title = "the summary"

    def applies(self, plan: Plan) -> bool:
        """Tell whether there is a fabric to report on."""
        return bool(plan.fabrics)

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield the page."""
        yield "report/summary.md", summary_md(plan)
