"""Blocks inside blocks: which kind they are, whether they may stand there, and which frame they shape."""

from __future__ import annotations

from optidsl._record import record
from optidsl.diag import Edit, Fix, Label, Span
from optidsl.schema.model import Kind
from optidsl.schema.nearest import alternatives, nearest, quoted
from optidsl.schema.project import FUTURE_KINDS
from optidsl.schema.registry import kinds
from optidsl.sema.frame import BODY_RANK, Cite, Frame, Layer
from optidsl.sema.names import find_component
from optidsl.sema.overrides import pass_down
from optidsl.sema.scope import ComponentBinding, ModuleBinding, Scope
from optidsl.sema.session import Session
from optidsl.sema.switches import numbered_end, numbers_text
from optidsl.source import Origin
from optidsl.syntax import nodes


@record(frozen=True, slots=True)
class Placement:
    """How a block was met: the rank of the body, its scope, the `cite` around it, its name, and its component."""

    rank: int
    scope: Scope
    cite: Cite | None
    name: str
    component: ComponentBinding | None


def instance_of(session: Session, item: nodes.Block, scope: Scope) -> ComponentBinding | None:
    """Return the component that a block instantiates, None when its kind is one of the language's."""
    if item.kind.text in kinds():
        return None
    first = scope.find(item.kind.parts[0])
    if len(item.kind.parts) == 2 and isinstance(first, ModuleBinding):
        first.is_used = True
        first = first.scope.bindings.get(item.kind.parts[1])
    found = find_component(first)
    if found is not None:
        found.is_used = True
    return found


def kind_of(session: Session, frame: Frame, item: nodes.Block, scope: Scope) -> Kind | None:
    """Return the kind of a block that may stand in `frame`; None after reporting that it may not."""
    name = item.kind.text
    kind = kinds().get(name)
    if kind is None:
        _unknown_kind(session, frame, item, scope)
        return None
    container = frame.container
    if container in kind.parents:
        return kind
    where = "at the top level" if container == "module" else f"in `{container}`"
    places = quoted(kind.parents).replace("`module`", "the top level of a file")
    session.sink.error("misplaced-block", f"`{name}` cannot stand {where}", item.kind.span, f"belongs in {places}")
    return None


def _unknown_kind(session: Session, frame: Frame, item: nodes.Block, scope: Scope) -> None:
    name = item.kind.text
    if name in FUTURE_KINDS:
        session.sink.error(
            "not-in-edition",
            f"the kind `{name}` is not part of this edition of the language",
            item.kind.span,
            "refused, because nothing would come of it",
        )
        return
    legal = [kind.name for kind in kinds().values() if frame.container in kind.parents]
    components = [n for s in scope.chain() for n, b in s.bindings.items() if find_component(b) is not None]
    near = nearest(name, [*kinds(), *components])
    if frame.kind.attribute(name) is not None:
        message = f"`{name}` is an attribute of `{frame.kind.name}`, not a block (write `{name} = …`)"
    else:
        message = f"unknown kind `{name}`" + (f" (did you mean {quoted(near)}?)" if near else "")
    fixes = tuple(Fix(f"replace by `{found}`", (Edit(item.kind.span, found),), "unsafe") for found in near[:1])
    session.sink.error(
        "unknown-kind",
        message,
        item.kind.span,
        "no such kind",
        helps=(f"blocks that may stand here: {alternatives([*legal, *dict.fromkeys(components)], 20)}",),
        fixes=fixes,
    )


def _instance_kind(component: ComponentBinding) -> Kind:
    return Kind(component.name, component.block.doc, ())


def add_child(session: Session, frame: Frame, placement: Placement, item: nodes.Block | nodes.Connect) -> Frame | None:
    """Return the frame that a block shapes: a new one, or one that a weaker layer has begun."""
    if isinstance(item, nodes.Connect):
        return _add_connect(session, frame, placement, item)
    component = placement.component
    kind = _instance_kind(component) if component is not None else kinds()[item.kind.text]
    span = item.label_span or item.kind.span
    if not _is_named_well(session, kind, component, item):
        return None
    key = placement.name or kind.name
    present = frame.child_by_name.get(key)
    is_many = kind.names_another or (not placement.name and (kind.is_repeatable or kind.is_part))
    if present is not None and not is_many:
        return _refine(session, present, placement, item, kind, span)
    if component is not None and _is_recursive(session, frame, component, span):
        return None
    child = _new(session, frame, placement, kind, item.doc, span)
    child.base = None if item.base is None else (item.base, placement.scope)
    if item.keys is not None:
        child.key_subs, child.key_scope = item.keys, placement.scope
    child.component = component
    child.layers.append(Layer(placement.rank, item.body, placement.scope, placement.cite))
    if component is not None:
        child.layers.append(Layer(placement.rank + 1, component.block.body, component.scope))
    if not is_many:
        frame.child_by_name[key] = child
    pass_down(session, frame, child)
    return child


def _new(session: Session, frame: Frame, placement: Placement, kind: Kind, doc: str, span: Span) -> Frame:
    address = (*frame.address, placement.name or kind.name)
    origin = Origin(span, placement.scope.via)
    return Frame(kind, placement.name, frame, address, origin, span, doc)


def _is_named_well(session: Session, kind: Kind, component: ComponentBinding | None, item: nodes.Block) -> bool:
    """Check that a block has a name, keys and a base exactly where its kind takes them."""
    sink = session.sink
    if component is not None and item.label is None:
        example = f'`{kind.name} "a" {{ … }}`'
        sink.error("missing-name", f"an instance of `{kind.name}` needs a name", item.kind.span, example)
        return False
    if component is None and kind.label == "required" and item.label is None:
        sink.error("missing-name", f"`{kind.name}` needs a name", item.kind.span, f"`{kind.name} NAME {{ … }}`")
        return False
    if kind.label == "none" and item.label is not None and item.label_span is not None:
        sink.error("unexpected-name", f"`{kind.name}` takes no name", item.label_span, "remove the name")
        return False
    if item.keys is not None and not kind.has_keys:
        session.sink.error(
            "unexpected-keys",
            f"`{kind.name}` takes no keys: write one block for each, or a `for`",
            item.label_span or item.kind.span,
            "remove the brackets",
        )
        return False
    if item.base is not None and component is not None:
        sink.error("unexpected-base", "an instance of a component has no base", item.base.span)
        return False
    return True


def _is_recursive(session: Session, frame: Frame, component: ComponentBinding, span: Span) -> bool:
    around: Frame | None = frame
    while around is not None:
        if around.component is not None and around.component.block is component.block:
            session.sink.error(
                "recursive-component",
                f"component `{component.name}` contains itself",
                span,
                "instantiated inside itself",
                secondary=(Label(component.span, "declared here"),),
            )
            return True
        around = around.parent
    return False


def _refine(
    session: Session, present: Frame, placement: Placement, item: nodes.Block, kind: Kind, span: Span
) -> Frame | None:
    """Add a stronger or weaker body to a block; the same strength twice is a duplicate."""
    if present.kind.name != kind.name or any(layer.rank == placement.rank for layer in present.layers):
        named = f"`{placement.name}`" if placement.name else f"a block `{kind.name}`"
        session.sink.error(
            "duplicate-name",
            f"{named} is declared twice: first at {session.context.sources.where(present.label_span)}",
            span,
            "declared again",
            secondary=(Label(present.label_span, "first declared here"),),
        )
        return None
    if item.keys is not None and present.key_subs is None:
        present.key_subs, present.key_scope = item.keys, placement.scope
    elif item.keys is not None and min(placement.rank, present.layers[0].rank) >= BODY_RANK:
        session.sink.error(
            "needs-override",
            f"the keys of `{present.name}` are set twice: an instance may not change them",
            span,
            secondary=(Label(present.label_span, "set here"),),
        )
    present.layers.append(Layer(placement.rank, item.body, placement.scope, placement.cite))
    present.state = 0 if present.state == 0 else present.state
    return present


def _add_connect(session: Session, frame: Frame, placement: Placement, item: nodes.Connect) -> Frame | None:
    if frame.container != "fabric":
        message = f"`connect` cannot stand in `{frame.kind.name}`"
        session.sink.error("misplaced-block", message, item.left.span, "belongs in `fabric`")
        return None
    picked = [numbered_end(session, placement.scope, expr) for expr in (item.left, item.right)]
    if picked[0] is None or picked[1] is None:
        return None
    ends = (_end(session, frame, picked[0][0]), _end(session, frame, picked[1][0]))
    if ends[0] is None or ends[1] is None:
        return None
    numbers = (picked[0][1], picked[1][1])
    texts = [f"{end}{numbers_text(each)}" for end, each in zip(ends, numbers, strict=True)]
    name = "--".join(texts)
    body = item.body or nodes.Body(item.span, ())
    span = item.left.span.to(item.right.span)
    present = frame.child_by_name.get(name)
    if present is not None:
        if any(layer.rank == placement.rank for layer in present.layers):
            where = session.context.sources.where(present.label_span)
            session.sink.error(
                "duplicate-name",
                f"`connect {texts[0]} -- {texts[1]}` is declared twice: first at {where}",
                span,
                secondary=(Label(present.label_span, "first declared here"),),
            )
            return None
        present.layers.append(Layer(placement.rank, body, placement.scope))
        return present
    kind = kinds()["connect"]
    child = Frame(kind, name, frame, (*frame.address, name), Origin(span, placement.scope.via), span, item.doc)
    child.ends = (ends[0], ends[1])
    child.end_numbers = numbers
    child.layers.append(Layer(placement.rank, body, placement.scope))
    frame.child_by_name[name] = child
    frame.children.append(child)
    pass_down(session, frame, child)
    return child


def _end(session: Session, frame: Frame, expr: nodes.Expr) -> str | None:
    """Return one end of a `connect`: `endpoints`, a tier's name, or `tier.dimension`; None after an error."""
    if isinstance(expr, nodes.Member) and isinstance(expr.value, nodes.Name):
        tier = _end(session, frame, expr.value)
        return None if tier is None else f"{tier}.{expr.name}"
    if isinstance(expr, nodes.Name):
        around = (*frame.static_children.values(), *frame.children)
        tiers = [child.name for child in around if child.kind.name == "tier"]
        if expr.name == "endpoints" or expr.name in tiers:
            return expr.name
        known = list(dict.fromkeys(["endpoints", *tiers]))
        near = nearest(expr.name, known, 1)
        session.sink.error(
            "unknown-name",
            f"`{expr.name}` is not in fabric `{frame.name}`" + (f" (did you mean `{near[0]}`?)" if near else ""),
            expr.span,
            "no such tier",
            helps=(f"ends of a connect: {alternatives(known)}",),
        )
        return None
    session.sink.error(
        "wrong-type", "the ends of a `connect` are `endpoints` and the names of tiers", expr.span, "write a tier's name"
    )
    return None
