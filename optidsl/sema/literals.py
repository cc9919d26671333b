"""Values of literals."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from optidsl.schema.types import DIMENSIONS, MAGNITUDES, LanesValue
from optidsl.sema.operators import report_unit_error, wrong_type
from optidsl.sema.scope import Scope, Typed
from optidsl.sema.session import Session
from optidsl.sema.values import ERROR, PrefixText, Value, show, whole
from optidsl.syntax import nodes
from optidsl.units import Quantity, UnitError, parse_quantity

_MOST_LANES = 1024
_FASTEST = parse_quantity(MAGNITUDES["Rate"])
_MOST_MBPS = _FASTEST.to("Mbps")


@lru_cache(maxsize=4096)
def _literal(text: str, wanted: str | None) -> Quantity:
    return parse_quantity(text, wanted)


def number(session: Session, expr: nodes.NumberLit, scope: Scope, expected: Typed | None) -> Value:
    """Return the value of a number."""
    if expr.text.isdigit():
        return int(expr.text)
    return quantity(session, expr, scope, expected)


def quantity(
    session: Session, expr: nodes.QuantityLit | nodes.NumberLit, scope: Scope, expected: Typed | None
) -> Value:
    """Return the value of a quantity; a percent is a plain number."""
    try:
        quantity = _literal(expr.text, _wanted(expected))
    except UnitError as error:
        return report_unit_error(session, error, expr.span)
    return whole(quantity.value) if quantity.is_number else quantity


def _wanted(expected: Typed | None) -> str | None:
    """Return the type of quantity that is expected, None when any may be meant."""
    return expected.type.name if expected is not None and expected.type.name in DIMENSIONS else None


def lanes(session: Session, expr: nodes.LanesLit, scope: Scope, expected: Typed | None) -> Value:
    """Return the value of `8x100Gbps`."""
    count, _, rate = expr.text.partition("x")
    try:
        quantity = _literal(rate, "Rate")
        mbps = quantity.to("Mbps")
    except UnitError as error:
        return report_unit_error(session, error, expr.span)
    if mbps.denominator != 1 or int(count) < 1:
        return wrong_type(session, f"`{expr.text}` is not a count of lanes and a rate in whole Mbps", expr.span)
    if int(count) > _MOST_LANES or mbps > _MOST_MBPS:
        message = f"`{expr.text}` is beyond any port: at most {_MOST_LANES} lanes of {show(_FASTEST)} make sense"
        session.sink.error("out-of-range", message, expr.span)
        return ERROR
    return LanesValue(int(count), mbps.numerator)


def ratio(session: Session, expr: nodes.RatioLit, scope: Scope, expected: Typed | None) -> Value:
    """Return the value of `4:1`."""
    over, _, under = expr.text.partition(":")
    if Fraction(under) == 0:
        return wrong_type(session, f"the ratio `{expr.text}` divides by zero", expr.span)
    return whole(Fraction(over) / Fraction(under))


def prefix(session: Session, expr: nodes.PrefixLit, scope: Scope, expected: Typed | None) -> Value:
    """Return an address or a prefix after checking its numbers."""
    address, _, length = expr.text.partition("/")
    for number, most in [*((octet, 255) for octet in address.split(".")), (length or "0", 32)]:
        if int(number) > most:
            message = f"`{expr.text}` is not a prefix: {number} is above {most}"
            session.sink.error("bad-prefix", message, expr.span)
            return ERROR
    return PrefixText(expr.text)
