"""An exact quantity and its algebra."""

from __future__ import annotations

from fractions import Fraction

from optidsl._record import record
from optidsl.units import algebra
from optidsl.units.dim import NUMBER, Dim, Kind, type_name
from optidsl.units.errors import UnitError
from optidsl.units.printing import format_in, pick_unit
from optidsl.units.reading import parse_unit, read_literal
from optidsl.units.tables import ZERO_CELSIUS_K, Unit

__all__ = ["Dim", "Quantity", "UnitError", "Value", "compare", "format_quantity", "parse_literal", "parse_quantity"]

Number = int | Fraction


@record(frozen=True, slots=True, eq=False)
class Quantity:
    """`value` base units of `dim` (kelvin for temperatures, dB for gains, dBm for levels).

    `unit` is the spelling the author used, or "" when an operation made the quantity. Two quantities are equal when
    value, dimension and kind are: `1km == 1000m`. `+ - * /` and the orderings raise `UnitError`; an operation whose
    result has no dimension returns a plain `Fraction`.
    """

    value: Fraction
    dim: Dim = NUMBER
    kind: Kind = "lin"
    unit: str = ""

    @property
    def type_name(self) -> str:
        """Return the name of its type: `Length`, `Power`, `Money/Energy`, …"""
        return type_name(self.dim, self.kind)

    @property
    def is_number(self) -> bool:
        """Tell whether it has no dimension at all (a percent literal, for example)."""
        return self.kind == "lin" and self.dim.is_number

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Quantity):
            return (self.value, self.dim, self.kind) == (other.value, other.dim, other.kind)
        return self.is_number and self.value == other

    def __hash__(self) -> int:
        return hash(self.value) if self.is_number else hash((self.value, self.dim, self.kind))

    def __str__(self) -> str:
        """Print as a literal of the language: `3.5m`, `0.35dB/km`."""
        return format_in(self.value, self.dim, self.kind, pick_unit(self.value, self.dim, self.kind, self.unit), "")

    def __neg__(self) -> Quantity:
        if self.unit == "degC":
            return Quantity(2 * ZERO_CELSIUS_K - self.value, self.dim, self.kind, self.unit)
        return Quantity(-self.value, self.dim, self.kind, self.unit)

    def __pos__(self) -> Quantity:
        return self

    def __abs__(self) -> Quantity:
        return self if self.value >= 0 else -self

    def __add__(self, other: Quantity | Number) -> Value:
        return _sum(self, _lift(other), 1) if isinstance(other, _OPERANDS) else NotImplemented

    def __radd__(self, other: Number) -> Value:
        return _sum(_lift(other), self, 1)

    def __sub__(self, other: Quantity | Number) -> Value:
        return _sum(self, _lift(other), -1) if isinstance(other, _OPERANDS) else NotImplemented

    def __rsub__(self, other: Number) -> Value:
        return _sum(_lift(other), self, -1)

    def __mul__(self, other: Quantity | Number) -> Value:
        return _product(self, _lift(other)) if isinstance(other, _OPERANDS) else NotImplemented

    def __rmul__(self, other: Number) -> Value:
        return _product(_lift(other), self)

    def __truediv__(self, other: Quantity | Number) -> Value:
        return _quotient(self, _lift(other)) if isinstance(other, _OPERANDS) else NotImplemented

    def __rtruediv__(self, other: Number) -> Value:
        return _quotient(_lift(other), self)

    def __lt__(self, other: Quantity | Number) -> bool:
        return compare(self, other) < 0

    def __le__(self, other: Quantity | Number) -> bool:
        return compare(self, other) <= 0

    def __gt__(self, other: Quantity | Number) -> bool:
        return compare(self, other) > 0

    def __ge__(self, other: Quantity | Number) -> bool:
        return compare(self, other) >= 0

    def to(self, unit: str) -> Fraction:
        """Return the exact number of `unit` in this quantity.

        Args:
            unit: a unit of the language (`mm`, `Gbps`, `dB/km`) or a scaled one (`mdB`, `mdBm`, `mdB/km`).

        Raises:
            UnitError: `unit-mismatch` when the unit measures something else.
        """
        target = self._measured_in(unit)
        return (self.value - target.offset) / target.scale

    def to_int(self, unit: str) -> int:
        """Return the number of `unit`, rounded once, half to even."""
        target = self._measured_in(unit)
        value, scale = self.value, target.scale
        if target.offset:
            return round((value - target.offset) / scale)
        # The same without two reductions to lowest terms: a catalogue asks for thousands of these.
        divisor = value.denominator * scale.numerator
        whole, rest = divmod(value.numerator * scale.denominator, divisor)
        return whole + (2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1))

    def _measured_in(self, unit: str) -> Unit:
        target = parse_unit(unit, internal=True)
        if (target.dim, target.kind) != (self.dim, self.kind):
            raise UnitError(
                "unit-mismatch",
                f"{self} is a {self.type_name}, and `{unit}` measures {type_name(target.dim, target.kind)}",
            )
        return target


_OPERANDS = (Quantity, int, Fraction)
Value = Quantity | Fraction
"""What an operation on exact values gives: a plain number has no `Quantity` around it."""


def _lift(value: Quantity | Number) -> Quantity:
    return value if isinstance(value, Quantity) else Quantity(Fraction(value))


def _lower(value: Fraction, dim: Dim, kind: Kind, unit: str) -> Value:
    return value if kind == "lin" and dim.is_number else Quantity(value, dim, kind, unit)


def _sum(a: Quantity, b: Quantity, sign: int) -> Value:
    dim, kind = algebra.sum_kind((a.dim, a.kind), (b.dim, b.kind), sign)
    unit = a.unit or b.unit
    if "degC" in (a.unit, b.unit):
        unit = algebra.temperature_sum_unit(a.unit, b.unit, sign)
    elif a.kind != kind:
        unit = "dBm" if kind == "level" else "dB"
    return _lower(a.value + sign * b.value, dim, kind, unit)


def _product(a: Quantity, b: Quantity) -> Value:
    algebra.refuse_celsius(a.unit, b.unit)
    dim, kind = algebra.product_kind((a.dim, a.kind), (b.dim, b.kind))
    unit = a.unit if b.is_number else b.unit if a.is_number else ""
    return _lower(a.value * b.value, dim, kind, unit)


def _quotient(a: Quantity, b: Quantity) -> Value:
    algebra.refuse_celsius(a.unit, b.unit)
    dim, kind = algebra.quotient_kind((a.dim, a.kind), (b.dim, b.kind))
    if b.value == 0:
        raise UnitError("division-by-zero", "division by zero")
    return _lower(a.value / b.value, dim, kind, a.unit if b.is_number else "")


def compare(a: Quantity | Number, b: Quantity | Number) -> int:
    """Return -1, 0 or 1 as `a` is below, equal to or above `b`.

    Raises:
        UnitError: `compare-mismatch` or `currency-mismatch` when they measure different things.
    """
    left, right = _lift(a), _lift(b)
    algebra.check_comparable((left.dim, left.kind), (right.dim, right.kind))
    return (left.value > right.value) - (left.value < right.value)


def parse_quantity(text: str, wanted: str | None = None) -> Quantity:
    """Return the value of one literal, sign allowed: `800Gbps`, `-2.9dBm`, `99.9%`, `$1.2M`, `8`.

    Args:
        text: the literal.
        wanted: the name of the type that is expected, for what a message suggests in place of an unknown unit.

    Raises:
        UnitError: `unknown-unit`, `log-denominator` or `bad-number`.
    """
    value, unit = read_literal(text, wanted)
    return Quantity(value, unit.dim, unit.kind, unit.name)


def parse_literal(text: str) -> Value:
    """Like `parse_quantity`, but a literal without a dimension (`8`, `99.9%`) gives a plain `Fraction`."""
    quantity = parse_quantity(text)
    return quantity.value if quantity.is_number else quantity


def format_quantity(quantity: Quantity | Number, unit: str | None = None, digits: int = 6) -> str:
    """Print for a message: `431 m`, `4.21 dB`, `12 W`.

    Args:
        quantity: what to print.
        unit: the unit to print in; by default the one it was written in, else one that suits its size.
        digits: how many significant digits at most.
    """
    q = _lift(quantity)
    if unit is not None:
        q.to(unit)
    chosen = unit if unit is not None else pick_unit(q.value, q.dim, q.kind, q.unit)
    return format_in(q.value, q.dim, q.kind, chosen, " ", digits)
