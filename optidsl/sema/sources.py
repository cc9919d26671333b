"""`cite SOURCE { … }`: the source and the confidence of what stands inside."""

from __future__ import annotations

from optidsl.schema.nearest import did_you_mean
from optidsl.schema.registry import kinds
from optidsl.sema.coerce import coerce
from optidsl.sema.frame import Cite, Frame
from optidsl.sema.names import find_frame
from optidsl.sema.scope import Scope, Typed
from optidsl.sema.session import Session
from optidsl.syntax import nodes


def cite_of(session: Session, frame: Frame, item: nodes.Block, scope: Scope) -> Cite | None:
    """Return what a `cite` block gives to the statements inside it; None after an error.

    What the standard library cites is looked up when the catalogue is built: few designs read its sources before.
    """
    sink = session.sink
    if not frame.is_part:
        message = f"`cite` cannot stand in `{frame.kind.name}`"
        sink.error("misplaced-block", message, item.kind.span, "belongs in a part")
        return None
    if item.label is None:
        sink.error("missing-name", "`cite` needs the name of a source", item.kind.span, "`cite SOURCE { … }`")
        return None
    if scope.is_std:
        return Cite(item.label, _own_confidence(session, item, scope))
    source = _source(session, item.label, scope)
    if source is None:
        known = _known(session, scope)
        sink.error(
            "unknown-source",
            f"there is no source `{item.label}`{did_you_mean(item.label, known)}",
            item.label_span,
            "not declared here, nor in the standard library",
            helps=(f'declare it: `source {item.label} {{ title = "…", confidence = vendor-doc }}`',),
        )
        return None
    own = _own_confidence(session, item, scope)
    if own is not None:
        return Cite(source.name, own)
    value = session.read(source, "confidence", item.label_span or item.span)
    return Cite(source.name, str(value)) if isinstance(value, str) else None


def _source(session: Session, name: str, scope: Scope) -> Frame | None:
    found = find_frame(scope.find(name))
    standard = session.standard_sources() if found is None else None
    if standard is not None:
        found = find_frame(standard.bindings.get(name))
    return found if found is not None and found.kind.name == "source" else None


def _known(session: Session, scope: Scope) -> list[str]:
    standard = session.standard_sources()
    scopes = [*scope.chain(), *(() if standard is None else (standard,))]
    found = {name: find_frame(binding) for around in scopes for name, binding in around.bindings.items()}
    return [name for name, frame in found.items() if frame is not None and frame.kind.name == "source"]


def _own_confidence(session: Session, item: nodes.Block, scope: Scope) -> str | None:
    for inner in item.body.items:
        if isinstance(inner, nodes.Attr) and inner.key.text == "confidence":
            attribute = kinds()["cite"].attribute("confidence")
            if attribute is None:
                return None
            expected = Typed(attribute.type, "`cite.confidence`")
            value = coerce(session, session.evaluate(inner.value, scope, expected), expected, inner.value.span)
            return str(value) if isinstance(value, str) else None
    return None
