"""Arithmetic, comparison and logic over values, with a diagnostic where they do not fit."""

from __future__ import annotations

from fractions import Fraction

from optidsl.diag import Span
from optidsl.sema.session import Session
from optidsl.sema.values import (
    ERROR,
    FrameRef,
    Number,
    Poison,
    RangeValue,
    Solved,
    Value,
    describe,
    whole,
)
from optidsl.units import Quantity, Uncertain, UnitError

_LONGEST_BITS = 4096
_SYMBOLS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}


def report_unit_error(session: Session, error: UnitError, span: Span) -> Poison:
    """Turn a mistake with units into a diagnostic at `span`."""
    helps = (error.help,) if error.help else ()
    session.sink.error(error.name, error.message, span, helps=helps)
    return ERROR


def wrong_type(session: Session, message: str, span: Span, *helps: str) -> Poison:
    """Report a value of the wrong type."""
    session.sink.error("wrong-type", message, span, helps=helps)
    return ERROR


def as_number(value: Value) -> Number | Solved | None:
    """Return a value that takes part in arithmetic (a range is nature's choice), or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, RangeValue):
        return value.uncertain
    if isinstance(value, int | Fraction | Quantity | Uncertain | Solved):
        return value
    return None


def tidy(value: Number) -> Number:
    """Return whole numbers as int, and what nature has no say in as exact."""
    if isinstance(value, Uncertain) and value.is_exact:
        value = value.nominal
    return whole(value) if isinstance(value, Fraction) else value


def _pair(a: Number, b: Number) -> tuple[Number, Number]:
    if isinstance(b, Uncertain) and not isinstance(a, Uncertain):
        return Uncertain.exact(a), b
    return a, b


def combine(op: str, a: Number, b: Number) -> Number:
    """Return `a op b`, exactly.

    Raises:
        UnitError: the units do not fit, the divisor is zero, or the result is out of range.
    """
    a, b = _pair(a, b)
    if op == "+":
        return _bounded(a + b)
    if op == "-":
        return _bounded(a - b)
    if op == "*":
        return _bounded(a * b)
    if b == 0:
        raise UnitError("division-by-zero", "division by zero")
    return _bounded((Fraction(a) if isinstance(a, int) else a) / b)


def _bounded(value: Number) -> Number:
    """Return a result tidied; refuse what repeated products have made too long to compute with."""
    plain = value.value if isinstance(value, Quantity) else value
    if not isinstance(plain, int | Fraction):
        return tidy(value)
    if max(plain.numerator.bit_length(), plain.denominator.bit_length()) > _LONGEST_BITS:
        raise UnitError("number-too-large", f"a result has more than {_LONGEST_BITS:,} bits: it is out of range")
    return tidy(value)


def solved_form(value: Number | Solved) -> Solved:
    """Return a value as a linear form."""
    return value if isinstance(value, Solved) else Solved(value, {})


def add_solved(a: Solved, b: Solved, sign: str) -> Solved:
    """Return the sum or difference of two linear forms."""
    terms = dict(a.terms)
    for name, coefficient in b.terms.items():
        if name in terms:
            terms[name] = combine(sign, terms[name], coefficient)
        else:
            terms[name] = coefficient if sign == "+" else combine("*", -1, coefficient)
    return Solved(_add_constants(a, b, sign), terms)


def _add_constants(a: Solved, b: Solved, sign: str) -> Number:
    """Add the constants; a plain zero beside terms stands for zero of their dimension."""
    left, right = _dimensioned(a), _dimensioned(b)
    return combine(sign, left, right)


def _dimensioned(form: Solved) -> Number:
    if form.constant == 0 and form.terms:
        return combine("*", 0, next(iter(form.terms.values())))
    return form.constant


def _constant(value: Number | Solved) -> Number:
    return value.constant if isinstance(value, Solved) else value


def scale(form: Solved, op: str, factor: Number) -> Solved:
    """Return a linear form multiplied or divided by a value."""
    return Solved(
        combine(op, form.constant, factor),
        {name: combine(op, coefficient, factor) for name, coefficient in form.terms.items()},
    )


def _combine_solved(session: Session, op: str, a: Number | Solved, b: Number | Solved, span: Span) -> Value:
    if op in ("+", "-"):
        return add_solved(solved_form(a), solved_form(b), op)
    if (isinstance(a, Solved) and isinstance(b, Solved)) or (op == "/" and isinstance(b, Solved)):
        session.sink.error(
            "non-linear",
            f"cannot {_SYMBOLS[op]} by a quantity that the compiler decides: a condition must be linear in them",
            span,
            "not linear",
            helps=("compare sums of them, each multiplied by a value that the design fixes",),
        )
        return ERROR
    if isinstance(a, Solved):
        return scale(a, op, _constant(b))
    return scale(solved_form(b), op, a)


def arithmetic(session: Session, op: str, left: Value, right: Value, span: Span) -> Value:
    """Return `left op right` for `+ - * /`; lists and endpoints join with `+`."""
    if isinstance(left, Poison) or isinstance(right, Poison):
        return ERROR
    a, b = as_number(left), as_number(right)
    if a is not None and b is not None:
        try:
            if isinstance(a, Solved) or isinstance(b, Solved):
                return _combine_solved(session, op, a, b, span)
            return combine(op, a, b)
        except UnitError as error:
            return report_unit_error(session, error, span)
    if op == "+" and isinstance(left, tuple | FrameRef) and isinstance(right, tuple | FrameRef):
        return _listed(left) + _listed(right)
    if op == "+" and isinstance(left, str) and isinstance(right, str):
        return wrong_type(session, "cannot add two strings", span, 'put them into one string: "{a}{b}"')
    return wrong_type(session, f"cannot {_SYMBOLS[op]} {describe(left)} and {describe(right)}", span)


def _listed(value: tuple[Value, ...] | FrameRef) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def negate(session: Session, value: Value, span: Span) -> Value:
    """Return `-value`."""
    if isinstance(value, Poison):
        return ERROR
    number = as_number(value)
    if number is None:
        return wrong_type(session, f"cannot negate {describe(value)}", span)
    if isinstance(number, Solved):
        return scale(number, "*", -1)
    return -number
