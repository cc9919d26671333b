"""Phases of growth: found in the syntax before any param has a value, because the last one gives them theirs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from optidsl._record import record
from optidsl.diag import Label, Sink, Span
from optidsl.schema.growth import PHASE
from optidsl.sema.frame import Frame
from optidsl.sema.lower_governance import is_date
from optidsl.sema.scope import Scope
from optidsl.syntax import nodes

if TYPE_CHECKING:
    from optidsl.sema.session import Session


@record(frozen=True, slots=True)
class Phase:
    """A phase of the design; `params` are the values that it gives, as text. `ready` is "" without a day."""

    name: str
    ready: str
    params: dict[str, str]
    span: Span


@record(frozen=True, slots=True)
class PhaseSite:
    """A phase as it is written: the expressions that it gives to params, and the scope these see."""

    name: str
    ready: str
    params: dict[str, nodes.Attr]
    scope: Scope
    span: Span


def given_by_phase(session: Session, design: Frame, name: str) -> tuple[nodes.Expr, Scope] | None:
    """Return what the phase that is elaborated gives to a param of the design, None where it says nothing."""
    phases = phases_of(session, design)
    if not phases:
        return None
    wanted = session.context.options.as_of_phase
    site = next((each for each in phases if each.name == wanted), phases[-1])
    attr = site.params.get(name)
    return None if attr is None else (attr.value, site.scope)


def phases_of(session: Session, design: Frame) -> tuple[PhaseSite, ...]:
    """Return the design's phases in the order in which they are built."""
    if session.phases is None:
        session.phases = ()
        found = [
            _site(session, item, scope)
            for layer, scope in zip(design.layers, design.layer_scopes, strict=True)
            for growth in layer.body.items
            if isinstance(growth, nodes.Block) and growth.kind.text == "growth"
            for item in growth.body.items
            if isinstance(item, nodes.Block) and item.kind.text == "phase" and item.label
        ]
        session.phases = tuple(_in_order(session.sink, found))
    return session.phases


def _site(session: Session, item: nodes.Block, scope: Scope) -> PhaseSite:
    own = {attribute.name for attribute in PHASE.attributes}
    attrs = {each.key.text: each for each in item.body.items if isinstance(each, nodes.Attr)}
    day = attrs.get("ready")
    # Only a day that is written out decides the order; whether another value is one at all is checked with the block.
    ready = day.value.text if day is not None and isinstance(day.value, nodes.DateLit) else ""
    params = {name: attr for name, attr in attrs.items() if name not in own}
    return PhaseSite(item.label or "", ready, params, scope, item.label_span or item.kind.span)


def _in_order(sink: Sink, sites: list[PhaseSite]) -> list[PhaseSite]:
    """Return phases by day, or as written where none has one."""
    dated = [site for site in sites if site.ready]
    if not dated:
        return sites
    undated = next((site for site in sites if not site.ready), None)
    if undated is not None:
        sink.error(
            "growth-order",
            f"phase `{undated.name}` has no day `ready` and phase `{dated[0].name}` has: their order is not known",
            undated.span,
            "add `ready = YEAR-MONTH-DAY`",
            secondary=(Label(dated[0].span, f"ready on {dated[0].ready}"),),
        )
        return sites
    ordered = sorted(sites, key=lambda site: site.ready)
    for before, after in pairwise(ordered):
        if before.ready == after.ready:
            sink.error(
                "growth-order",
                f"phases `{before.name}` and `{after.name}` are both ready on {after.ready}: their order is not known",
                after.span,
                "the same day",
                secondary=(Label(before.span, "the other phase"),),
            )
            break
    return ordered


def lower_growth(session: Session, design: Frame) -> tuple[Phase, ...]:
    """Return the phases of the design, checked: params that exist, days of the calendar, nothing that moves."""
    sites = phases_of(session, design)
    growth = design.child("growth")
    frames = {} if growth is None else {child.name: child for child in growth.children}
    if growth is not None and (len(sites) < 2 or len(frames) != len(sites)):
        session.sink.error(
            "growth-phases",
            f"`growth` has {len(sites)} of at least two phases with names of their own, written out one by one",
            growth.label_span,
            "write `phase NAME { … }` for every step",
        )
        return ()
    for site in sites:
        if site.ready:
            is_date(site.ready, site.span, session.sink)
        _refuse_moves(session, frames.get(site.name))
    texts = ({name: session.text(attr.value.span) for name, attr in site.params.items()} for site in sites)
    return tuple(Phase(site.name, site.ready, text, site.span) for site, text in zip(sites, texts, strict=True))


def _refuse_moves(session: Session, frame: Frame | None) -> None:
    """Refuse phases that let cables move or devices go down: the plan of the last phase needs neither."""
    for name, nothing in (("rewire", "0"), ("downtime", "0s")):
        written = [] if frame is None else frame.written.get(name, [])
        for statement in written:
            if session.text(statement.value.span) != nothing:
                session.sink.error(
                    "not-in-edition",
                    f"`{name}` other than {nothing} is not part of this edition of the language: a phase is the part "
                    "of the last phase's plan that stands then, and adding the next moves nothing",
                    statement.value.span,
                    f"write `{name} = {nothing}`, or leave it out",
                )
