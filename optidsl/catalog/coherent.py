"""Records of coherent modules, optical amplifiers and multiplexers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl._record import record
from optidsl.diag import Span

if TYPE_CHECKING:
    from optidsl.catalog.parts import Fact


@record(frozen=True, slots=True)
class Penalty:
    """What an impairment costs: `at` in fs/nm (dispersion), fs (pmd) or 0.001 dB (pdl)."""

    impairment: str  # dispersion | pmd | pdl
    at: Fact[int]
    osnr_mdb: Fact[int]


@record(frozen=True, slots=True)
class Window:
    """Powers that a receiver takes, and the OSNR it needs there."""

    rx_min_mdbm: Fact[int]
    rx_max_mdbm: Fact[int]
    osnr_min_mdb: Fact[int]


@record(frozen=True, slots=True)
class Coherent:
    """What a coherent module states of itself; of several windows one must hold."""

    osnr_min_mdb: Fact[int] | None
    tx_osnr_mdb: Fact[int] | None
    spacing_mhz: Fact[int] | None
    tunable: Fact[bool] | None
    loss_max_mdb: Fact[int] | None
    penalties: tuple[Penalty, ...]
    windows: tuple[Window, ...]

    def points(self, impairment: str) -> tuple[Penalty, ...]:
        """Return the penalties of an impairment, ascending."""
        return tuple(sorted((p for p in self.penalties if p.impairment == impairment), key=lambda p: p.at.value))


@record(frozen=True, slots=True)
class AmplifierModel:
    """An optical amplifier of one direction."""

    name: str
    span: Span
    part_numbers: tuple[str, ...]
    vendor: str
    units: Fact[int] | None
    power_max_mw: Fact[int] | None
    gain_min_mdb: Fact[int] | None
    gain_max_mdb: Fact[int]
    p_max_mdbm: Fact[int]
    noise_figure_mdb: Fact[int] | None
    noise_figure_best_mdb: Fact[int] | None
    noise_figure_worst_mdb: Fact[int] | None


@record(frozen=True, slots=True)
class MuxModel:
    """A multiplexer and demultiplexer for one end of a line."""

    name: str
    span: Span
    part_numbers: tuple[str, ...]
    vendor: str
    units: Fact[int] | None
    power_max_mw: Fact[int] | None
    loss_mdb: Fact[int]
    channels: Fact[int]
    spacing_mhz: Fact[int]
