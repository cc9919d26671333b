"""Merge what layers say about one attribute: the strongest decides, weaker bounds still hold."""

from __future__ import annotations

from optidsl._record import record
from optidsl.diag import Label, Span
from optidsl.schema.nearest import alternatives
from optidsl.sema.comparison import compare_values
from optidsl.sema.frame import BODY_RANK, Cite, Resolved
from optidsl.sema.session import Session
from optidsl.sema.values import Value, show


@record(frozen=True, slots=True)
class Said:
    """One statement, evaluated: a value, options, limits, or nothing but openness (`auto`, `none`)."""

    rank: int
    span: Span
    value_span: Span
    value: Value | None = None
    options: tuple[Value, ...] | None = None
    lower: Value | None = None
    upper: Value | None = None
    cite: Cite | None = None
    is_open: bool = False

    @property
    def is_bound(self) -> bool:
        """Tell whether the statement leaves a choice inside limits."""
        return self.options is not None or self.lower is not None or self.upper is not None

    @property
    def is_override(self) -> bool:
        """Tell whether the statement may change what a weaker layer decided."""
        return self.rank < BODY_RANK


def merge(session: Session, name: str, said: list[Said]) -> Resolved:
    """Return what the statements together say; `said` is strongest first."""
    layers: list[Said] = []
    for entry in said:
        if layers and layers[-1].rank == entry.rank:
            joined = _join(session, name, layers[-1], entry)
            if joined is None:
                return _broken(entry)
            layers[-1] = joined
        else:
            layers.append(entry)
    strongest = layers[0]
    for weaker in layers[1:]:
        merged = _over(session, name, strongest, weaker)
        if merged is None:
            return _broken(strongest)
        strongest = merged
    if not _is_possible(session, name, strongest):
        return _broken(strongest)
    return Resolved(
        strongest.span,
        strongest.value_span,
        strongest.value,
        strongest.options,
        strongest.lower,
        strongest.upper,
        strongest.cite,
    )


def _broken(entry: Said) -> Resolved:
    return Resolved(entry.span, entry.value_span, is_broken=True)


def _join(session: Session, name: str, first: Said, second: Said) -> Said | None:
    """Join two statements of one layer: an upper and a lower limit agree, anything else has two writers."""
    is_pair = first.is_bound and second.is_bound and first.value is None and second.value is None
    clashes = (
        (first.lower is not None and second.lower is not None)
        or (first.upper is not None and second.upper is not None)
        or (first.options is not None and second.options is not None)
    )
    if is_pair and not clashes:
        return Said(
            first.rank,
            first.span,
            first.value_span,
            options=first.options or second.options,
            lower=first.lower if first.lower is not None else second.lower,
            upper=first.upper if first.upper is not None else second.upper,
            cite=first.cite,
        )
    where = session.context.sources.where(first.span)
    session.sink.error(
        "two-writers",
        f"`{name}` is set twice: first at {where}",
        second.span,
        "set again",
        secondary=(Label(first.span, "first set here"),),
        helps=("keep one of them; to change a value for one case, write an `override`",),
    )
    return None


def _over(session: Session, name: str, stronger: Said, weaker: Said) -> Said | None:
    """Return a stronger statement after a weaker one has had its say."""
    if stronger.is_override:
        _warn_without_effect(session, name, stronger, weaker)
        return stronger
    if weaker.is_open:
        return stronger
    if weaker.value is not None:
        if stronger.value is not None and _equal(session, stronger.value, weaker.value):
            return stronger
        _needs_override(session, name, stronger, weaker)
        return None
    if stronger.is_open:
        return weaker
    if stronger.value is not None:
        return stronger if _is_inside(session, name, stronger, weaker) else None
    return _narrow(session, stronger, weaker)


def _warn_without_effect(session: Session, name: str, stronger: Said, weaker: Said) -> None:
    if stronger.value is None or weaker.value is None or not _equal(session, stronger.value, weaker.value):
        return
    session.sink.warning(
        "override-without-effect",
        f"the override has no effect: `{name}` is {show(weaker.value)} already",
        stronger.span,
        "changes nothing",
        secondary=(Label(weaker.span, "already set here"),),
    )


def _equal(session: Session, a: Value, b: Value) -> bool:
    return type(a) is type(b) and a == b


def _needs_override(session: Session, name: str, stronger: Said, weaker: Said) -> None:
    decided = "" if weaker.value is None else f" as {show(weaker.value)}"
    where = session.context.sources.where(weaker.span)
    session.sink.error(
        "needs-override",
        f"`{name}` is decided{decided} at {where} and may not be changed here",
        stronger.span,
        "changes a decided value",
        secondary=(Label(weaker.span, "decided here"),),
        helps=("make it a `param` of the component, or write an `override` in the design",),
    )


def _is_inside(session: Session, name: str, decided: Said, bound: Said) -> bool:
    value = decided.value
    problem = ""
    if value is None:
        return True
    if bound.options is not None and value not in bound.options:
        problem = f"one of {alternatives([show(option) for option in bound.options])}"
    elif bound.lower is not None and compare_values(session, "<", value, bound.lower, decided.value_span) is True:
        problem = f"at least {show(bound.lower)}"
    elif bound.upper is not None and compare_values(session, ">", value, bound.upper, decided.value_span) is True:
        problem = f"at most {show(bound.upper)}"
    if not problem:
        return True
    session.sink.error(
        "outside-bound",
        f"`{name}` = {show(value)} is outside the bound at {session.context.sources.where(bound.span)}: {problem}",
        decided.value_span,
        f"must be {problem}",
        secondary=(Label(bound.span, "bounded here"),),
    )
    return False


def _narrow(session: Session, stronger: Said, weaker: Said) -> Said:
    """Return the intersection of two bounds."""
    options = stronger.options
    if options is None:
        options = weaker.options
    elif weaker.options is not None:
        options = tuple(option for option in options if option in weaker.options)
    return Said(
        stronger.rank,
        stronger.span,
        stronger.value_span,
        options=options,
        lower=_tighter(session, stronger.lower, weaker.lower, ">", stronger.value_span),
        upper=_tighter(session, stronger.upper, weaker.upper, "<", stronger.value_span),
        cite=stronger.cite,
    )


def _tighter(session: Session, a: Value | None, b: Value | None, op: str, span: Span) -> Value | None:
    if a is None or b is None:
        return b if a is None else a
    return a if compare_values(session, op, a, b, span) is True else b


def _is_possible(session: Session, name: str, said: Said) -> bool:
    """Check that limits leave something to choose."""
    if said.options is not None and not said.options:
        session.sink.error("outside-bound", f"the bounds of `{name}` leave nothing to choose", said.value_span)
        return False
    if said.lower is None or said.upper is None:
        return True
    if compare_values(session, ">", said.lower, said.upper, said.value_span) is not True:
        return True
    session.sink.error(
        "outside-bound",
        f"the bounds of `{name}` leave nothing: at least {show(said.lower)} and at most {show(said.upper)}",
        said.value_span,
    )
    return False
