"""Give a block its names, children and statements: static items first, then loops and conditions."""

from __future__ import annotations

from optidsl.diag import Label, Span
from optidsl.schema.registry import kinds
from optidsl.sema.blocks import Placement, add_child, instance_of, kind_of
from optidsl.sema.evaluate import static_condition
from optidsl.sema.frame import Cite, Frame, GoalSite, Layer, Written
from optidsl.sema.iteration import bind_loop, check_hiding, iterate
from optidsl.sema.layers import complete_layers
from optidsl.sema.overrides import gather_overrides
from optidsl.sema.scope import (
    Binding,
    ComponentBinding,
    FrameBinding,
    ImportBinding,
    LetBinding,
    ParamBinding,
    Scope,
)
from optidsl.sema.session import Session
from optidsl.sema.sources import cite_of
from optidsl.syntax import nodes

_GOAL_PLACES = frozenset({"design", "component", "fabric", "test", "objective"})
_OF_OBJECTIVE = frozenset({"minimize", "maximize", "prefer"})
_PARAM_PLACES = frozenset({"design", "component"})


def declare(session: Session, frame: Frame) -> None:
    """Bind the names that a block's bodies declare outside loops; nothing is evaluated."""
    if frame.state > 0:
        return
    frame.state = 1
    complete_layers(session, frame)
    frame.layers.sort(key=lambda layer: layer.rank)
    for layer in frame.layers:
        via = layer.parent.via
        if frame.is_instance and layer is frame.layers[-1]:
            via = (*frame.origin.via, frame.origin.span)
        scope = Scope(layer.parent, frame, {}, via, layer.parent.is_std)
        frame.layer_scopes.append(scope)
        for item in layer.body.items:
            _declare_item(session, frame, layer, item, scope)
    if frame.kind.name == "design":
        gather_overrides(session, frame)
    for layer, scope in reversed(list(zip(frame.layers, frame.layer_scopes, strict=True))):
        for item in layer.body.items:
            if isinstance(item, nodes.Block) and _is_static(item):
                _declare_block(session, frame, layer, item, scope)


def _is_static(item: nodes.Block) -> bool:
    """Tell whether a block's name is known without evaluating anything."""
    if item.kind.text == "cite":
        return False
    string = item.label_string
    return string is None or all(isinstance(part, str) for part in string.parts)


def bind(session: Session, scope: Scope, binding: Binding) -> bool:
    """Add a name to a scope unless it is taken here or hides one around."""
    present = scope.bindings.get(binding.name)
    if present is not None:
        session.sink.error(
            "duplicate-name",
            f"`{binding.name}` is declared twice: first at {session.context.sources.where(present.span)}",
            binding.span,
            "declared again",
            secondary=(Label(present.span, "first declared here"),),
        )
        return False
    outer = None if scope.parent is None else scope.parent.find(binding.name)
    is_block_in_block = isinstance(binding, FrameBinding) and isinstance(outer, FrameBinding | ComponentBinding)
    around = None if is_block_in_block else scope.parent
    if around is not None and not check_hiding(session, binding.name, binding.span, around):
        return False
    scope.bindings[binding.name] = binding
    if not scope.is_std:
        session.bindings.append(binding)
    return True


def _declare_item(session: Session, frame: Frame, layer: Layer, item: nodes.Item, scope: Scope) -> None:
    is_exported = frame.kind.name == "module"
    if isinstance(item, nodes.Let):
        bind(session, scope, LetBinding(item.name, item.name_span, item.value, scope, item.type, is_exported))
    elif isinstance(item, nodes.Param):
        if frame.container not in _PARAM_PLACES and not frame.is_instance:
            _misplaced(session, frame, "param", item.span)
        else:
            binding = ParamBinding(item.name, item.name_span, item, scope, frame)
            if bind(session, scope, binding):
                frame.params[item.name] = binding
    elif isinstance(item, nodes.Attr | nodes.Bound):
        write(frame, layer.rank, item, scope, layer.cite)
        _refuse_body(session, item)
    elif isinstance(item, nodes.Block) and item.kind.text == "component":
        _declare_component(session, frame, item, scope, is_exported)


def _declare_component(session: Session, frame: Frame, item: nodes.Block, scope: Scope, is_exported: bool) -> None:
    if frame.kind.name not in ("module", "design"):
        _misplaced(session, frame, "component", item.kind.span)
    elif item.label is None or item.label_span is None:
        session.sink.error("missing-name", "a component needs a name", item.kind.span)
    elif item.label in kinds():
        session.sink.error(
            "hidden-name", f"`{item.label}` is a kind of the language: choose another name", item.label_span
        )
    else:
        bind(session, scope, ComponentBinding(item.label, item.label_span, item, scope, is_exported))


def write(frame: Frame, rank: int, item: nodes.Attr | nodes.Bound, scope: Scope, cite: Cite | None) -> None:
    """Record a statement about an attribute."""
    op = item.op if isinstance(item, nodes.Bound) else "="
    statement = Written(rank, op, item.value, scope, item.key.span, cite)
    frame.written.setdefault(item.key.text, []).append(statement)


def _refuse_body(session: Session, item: nodes.Attr | nodes.Bound) -> None:
    if item.body is not None:
        session.sink.error(
            "unexpected-body", f"the attribute `{item.key.text}` takes no body", item.body.span, "remove these braces"
        )


def _misplaced(session: Session, frame: Frame, what: str, span: Span) -> None:
    where = "at the top level" if frame.kind.name == "module" else f"in `{frame.kind.name}`"
    session.sink.error("misplaced-item", f"`{what}` cannot stand {where}", span, "not allowed here")


def _declare_block(session: Session, frame: Frame, layer: Layer, item: nodes.Block, scope: Scope) -> None:
    if item.kind.text == "component":
        return
    child = _child(session, frame, layer.rank, item, scope, layer.cite, item.label or "")
    if child is None:
        return
    frame.static_children[id(item)] = child
    if child.kind.names_another:
        _count_use(child.name, scope)
    if not child.name or item.label_span is None or child.kind.names_another:
        return
    own = frame.layer_scopes
    if not any(isinstance(s.bindings.get(child.name), FrameBinding) for s in own):
        bind(session, scope, FrameBinding(child.name, item.label_span, child))


def _count_use(name: str, scope: Scope) -> None:
    """Count a name as used where it means something here."""
    found = scope.find(name)
    if isinstance(found, ImportBinding | FrameBinding):
        found.is_used = True


def _child(
    session: Session, frame: Frame, rank: int, item: nodes.Block, scope: Scope, cite: Cite | None, name: str
) -> Frame | None:
    component = instance_of(session, item, scope)
    if component is None and kind_of(session, frame, item, scope) is None:
        return None
    return add_child(session, frame, Placement(rank, scope, cite, name, component), item)


def expand(session: Session, frame: Frame) -> None:
    """Run a block's loops and conditions, so that its children and statements are complete."""
    declare(session, frame)
    if frame.state != 1:
        return
    frame.state = 2
    for layer, scope in reversed(list(zip(frame.layers, frame.layer_scopes, strict=True))):
        _walk(session, frame, layer.rank, layer.body.items, scope, layer.cite, True)
    for placement, connect in frame.connects:
        add_child(session, frame, placement, connect)
    frame.state = 3


def _walk(
    session: Session,
    frame: Frame,
    rank: int,
    items: tuple[nodes.Item, ...],
    scope: Scope,
    cite: Cite | None,
    is_top: bool,
) -> None:
    for item in items:
        if isinstance(item, nodes.Block):
            _walk_block(session, frame, rank, item, scope, cite, is_top)
        elif isinstance(item, nodes.For):
            _walk_loop(session, frame, rank, item, scope, cite)
        elif isinstance(item, nodes.If):
            _walk_condition(session, frame, rank, item, scope, cite)
        elif isinstance(item, nodes.Goal):
            _walk_goal(session, frame, item, scope)
        elif isinstance(item, nodes.Connect):
            frame.connects.append((Placement(rank, scope, cite, "", None), item))
        elif isinstance(item, nodes.Let):
            if not is_top:
                bind(session, scope, LetBinding(item.name, item.name_span, item.value, scope, item.type))
        elif isinstance(item, nodes.Attr | nodes.Bound):
            if not is_top:
                write(frame, rank, item, scope, cite)
                _refuse_body(session, item)
        else:
            _walk_rest(session, frame, item, is_top)


def _walk_rest(session: Session, frame: Frame, item: nodes.Item, is_top: bool) -> None:
    if isinstance(item, nodes.Moved):
        if frame.kind.name != "design":
            _misplaced(session, frame, "moved", item.span)
        elif not is_top:
            session.sink.error("misplaced-item", "`moved` cannot stand inside `for` or `if`", item.span)
    elif isinstance(item, nodes.Fn | nodes.TypeDef):
        what = {nodes.Fn: "fn", nodes.TypeDef: "type"}[type(item)]
        session.sink.error("not-in-edition", f"`{what}` is not part of this edition of the language", item.span)
    elif isinstance(item, nodes.Override):
        if frame.kind.name not in ("design", "environment"):
            _misplaced(session, frame, "override", item.span)
        elif not is_top:
            session.sink.error("misplaced-item", "`override` cannot stand inside `for` or `if`", item.span)
    elif isinstance(item, nodes.Param):
        if not is_top:
            session.sink.error("misplaced-item", "`param` cannot stand inside `for` or `if`", item.span)
    elif isinstance(item, nodes.Use) and frame.kind.name != "module":
        _misplaced(session, frame, "use", item.span)


def _walk_block(
    session: Session,
    frame: Frame,
    rank: int,
    item: nodes.Block,
    scope: Scope,
    cite: Cite | None,
    is_top: bool,
) -> None:
    if item.kind.text == "cite":
        inner = cite_of(session, frame, item, scope)
        if inner is not None:
            items = tuple(i for i in item.body.items if not _is_confidence(i))
            _walk(session, frame, rank, items, scope, inner, False)
        return
    if item.kind.text == "component":
        if not is_top:
            session.sink.error("misplaced-item", "`component` cannot stand inside `for` or `if`", item.kind.span)
        return
    known = frame.static_children.get(id(item)) if is_top else None
    if known is None and is_top and _is_static(item):
        return  # refused when it was declared
    if known is None:
        name = _label(session, item, scope)
        known = None if name is None else _child(session, frame, rank, item, scope, cite, name)
    if known is not None and known not in frame.children:
        frame.children.append(known)


def _is_confidence(item: nodes.Item) -> bool:
    return isinstance(item, nodes.Attr) and item.key.text == "confidence"


def _label(session: Session, item: nodes.Block, scope: Scope) -> str | None:
    """Return a block's name, its interpolations filled in; None after an error."""
    if item.label_string is None:
        return item.label or ""
    value = session.evaluate(item.label_string, scope, None)
    return str(value) if isinstance(value, str) else None


def _walk_loop(session: Session, frame: Frame, rank: int, item: nodes.For, scope: Scope, cite: Cite | None) -> None:
    source = session.evaluate(item.source, scope, None)
    steps = iterate(session, source, item.source.span, len(item.names))
    if steps is None:
        return
    for values in steps:
        if not session.count_expansion(len(item.body.items), item.source.span):
            return
        inner = bind_loop(session, item.names, values, scope, item.span)
        if inner is None:
            return
        inner.via = (*scope.via, item.span)
        _walk(session, frame, rank, item.body.items, inner, cite, False)


def _walk_condition(session: Session, frame: Frame, rank: int, item: nodes.If, scope: Scope, cite: Cite | None) -> None:
    holds = static_condition(session, item.condition, scope, "the condition of `if`")
    if holds is None:
        return
    chosen = item.then if holds else item.otherwise
    if isinstance(chosen, nodes.If):
        _walk_condition(session, frame, rank, chosen, scope, cite)
    elif chosen is not None:
        inner = Scope(scope, None, {}, scope.via, scope.is_std)
        _walk(session, frame, rank, chosen.items, inner, cite, False)


def _walk_goal(session: Session, frame: Frame, item: nodes.Goal, scope: Scope) -> None:
    kind = frame.kind.name
    if (item.verb == "expect") != (kind == "test") or (kind == "objective" and item.verb not in _OF_OBJECTIVE):
        _misplaced(session, frame, item.verb, item.verb_span)
    elif frame.kind.name in _GOAL_PLACES or frame.is_instance:
        frame.goals.append(GoalSite(item, scope, frame))
    else:
        _misplaced(session, frame, item.verb, item.verb_span)
