"""The least value of an attribute that makes sense, from the schema."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache, partial

from optidsl.schema.model import Attribute
from optidsl.sema.comparison import sign_of
from optidsl.sema.frame import Resolved
from optidsl.sema.session import Session
from optidsl.sema.values import show
from optidsl.units import Quantity, Uncertain, compare, parse_literal


@lru_cache(maxsize=256)
def _minimum(text: str) -> Quantity | Fraction:
    return parse_literal(text)


def is_sensible(session: Session, attribute: Attribute, what: str, resolved: Resolved) -> bool:
    """Report a value, an option or a bound below the least that makes sense."""
    if resolved.is_broken:
        return True
    if attribute.type.name == "Ratio":
        least, is_enough = "above 0", _is_positive
    elif attribute.minimum is not None:
        limit = _minimum(attribute.minimum)
        least, is_enough = f"at least {show(limit)}", partial(_is_at_least, limit)
    else:
        return True
    for value in (resolved.value, resolved.lower, resolved.upper, *(resolved.options or ())):
        exact = value.bounds()[0] if isinstance(value, Uncertain) else value
        if not isinstance(exact, int | Fraction | Quantity) or is_enough(exact):
            continue
        session.sink.error(
            "out-of-range", f"{what} is {show(exact)}, {least} makes sense", resolved.value_span, f"must be {least}"
        )
        return False
    return True


def _is_positive(value: int | Fraction | Quantity) -> bool:
    return sign_of(value) > 0


def _is_at_least(limit: Quantity | Fraction, value: int | Fraction | Quantity) -> bool:
    return compare(value, limit) >= 0
