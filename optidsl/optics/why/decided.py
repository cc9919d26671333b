"""Who decided a value: a line of the source with its layer, the lock, or the compiler."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from optidsl._context import Context, Said
from optidsl._record import record
from optidsl.diag import Span
from optidsl.optics.text import listing
from optidsl.sema.slot import Slot

T = TypeVar("T")


@record(frozen=True, slots=True)
class Decision:
    """A value and who decided it.

    Attributes:
        what: the attribute, as in `module`.
        value: in words.
        by: who: `source`, `compiler`, `lock`, `default`, `closed form` or `floor plan`.
        reason: why this value, in words; "" where the source says it.
        layer: of the source statement that decides or bounds it ("own body", "override", "environment lab", …).
        where: `file:line` of that statement, "" without one.
        said: every statement about it, the strongest first.
    """

    what: str
    value: str
    by: str
    reason: str = ""
    layer: str = ""
    where: str = ""
    said: tuple[Said, ...] = ()


def decision(
    context: Context, what: str, value: str, slot: Slot[T], show: Callable[[T], str], compiler: tuple[str, str]
) -> Decision:
    """Return who decided an attribute.

    Args:
        context: with what the layers said.
        what: name of the attribute.
        value: its value in words.
        slot: what the source says of it.
        show: one value of the slot in words.
        compiler: who decides what the source leaves open, and why.
    """
    by, reason = compiler
    if slot.span is None:
        if slot.is_decided:
            return Decision(what, value, "default", "the default of the schema")
        return Decision(what, value, by, reason)
    said = said_at(context, slot.span)
    layer = said[0].layer if said else "own body"
    where = context.sources.where(slot.span)
    is_left = bool(said) and not said[0].text.startswith("= ")  # the compiler decided it with the shape of the network
    if slot.is_decided and not is_left:
        return Decision(what, value, "source", "", layer, where, said)
    if slot.is_decided:
        by, reason = "compiler", "the best of the shapes weighed"
    within = f"`{what} {said[0].text}`" if is_left else bounds(slot, show)
    return Decision(what, value, by, f"{reason}, within {within}" if reason else f"within {within}", layer, where, said)


def decision_at(
    context: Context, path: str, what: str, value: str, compiler: tuple[str, str] = ("compiler", "")
) -> Decision:
    """Return who decided the attribute at a path, `backend.planes`: the source, or else the compiler."""
    said = (context.said or {}).get(path, ())
    if not said:
        return Decision(what, value, *compiler)
    first = said[0]
    if first.span is None:
        return Decision(what, value, "default", "the default of the schema")
    where = context.sources.where(first.span)
    if first.text.startswith("= ") and first.text not in ("= auto", "= none"):
        return Decision(what, value, "source", "", first.layer, where, said)
    by, reason = compiler
    within = f"within `{what} {first.text}`"
    return Decision(what, value, by, f"{reason}, {within}" if reason else within, first.layer, where, said)


def said_at(context: Context, span: Span) -> tuple[Said, ...]:
    """Return what the layers said of the attribute that a statement decides."""
    return next((said for said in (context.said or {}).values() if said and said[0].span == span), ())


def bounds(slot: Slot[T], show: Callable[[T], str]) -> str:
    """Return the bounds of a slot in words."""
    if slot.options is not None:
        return listing([show(each) for each in slot.options])
    if slot.lower is not None and slot.upper is not None:
        return f"{show(slot.lower)} to {show(slot.upper)}"
    if slot.upper is not None:
        return f"at most {show(slot.upper)}"
    return "" if slot.lower is None else f"at least {show(slot.lower)}"
