"""Ways out of a report, numbered: `optidsl fix --apply 2` means the same in every rendering of it."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._record import record
from optidsl.diag.model import Diagnostic, Fix


@record(frozen=True, slots=True)
class Way:
    """One offered change. `number` counts the changes of the whole report, `conflict` the diagnostics that have any."""

    number: int
    conflict: int
    diagnostic: Diagnostic
    fix: Fix


def ways_of(diagnostics: Sequence[Diagnostic]) -> list[Way]:
    """Number the changes that a report offers: those of errors first, so that leaving out warnings renumbers none."""
    ordered = sorted((each for each in diagnostics if each.fixes), key=lambda each: each.severity != "error")
    found: list[Way] = []
    for conflict, each in enumerate(ordered, 1):
        found += [Way(len(found) + at, conflict, each, fix) for at, fix in enumerate(each.fixes, 1)]
    return found


def first_numbers(diagnostics: Sequence[Diagnostic]) -> dict[int, int]:
    """Return the number of the first change of each diagnostic that offers any, by its place in the report."""
    firsts = {id(way.diagnostic): way.number for way in reversed(ways_of(diagnostics))}
    return {at: firsts[id(each)] for at, each in enumerate(diagnostics) if id(each) in firsts}


def priced(fix: Fix) -> str:
    """Return what a change is and costs, in a line."""
    return f"{fix.title} ({fix.price})" if fix.price else fix.title
