"""Which kinds of quantity may meet in which operation, and what comes out.

Source: levels and gains follow IEC 60027-3:2002, Letter symbols to be used in electrical technology, Part 3
(logarithmic quantities): the difference of two levels is a gain, a level plus a gain is a level, and the sum of two
levels has no meaning.
"""

from __future__ import annotations

from optidsl.units.dim import Dim, Kind, type_name
from optidsl.units.errors import UnitError

Shape = tuple[Dim, Kind]

_PLAIN_NUMBER = "a plain number"


def name_of(shape: Shape) -> str:
    """Return the words for a shape in a message."""
    dim, kind = shape
    if kind == "lin" and dim.is_number:
        return _PLAIN_NUMBER
    return type_name(dim, kind)


def _check_currency(a: Shape, b: Shape, doing: str) -> None:
    if a[0] != b[0] and a[1] == b[1] and a[0].without_currency() == b[0].without_currency():
        left, right = "/".join(a[0].currencies), "/".join(b[0].currencies)
        raise UnitError(
            "currency-mismatch",
            f"cannot {doing} amounts in {left} and {right}",
            "state both in the currency of the design",
        )


def sum_kind(a: Shape, b: Shape, sign: int) -> Shape:
    """Return the shape of `a + b` (`sign` 1) or `a - b` (`sign` -1), or raise `UnitError`."""
    kinds = (a[1], b[1])
    if kinds == ("level", "level"):
        if sign < 0:
            return a[0], "gain"
        raise UnitError(
            "level-sum",
            "cannot add two absolute levels (dBm + dBm)",
            "use `powersum(a, b)` for the power of two signals together, or write one of them as a gain in dB",
        )
    if kinds == ("level", "gain") and b[0].is_number:
        return a
    if kinds == ("gain", "level") and a[0].is_number and sign > 0:
        return b
    if a == b:
        return a
    verb, link = ("add", "and") if sign > 0 else ("subtract", "from")
    _check_currency(a, b, verb)
    first, second = (a, b) if sign > 0 else (b, a)
    raise UnitError("unit-mismatch", f"cannot {verb} {name_of(first)} {link} {name_of(second)}", _sum_help(a, b))


def _sum_help(a: Shape, b: Shape) -> str | None:
    kinds = {a[1], b[1]}
    if _PLAIN_NUMBER in (name_of(a), name_of(b)):
        return "give the plain number a unit"
    if "level" in kinds and "lin" in kinds:
        return "convert first: `dBm(x)` turns a power into a level, `mW(x)` a level into a power"
    return None


def product_kind(a: Shape, b: Shape) -> Shape:
    """Return the shape of `a * b`, or raise `UnitError`."""
    if "level" in (a[1], b[1]):
        raise UnitError("level-product", "a level in dBm cannot be multiplied", "convert it to a power first: `mW(x)`")
    if a[1] == b[1] == "gain":
        raise UnitError(
            "gain-product",
            "a gain in dB cannot be multiplied by a gain",
            "gains in a row are added; `lin(x)` gives the linear ratio",
        )
    return a[0] * b[0], "gain" if "gain" in (a[1], b[1]) else "lin"


def quotient_kind(a: Shape, b: Shape) -> Shape:
    """Return the shape of `a / b`, or raise `UnitError`."""
    if "level" in (a[1], b[1]):
        raise UnitError("level-product", "a level in dBm cannot be divided", "convert it to a power first: `mW(x)`")
    if b[1] == "gain":
        if a[1] == "gain":
            return a[0] / b[0], "lin"
        raise UnitError(
            "gain-product",
            f"{name_of(a)} cannot be divided by {name_of(b)}",
            "`lin(x)` gives the linear ratio of a gain",
        )
    return a[0] / b[0], a[1]


def check_comparable(a: Shape, b: Shape) -> None:
    """Raise `UnitError` unless the two shapes are the same."""
    if a == b:
        return
    _check_currency(a, b, "compare")
    help_ = "give the plain number a unit" if _PLAIN_NUMBER in (name_of(a), name_of(b)) else None
    raise UnitError("compare-mismatch", f"cannot compare {name_of(a)} with {name_of(b)}", help_)


def temperature_sum_unit(a: str, b: str, sign: int) -> str:
    """Return the unit of a sum of temperatures, one of which is in degC; two points can only be subtracted."""
    if a == b == "degC":
        if sign < 0:
            return "K"
        raise UnitError(
            "unit-mismatch", "cannot add two temperatures in degC", "write the difference to add in K: `20degC + 5K`"
        )
    if a != "degC" and sign < 0:
        raise UnitError("unit-mismatch", "cannot subtract a temperature in degC from a difference in K")
    return "degC"


def refuse_celsius(a: str, b: str) -> None:
    """Raise `UnitError` when a factor is a temperature in degC, whose zero is arbitrary."""
    if "degC" in (a, b):
        raise UnitError("unit-mismatch", "a temperature in degC cannot be multiplied or divided", "write it in K")
