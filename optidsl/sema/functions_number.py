"""Library functions over numbers and quantities."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction

import optidsl.units as units
from optidsl.sema.calls import CallSite
from optidsl.sema.operators import report_unit_error, tidy
from optidsl.sema.values import ERROR, Value, whole
from optidsl.units import Quantity, Uncertain, UnitError

_CONTEXT = Context(prec=30)
_MOST_DECIMALS = 30


def ceil(call: CallSite) -> Value:
    """Return the least Int not below a number."""
    number = call.plain()
    return ERROR if number is None else math.ceil(number)


def floor(call: CallSite) -> Value:
    """Return the greatest Int not above a number."""
    number = call.plain()
    return ERROR if number is None else math.floor(number)


def rounded(call: CallSite) -> Value:
    """Return the nearest Int, or the nearest number of so many decimals; halves to the even one."""
    number = call.plain()
    decimals = call.integer(1) if len(call.values) > 1 else 0
    if number is None or decimals is None:
        return ERROR
    if not 0 <= decimals <= _MOST_DECIMALS:
        message = f"`round` needs 0 to {_MOST_DECIMALS} decimals, found {decimals}"
        call.session.sink.error("wrong-arguments", message, call.spans[1])
        return ERROR
    return whole(round(number, decimals))


def absolute(call: CallSite) -> Value:
    """Return the value without its sign."""
    value = call.exact()
    if value is None:
        return ERROR
    return -value if (value.value if isinstance(value, Quantity) else value) < 0 else value


def log2(call: CallSite) -> Value:
    """Return the logarithm to the base 2, exact for powers of two, else to 24 digits."""
    number = call.plain()
    if number is None:
        return ERROR
    if number <= 0:
        call.session.sink.error("not-positive", "`log2` needs a number above 0", call.spans[0])
        return ERROR
    top, bottom = number.numerator, number.denominator
    if top & (top - 1) == 0 and bottom & (bottom - 1) == 0:
        return top.bit_length() - bottom.bit_length()
    ratio = _CONTEXT.divide(Decimal(top), Decimal(bottom))
    logarithm = _CONTEXT.divide(_CONTEXT.ln(ratio), _CONTEXT.ln(Decimal(2)))
    return Fraction(Context(prec=24).plus(logarithm))


def mod(call: CallSite) -> Value:
    """Return the remainder of a division of integers."""
    a, b = call.integer(0), call.integer(1)
    if a is None or b is None:
        return ERROR
    if b == 0:
        call.session.sink.error("division-by-zero", "division by zero", call.spans[1])
        return ERROR
    return a % b


def gcd(call: CallSite) -> Value:
    """Return the greatest common divisor."""
    a, b = call.integer(0), call.integer(1)
    return ERROR if a is None or b is None else math.gcd(a, b)


def lcm(call: CallSite) -> Value:
    """Return the least common multiple."""
    a, b = call.integer(0), call.integer(1)
    return ERROR if a is None or b is None else math.lcm(a, b)


def _convert(call: CallSite, convert: Callable[[Quantity], Quantity | Fraction]) -> Value:
    value = call.exact()
    if value is None:
        return ERROR
    try:
        result = convert(value if isinstance(value, Quantity) else Quantity(Fraction(value)))
    except UnitError as error:
        return report_unit_error(call.session, error, call.spans[0])
    return whole(result) if isinstance(result, Fraction) else result


def milliwatts(call: CallSite) -> Value:
    """Return the power of a level."""
    return _convert(call, units.mw)


def level(call: CallSite) -> Value:
    """Return the level of a power."""
    return _convert(call, units.dbm)


def linear(call: CallSite) -> Value:
    """Return the ratio of a gain."""
    return _convert(call, units.lin)


def decibels(call: CallSite) -> Value:
    """Return the gain of a ratio."""
    return _convert(call, units.db)


def powersum(call: CallSite) -> Value:
    """Return the level of several signals together."""
    items = call.values if len(call.values) > 1 or isinstance(call.values[0], Quantity) else call.items()
    if items is None:
        return ERROR
    levels = [item for item in items if isinstance(item, Quantity)]
    if len(levels) != len(items) or not levels:
        return call.reject(0, "levels in dBm")
    try:
        return units.powersum(levels)
    except UnitError as error:
        return report_unit_error(call.session, error, call.span)


def nominal(call: CallSite) -> Value:
    """Return the middle of what nature may choose."""
    value = call.number()
    if value is None:
        return ERROR
    return tidy(value.nominal) if isinstance(value, Uncertain) else value


def worst(call: CallSite) -> Value:
    """Return the greatest value that nature may choose."""
    value = call.number()
    if value is None:
        return ERROR
    return tidy(value.bounds()[1]) if isinstance(value, Uncertain) else value
