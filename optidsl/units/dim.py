"""Dimensions: exponents over named bases, and what people call the common ones."""

from __future__ import annotations

from typing import Literal

from optidsl._record import record

Kind = Literal["lin", "gain", "level"]
"""`lin` is an ordinary linear quantity, `gain` one in dB (or dB per something), `level` an absolute one in dBm."""

CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CNY", "CHF", "SEK", "NOK", "DKK", "CAD", "AUD", "INR", "KRW")
NOUNS: tuple[str, ...] = (
    "port",
    "gpu",
    "node",
    "rack",
    "link",
    "fiber",
    "step",
    "microbatch",
    "token",
    "req",
    "cut",
    "connector",
    "splice",
    "flop",
)


@record(frozen=True, slots=True)
class Dim:
    """A product of powers of bases, sorted by base: metre `m`, second `s`, `bit`, joule `J`, kelvin `K`, kilogram
    `kg`, rack unit `U`, root kilometre `rtkm`, every currency and every counting noun."""

    exponents: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, **powers: int) -> Dim:
        """Return the dimension with these exponents, zeros dropped."""
        return cls(tuple(sorted((base, power) for base, power in powers.items() if power)))

    def __mul__(self, other: Dim) -> Dim:
        return self._combine(other, 1)

    def __truediv__(self, other: Dim) -> Dim:
        return self._combine(other, -1)

    def __pow__(self, power: int) -> Dim:
        return Dim(tuple((base, exponent * power) for base, exponent in self.exponents if exponent * power))

    def _combine(self, other: Dim, sign: int) -> Dim:
        if not other.exponents:
            return self
        total = dict(self.exponents)
        for base, exponent in other.exponents:
            total[base] = total.get(base, 0) + sign * exponent
        return Dim(tuple(sorted((base, power) for base, power in total.items() if power)))

    @property
    def is_number(self) -> bool:
        """Tell whether nothing is left: a plain number."""
        return not self.exponents

    @property
    def currencies(self) -> tuple[str, ...]:
        """Return the currencies among the bases."""
        return tuple(base for base, _ in self.exponents if base in CURRENCIES)

    def without_currency(self) -> Dim:
        """Return the dimension with every currency replaced by the one base `money`."""
        total: dict[str, int] = {}
        for base, power in self.exponents:
            key = "money" if base in CURRENCIES else base
            total[key] = total.get(key, 0) + power
        return Dim.of(**total)


NUMBER = Dim()
LENGTH = Dim.of(m=1)
TIME = Dim.of(s=1)
DATA = Dim.of(bit=1)
RATE = Dim.of(bit=1, s=-1)
FREQUENCY = Dim.of(s=-1)
ENERGY = Dim.of(J=1)
POWER = Dim.of(J=1, s=-1)
TEMPERATURE = Dim.of(K=1)
RACK_UNITS = Dim.of(U=1)
MASS = Dim.of(kg=1)
PER_LENGTH = Dim.of(m=-1)
DISPERSION = Dim.of(s=1, m=-2)

_LIN_NAMES: dict[Dim, str] = {
    NUMBER: "Num",
    LENGTH: "Length",
    TIME: "Time",
    DATA: "Data",
    RATE: "Rate",
    FREQUENCY: "Frequency",
    POWER: "Power",
    ENERGY: "Energy",
    DISPERSION: "Dispersion",
    TEMPERATURE: "Temperature",
    RACK_UNITS: "RackUnits",
    MASS: "Mass",
    Dim.of(money=1): "Money",
}
_WORDS = {"m": "Length", "s": "Time", "bit": "Data", "J": "Energy", "K": "Temperature", "U": "RackUnits", "kg": "Mass"}


def type_name(dim: Dim, kind: Kind = "lin") -> str:
    """Return what a quantity of this dimension is called: `Length`, `Money/Energy`, `Attenuation`, …

    Args:
        dim: the dimension.
        kind: linear, gain or level.

    Returns:
        One of `schema.types.DIMENSIONS`, `Num`, or a readable product such as `Money/Energy`.
    """
    if kind == "level":
        return "Level"
    if kind == "gain":
        if dim.is_number:
            return "Gain"
        return "Attenuation" if dim == PER_LENGTH else f"Gain·{_composite(dim)}"
    plain = dim.without_currency()
    if plain in _LIN_NAMES:
        return _LIN_NAMES[plain]
    if len(dim.exponents) == 1 and dim.exponents[0] in {(noun, 1) for noun in NOUNS}:
        return "Count"
    return _composite(plain)


def _composite(dim: Dim) -> str:
    powers = dict(dim.exponents)
    for base, rate in (("J", "Power"), ("bit", "Rate")):
        if powers.get(base, 0) > 0 > powers.get("s", 0):
            powers[base] -= 1
            powers["s"] += 1
            powers[rate] = 1
    top = [_factor(base, power) for base, power in powers.items() if power > 0]
    bottom = [_factor(base, -power) for base, power in powers.items() if power < 0]
    return "/".join(["·".join(top) or "1", *bottom])


def _factor(base: str, power: int) -> str:
    word = "Money" if base == "money" else _WORDS.get(base, base)
    return word if power == 1 else f"{word}^{power}"
