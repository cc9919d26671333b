"""Where things stand: sites, halls, rows, racks, trays and ducts of a design, and what `place` says.

Lengths are millimetres, power milliwatts; each object knows its origin.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from optidsl._record import record
from optidsl.sema.slot import Slot
from optidsl.source import Origin

if TYPE_CHECKING:
    from optidsl.sema.feeds import Feed

Key = int | str


@record(frozen=True, slots=True)
class Address:
    """Where an entity is in the design: `superpod.compute.leaf`."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.parts)


@record(frozen=True, slots=True)
class RackGroup:
    """`rack gpu[1..8] { units = 48U, power <= 44kW }`: racks of one declaration, side by side in key order."""

    address: Address
    keys: tuple[Key, ...]
    units: int
    power_mw: Slot[int]
    origin: Origin
    feeds: tuple[str, ...] = ()  # of its site, by name; () where it states none


@record(frozen=True, slots=True)
class Row:
    """Racks of a row stand in the order of their declaration, from position 0."""

    address: Address
    racks: tuple[RackGroup, ...]
    origin: Origin


@record(frozen=True, slots=True)
class Tray:
    """Overhead (or underfloor) trays over the hall's grid: along every row, and across the rows.

    A cable climbs from its port to the rack's top, rises `drop_mm` to the tray, runs, and comes down again.
    `dress_mm` is the run from a port to the rack's side, at each end. `slack` is a fraction of the route.
    """

    drop_mm: int
    dress_mm: int
    slack: Fraction
    origin: Origin | None


@record(frozen=True, slots=True)
class Hall:
    """Row i lies at `i * row_pitch_mm`; rack j of a row at `j * rack_pitch_mm`."""

    address: Address
    row_pitch_mm: int
    rack_pitch_mm: int
    tray: Tray
    rows: tuple[Row, ...]
    origin: Origin


@record(frozen=True, slots=True)
class Pathway:
    """A duct between two halls of the design."""

    a: Address
    z: Address
    length_mm: int
    origin: Origin


@record(frozen=True, slots=True)
class Site:
    address: Address
    title: str
    power_mw: Slot[int]
    pue_low: Fraction | None
    pue_high: Fraction | None
    halls: tuple[Hall, ...]
    pathways: tuple[Pathway, ...]
    origin: Origin
    feeds: tuple[Feed, ...] = ()


@record(frozen=True, slots=True)
class Place:
    """Where devices stand: the rack groups named, how many per rack, how they spread and fill."""

    racks: tuple[Address, ...]  # addresses of rack groups, in the order wanted
    rack_keys: tuple[Key, ...] | None  # only these keys of the group, when the author indexed it
    per_rack: int | None
    spread: Literal["fill", "rack", "row"]
    fill: Literal["bottom_up", "top_down"]
    start_unit: int | None  # lowest RU to use
    origin: Origin
    units: tuple[int, ...] = ()  # lowest RU of each device in a rack; as the rack fills where empty
    feeds: tuple[str, ...] = ()  # those that the devices hang on; all of their racks where empty
    others: tuple[Place, ...] = ()  # the same in each other of the racks among which the author leaves the choice
