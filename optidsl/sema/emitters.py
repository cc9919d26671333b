"""The names in a design's `emit`: of emitters that are built in or installed."""

from __future__ import annotations

import re

from optidsl.diag import Edit, Fix, Span
from optidsl.schema.emitters import BUILT_IN_EMITTERS, EMITTER_GROUP
from optidsl.schema.entity import Entity
from optidsl.schema.nearest import did_you_mean, nearest
from optidsl.sema.session import Session


def check_emitters(session: Session, design: Entity) -> None:
    """Report every name in `emit` that no emitter has; no emitter is imported."""
    emit = design.get("emit")
    if emit is None or not isinstance(emit.value, tuple):
        return
    unknown = [str(name) for name in dict.fromkeys(emit.value) if name not in BUILT_IN_EMITTERS]
    installed = _installed() if unknown else frozenset()
    known = sorted(installed.union(BUILT_IN_EMITTERS))
    for name in unknown:
        if name in installed:
            continue
        span = _place(session, emit.value_span, name)
        near = nearest(name, known, 1)
        session.sink.error(
            "unknown-emitter",
            f"there is no emitter `{name}`{did_you_mean(name, known)}",
            span,
            "no such emitter",
            helps=(f"the emitters are {', '.join(known)}",),
            fixes=tuple(Fix(f"replace by `{text}`", (Edit(span, text),), "unsafe") for text in near),
        )


def _installed() -> frozenset[str]:
    from importlib.metadata import entry_points

    return frozenset(point.name for point in entry_points(group=EMITTER_GROUP))


def _place(session: Session, span: Span, name: str) -> Span:
    """Return the place of a name inside a list, or the list's own when it is computed."""
    found = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", session.context.sources.slice(span))
    return span if found is None else Span(span.file, span.start + found.start(), span.start + found.end())
