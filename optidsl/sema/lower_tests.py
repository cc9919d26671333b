"""`test` blocks: their expectations, decided or left to the finished network, and what has failed in them."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.diag import Span
from optidsl.schema.tests import FAILURES
from optidsl.schema.types import word
from optidsl.sema.attributes import statements_about
from optidsl.sema.frame import Frame, GoalSite, Written
from optidsl.sema.goals import false_text, promised_of, read_body
from optidsl.sema.operators import wrong_type
from optidsl.sema.promised import Promised, Target, Test
from optidsl.sema.scope import Typed
from optidsl.sema.session import Session
from optidsl.sema.targets import target_of
from optidsl.sema.values import Poison, Promise, Value, describe, show


def lower_tests(session: Session, design: Frame) -> tuple[Test, ...]:
    """Return the tests of a design in source order; what is wrong with them goes to the sink."""
    frames = sorted(_frames(design), key=lambda frame: (frame.label_span.file, frame.label_span.start))
    return tuple(_test(session, frame) for frame in frames)


def _frames(frame: Frame) -> Iterator[Frame]:
    for child in frame.children:
        if child.kind.name == "test":
            yield child
        elif child.is_instance:
            yield from _frames(child)


def _test(session: Session, frame: Frame) -> Test:
    fails = statements_about(frame, "fail")[:1]
    targets = tuple(target for statement in fails for target in _targets(session, statement))
    fail_any = next((_word(session, each) for each in statements_about(frame, "fail_any")[:1]), "")
    if fails and fail_any:
        message = f"test `{frame.display}` has both `fail` and `fail_any`: write one test for each"
        session.sink.error("misplaced-item", message, fails[0].span)
    expectations = tuple(each for site in frame.goals if (each := _expectation(session, site)) is not None)
    if not frame.goals and not session.sink.has_errors:
        message = f"test `{frame.display}` expects nothing"
        session.sink.error("empty-test", message, frame.label_span, "add `expect …`")
    span = fails[0].value.span if fails else None
    return Test(frame.display, targets, span, fail_any, expectations, frame.label_span)


def _word(session: Session, statement: Written) -> str:
    expected = Typed(word(*FAILURES), "`test.fail_any`")
    if statement.op != "=":
        _must_be_set(session, "fail_any", statement)
        return ""
    value = session.evaluate(statement.value, statement.scope, expected)
    if isinstance(value, str) and value in FAILURES:
        return str(value)
    if not isinstance(value, Poison):
        words = ", ".join(f"`{each}`" for each in FAILURES)
        wrong_type(session, f"`test.fail_any` is one of {words}, found {show(value)}", statement.value.span)
    return ""


def _must_be_set(session: Session, name: str, statement: Written) -> None:
    message = f"`test.{name}` must be set with `=`: the compiler does not choose it"
    session.sink.error("not-bounded", message, statement.span, f"found `{statement.op}`")


# ------------------------------------------------------------------ expectations


def _expectation(session: Session, site: GoalSite) -> Promised | None:
    goal = read_body(session, site)
    if goal is None:
        return None
    session.trace = []
    value = session.evaluate(site.item.value, site.scope, None)
    trace, session.trace = session.trace, None
    if isinstance(value, Poison):
        return None
    if not isinstance(value, bool | Promise):
        wrong_type(session, f"`expect` needs a condition, found {describe(value)}", site.item.value.span)
        return None
    broken = false_text(session, goal, trace)[0] if value is False else ""
    return promised_of(session, goal, value, broken)


# ------------------------------------------------------------------ what fails


def _targets(session: Session, statement: Written) -> Iterator[Target]:
    if statement.op != "=":
        _must_be_set(session, "fail", statement)
        return
    session.picks_devices = True
    value = session.evaluate(statement.value, statement.scope, None)
    session.picks_devices = False
    yield from _elements(session, value, statement.value.span)


def _elements(session: Session, value: Value, span: Span) -> Iterator[Target]:
    if isinstance(value, tuple):
        for item in value:
            yield from _elements(session, item, span)
    elif not isinstance(value, Poison):
        target = target_of(value, span)
        if target is None:
            wrong_type(
                session,
                f"`fail` lists what has failed, found {describe(value)}",
                span,
                'write `compute.spine[1]`, `compute.plane[0]`, `link(gpu[1], compute.leaf[1])`, `"leaf-001:1/1"` …',
            )
        else:
            yield target
