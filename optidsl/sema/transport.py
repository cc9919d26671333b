"""Long links as the design states them: routes of spans between places, and line systems over them.

Figures are facts: those of the author have the confidence `design`, those of parts their own source.
"""

from __future__ import annotations

from typing import Literal

from optidsl._record import record
from optidsl.catalog.coherent import AmplifierModel, MuxModel
from optidsl.catalog.parts import Fact, FiberGrade
from optidsl.source import Origin

Place = tuple[str, ...]
"""The address of a site or a hall."""


@record(frozen=True, slots=True)
class RouteSpan:
    """A span; `loss_mdb_per_km` is the highest attenuation at 1550 nm, None when neither author nor grade says it."""

    name: str
    length_mm: int
    grade: FiberGrade
    loss_mdb_per_km: Fact[int] | None
    splices: int
    splice_loss_mdb: Fact[int] | None
    connectors: int
    connector_loss_mdb: Fact[int] | None
    dispersion_fs: Fact[int] | None
    pmd_fs: Fact[int] | None
    origin: Origin


@record(frozen=True, slots=True)
class Route:
    name: str
    a: Place
    z: Place
    pairs: int
    spans: tuple[RouteSpan, ...]
    origin: Origin

    @property
    def length_mm(self) -> int:
        """The length of all spans."""
        return sum(span.length_mm for span in self.spans)


@record(frozen=True, slots=True)
class LineAmplifier:
    """An amplifier before (`at` 0) or after the first `at` spans; `gain` None restores the line's launch power."""

    name: str
    role: Literal["booster", "amplifier", "preamp"]
    at: int
    model: AmplifierModel
    gain_mdb: Fact[int] | None
    noise_figure_mdb: Fact[int] | None
    origin: Origin


@record(frozen=True, slots=True)
class Line:
    """A line system; amplifiers stand in the order of the route, from its `from`."""

    name: str
    route: Route
    grid_mhz: int
    mux: MuxModel
    channels: int
    transmit_mdbm: Fact[int] | None
    launch_mdbm: int | None
    pdl_mdb: Fact[int] | None
    span_loss_mdb: int | None
    amplifiers: tuple[LineAmplifier, ...]
    origin: Origin

    def joins(self, a: Place, z: Place) -> bool:
        """Tell whether two halls lie at the two ends of the route."""
        ends = self.route.a, self.route.z
        return any(_within(a, one) and _within(z, other) for one, other in (ends, ends[::-1]))


def _within(hall: Place, place: Place) -> bool:
    return hall[: len(place)] == place
