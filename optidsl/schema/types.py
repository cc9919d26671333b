"""The types an attribute can have, and the values they hold after evaluation.

| type | Python value |
|---|---|
| `Bool` | bool |
| `Int` | int |
| `Num` | Fraction (numbers, percents) |
| `Ratio` | Fraction (4:1 is 4) |
| `String`, `Word`, `Prefix`, `Date` | str |
| `Template` | str with its `{field:format}` left in; `words` are the fields |
| a dimension (`Length`, `Power`, …) | `units.Quantity` |
| `Lanes` | `LanesValue` |
| `Part` | `PartRef` |
| `Ref` | `EntityRef` |
| `Endpoints` | tuple of `EntityRef` |
| `Elements` | what fails in a test, which only `sema.lower_tests` reads |
| `[T]` | tuple of the values of T |
"""

from __future__ import annotations

from optidsl._record import record

DIMENSIONS: tuple[str, ...] = (
    "Length",
    "Time",
    "Data",
    "Rate",
    "Frequency",
    "Power",
    "Energy",
    "Gain",  # dB
    "Level",  # dBm
    "Attenuation",  # dB/km
    "Dispersion",
    "Temperature",
    "RackUnits",  # U
    "Mass",
    "Money",
)

MAGNITUDES: dict[str, str] = {
    "Int": "1000000",
    "Num": "1000000",
    "Ratio": "1000000",
    "Length": "1000km",
    "Time": "1000000yr",
    "Rate": "1Pbps",
    "Frequency": "1000THz",
    "Power": "1000GW",
    "Gain": "1000dB",
    "Level": "1000dBm",
    "Attenuation": "1000dB/km",
    "Dispersion": "1000000ps/nm/km",
    "RackUnits": "1000U",
    "Mass": "1000000kg",
}
"""How far from zero a value of a type may be, as optd text: beyond anything built, and sums of it fit 64 bits."""


@record(frozen=True, slots=True)
class Type:
    """`name` is one of the table's names or of `DIMENSIONS`; `words` of a `Word`; `kinds` of a `Part` or `Ref`."""

    name: str
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    is_list: bool = False

    def __str__(self) -> str:
        names = self.kinds if self.name in ("Part", "Ref") else self.words if self.name == "Word" else ()
        inner = " | ".join(names) or self.name
        return f"[{inner}]" if self.is_list else inner


@record(frozen=True, slots=True)
class LanesValue:
    """`8x100Gbps` or `2x400Gbps`."""

    count: int
    rate_mbps: int


@record(frozen=True, slots=True)
class PartRef:
    """A catalogue part, by its name (unique in a compilation)."""

    kind: str
    name: str


@record(frozen=True, slots=True)
class EntityRef:
    """An entity of the design by address, with the keys picked (`gpu[1]`), or None for all; `tail` is what follows
    an entity's name and is not an entity (`gpu.nic.compute` has the tail `nic.compute`)."""

    kind: str
    address: tuple[str, ...]
    keys: tuple[int | str, ...] | None = None
    tail: tuple[str, ...] = ()
    rails: tuple[int, ...] | None = None  # of the ports picked (`gpu.nic.compute[rail = 0]`); None for all


def listof(item: Type) -> Type:
    """Return the type of lists of `item`."""
    return Type(item.name, item.words, item.kinds, True)


def word(*words: str) -> Type:
    """Return the type of one of these words."""
    return Type("Word", words=words)


def template(*fields: str) -> Type:
    """Return the type of a naming template over these fields, which is not interpolated when evaluated."""
    return Type("Template", words=fields)


def part(*kinds: str) -> Type:
    """Return the type of a reference to a catalogue part of one of these kinds."""
    return Type("Part", kinds=kinds)


def ref(*kinds: str) -> Type:
    """Return the type of a reference to an entity of one of these kinds."""
    return Type("Ref", kinds=kinds)


BOOL = Type("Bool")
INT = Type("Int")
NUM = Type("Num")
RATIO = Type("Ratio")
STRING = Type("String")
PREFIX = Type("Prefix")
DATE = Type("Date")
LANES = Type("Lanes")
ENDPOINTS = Type("Endpoints")
LENGTH = Type("Length")
TIME = Type("Time")
DATA = Type("Data")
RATE = Type("Rate")
FREQUENCY = Type("Frequency")
POWER = Type("Power")
ENERGY = Type("Energy")
GAIN = Type("Gain")
LEVEL = Type("Level")
ATTENUATION = Type("Attenuation")
TEMPERATURE = Type("Temperature")
RACK_UNITS = Type("RackUnits")
MASS = Type("Mass")
MONEY = Type("Money")
