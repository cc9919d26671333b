"""Print exact quantities."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from optidsl.units.dim import Dim, Kind
from optidsl.units.reading import parse_unit
from optidsl.units.tables import LADDERS

_COMPOSED = re.compile(r"·|^1/")


def pick_unit(value: Fraction, dim: Dim, kind: Kind, written: str) -> str:
    """Return the unit to print in: the one written, else the largest of its ladder that keeps the number above 1."""
    if written:
        return written
    if kind == "level":
        return "dBm"
    if kind == "gain":
        if dim.is_number:
            return "dB"
        return "dB/km" if dim.exponents == (("m", -1),) else "dB·" + _base_unit(dim)
    ladder = LADDERS.get(dim)
    if ladder is None:
        return _base_unit(dim)
    fitting = [unit for unit in ladder if abs(value) >= parse_unit(unit).scale]
    return fitting[-1] if fitting else ladder[0]


def _base_unit(dim: Dim) -> str:
    top = [_power(base, power) for base, power in dim.exponents if power > 0]
    bottom = [_power(base, -power) for base, power in dim.exponents if power < 0]
    return ("·".join(top) or "1") + "".join("/" + part for part in bottom)


def _power(base: str, power: int) -> str:
    return base if power == 1 else f"{base}^{power}"


def format_in(value: Fraction, dim: Dim, kind: Kind, unit: str, gap: str, digits: int = 12) -> str:
    """Print `value` base units in `unit`, with `gap` between number and unit and at most `digits` digits."""
    if dim.is_number and kind == "lin":
        return f"{decimal(value * 100, digits)}%" if unit == "%" else decimal(value, digits)
    scale, offset = _scale(unit)
    number = decimal((value - offset) / scale, digits)
    return f"{number}{gap}{unit}"


def _scale(unit: str) -> tuple[Fraction, Fraction]:
    if _COMPOSED.search(unit):
        return Fraction(1), Fraction(0)
    parsed = parse_unit(unit, internal=True)
    return parsed.scale, parsed.offset


def decimal(value: Fraction, digits: int = 12) -> str:
    """Print a number in plain decimal notation, rounded half to even to `digits` significant digits.

    An integer part is never rounded away: `decimal(Fraction(1234567), 3)` is `1234567`.
    """
    whole = len(str(abs(value.numerator) // value.denominator))
    context = Context(prec=max(digits, whole), rounding=ROUND_HALF_EVEN)
    number = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    if number == 0:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
