"""Read one literal: number, unit, percent or money."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from optidsl.units.dim import NUMBER, Dim, Kind
from optidsl.units.errors import UnitError
from optidsl.units.suggest import explain_unknown
from optidsl.units.tables import CURRENCY_SIGNS, INTERNAL, MONEY_SUFFIXES, Unit, units

_NUMBER = r"\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?"
_LITERAL = re.compile(rf"([+-]?)({_NUMBER})(.*)", re.DOTALL)
_MONEY = r"([+-]?)([$€£])(\d[\d_]*(?:\.\d+)?)([kMB]?)((?:/.+)?)"
_LARGEST_EXPONENT = 99
LONGEST_NUMBER = 100
"""Digits and signs of a number that is still read: more is no measurement, and costs time with its square."""
_POWER = r"(.+)\^(-?\d)"


def read_literal(text: str, wanted: str | None = None) -> tuple[Fraction, Unit]:
    """Return the value in base units and the unit of a literal; `wanted` names the type that is expected.

    Raises:
        UnitError: when the text is no number or the unit is not in the table.
    """
    stripped = text.strip()
    is_money = any(mark in stripped[:2] for mark in CURRENCY_SIGNS)
    money = re.fullmatch(_MONEY, stripped, re.DOTALL) if is_money else None
    if money is not None:
        return _read_money(*money.groups(), text=stripped)
    match = _LITERAL.fullmatch(stripped)
    if match is None:
        raise UnitError("bad-number", f"`{text}` is not a number with a unit")
    sign, digits, spelling = match.groups()
    exponent = digits.lower().partition("e")[2]
    if exponent and (len(exponent) > 4 or abs(int(exponent)) > _LARGEST_EXPONENT):
        message = f"`{text}` is out of range: the exponent is at most {_LARGEST_EXPONENT}"
        raise UnitError("bad-number", message if len(text) <= LONGEST_NUMBER else "an exponent is out of range")
    if len(digits) > LONGEST_NUMBER:
        raise UnitError("bad-number", f"a number of {len(digits):,} characters is too long: at most {LONGEST_NUMBER}")
    number = Fraction(digits.replace("_", ""))
    if sign == "-":
        number = -number
    if spelling == "":
        return number, _BARE
    if spelling == "%":
        return number / 100, _PERCENT
    unit = parse_unit(spelling, literal=stripped, number=sign + digits, wanted=wanted)
    return number * unit.scale + unit.offset, unit


_BARE = Unit("", Fraction(1), NUMBER)
_PERCENT = Unit("%", Fraction(1, 100), NUMBER)


def _read_money(sign: str, mark: str, digits: str, suffix: str, per: str, *, text: str) -> tuple[Fraction, Unit]:
    spelling = CURRENCY_SIGNS[mark] + per
    if len(digits) > LONGEST_NUMBER:
        raise UnitError("bad-number", f"an amount of {len(digits):,} characters is too long: at most {LONGEST_NUMBER}")
    unit = parse_unit(spelling, literal=text, number=sign + mark + digits + suffix)
    number = Fraction(digits.replace("_", "")) * MONEY_SUFFIXES[suffix]
    return (-number if sign == "-" else number) * unit.scale, unit


@lru_cache(maxsize=4096)
def parse_unit(
    spelling: str, *, internal: bool = False, literal: str = "", number: str = "", wanted: str | None = None
) -> Unit:
    """Return the unit of a spelling such as `dB/km`, `ps/nm^2/km` or `/yr`.

    Args:
        spelling: what stands after the number.
        internal: whether the scaled units `mdB` and `mdBm` are known too.
        literal: the whole literal, for messages.
        number: the literal's number, for messages.
        wanted: the name of the type that is expected, for messages.

    Raises:
        UnitError: `unknown-unit` or `log-denominator`.
    """
    if spelling in ("", "%"):
        return _PERCENT if spelling else _BARE
    table = units()
    whole = table.get(spelling)
    if whole is not None:
        return whole
    scale, dim, offset = Fraction(1), NUMBER, Fraction(0)
    kind: Kind = "lin"
    parts = spelling.split("/")
    for position, part in enumerate(parts):
        if part == "" and position == 0:
            continue
        stem, power = _split_power(part)
        unit = table.get(stem) or (INTERNAL.get(stem) if internal else None)
        if unit is None:
            raise explain_unknown(stem, parts, position, literal or spelling, number, wanted)
        scale, dim, kind, offset = _times(scale, dim, kind, unit, power if position == 0 else -power, spelling)
    return Unit(spelling, scale, dim, kind, offset if len(parts) == 1 else Fraction(0))


def _split_power(part: str) -> tuple[str, int]:
    match = re.fullmatch(_POWER, part)
    return (match[1], int(match[2])) if match else (part, 1)


def _times(
    scale: Fraction, dim: Dim, kind: Kind, unit: Unit, power: int, spelling: str
) -> tuple[Fraction, Dim, Kind, Fraction]:
    if unit.kind != "lin":
        if power != 1:
            raise UnitError("log-denominator", f"`{unit.name}` in `{spelling}` is logarithmic: it can only come first")
        return scale * unit.scale, dim, unit.kind, Fraction(0)
    if kind == "level":
        raise UnitError("log-denominator", f"`{spelling}` has no meaning: a level in dBm cannot be per something")
    return scale * unit.scale**power, dim * unit.dim**power, kind, unit.offset
