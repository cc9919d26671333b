"""Attributes: what every layer says, merged by strength, checked against the schema."""

from __future__ import annotations

from optidsl._record import record, replace
from optidsl.diag import Edit, Fix, Label, Span
from optidsl.schema.model import Attribute
from optidsl.schema.types import Type
from optidsl.sema.coerce import coerce
from optidsl.sema.defaults import default_of
from optidsl.sema.frame import Frame, Resolved, Written
from optidsl.sema.limits import is_sensible
from optidsl.sema.merge import Said, merge
from optidsl.sema.metrics import tier_count
from optidsl.sema.overrides import overriding
from optidsl.sema.scope import Typed
from optidsl.sema.session import Session
from optidsl.sema.values import (
    ERROR,
    NONE,
    AutoValue,
    NoneValue,
    Poison,
    RangeValue,
    Solved,
    Value,
    show,
)
from optidsl.units import Quantity


@record(frozen=True, slots=True)
class _Target:
    """The attribute being resolved: its block, its record, and its name for messages."""

    frame: Frame
    attribute: Attribute

    @property
    def what(self) -> str:
        return f"`{self.frame.kind.name}.{self.attribute.name}`"


def resolve_attribute(session: Session, frame: Frame, attribute: Attribute) -> Resolved | None:
    """Return what all layers say about an attribute; None when nobody says anything."""
    name = attribute.name
    if name in frame.values:
        return frame.values[name]
    if name in frame.busy:
        return _cycle(session, frame, name)
    frame.busy.add(name)
    resolved = _resolve(session, _Target(frame, attribute))
    frame.busy.discard(name)
    frame.values[name] = resolved
    return resolved


def _cycle(session: Session, frame: Frame, name: str) -> Resolved:
    span = frame.written[name][0].span if name in frame.written else frame.label_span
    session.sink.error("cycle", f"`{frame.display}.{name}` is defined by itself", span, "needs its own value")
    return Resolved(span, span, is_broken=True)


def statements_about(frame: Frame, name: str) -> list[Written]:
    """Return every statement about an attribute, strongest first."""
    found = list(frame.written.get(name, ()))
    for override in overriding(frame, name):
        item = override.item
        if item.value is not None:
            found.append(Written(override.rank, "=", item.value, override.scope, item.path.span, None, override))
    return sorted(found, key=lambda statement: statement.rank)


def _resolve(session: Session, target: _Target) -> Resolved | None:
    statements = statements_about(target.frame, target.attribute.name)
    if not statements:
        if session.context.said is not None:
            from optidsl.sema.layer_words import note_default

            note_default(session, target.frame, target.attribute)
        return default_of(target.attribute)
    said = [_said(session, target, statement) for statement in statements]
    if any(entry is None for entry in said):
        return Resolved(statements[0].span, statements[0].value.span, is_broken=True)
    kept = [entry for entry in said if entry is not None]
    merged = merge(session, f"{target.frame.display}.{target.attribute.name}", kept)
    if session.context.said is not None:
        from optidsl.sema.layer_words import note

        note(session, target.frame, target.attribute.name, statements)
    return merged if is_sensible(session, target.attribute, target.what, merged) else replace(merged, is_broken=True)


def _said(session: Session, target: _Target, statement: Written) -> Said | None:
    """Evaluate one statement; None after an error."""
    if statement.op == "=":
        return _decided(session, target, statement)
    return _bounded(session, target, statement)


def _decided(session: Session, target: _Target, statement: Written) -> Said | None:
    attribute = target.attribute
    expected = Typed(attribute.type, target.what)
    value = session.evaluate(statement.value, statement.scope, expected)
    if isinstance(value, AutoValue):
        return _open(session, target, statement, "auto", attribute.verbs == "bounded")
    if isinstance(value, NoneValue):
        return _open(session, target, statement, "none", not attribute.is_required)
    if isinstance(value, Solved):
        _report_solved(session, target, statement)
        return None
    if isinstance(value, RangeValue) and attribute.verbs == "bounded":
        _report_range(session, target, statement, value)
        return None
    checked = coerce(session, value, expected, statement.value.span, is_nature=attribute.verbs == "nature")
    if isinstance(checked, Poison):
        return None
    return Said(statement.rank, statement.span, statement.value.span, checked, cite=statement.cite)


def _open(session: Session, target: _Target, statement: Written, word: str, is_allowed: bool) -> Said | None:
    if is_allowed:
        return Said(statement.rank, statement.span, statement.value.span, cite=statement.cite, is_open=True)
    why = "the compiler does not choose it" if word == "auto" else "it is required"
    session.sink.error("wrong-type", f"{target.what} cannot be `{word}`: {why}", statement.value.span, "give a value")
    return None


def _report_solved(session: Session, target: _Target, statement: Written) -> None:
    session.sink.error(
        "not-static",
        f"{target.what} must be known before anything is solved, and "
        f"`{session.text(statement.value.span)}` is decided by the compiler",
        statement.value.span,
        "decided later",
        helps=("state the condition as a `require`",),
    )


def _report_range(session: Session, target: _Target, statement: Written, value: RangeValue) -> None:
    between = Span(statement.span.file, statement.span.end, statement.value.span.start)
    session.sink.error(
        "not-exact",
        f"{target.what} = {show(value)} would leave the value to nature; to let the compiler choose, write `in`",
        statement.value.span,
        f"write `{target.attribute.name} in {session.text(statement.value.span)}`",
        fixes=(Fix("write `in`", (Edit(between, " in "),), "unsafe"),) if statement.override is None else (),
    )


def _bounded(session: Session, target: _Target, statement: Written) -> Said | None:
    attribute, op = target.attribute, statement.op
    if attribute.verbs != "bounded":
        session.sink.error(
            "not-bounded",
            f"{target.what} must be set with `=`: the compiler does not choose it",
            statement.span,
            f"found `{op}`",
        )
        return None
    if op in ("==", "!="):
        help_ = "write `=` to decide the value" if op == "==" else "list what is allowed, with `in [a, b]`"
        session.sink.error("not-bounded", f"`{op}` does not bound {target.what}", statement.span, helps=(help_,))
        return None
    item = Type(attribute.type.name, attribute.type.words, attribute.type.kinds)
    if op == "in":
        return _options(session, target, statement, item)
    value = _one(session, target, statement, item, op)
    if isinstance(value, Poison):
        return None
    low, high = (None, value) if op in ("<", "<=") else (value, None)
    return Said(statement.rank, statement.span, statement.value.span, lower=low, upper=high, cite=statement.cite)


def _one(session: Session, target: _Target, statement: Written, item: Type, op: str) -> Value:
    expected = Typed(item, target.what)
    found = session.evaluate(statement.value, statement.scope, expected)
    value = coerce(session, found, expected, statement.value.span)
    if isinstance(value, Poison):
        return ERROR
    is_ordered = isinstance(value, Quantity) or item.name in ("Int", "Num", "Ratio")
    if not is_ordered:
        session.sink.error(
            "not-bounded",
            f"{target.what} has no order: `{op}` does not bound it",
            statement.span,
            helps=("list what is allowed, with `in [a, b]`",),
        )
        return ERROR
    if op in ("<", ">"):
        if not isinstance(value, int):
            session.sink.error(
                "not-bounded",
                f"{target.what} is bounded with `{op}=`, both ends included",
                statement.span,
                f"write `{op}=`",
            )
            return ERROR
        return value - 1 if op == "<" else value + 1
    return value


def _options(session: Session, target: _Target, statement: Written, item: Type) -> Said | None:
    many = Typed(Type(item.name, item.words, item.kinds, True), target.what)
    value = session.evaluate(statement.value, statement.scope, many)
    span = statement.value.span
    if isinstance(value, RangeValue):
        single = Typed(item, target.what)
        low, high = coerce(session, value.low, single, span), coerce(session, value.high, single, span)
        if isinstance(low, Poison) or isinstance(high, Poison):
            return None
        return Said(statement.rank, statement.span, span, lower=low, upper=high, cite=statement.cite)
    checked = coerce(session, value, many, span)
    if isinstance(checked, Poison) or not isinstance(checked, tuple):
        return None
    if not checked:
        session.sink.error("empty-list", f"{target.what} may be one of nothing: the list is empty", span)
        return None
    return Said(statement.rank, statement.span, span, options=checked, cite=statement.cite)


def read(session: Session, frame: Frame, name: str, span: Span) -> Value:
    """Return the value of an attribute as an expression sees it."""
    attribute = frame.kind.attribute(name)
    if attribute is None:
        return ERROR  # reported with the statement that sets it
    session.expand(frame)
    resolved = resolve_attribute(session, frame, attribute)
    if resolved is not None and resolved.is_broken:
        return ERROR
    if resolved is not None and resolved.value is not None:
        return resolved.value
    if frame.kind.name == "tier" and name == "count":
        return tier_count(frame)
    if session.lenient and resolved is None:
        return NONE
    return _undecided(session, frame, name, resolved, span)


def _undecided(session: Session, frame: Frame, name: str, resolved: Resolved | None, span: Span) -> Poison:
    label = f"{frame.display}.{name}"
    if frame.is_part:
        message = f"the catalogue does not state `{label}`"
        helps = (f"give a value for that case: `{name} ?? …`",)
    elif resolved is None:
        message, helps = f"`{label}` has no value: nothing sets it", (f"set it in `{frame.name or frame.kind.name}`",)
    else:
        message = f"`{label}` is left to the compiler and cannot be read here"
        helps = ("fix it with `=`, or put the limit into a `let` and use that name in both places",)
    secondary = () if resolved is None or resolved.is_default else (Label(resolved.span, "left open here"),)
    session.sink.error("not-decided", message, span, "no value to read", secondary=secondary, helps=helps)
    return ERROR
