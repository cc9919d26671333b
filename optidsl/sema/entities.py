"""From frames to entities: every attribute evaluated and checked, every block built."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from optidsl._record import replace
from optidsl.diag import Edit, Fix, Label
from optidsl.schema.entity import AttrValue, Entity, Scalar
from optidsl.schema.entity import Value as EntityValue
from optidsl.schema.nearest import alternatives, nearest, quoted
from optidsl.schema.registry import kinds
from optidsl.schema.types import INT, EntityRef, PartRef, Type
from optidsl.sema.attributes import resolve_attribute
from optidsl.sema.frame import Frame, Key, Resolved
from optidsl.sema.names import settle
from optidsl.sema.session import Session
from optidsl.sema.values import FrameRef, Value
from optidsl.units import Uncertain


def entity_of(session: Session, frame: Frame) -> Entity:
    """Return a block and everything inside it as an entity, after reporting what is wrong with it."""
    session.expand(frame)
    for binding in frame.params.values():
        settle(session, binding)
    keys: tuple[Key, ...] | None = session.keys(frame)
    entity = Entity(frame.kind.name, frame.name, keys, frame.address, frame.origin, frame.label_span, frame.doc)
    _check_names(session, frame)
    _check_case(session, frame)
    for attribute in () if frame.kind.name == "test" else frame.kind.attributes:  # read by `sema.lower_tests`
        resolved = resolve_attribute(session, frame, attribute)
        if resolved is not None:
            if not resolved.is_broken:
                entity.attrs[attribute.name] = attr_of(resolved, attribute.type)
        elif attribute.is_required and not frame.is_part:
            _missing(session, frame, attribute.name, str(attribute.type))
    if frame.ends is not None:
        for name, end in zip(("a", "z"), frame.ends, strict=True):
            entity.attrs[name] = AttrValue(frame.label_span, frame.label_span, end)
        for name, numbers in zip(("a_numbers", "z_numbers"), frame.end_numbers, strict=True):
            if numbers is not None:
                entity.attrs[name] = AttrValue(frame.label_span, frame.label_span, numbers)
    entity.children = [entity_of(session, child) for child in frame.children if child.kind.name != "environment"]
    for child in frame.children:
        if child.kind.name == "environment":
            session.expand(child)
            _check_names(session, child)
    if frame.is_instance:
        entity.kind = "component"
    return entity


def attr_of(resolved: Resolved, wanted: Type) -> AttrValue:
    """Return what all layers say about an attribute, with references by name; a range of Int by its two ends."""
    cite = resolved.cite
    if wanted == INT and isinstance(resolved.value, Uncertain):
        low, high = (int(end) for end in resolved.value.bounds() if isinstance(end, Fraction))
        resolved = replace(resolved, value=None, lower=low, upper=high)
    return AttrValue(
        resolved.span,
        resolved.value_span,
        None if resolved.value is None else plain(resolved.value),
        None if resolved.options is None else tuple(cast("Scalar", plain(option)) for option in resolved.options),
        None if resolved.lower is None else cast("Scalar", plain(resolved.lower)),
        None if resolved.upper is None else cast("Scalar", plain(resolved.upper)),
        None if cite is None else cite.source,
        None if cite is None else cite.confidence,
        resolved.is_default,
    )


def plain(value: Value) -> EntityValue:
    """Return a checked value as an entity holds it: references by name instead of by frame."""
    if isinstance(value, FrameRef):
        if value.frame.is_part and not value.tail:
            return PartRef(value.frame.kind.name, value.frame.name)
        return EntityRef(value.frame.kind.name, value.frame.address, value.keys, value.tail, value.rails)
    if isinstance(value, tuple):
        return tuple(cast("Scalar", plain(item)) for item in value)
    return cast("EntityValue", value)


def _missing(session: Session, frame: Frame, name: str, wanted: str) -> None:
    label = f"{frame.kind.name} `{frame.name}`" if frame.name else f"`{frame.kind.name}`"
    session.sink.error(
        "missing-attribute",
        f"{label} needs `{name}` ({wanted})",
        frame.label_span,
        f"add `{name} = …`",
    )


def _check_names(session: Session, frame: Frame) -> None:
    """Report statements about attributes that the kind does not have."""
    known = list(frame.params) if frame.is_instance else [attribute.name for attribute in frame.kind.attributes]
    if frame.kind.name == "phase" and frame.parent is not None and frame.parent.parent is not None:
        known += frame.parent.parent.params
    for name, statements in frame.written.items():
        if name in known or (frame.is_instance and name in frame.params):
            continue
        statement = statements[0]
        near = nearest(name, known)
        meant = f" (did you mean {quoted(near)}?)" if near else ""
        has = "param" if frame.is_instance else "attribute"
        owner = f"component `{frame.kind.name}`" if frame.is_instance else f"`{frame.kind.name}`"
        if not frame.is_instance and name in kinds() and frame.container in kinds()[name].parents:
            meant = f": it is a block (write `{name} {{ … }}`)"
        session.sink.error(
            "unknown-attribute",
            f"{owner} has no {has} `{name}`{meant}",
            statement.span,
            f"no such {has}",
            helps=(f"{has}s: {alternatives(known, 20)}",) if known else (f"{owner} has no {has}s",),
            fixes=tuple(Fix(f"replace by `{n}`", (Edit(statement.span, n),), "unsafe") for n in near[:1]),
        )


def _check_case(session: Session, frame: Frame) -> None:
    """Warn about blocks beside each other whose names differ only in case."""
    first: dict[str, Frame] = {}
    for child in frame.children:
        before = first.setdefault(child.name.lower(), child)
        if child.name and before.name != child.name:
            session.sink.warning(
                "names-differ-in-case",
                f"`{before.name}` and `{child.name}` differ only in case",
                child.label_span,
                "easily mistaken for the other",
                secondary=(Label(before.label_span, "the other one"),),
            )
