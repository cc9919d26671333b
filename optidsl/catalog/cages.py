"""Records of what holds for some cages of a switch: watts, pipelines, splitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl._record import record

if TYPE_CHECKING:
    from optidsl.catalog.parts import Fact


@record(frozen=True, slots=True)
class CageLimit:
    """Watts of the module in the cages whose number is in `first..last` by `step`; `note` says on what they rest."""

    first: int
    last: int
    step: int
    power_mw: Fact[int]
    note: str = ""


@record(frozen=True, slots=True)
class Pipeline:
    """Every `cages` neighbouring cages of `first..last` share a pipeline, which runs at most `max_ports` ports."""

    first: int
    last: int
    cages: int
    max_ports: Fact[int]


@record(frozen=True, slots=True)
class CageRun:
    """The cages `first, first + step, … <= last`, with the source of that statement."""

    first: int
    last: int
    step: int
    source: Fact[int]

    def __contains__(self, cage: object) -> bool:
        """Tell whether a cage, counted from 1, is among them."""
        return isinstance(cage, int) and self.first <= cage <= self.last and (cage - self.first) % self.step == 0
