"""What a name means: bindings, then blocks that loops declare, then attributes around, then the library's own names."""

from __future__ import annotations

from optidsl.diag import Edit, Fix, Label, Span
from optidsl.schema.nearest import nearest, quoted
from optidsl.sema.coerce import coerce
from optidsl.sema.frame import Frame
from optidsl.sema.scope import (
    Binding,
    ComponentBinding,
    FrameBinding,
    ImportBinding,
    LetBinding,
    ModuleBinding,
    ParamBinding,
    Scope,
    Typed,
    ValueBinding,
)
from optidsl.sema.session import Session
from optidsl.sema.type_names import type_of
from optidsl.sema.values import ERROR, ComponentRef, FrameRef, ModuleRef, Namespace, Poison, Value

NAMESPACES: tuple[str, ...] = ("power", "bom", "cables", "optics", "cost")
"""Names of the families of quantities that only the compiler knows."""


def look_up(session: Session, name: str, scope: Scope) -> Value | None:
    """Return what a name stands for, or None when nothing answers to it."""
    binding = scope.find(name)
    if binding is not None:
        return value_of(session, binding)
    for around in scope.chain():
        frame = around.frame
        if frame is None:
            continue
        if frame.state != 2:
            session.expand(frame)
        child = frame.child_by_name.get(name)
        if child is not None:
            return FrameRef(child)
    for around in scope.chain():
        if around.frame is not None and name in around.frame.written:
            return session.read(around.frame, name, around.frame.written[name][0].span)
    return Namespace(name) if name in NAMESPACES else None


def resolve_name(session: Session, name: str, span: Span, scope: Scope) -> Value:
    """Return what a name stands for, or report it as unknown."""
    found = look_up(session, name, scope)
    if found is None:
        return unknown_name(session, name, span, scope)
    return found


def value_of(session: Session, binding: Binding) -> Value:
    """Return the value of a binding, evaluating it when this is its first use."""
    if isinstance(binding, ValueBinding):
        return binding.value
    binding.is_used = True
    if isinstance(binding, LetBinding | ParamBinding):
        return settle(session, binding)
    if isinstance(binding, FrameBinding):
        return FrameRef(binding.frame)
    if isinstance(binding, ImportBinding):
        return value_of(session, binding.target)
    if isinstance(binding, ModuleBinding):
        return ModuleRef(binding.scope, binding.module)
    return ComponentRef(binding)


def settle(session: Session, binding: LetBinding | ParamBinding) -> Value:
    """Return the value of a `let` or a `param` without counting that as a use of it."""
    if binding.value is None:
        lenient, trace = session.lenient, session.trace
        session.lenient, session.trace = 0, None  # the value must not depend on who reads it first
        binding.value = _first_value(session, binding)
        session.lenient, session.trace = lenient, trace
    return binding.value


def _first_value(session: Session, binding: LetBinding | ParamBinding) -> Value:
    if binding.is_busy:
        return _cycle(session, binding)
    binding.is_busy = True
    session.naming.append((binding.name, binding.span))
    if isinstance(binding, ParamBinding):
        value = session.param(binding)
    else:
        expected = None
        if binding.type is not None:
            declared = type_of(session, binding.type)
            expected = None if declared is None else Typed(declared, f"let `{binding.name}`")
        value = ERROR if binding.expr is None else session.evaluate(binding.expr, binding.scope, expected)
        if expected is not None and binding.expr is not None:
            value = coerce(session, value, expected, binding.expr.span)
    session.naming.pop()
    binding.is_busy = False
    return value


def _cycle(session: Session, binding: LetBinding | ParamBinding) -> Poison:
    start = [name for name, _ in session.naming].index(binding.name)
    ring = session.naming[start:]
    path = " -> ".join([*(name for name, _ in ring), binding.name])
    session.sink.error(
        "cycle",
        f"`{binding.name}` is defined by itself: {path}",
        ring[0][1],
        "starts here",
        secondary=tuple(Label(span, f"`{name}` needs the next one") for name, span in ring[1:]),
    )
    return ERROR


def unknown_name(session: Session, name: str, span: Span, scope: Scope) -> Poison:
    """Report an unknown name, with what it may have been meant to be."""
    split = _as_difference(session, name, scope)
    if split is not None:
        session.sink.error(
            "unknown-name",
            f"unknown name `{name}` (did you mean `{split}`? A hyphen without spaces belongs to the name)",
            span,
            f"write `{split}`",
            fixes=(Fix(f"write `{split}`", (Edit(span, split),), "unsafe"),),
        )
        return ERROR
    visible = {each for each in scope.names() if each and not _is_design(scope.find(each))}
    near = nearest(name, visible)
    fixes = tuple(Fix(f"replace by `{found}`", (Edit(span, found),), "unsafe") for found in near[:1])
    meant = f" (did you mean {quoted(near)}?)" if near else ""
    message = f"unknown name `{name}`{meant}"
    from optidsl.sema.bring import import_fix, modules_with

    fixes = (*(import_fix(session.context.sources, span.file, each, name) for each in modules_with(name)), *fixes)
    session.sink.error("unknown-name", message, span, "not declared here or around", fixes=fixes)
    return ERROR


def _is_design(binding: Binding | None) -> bool:
    """Tell whether a name is the design's own, which no value is made of."""
    return isinstance(binding, FrameBinding) and binding.frame.kind.name == "design"


def _as_difference(session: Session, name: str, scope: Scope) -> str | None:
    """Return `a - b` when a hyphenated name is unknown but both of its sides are known."""
    parts = name.split("-")
    for cut in range(1, len(parts)):
        left, right = "-".join(parts[:cut]), "-".join(parts[cut:])
        right_known = right.isdigit() or _is_known(session, right, scope)
        if _is_known(session, left, scope) and right_known:
            return f"{left} - {right}"
    return None


def _is_known(session: Session, name: str, scope: Scope) -> bool:
    return scope.find(name) is not None


def find_component(binding: Binding | None) -> ComponentBinding | None:
    """Return the component that a binding means, through imports."""
    while isinstance(binding, ImportBinding):
        binding.is_used = True
        binding = binding.target
    return binding if isinstance(binding, ComponentBinding) else None


def find_frame(binding: Binding | None) -> Frame | None:
    """Return the block that a binding means, through imports."""
    while isinstance(binding, ImportBinding):
        binding.is_used = True
        binding = binding.target
    if isinstance(binding, FrameBinding):
        binding.is_used = True
        return binding.frame
    return None
