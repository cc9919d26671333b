"""Params: the value from the command line, an override, the instance, or the default, checked against the domain."""

from __future__ import annotations

from itertools import pairwise

from optidsl._record import record
from optidsl.diag import Label, Sink
from optidsl.schema.nearest import alternatives, did_you_mean
from optidsl.sema.attributes import statements_about
from optidsl.sema.coerce import coerce
from optidsl.sema.comparison import compare_values
from optidsl.sema.frame import Frame
from optidsl.sema.names import settle
from optidsl.sema.scope import ParamBinding, Scope, Typed
from optidsl.sema.session import Session
from optidsl.sema.type_names import type_of
from optidsl.sema.values import ERROR, Poison, RangeValue, Value, describe, show
from optidsl.syntax import nodes

_MOST_SHOWN = 60
"""Characters of a value from outside that a message repeats."""


@record(frozen=True, slots=True)
class _Given:
    """A value for a param, and where it comes from."""

    expr: nodes.Expr
    scope: Scope
    is_default: bool = False


def param_value(session: Session, binding: ParamBinding) -> Value:
    """Return the value of a param, checked against its type and domain."""
    item = binding.item
    wanted = type_of(session, item.type)
    given = _given(session, binding)
    if wanted is None or given is None:
        return ERROR
    expected = Typed(wanted, f"param `{binding.name}`")
    value = coerce(session, session.evaluate(given.expr, given.scope, expected), expected, given.expr.span)
    if isinstance(value, Poison) or not _is_in_domain(session, binding, value, given, expected):
        return ERROR
    return value


def _given(session: Session, binding: ParamBinding) -> _Given | None:
    frame = binding.frame
    if session.context.said is not None:
        from optidsl.sema.layer_words import note_param

        note_param(session, binding, statements_about(frame, binding.name))
    if frame.kind.name == "design" and binding.name in session.context.options.params:
        return _from_options(session, binding)
    statements = statements_about(frame, binding.name)
    for first, second in pairwise(statements):
        if first.rank == second.rank:
            where = session.context.sources.where(first.span)
            session.sink.error(
                "two-writers",
                f"param `{binding.name}` is set twice: first at {where}",
                second.span,
                "set again",
                secondary=(Label(first.span, "first set here"),),
            )
            return None
    if statements:
        return _Given(statements[0].value, statements[0].scope)
    if frame.kind.name == "design" and _grows(frame):
        from optidsl.sema.growth import given_by_phase

        given = given_by_phase(session, frame, binding.name)
        if given is not None:
            return _Given(*given)
    if binding.item.default is not None:
        return _Given(binding.item.default, binding.scope, True)
    _report_missing(session, binding)
    return None


def _grows(design: Frame) -> bool:
    items = (item for layer in design.layers for item in layer.body.items)
    return any(isinstance(item, nodes.Block) and item.kind.text == "growth" for item in items)


def _report_missing(session: Session, binding: ParamBinding) -> None:
    frame, name = binding.frame, binding.name
    if frame.is_instance:
        session.sink.error(
            "missing-param",
            f"instance `{frame.display}` gives no value to param `{name}`, which has no default",
            frame.label_span,
            f"write `{name} = …`",
            secondary=(Label(binding.span, "declared here"),),
        )
        return
    session.sink.error(
        "missing-param",
        f"nothing gives a value to param `{name}` of the design, which has no default",
        binding.span,
        f"add `= …`, or give it with `--param {name}=…`",
    )


def _from_options(session: Session, binding: ParamBinding) -> _Given | None:
    """Return the value that the caller gives, parsed as an expression of the design's scope."""
    text = session.context.options.params[binding.name]
    source = f"let {binding.name} = {text}\n"
    file = session.context.sources.add(f"<param {binding.name}>", source)
    found = Sink()
    from optidsl.syntax import parse

    module = parse(source, file, found)
    only = module.items[0] if module is not None and len(module.items) == 1 else None
    if isinstance(only, nodes.Let):
        return _Given(only.value, binding.scope)
    reasons = tuple(diagnostic.message for diagnostic in found.sorted())
    shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    message = f"the value of param `{binding.name}` is not one expression: `{shown}`"
    session.sink.error("bad-param", message, notes=reasons)
    return None


def _is_in_domain(session: Session, binding: ParamBinding, value: Value, given: _Given, expected: Typed) -> bool:
    domain = binding.item.domain
    if domain is None:
        return True
    many = Typed(type(expected.type)(expected.type.name, expected.type.words, expected.type.kinds, True), expected.what)
    allowed = session.evaluate(domain, binding.scope, many)
    if isinstance(allowed, Poison):
        return False
    if not isinstance(allowed, tuple | RangeValue):
        message = f"the domain of param `{binding.name}` is a range or a list, found {describe(allowed)}"
        session.sink.error("wrong-type", message, domain.span)
        return False
    if isinstance(allowed, tuple):
        allowed = coerce(session, allowed, many, domain.span)
    verdict = compare_values(session, "in", value, allowed, given.expr.span)
    if verdict is True or isinstance(verdict, Poison):
        return verdict is True
    whose = "the default of " if given.is_default else ""
    session.sink.error(
        "outside-domain",
        f"{whose}param `{binding.name}` = {show(value)} is outside its domain {show(allowed)}",
        given.expr.span,
        "outside the domain",
        secondary=(Label(domain.span, "the domain"),),
    )
    return False


def check_params(session: Session, design: Frame) -> None:
    """Evaluate the params of the design, and report values given for params it does not have."""
    for binding in design.params.values():
        settle(session, binding)
    for name in session.context.options.params:
        if name not in design.params:
            known = list(design.params)
            helps = (f"params: {alternatives(known)}",) if known else ("the design has no params",)
            session.sink.error(
                "unknown-param", f"design `{design.name}` has no param `{name}`{did_you_mean(name, known)}", helps=helps
            )
