"""What an import finds: a switch as far as the file describes it, and everything odd about the file."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._record import record
from optidsl.catalog.parts import BreakoutMode, Lanes
from optidsl.diag import Severity

LANE_RATES_MBPS: frozenset[int] = frozenset({1_000, 10_000, 25_000, 50_000, 100_000, 200_000})
"""Rates of one electrical lane that switches are built with."""


@record(frozen=True, slots=True)
class Finding:
    """One thing wrong with, or not said by, a device file.

    `anchor` is a text of the file to point at (its first occurrence), empty when nothing in it is to blame.
    """

    name: str
    severity: Severity
    message: str
    anchor: str = ""
    label: str = ""
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class ImportedSwitch:
    """A switch as a device file describes it; what the file does not say is None or empty."""

    model: str
    origin: str
    confidence: str
    vendor: str
    protocols: tuple[str, ...]
    cages: int
    lanes: Lanes
    accepts: tuple[str, ...]
    breakout: tuple[BreakoutMode, ...]
    port_name: str
    port_alias: str = ""
    units: int | None = None
    power_max_w: int | None = None
    part_numbers: tuple[str, ...] = ()
    sonic_platform: str | None = None


@record(frozen=True, slots=True)
class Imported:
    """The result of an import; there is no switch when a finding is an error."""

    switch: ImportedSwitch | None
    findings: tuple[Finding, ...]


def listed(names: Sequence[str], limit: int = 6) -> str:
    """Return names as `a, b and c`, the rest beyond `limit` counted."""
    shown = list(names[:limit])
    if len(names) > limit:
        shown.append(f"{len(names) - limit} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def rate_text(rate_mbps: int) -> str:
    """Return a rate as `400G`."""
    return f"{rate_mbps / 1000:g}G"


def unreadable(what: str, anchor: str = "") -> Imported:
    """Return an import that ended before it began."""
    return Imported(None, (Finding("import-unreadable", "error", what, anchor, "not understood" if anchor else ""),))
