"""Between logarithmic and linear: mW and dBm, ratio and dB, and the power of several signals together."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from optidsl.units.dim import NUMBER, POWER
from optidsl.units.errors import UnitError
from optidsl.units.quantity import Quantity, format_quantity

_CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999)
_RESULT = Context(prec=24, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999)
_LARGEST_DB = 10_000


def _expect(value: Quantity | Fraction | int, kind: str, function: str) -> Quantity:
    quantity = value if isinstance(value, Quantity) else Quantity(Fraction(value))
    found = "number" if quantity.is_number else quantity.type_name
    if found != kind:
        raise UnitError("unit-mismatch", f"`{function}` takes a {kind}, found {format_quantity(quantity)} ({found})")
    return quantity


def _power_of_ten(exponent: Fraction) -> Fraction:
    if abs(exponent) > _LARGEST_DB:
        raise UnitError("number-too-large", f"10 to the power of {format_quantity(exponent)} is out of range")
    x = _CONTEXT.divide(Decimal(exponent.numerator), Decimal(exponent.denominator))
    return Fraction(_RESULT.plus(_CONTEXT.power(Decimal(10), x)))


def _log_ten(value: Fraction, function: str) -> Fraction:
    if value <= 0:
        raise UnitError("not-positive", f"`{function}` takes a positive value, found {format_quantity(value)}")
    x = _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return Fraction(_RESULT.plus(_CONTEXT.log10(x)))


def mw(level: Quantity) -> Quantity:
    """Return the power of a level: P = 10^(L / 10) mW, to 24 digits.

    Args:
        level: a level in dBm.

    Source: IEC 60027-3:2002, Letter symbols in electrical technology, Part 3 (level with the reference 1 mW).
    """
    q = _expect(level, "Level", "mW")
    return Quantity(_power_of_ten(q.value / 10) / 1000, POWER, "lin", "mW")


def dbm(power: Quantity) -> Quantity:
    """Return the level of a power: L = 10 log10(P / 1 mW) dBm, to 24 digits.

    Args:
        power: a power above zero.

    Source: IEC 60027-3:2002, Letter symbols in electrical technology, Part 3 (level with the reference 1 mW).
    """
    q = _expect(power, "Power", "dBm")
    return Quantity(10 * _log_ten(q.value * 1000, "dBm"), NUMBER, "level", "dBm")


def lin(gain: Quantity) -> Fraction:
    """Return the power ratio of a gain: 10^(G / 10).

    Args:
        gain: a gain in dB.
    """
    return _power_of_ten(_expect(gain, "Gain", "lin").value / 10)


def db(ratio: Quantity | Fraction | int) -> Quantity:
    """Return the gain of a power ratio: 10 log10(r) dB.

    Args:
        ratio: a plain number above zero.
    """
    return Quantity(10 * _log_ten(_expect(ratio, "number", "db").value, "db"), NUMBER, "gain", "dB")


def powersum(levels: Iterable[Quantity]) -> Quantity:
    """Return the level of several signals together: the powers add, not the levels.

    Args:
        levels: one level in dBm or more.

    Assumes: the signals are not coherent with each other.
    """
    total = sum((mw(level).value for level in levels), Fraction(0))
    return dbm(Quantity(total, POWER, "lin", "mW"))
