"""Evaluate expressions: literals, names, operators, comprehensions and strings."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

from optidsl.diag import Span
from optidsl.schema.types import Type
from optidsl.sema import literals
from optidsl.sema.access import index, member
from optidsl.sema.coerce import not_one_of
from optidsl.sema.comparison import both, compare_values, either, invert
from optidsl.sema.iteration import bind_loop, iterate
from optidsl.sema.names import look_up, resolve_name
from optidsl.sema.operators import arithmetic, negate, report_unit_error, wrong_type
from optidsl.sema.scope import Scope, Typed
from optidsl.sema.session import Session
from optidsl.sema.strings import interpolate, template_text
from optidsl.sema.values import (
    AUTO,
    ERROR,
    NONE,
    DateText,
    NoneValue,
    ObjectValue,
    Poison,
    Promise,
    RangeValue,
    Solved,
    Value,
    WordText,
    describe,
)
from optidsl.syntax import nodes
from optidsl.units import Quantity, Uncertain, UnitError

Handler = Callable[[Session, Any, Scope, "Typed | None"], Value]


def evaluate(session: Session, expr: nodes.Expr, scope: Scope, expected: Typed | None = None) -> Value:
    """Return the value of an expression.

    Args:
        session: the elaboration.
        expr: the expression.
        scope: where its names are looked up.
        expected: the type wanted, which lets bare words and templates be read; the value is not checked against it.
    """
    return _HANDLERS[type(expr)](session, expr, scope, expected)


def _string(session: Session, expr: nodes.StringLit, scope: Scope, expected: Typed | None) -> Value:
    if expected is not None and expected.type.name == "Template":
        return template_text(session, expr, expected)
    return interpolate(session, expr, scope)


def _name(session: Session, expr: nodes.Name, scope: Scope, expected: Typed | None) -> Value:
    wanted = None if expected is None else expected.type
    if wanted is None or expected is None or wanted.name != "Word":
        return resolve_name(session, expr.name, expr.span, scope)
    if expr.name in wanted.words:
        found = WordText(expr.name)
        found.words = wanted.words
        return found
    value = look_up(session, expr.name, scope)
    if not wanted.words:
        return value if isinstance(value, str | Poison) else expr.name
    return not_one_of(session, expr.name, expected, expr.span) if value is None else value


def _member(session: Session, expr: nodes.Member, scope: Scope, expected: Typed | None) -> Value:
    return member(session, evaluate(session, expr.value, scope), expr.name, expr.name_span)


def _index(session: Session, expr: nodes.Index, scope: Scope, expected: Typed | None) -> Value:
    return index(session, evaluate(session, expr.value, scope), expr.subs, scope, expr.span)


def _call(session: Session, expr: nodes.Call, scope: Scope, expected: Typed | None) -> Value:
    from optidsl.sema.functions import call_function

    return call_function(session, expr, scope)


def _unary(session: Session, expr: nodes.Unary, scope: Scope, expected: Typed | None) -> Value:
    value = evaluate(session, expr.value, scope)
    if expr.op == "not":
        return invert(session, value, expr.span)
    if expr.op == "-":
        return negate(session, value, expr.span)
    return value


def _binary(session: Session, expr: nodes.Binary, scope: Scope, expected: Typed | None) -> Value:
    if expr.op == "??":
        return _otherwise(session, expr, scope, expected)
    left = evaluate(session, expr.left, scope)
    if expr.op in ("and", "or") and left is (expr.op == "or"):
        return left  # what is decided need not look at its other side
    right = evaluate(session, expr.right, scope)
    if expr.op == "and":
        return both(session, left, right, expr.span)
    if expr.op == "or":
        return either(session, left, right, expr.span)
    return arithmetic(session, expr.op, left, right, expr.span)


def _otherwise(session: Session, expr: nodes.Binary, scope: Scope, expected: Typed | None) -> Value:
    session.lenient += 1
    left = evaluate(session, expr.left, scope, expected)
    session.lenient -= 1
    return evaluate(session, expr.right, scope, expected) if isinstance(left, NoneValue) else left


def _compare(session: Session, expr: nodes.Compare, scope: Scope, expected: Typed | None) -> Value:
    values = _operands(session, expr, scope)
    result: bool | Promise | Poison = True
    for position, op in enumerate(expr.ops):
        left, right = expr.values[position], expr.values[position + 1]
        span = left.span.to(right.span)
        one = compare_values(session, op, values[position], values[position + 1], span)
        if one is False and session.trace is not None:
            session.trace.append((span, op, values[position], values[position + 1]))
        result = both(session, result, one, span)
    return result


def _operands(session: Session, expr: nodes.Compare, scope: Scope) -> list[Value]:
    """Evaluate the operands; a bare word may stand beside an attribute that knows its words."""
    values: list[Value | None] = [
        None if isinstance(operand, nodes.Name | nodes.ListExpr) else evaluate(session, operand, scope)
        for operand in expr.values
    ]
    done: list[Value] = []
    for position, operand in enumerate(expr.values):
        value = values[position]
        done.append(_operand(session, operand, scope, values, position) if value is None else value)
        values[position] = done[-1]
    return done


def _operand(session: Session, operand: nodes.Expr, scope: Scope, values: list[Value | None], position: int) -> Value:
    for near in (position - 1, position + 1):
        beside = values[near] if 0 <= near < len(values) else None
        if isinstance(beside, WordText):
            words = Type("Word", words=beside.words)
            expected = Typed(words, "the word compared")
            return evaluate(session, operand, scope, expected)
    return evaluate(session, operand, scope)


def _range(session: Session, expr: nodes.RangeExpr, scope: Scope, expected: Typed | None) -> Value:
    low, high = evaluate(session, expr.low, scope), evaluate(session, expr.high, scope)
    if isinstance(low, Poison) or isinstance(high, Poison):
        return ERROR
    for end in (low, high):
        if isinstance(end, Solved):
            return not_static(session, "a range", expr.span)
        if isinstance(end, bool) or not isinstance(end, int | Fraction | Quantity):
            message = f"the ends of a range are numbers or quantities, found {describe(end)}"
            return wrong_type(session, message, expr.span)
    a, b = cast("int | Fraction | Quantity", low), cast("int | Fraction | Quantity", high)
    try:
        return RangeValue(a, b, Uncertain.between(a, b, session.fresh_symbol()))
    except UnitError as error:
        return report_unit_error(session, error, expr.span)


def not_static(session: Session, what: str, span: Span, *, by: str = "the compiler") -> Poison:
    """Report a value that is decided later, or by nature, where one is needed now."""
    help_ = "fix the value with `=`, or state the condition as a `require`"
    session.sink.error(
        "not-static",
        f"{what} must be known before anything is solved, and `{session.text(span)}` is decided by {by}",
        span,
        "not known yet",
        helps=(help_ if by == "the compiler" else "take a certain value: `nominal(x)` or `worst(x)`",),
    )
    return ERROR


def _tolerance(session: Session, expr: nodes.Tolerance, scope: Scope, expected: Typed | None) -> Value:
    nominal, deviation = evaluate(session, expr.nominal, scope), evaluate(session, expr.deviation, scope)
    if isinstance(nominal, Poison) or isinstance(deviation, Poison):
        return ERROR
    for part in (nominal, deviation):
        if isinstance(part, bool) or not isinstance(part, int | Fraction | Quantity):
            return wrong_type(session, f"a tolerance needs exact values, found {describe(part)}", expr.span)
    a, b = cast("int | Fraction | Quantity", nominal), cast("int | Fraction | Quantity", deviation)
    is_percent = isinstance(expr.deviation, nodes.QuantityLit) and expr.deviation.text.endswith("%")
    try:
        return Uncertain.tolerance(a, b, session.fresh_symbol(), relative=is_percent)
    except UnitError as error:
        return report_unit_error(session, error, expr.span)


def static_condition(session: Session, expr: nodes.Expr, scope: Scope, what: str) -> bool | None:
    """Return the truth of a condition that must be known now; None after an error."""
    trace, session.trace = session.trace, None
    value = evaluate(session, expr, scope)
    session.trace = trace
    if isinstance(value, bool):
        return value
    if isinstance(value, Promise):
        is_solved = any(isinstance(side, Solved) for one in value.comparisons for side in (one.left, one.right))
        not_static(session, what, expr.span, by="the compiler" if is_solved else "nature")
    elif not isinstance(value, Poison):
        wrong_type(session, f"{what} must be Bool, found {describe(value)}", expr.span)
    return None


def _conditional(session: Session, expr: nodes.Conditional, scope: Scope, expected: Typed | None) -> Value:
    condition = static_condition(session, expr.condition, scope, "the condition of `if`")
    if condition is None:
        return ERROR
    return evaluate(session, expr.then if condition else expr.otherwise, scope, expected)


def _list(session: Session, expr: nodes.ListExpr, scope: Scope, expected: Typed | None) -> Value:
    inner = _item(expected)
    items = tuple(evaluate(session, item, scope, inner) for item in expr.items)
    return ERROR if any(isinstance(item, Poison) for item in items) else items


def _item(expected: Typed | None) -> Typed | None:
    if expected is None:
        return None
    wanted = expected.type
    return Typed(Type(wanted.name, wanted.words, wanted.kinds), f"an item of {expected.what}")


def _comprehension(session: Session, expr: nodes.Comprehension, scope: Scope, expected: Typed | None) -> Value:
    found: list[Value] = []
    if not _generate(session, expr, 0, scope, _item(expected), found):
        return ERROR
    return ERROR if any(isinstance(item, Poison) for item in found) else tuple(found)


def _generate(
    session: Session,
    expr: nodes.Comprehension,
    depth: int,
    scope: Scope,
    expected: Typed | None,
    found: list[Value],
) -> bool:
    if depth == len(expr.clauses):
        found.append(evaluate(session, expr.element, scope, expected))
        return True
    clause = expr.clauses[depth]
    items = iterate(session, evaluate(session, clause.source, scope), clause.source.span, len(clause.names))
    if items is None:
        return False
    for item in items:
        inner = bind_loop(session, clause.names, item, scope, clause.span)
        if inner is None:
            return False
        if clause.condition is not None:
            keep = static_condition(session, clause.condition, inner, "the condition of a comprehension")
            if keep is None:
                return False
            if not keep:
                continue
        if not _generate(session, expr, depth + 1, inner, expected, found):
            return False
    return True


def _object(session: Session, expr: nodes.ObjectExpr, scope: Scope, expected: Typed | None) -> Value:
    fields: dict[str, Value] = {}
    for item in expr.body.items:
        if not isinstance(item, nodes.Attr) or item.body is not None:
            return wrong_type(session, "an object holds only `name = value`", item.span)
        if item.key.text in fields:
            return wrong_type(session, f"the object has `{item.key.text}` twice", item.key.span)
        fields[item.key.text] = evaluate(session, item.value, scope)
    return ERROR if any(isinstance(value, Poison) for value in fields.values()) else ObjectValue(fields)


_HANDLERS: dict[type, Handler] = {
    nodes.NumberLit: literals.number,
    nodes.QuantityLit: literals.quantity,
    nodes.LanesLit: literals.lanes,
    nodes.RatioLit: literals.ratio,
    nodes.PrefixLit: literals.prefix,
    nodes.DateLit: lambda session, expr, scope, expected: DateText(expr.text),
    nodes.StringLit: _string,
    nodes.BoolLit: lambda session, expr, scope, expected: bool(expr.value),
    nodes.AutoLit: lambda session, expr, scope, expected: AUTO,
    nodes.NoneLit: lambda session, expr, scope, expected: NONE,
    nodes.Name: _name,
    nodes.Member: _member,
    nodes.Index: _index,
    nodes.Call: _call,
    nodes.Unary: _unary,
    nodes.Binary: _binary,
    nodes.Compare: _compare,
    nodes.RangeExpr: _range,
    nodes.Tolerance: _tolerance,
    nodes.Conditional: _conditional,
    nodes.ListExpr: _list,
    nodes.Comprehension: _comprehension,
    nodes.ObjectExpr: _object,
}
