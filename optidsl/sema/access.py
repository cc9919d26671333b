"""`value.name` and `value[…]`."""

from __future__ import annotations

from optidsl.diag import Span
from optidsl.schema.nearest import alternatives, did_you_mean, nearest
from optidsl.sema.frame import Frame, Key
from optidsl.sema.iteration import family_keys
from optidsl.sema.metrics import FABRIC_COUNTS, FABRIC_FIGURES, fabric_figure, namespace_member
from optidsl.sema.names import value_of
from optidsl.sema.operators import wrong_type
from optidsl.sema.picking import picked, picked_member
from optidsl.sema.rails import is_rail_pick, on_rails
from optidsl.sema.scope import LetBinding, ParamBinding, Scope
from optidsl.sema.session import FAMILY_LIMIT, Session
from optidsl.sema.values import (
    ERROR,
    AttrPrefix,
    FrameRef,
    ModuleRef,
    Namespace,
    ObjectValue,
    Poison,
    RangeValue,
    Value,
    describe,
    show,
)
from optidsl.syntax import nodes


def member(session: Session, value: Value, name: str, span: Span) -> Value:
    """Return `value.name`."""
    if isinstance(value, Poison):
        return ERROR
    if isinstance(value, FrameRef):
        part = picked_member(value, name) if session.picks_devices else None
        if part is not None:
            return part
        return _tail_member(session, value, name, span) if value.tail else _frame_member(session, value, name, span)
    if isinstance(value, ModuleRef):
        return _module_member(session, value, name, span)
    if isinstance(value, Namespace):
        return namespace_member(session, value, name, span)
    if isinstance(value, AttrPrefix):
        return _prefix_member(session, value, name, span)
    if isinstance(value, ObjectValue):
        if name in value.fields:
            return value.fields[name]
        return _missing(session, name, "the object", list(value.fields), span)
    return wrong_type(session, f"{describe(value)} has no attributes, so `.{name}` means nothing", span)


def _missing(session: Session, name: str, owner: str, known: list[str], span: Span) -> Poison:
    helps = (f"it has: {alternatives(known)}",) if known else ()
    session.sink.error(
        "unknown-attribute", f"{owner} has no `{name}`{did_you_mean(name, known)}", span, "no such name", helps=helps
    )
    return ERROR


def _module_member(session: Session, value: ModuleRef, name: str, span: Span) -> Value:
    exported = {key: binding for key, binding in value.scope.bindings.items() if getattr(binding, "is_exported", True)}
    binding = value.scope.bindings.get(name)
    if binding is None:
        return _missing(session, name, f"module `{value.name}`", list(exported), span)
    return value_of(session, binding)


def _frame_member(session: Session, ref: FrameRef, name: str, span: Span) -> Value:
    frame = ref.frame
    if frame.state != 2:
        session.expand(frame)
    child = frame.child_by_name.get(name)
    if child is not None:
        return FrameRef(child)
    if frame.kind.attribute(name) is not None:
        return session.read(frame, name, span)
    if any(attribute.name.startswith(f"{name}.") for attribute in frame.kind.attributes):
        return AttrPrefix(frame, name)
    if any(other.kind.name == name for other in frame.children):
        return AttrPrefix(frame, name)
    own = _own_name(session, frame, name)
    if own is not None:
        return own
    figure = fabric_figure(frame, name)
    if figure is not None:
        return figure
    if frame.kind.name == "node" and name == "nic":
        return FrameRef(frame, ref.keys, ("nic",))
    if name == "count":
        counted = _count(session, ref)
        if counted is not None:
            return counted
    return _missing(session, name, describe(ref), _readable(frame), span)


def _own_name(session: Session, frame: Frame, name: str) -> Value | None:
    """Return a let or param of a design or of a component's instance."""
    for scope in frame.layer_scopes:
        binding = scope.bindings.get(name)
        if isinstance(binding, LetBinding | ParamBinding):
            return value_of(session, binding)
    return None


def _count(session: Session, ref: FrameRef) -> int | None:
    """Return how many members a family has, or how many ports a NIC."""
    if ref.frame.kind.name == "nic":
        return sum(1 for child in ref.frame.children if child.kind.name == "port")
    keys = family_keys(session, ref)
    return None if keys is None else len(keys)


def _readable(frame: Frame) -> list[str]:
    names = [attribute.name for attribute in frame.kind.attributes]
    names += [child.name or child.kind.name for child in frame.children]
    for scope in frame.layer_scopes:
        names += [name for name, binding in scope.bindings.items() if isinstance(binding, LetBinding | ParamBinding)]
    if frame.kind.name == "node":
        names.append("nic")
    if frame.kind.name == "fabric":
        names += [*FABRIC_FIGURES, *FABRIC_COUNTS]
    if frame.kind.name == "tier":
        names.append(FABRIC_COUNTS[0])
    return list(dict.fromkeys(names))


def _prefix_member(session: Session, value: AttrPrefix, name: str, span: Span) -> Value:
    dotted = f"{value.name}.{name}"
    if value.frame.kind.attribute(dotted) is not None:
        return session.read(value.frame, dotted, span)
    group = [child for child in value.frame.children if child.kind.name == value.name]
    for child in group:
        if child.name == name:
            return FrameRef(child)
    known = [child.name for child in group]
    start = f"{value.name}."
    known += [a.name.removeprefix(start) for a in value.frame.kind.attributes if a.name.startswith(start)]
    return _missing(session, name, f"`{value.name}` of `{value.frame.name}`", known, span)


def _tail_member(session: Session, ref: FrameRef, name: str, span: Span) -> Value:
    """Follow `node.nic` into the node's model: the role first, then what the role has."""
    model = session.read(ref.frame, "model", span)
    if not isinstance(model, FrameRef):
        return ERROR
    session.expand(model.frame)
    roles = {child.name: child for child in model.frame.children if child.kind.name == "nic"}
    if len(ref.tail) == 1:
        if name in roles:
            return FrameRef(ref.frame, ref.keys, ("nic", name))
        return _missing(session, name, f"`{model.frame.name}.nic`", list(roles), span)
    return _frame_member(session, FrameRef(roles[ref.tail[1]]), name, span)


def index(session: Session, value: Value, subs: tuple[nodes.Subscript, ...], scope: Scope, span: Span) -> Value:
    """Return `value[…]`: members of a family by key, a child by name, an item of a list, a field of an object."""
    if isinstance(value, Poison):
        return ERROR
    if isinstance(value, FrameRef) and is_rail_pick(value, subs):
        return on_rails(session, value, subs[0], scope)
    if any(sub.name is not None for sub in subs):
        session.sink.error("not-in-edition", "picking by attribute (`x[a = 1]`) is not part of this edition", span)
        return ERROR
    if isinstance(value, FrameRef) and (not value.tail or session.picks_devices):
        return _frame_index(session, value, subs, scope, span)
    if len(subs) != 1 or subs[0].value is None:
        return wrong_type(session, f"{describe(value)} takes one index", span)
    key = session.evaluate(subs[0].value, scope, None)
    if isinstance(key, Poison):
        return ERROR
    if isinstance(value, tuple):
        return _list_item(session, value, key, subs[0].span)
    if isinstance(value, ObjectValue) and isinstance(key, str):
        if key in value.fields:
            return value.fields[key]
        return _missing(session, key, "the object", list(value.fields), subs[0].span)
    return wrong_type(session, f"{describe(value)} cannot be indexed", span)


def _list_item(session: Session, items: tuple[Value, ...], key: Value, span: Span) -> Value:
    if isinstance(key, bool) or not isinstance(key, int):
        return wrong_type(session, f"a list is indexed by Int, found {describe(key)}", span)
    if 0 <= key < len(items):
        return items[key]
    session.sink.error("unknown-key", f"the list has {len(items)} items, numbered from 0: there is no item {key}", span)
    return ERROR


def _frame_index(session: Session, ref: FrameRef, subs: tuple[nodes.Subscript, ...], scope: Scope, span: Span) -> Value:
    own = family_keys(session, ref)
    wanted = key_values(session, subs, scope)
    if wanted is None:
        return ERROR
    if session.picks_devices and isinstance(wanted, tuple):
        members = picked(ref, wanted)
        if members is not None:
            return members
    if own is None:
        return _child_by_key(session, ref, wanted, subs, span)
    if wanted == "*":
        return ref
    known = set(own)
    for key in wanted:
        if key not in known:
            return unknown_key(session, ref.frame, key, own, span)
    return FrameRef(ref.frame, tuple(wanted))


def key_values(session: Session, subs: tuple[nodes.Subscript, ...], scope: Scope) -> tuple[Key, ...] | str | None:
    """Return the keys between brackets; "*" for every key, None after an error."""
    keys: list[Key] = []
    for sub in subs:
        if sub.value is None:
            return "*"
        value = session.evaluate(sub.value, scope, None)
        if isinstance(value, Poison):
            return None
        items = value if isinstance(value, tuple) else (value,)
        for item in items:
            if isinstance(item, RangeValue) and isinstance(item.low, int) and isinstance(item.high, int):
                if not _is_countable(session, item.high - item.low + 1, sub.span):
                    return None
                keys.extend(range(item.low, item.high + 1))
            elif isinstance(item, str) or (isinstance(item, int) and not isinstance(item, bool)):
                keys.append(item if isinstance(item, int) else str(item))
            else:
                wrong_type(session, f"a key is an Int or a String, found {describe(item)}", sub.span)
                return None
    return tuple(keys)


def _is_countable(session: Session, size: int, span: Span) -> bool:
    if size <= FAMILY_LIMIT:
        return session.count_expansion(size // 1024, span)
    session.sink.error(
        "family-too-large",
        f"{size:,} keys in one family: at most {FAMILY_LIMIT:,} are possible",
        span,
        "too many keys",
        helps=("is an end of the range a slip?",),
    )
    return False


def unknown_key(session: Session, frame: Frame, key: Key, own: tuple[Key, ...], span: Span) -> Poison:
    """Report a key that a family does not have, with the nearest it has."""
    if isinstance(key, int) and own and all(isinstance(other, int) for other in own):
        near = str(min((other for other in own if isinstance(other, int)), key=lambda other: abs(other - int(key))))
    else:
        near = next(iter(nearest(str(key), [str(other) for other in own], 1)), "")
    meant = f"; the nearest is {near}" if near else ""
    session.sink.error(
        "unknown-key",
        f"`{frame.display}` has no key {show(key)}: its keys are {key_summary(own)}{meant}",
        span,
        "no such key",
        notes=("keys are labels, not positions",),
    )
    return ERROR


def key_summary(keys: tuple[Key, ...]) -> str:
    """Print keys shortly: `1..8`, or `"a", "b"`."""
    if len(keys) > 2 and all(isinstance(key, int) for key in keys):
        first = int(keys[0])
        if keys == tuple(range(first, first + len(keys))):
            return f"{first}..{keys[-1]}"
    return alternatives([show(key) for key in keys], 8)


def _child_by_key(
    session: Session, ref: FrameRef, wanted: tuple[Key, ...] | str, subs: tuple[nodes.Subscript, ...], span: Span
) -> Value:
    frame = ref.frame
    if frame.state != 2:
        session.expand(frame)
    if not isinstance(wanted, tuple) or len(wanted) != 1:
        names = [child for child in frame.children if child.name]
        if wanted == "*" and names:
            return tuple(FrameRef(child) for child in names)
        return wrong_type(session, f"{describe(ref)} has no keys", span)
    child = frame.child_by_name.get(str(wanted[0]))
    if child is not None:
        return FrameRef(child)
    known = [other.name for other in frame.children if other.name]
    if not known:
        return wrong_type(session, f"{describe(ref)} has no keys", span)
    session.sink.error(
        "unknown-key",
        f"`{frame.display}` has no {show(wanted[0])}{did_you_mean(str(wanted[0]), known)}",
        subs[0].span,
        "no such block",
        helps=(f"it has: {alternatives(known)}",),
    )
    return ERROR
