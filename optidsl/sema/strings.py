"""Strings: interpolation with formats, and naming templates whose fields are filled later."""

from __future__ import annotations

import re
from fractions import Fraction

from optidsl.diag import Span
from optidsl.schema.nearest import alternatives, did_you_mean
from optidsl.sema.operators import report_unit_error, wrong_type
from optidsl.sema.scope import Scope, Typed
from optidsl.sema.session import Session
from optidsl.sema.values import ERROR, FrameRef, Poison, Solved, Value, describe
from optidsl.syntax import nodes
from optidsl.units import Quantity, UnitError, format_quantity

_WIDTH = r"0?\d{1,2}"
_DECIMALS = r"\.(\d{1,2})"


def interpolate(session: Session, expr: nodes.StringLit, scope: Scope) -> str | Poison:
    """Return the string with its `{expressions}` filled in."""
    pieces: list[str] = []
    for part, form in zip(expr.parts, expr.formats, strict=True):
        if isinstance(part, str):
            pieces.append(part)
            continue
        text = text_of(session, session.evaluate(part, scope, None), form, part.span)
        if isinstance(text, Poison):
            return ERROR
        pieces.append(text)
    return "".join(pieces)


def text_of(session: Session, value: Value, form: str | None, span: Span) -> str | Poison:
    """Print a value inside a string, by a format: a unit, a width (`03`), or decimals (`.2`)."""
    if isinstance(value, Poison):
        return value
    if isinstance(value, bool):
        plain = "true" if value else "false"
    elif isinstance(value, int | Fraction):
        return _number_text(session, value, form, span)
    elif isinstance(value, Quantity):
        return _quantity_text(session, value, form, span)
    elif isinstance(value, str):
        plain = str(value)
    elif isinstance(value, FrameRef) and not value.tail:
        plain = value.frame.name if not value.keys else "-".join(str(key) for key in value.keys)
    elif isinstance(value, Solved):
        session.sink.error(
            "not-static", "a string cannot hold a quantity that the compiler decides later", span, "decided later"
        )
        return ERROR
    else:
        return wrong_type(session, f"a string cannot hold {describe(value)}", span)
    return plain if form is None else _bad_format(session, form, f"{describe(value)} takes no format", span)


def _number_text(session: Session, value: int | Fraction, form: str | None, span: Span) -> str | Poison:
    if form is None:
        return format_quantity(Fraction(value), digits=12)
    if isinstance(value, int) and re.fullmatch(_WIDTH, form):
        return format(value, f"{form}d")
    decimals = re.fullmatch(_DECIMALS, form)
    if decimals:
        places = int(decimals.group(1))
        scaled = round(Fraction(value) * 10**places)
        sign, digits = "-" if scaled < 0 else "", str(abs(scaled)).rjust(places + 1, "0")
        return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
    return _bad_format(session, form, "a number takes a width (`03`) or decimals (`.2`)", span)


def _quantity_text(session: Session, value: Quantity, form: str | None, span: Span) -> str | Poison:
    if form is None:
        return str(value)
    try:
        return format_quantity(value, form, 12).replace(" ", "")
    except UnitError as error:
        return report_unit_error(session, error, span)


def _bad_format(session: Session, form: str, reason: str, span: Span) -> Poison:
    session.sink.error("bad-format", f"the format `{form}` does not fit: {reason}", span)
    return ERROR


def template_text(session: Session, expr: nodes.StringLit, expected: Typed) -> str | Poison:
    """Return a naming template with its fields left in, after checking that every field exists."""
    pieces: list[str] = []
    fields = expected.type.words
    for part, form in zip(expr.parts, expr.formats, strict=True):
        if isinstance(part, str):
            pieces.append(part.replace("{", "{{").replace("}", "}}"))
            continue
        name = part.name if isinstance(part, nodes.Name) else session.text(part.span)
        if name not in fields:
            session.sink.error(
                "unknown-field",
                f"{expected.what} has no field `{name}`{did_you_mean(name, fields)}",
                part.span,
                helps=(f"fields: {alternatives(fields, 20)}",),
            )
            return ERROR
        pieces.append("{" + name + ("" if form is None else f":{form}") + "}")
    return "".join(pieces)
