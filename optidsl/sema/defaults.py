"""Defaults of the schema, from their text to a value, without the parser."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from optidsl.diag import InternalError, Span
from optidsl.schema.model import Attribute
from optidsl.schema.types import DIMENSIONS, Type
from optidsl.sema.frame import Resolved
from optidsl.sema.values import PrefixText, Value, WordText
from optidsl.units import Uncertain, parse_quantity

_NOWHERE = Span(0, 0, 0)


@lru_cache(maxsize=256)
def default_of(attribute: Attribute) -> Resolved | None:
    """Return what the schema says when no author does."""
    text = attribute.default
    if text is None:
        return None
    for op in ("<=", ">="):
        if text.startswith(op):
            bound = _value(attribute.type, text.removeprefix(op).strip())
            low, high = (bound, None) if op == ">=" else (None, bound)
            return Resolved(_NOWHERE, _NOWHERE, lower=low, upper=high, is_default=True)
    return Resolved(_NOWHERE, _NOWHERE, _value(attribute.type, text), is_default=True)


def _value(wanted: Type, text: str) -> Value:
    if wanted.name in DIMENSIONS:
        return parse_quantity(text)
    if wanted.name in ("String", "Template"):
        return text.strip('"')
    if wanted.name == "Word":
        found = WordText(text)
        found.words = wanted.words
        return found
    if wanted.name == "Prefix":
        return PrefixText(text)
    if wanted.name == "Bool":
        return text == "true"
    if wanted.name == "Ratio":
        over, _, under = text.partition(":")
        return Fraction(over) / Fraction(under)
    if ".." in text:
        low, _, high = text.partition("..")
        return Uncertain.between(Fraction(low), Fraction(high), ("default", text))
    if wanted.name == "Int":
        return int(text)
    if wanted.name == "Num":
        return parse_quantity(text).value
    raise InternalError(f"the schema has a default of type {wanted} that cannot be read: {text}")
