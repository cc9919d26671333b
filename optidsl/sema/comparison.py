"""Comparison and logic over values: true or false when known now, else a promise."""

from __future__ import annotations

from fractions import Fraction

from optidsl.diag import Span
from optidsl.sema.operators import add_solved, as_number, combine, report_unit_error, solved_form, wrong_type
from optidsl.sema.session import Session
from optidsl.sema.values import (
    ERROR,
    Comparison,
    FrameRef,
    Number,
    Poison,
    Promise,
    RangeValue,
    Solved,
    Value,
    describe,
)
from optidsl.units import Quantity, Uncertain, UnitError, compare

_ACCEPTED: dict[str, tuple[int, ...]] = {
    "==": (0,),
    "!=": (-1, 1),
    "<": (-1,),
    "<=": (-1, 0),
    ">": (1,),
    ">=": (0, 1),
}
"""Orders (-1 below, 0 equal, 1 above) that satisfy each operator."""


def sign_of(value: int | Fraction | Quantity) -> int:
    """Return -1, 0 or 1 as a value is below, at or above zero."""
    plain = value.value if isinstance(value, Quantity) else value
    return (plain > 0) - (plain < 0)


def order_test(op: str, order: int) -> bool:
    """Tell whether an order of -1, 0 or 1 satisfies an operator."""
    return order in _ACCEPTED[op]


def compare_values(session: Session, op: str, left: Value, right: Value, span: Span) -> bool | Promise | Poison:
    """Return `left op right`: true or false when known now, else a promise."""
    if isinstance(left, Poison) or isinstance(right, Poison):
        return ERROR
    if op in ("in", "not in"):
        return _membership(session, op, left, right, span)
    a, b = as_number(left), as_number(right)
    if a is not None and b is not None:
        try:
            return _compare_numbers(session, op, a, b, span)
        except UnitError as error:
            return report_unit_error(session, error, span)
    if op not in ("==", "!="):
        return wrong_type(session, f"cannot order {describe(left)} and {describe(right)} with `{op}`", span)
    if not _comparable(left, right):
        return wrong_type(session, f"cannot compare {describe(left)} with {describe(right)}", span)
    return (left == right) == (op == "==")


def _comparable(left: Value, right: Value) -> bool:
    for cls in (bool, str, tuple, FrameRef):
        if isinstance(left, cls):
            return isinstance(right, cls)
    return type(left) is type(right)


def _compare_numbers(
    session: Session, op: str, a: Number | Solved, b: Number | Solved, span: Span
) -> bool | Promise | Poison:
    if isinstance(a, Solved) or isinstance(b, Solved):
        difference = add_solved(solved_form(a), solved_form(b), "-")
        if any(coefficient != 0 for coefficient in difference.terms.values()):
            if op == "!=":
                session.sink.error(
                    "non-linear",
                    "`!=` over a quantity that the compiler decides is two alternatives; only one can be promised",
                    span,
                    helps=("say which side it must be on, with `<=` or `>=`",),
                )
                return ERROR
            return Promise((Comparison(a, op, b, session.text(span), span),))
        a, b = difference.constant, combine("*", 0, difference.constant)
    if isinstance(a, int | Fraction | Quantity) and isinstance(b, int | Fraction | Quantity):
        return order_test(op, compare(a, b))
    return _compare_uncertain(session, op, a, b, span)


def _compare_uncertain(session: Session, op: str, a: Number, b: Number, span: Span) -> bool | Promise:
    difference = combine("-", a, b)
    low, high = difference.bounds() if isinstance(difference, Uncertain) else (difference, difference)
    lowest, highest = sign_of(low), sign_of(high)
    verdicts = {order_test(op, lowest), order_test(op, highest)}
    if lowest < 0 < highest:
        verdicts.add(order_test(op, 0))
    if len(verdicts) == 1:
        return verdicts.pop()
    return Promise((Comparison(a, op, b, session.text(span), span),))


def _membership(session: Session, op: str, left: Value, right: Value, span: Span) -> bool | Promise | Poison:
    if isinstance(right, RangeValue):
        above = compare_values(session, ">=", left, right.low, span)
        below = compare_values(session, "<=", left, right.high, span)
        inside = both(session, above, below, span)
    elif isinstance(right, tuple):
        inside = False
        for item in right:
            equal = _same(left, item)
            if equal:
                inside = True
                break
    else:
        return wrong_type(session, f"`{op}` needs a list or a range on its right, found {describe(right)}", span)
    return inside if op == "in" else invert(session, inside, span)


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    return left == right


def _truths(session: Session, a: Value, b: Value, span: Span) -> tuple[bool | Promise, bool | Promise] | None:
    """Return both values as truths; None after an error."""
    if isinstance(a, Poison) or isinstance(b, Poison):
        return None
    if isinstance(a, bool | Promise) and isinstance(b, bool | Promise):
        return a, b
    odd = b if isinstance(a, bool | Promise) else a
    wrong_type(session, f"expected Bool, found {describe(odd)}", span)
    return None


def both(session: Session, a: Value, b: Value, span: Span) -> bool | Promise | Poison:
    """Return `a and b`."""
    truths = _truths(session, a, b, span)
    if truths is None:
        return ERROR
    left, right = truths
    if left is False or right is False:
        return False
    if isinstance(left, Promise) and isinstance(right, Promise):
        return Promise(left.comparisons + right.comparisons)
    return right if left is True else left


def either(session: Session, a: Value, b: Value, span: Span) -> bool | Promise | Poison:
    """Return `a or b`; two promises cannot be alternatives."""
    truths = _truths(session, a, b, span)
    if truths is None:
        return ERROR
    left, right = truths
    if left is True or right is True:
        return True
    if isinstance(left, Promise) and isinstance(right, Promise):
        return _alternatives(session, span)
    return right if left is False else left


def _alternatives(session: Session, span: Span) -> Poison:
    session.sink.error(
        "non-linear",
        "conditions that are decided later can be joined with `and` only",
        span,
        "leaves a choice open",
        helps=("write one `require` for each condition that must hold",),
    )
    return ERROR


_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def invert(session: Session, value: Value, span: Span) -> bool | Promise | Poison:
    """Return `not value`."""
    if isinstance(value, Poison):
        return ERROR
    if isinstance(value, bool):
        return not value
    if not isinstance(value, Promise):
        return wrong_type(session, f"expected Bool, found {describe(value)}", span)
    only = value.comparisons[0]
    if len(value.comparisons) > 1 or only.op not in _OPPOSITE:
        return _alternatives(session, span)
    return Promise((Comparison(only.left, _OPPOSITE[only.op], only.right, f"not {only.text}", only.span),))
