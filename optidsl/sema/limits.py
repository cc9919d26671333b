"""The values of an attribute that make sense, from the schema."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from optidsl.schema.model import Attribute
from optidsl.schema.types import MAGNITUDES
from optidsl.sema.comparison import sign_of
from optidsl.sema.frame import Resolved
from optidsl.sema.session import Session
from optidsl.sema.values import show
from optidsl.units import Quantity, Uncertain, compare, parse_literal

Exact = int | Fraction | Quantity


@lru_cache(maxsize=256)
def _limit(text: str) -> Quantity | Fraction:
    return parse_literal(text)


def is_sensible(session: Session, attribute: Attribute, what: str, resolved: Resolved) -> bool:
    """Report a value, an option or a bound below the least or above the greatest that makes sense."""
    if resolved.is_broken:
        return True
    for value in (resolved.value, resolved.lower, resolved.upper, *(resolved.options or ())):
        ends = value.bounds() if isinstance(value, Uncertain) else (value,)
        for exact in ends:
            if isinstance(exact, bool) or not isinstance(exact, int | Fraction | Quantity):
                continue
            required = _missed(attribute, exact)
            if required is not None:
                session.sink.error(
                    "out-of-range",
                    f"{what} is {show(exact)}, {required} makes sense",
                    resolved.value_span,
                    f"must be {required}",
                )
                return False
    return True


def _missed(attribute: Attribute, value: Exact) -> str | None:
    """Return the limit that a value breaks, as `at least 0 m`; None when it breaks none."""
    widest = MAGNITUDES.get(attribute.type.name)
    if attribute.type.name == "Ratio" and sign_of(value) <= 0:
        return "above 0"
    least = attribute.minimum if attribute.minimum is not None or widest is None else f"-{widest}"
    if least is not None and compare(value, _limit(least)) < 0:
        return f"at least {show(_limit(least))}"
    most = attribute.maximum or widest
    if most is not None and compare(value, _limit(most)) > 0:
        return f"at most {show(_limit(most))}"
    return None
