"""A switch model at the rates of its links: how many ports its cages give to each side."""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import record
from optidsl.catalog.parts import BreakoutMode, SwitchModel
from optidsl.diag import Span
from optidsl.fabric.banks import DOWN, IDLE, UP, Bank, banks_of, frontier, holds, seats
from optidsl.fabric.modes import modes_notes
from optidsl.fabric.pins import Seat, numbered, pinned
from optidsl.fabric.refusal import Refusal, gbps, words
from optidsl.sema.design import CageSeats


@record(frozen=True, slots=True)
class Box:
    """Cages of a switch split between links down and links up, whole cages per side.

    `per_down` and `per_up` are the ports one cage gives at the rate of that side (0: no links on that side). `banks`
    are the cages by pipeline, none where every cage may run as it likes; `pins` the cages that the author names.
    """

    model: SwitchModel
    down_mbps: int
    up_mbps: int
    per_down: int
    per_up: int
    banks: tuple[Bank, ...] = ()
    pins: CageSeats | None = None

    @property
    def cages(self) -> int:
        """Return the number of cages."""
        return self.model.cages.value

    def cages_for(self, down: int, up: int) -> int:
        """Return the cages that `down` and `up` ports take."""
        up_cages = -(-up // self.per_up) if up else 0
        return -(-down // self.per_down) + up_cages

    def fits(self, down: int, up: int) -> bool:
        """Tell whether the box has cages (and logical ports) for both sides."""
        if self.cages_for(down, up) > self.cages:
            return False
        down_cages = self.cages_for(down, 0)
        up_cages = self.cages_for(down, up) - down_cages
        if not self.has_seats(down_cages, up_cages):
            return False
        if self.model.max_ports is None:
            return True
        return down_cages * self.per_down + up_cages * self.per_up <= self.model.max_ports.value

    @property
    def capacity(self) -> int:
        """Return the ports of a box with links down only."""
        cages = self.cages
        if self.banks or self.pins is not None:
            cages = next((count for count in range(cages, 0, -1) if self.has_seats(count, 0)), 0)
        ports = cages * self.per_down
        if self.model.max_ports is None:
            return ports
        return min(ports, self.model.max_ports.value // self.per_down * self.per_down)

    def has_seats(self, down_cages: int, up_cages: int) -> bool:
        """Tell whether pipelines, splits and the seats that the author names leave room for cages of both sides."""
        if self.pins is not None:
            return self.seats(down_cages, up_cages) is not None
        kinds = tuple(bank.kind for bank in self.banks)
        return not kinds or holds(frontier(kinds, (self.per_down, self.per_up)), down_cages, up_cages)

    def seats(self, down_cages: int, up_cages: int) -> tuple[Seat, ...] | None:
        """Return what every cage serves, or None when pipelines, splits or the author's seats leave no room."""
        if self.pins is not None:
            return pinned(self.banks, self.pins, (self.per_down, self.per_up), (down_cages, up_cages), self.cages)
        if self.banks:
            return numbered(seats(self.banks, (self.per_down, self.per_up), down_cages, up_cages))
        rest = self.cages - down_cages - up_cages
        return numbered((DOWN,) * down_cages + (UP,) * up_cages + (IDLE,) * rest)

    def least_up(self, down: int, ratio: Fraction) -> int:
        """Return the fewest up ports for which `down` ports are oversubscribed by at most `ratio`."""
        return -(-down * self.down_mbps * ratio.denominator // (self.up_mbps * ratio.numerator))

    def ratio(self, down: int, up: int) -> Fraction:
        """Return the oversubscription of `down` ports over `up` ports."""
        return Fraction(down * self.down_mbps, up * self.up_mbps)


def mode_at(model: SwitchModel, rate_mbps: int) -> BreakoutMode | None:
    """Return the cage mode of a rate that gives a box the most ports; of equals, the one with the most a cage."""
    modes = [mode for mode in model.breakout.value if mode.rate_mbps == rate_mbps]
    kinds = tuple(bank.kind for bank in banks_of(model))
    if not kinds:
        return max(modes, key=lambda mode: mode.ports, default=None)
    modes = [mode for mode in modes if len(frontier(kinds, (mode.ports, 0))) > 1]
    return max(
        modes, key=lambda mode: ((len(frontier(kinds, (mode.ports, 0))) - 1) * mode.ports, mode.ports), default=None
    )


def rates_of(model: SwitchModel) -> list[int]:
    """Return the port rates of a model in Mbit/s, fastest first."""
    return sorted({mode.rate_mbps for mode in model.breakout.value}, reverse=True)


def box_at(
    model: SwitchModel,
    down_mbps: int,
    up_mbps: int,
    span: Span,
    up_span: Span | None = None,
    pins: CageSeats | None = None,
) -> Box | Refusal:
    """Return the box of a model at the rates of its two sides (`up_mbps` 0: top tier).

    A rate that the model does not offer is told at `span`; that of the side up at `up_span`, where given.
    """
    per_port: list[int] = []
    for rate, at in ((down_mbps, span), (up_mbps, up_span or span)):
        mode = mode_at(model, rate) if rate else None
        if rate and mode is None:
            rates = [gbps(each) for each in rates_of(model)]
            offered = words(rates, "and")
            return Refusal(
                "rate-not-offered",
                f"a port of `{model.name}` cannot run at {gbps(rate)}; its cages offer {offered}",
                at,
                f"needs {gbps(rate)}",
                modes_notes(model, rate),
                helps=(
                    f"name a model with ports of {gbps(rate)}, or set `rate` to {words(rates)} where the far end "
                    "runs it",
                ),
            )
        per_port.append(mode.ports if mode else 0)
    return Box(model, down_mbps, up_mbps, per_port[0], per_port[1], banks_of(model), pins)
