"""Derivation: `name : base` takes over the base's bodies as weaker layers."""

from __future__ import annotations

from optidsl.diag import Label
from optidsl.schema.nearest import did_you_mean
from optidsl.sema.frame import Frame, Layer
from optidsl.sema.names import find_frame
from optidsl.sema.scope import ModuleBinding, Scope
from optidsl.sema.session import Session
from optidsl.syntax import nodes


def complete_layers(session: Session, frame: Frame, seen: tuple[Frame, ...] = ()) -> None:
    """Add the bodies of a block's base, and of the base's base, below its own."""
    if frame.base is None:
        return
    key, scope = frame.base
    base = _base_frame(session, key, scope)
    chain = (*seen, frame)
    if base is None or _is_circle(session, base, chain, key) or not _fits(session, frame, base, key):
        frame.base = None
        return
    complete_layers(session, base, chain)
    frame.base = None
    lowest = max(layer.rank for layer in frame.layers)
    own = min(layer.rank for layer in base.layers)
    for layer in base.layers:
        frame.layers.append(Layer(lowest + 1 + layer.rank - own, layer.body, layer.parent, layer.cite))
    if frame.key_subs is None:
        frame.key_subs, frame.key_scope = base.key_subs, base.key_scope


def _is_circle(session: Session, base: Frame, chain: tuple[Frame, ...], key: nodes.Key) -> bool:
    if base not in chain:
        return False
    ring = chain[chain.index(base) :]
    names = " -> ".join(step.name for step in (*ring, base))
    session.sink.error(
        "base-cycle",
        f"`{base.name}` derives from itself: {names}",
        key.span,
        "closes the circle",
        secondary=tuple(Label(step.label_span, "derives from the next") for step in ring),
    )
    return True


def _fits(session: Session, frame: Frame, base: Frame, key: nodes.Key) -> bool:
    if base.kind.name == frame.kind.name:
        return True
    session.sink.error(
        "wrong-type",
        f"`{frame.name}` is a {frame.kind.name} and cannot derive from the {base.kind.name} `{base.name}`",
        key.span,
    )
    return False


def _base_frame(session: Session, key: nodes.Key, scope: Scope) -> Frame | None:
    binding = scope.find(key.parts[0])
    if len(key.parts) == 2 and isinstance(binding, ModuleBinding):
        binding.is_used = True
        binding = binding.scope.bindings.get(key.parts[1])
    found = find_frame(binding)
    if found is None:
        session.sink.error(
            "unknown-name",
            f"unknown base `{key.text}`{did_you_mean(key.text, scope.names())}",
            key.span,
            "no block of that name",
        )
    return found
