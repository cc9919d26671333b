"""Which layers spoke about an attribute, for `explain`: recorded only when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl._context import Said
from optidsl.diag import Span
from optidsl.sema.frame import BODY_RANK, ENVIRONMENT_RANK, OVERRIDE_RANK, Frame, Written

if TYPE_CHECKING:
    from optidsl.schema.model import Attribute
    from optidsl.sema.scope import ParamBinding
    from optidsl.sema.session import Session

DEFAULT = "default of the schema"
"""The weakest layer."""


def note(session: Session, frame: Frame, name: str, statements: list[Written]) -> None:
    """Record what every layer said of an attribute, strongest first, under its path."""
    said = session.context.said
    if said is None:
        return
    said[f"{frame.display}.{name}"] = tuple(
        Said(_layer(session, frame, each), each.span.to(each.value.span), f"{each.op} {session.text(each.value.span)}")
        for each in statements
    )


def note_default(session: Session, frame: Frame, attribute: Attribute) -> None:
    """Record that nobody says anything of an attribute, and what the schema says."""
    said = session.context.said
    if said is not None and attribute.default:
        text = attribute.default if attribute.default.startswith(("<", ">", "in ")) else f"= {attribute.default}"
        said[f"{frame.display}.{attribute.name}"] = (Said(DEFAULT, None, text),)


def note_param(session: Session, binding: ParamBinding, statements: list[Written]) -> None:
    """Record what gives a param its value, strongest first: the caller, overrides, the instance, the declaration."""
    said, frame, item = session.context.said, binding.frame, binding.item
    if said is None:
        return
    is_of_design = frame.kind.name == "design"
    given = session.context.options.params.get(binding.name) if is_of_design else None
    told = [] if given is None else [Said("--param", None, f"= {given}")]
    told += [
        Said(_layer(session, frame, each), each.span.to(each.value.span), f"{each.op} {session.text(each.value.span)}")
        for each in statements
    ]
    last = item.type.span if item.default is None else item.default.span
    told.append(Said("declaration", binding.span, f": {session.text(item.type.span.to(last))}"))
    said[binding.name if is_of_design else f"{frame.display}.{binding.name}"] = tuple(told)


def _layer(session: Session, frame: Frame, statement: Written) -> str:
    """Return the layer of a statement in words."""
    if statement.rank == ENVIRONMENT_RANK:
        return f"environment {session.context.options.environment}"
    if statement.rank == OVERRIDE_RANK:
        return "override"
    around: Frame | None = frame
    while around is not None:
        component = around.component
        if component is not None and _holds(component.block.span, statement.span):
            return f"component {component.name}"
        around = around.parent
    own = min((layer.rank for layer in frame.layers if layer.rank >= BODY_RANK), default=BODY_RANK)
    return "own body" if statement.rank <= own else "base"


def _holds(outer: Span, inner: Span) -> bool:
    return outer.file == inner.file and outer.start <= inner.start and inner.end <= outer.end
