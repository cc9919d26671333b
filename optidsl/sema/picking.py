"""What `fail` may name beyond blocks: single switches of a tier, planes, and the links between two devices."""

from __future__ import annotations

from optidsl.sema.calls import CallSite
from optidsl.sema.frame import Key
from optidsl.sema.values import ERROR, FrameRef, ObjectValue, Value

PLANE = "plane"


def picked(ref: FrameRef, keys: tuple[Key, ...]) -> FrameRef | None:
    """Return members of a tier or planes of a fabric by key, None for what has no members here."""
    if ref.tail == (PLANE,) or (ref.frame.kind.name == "tier" and ref.keys is None):
        return FrameRef(ref.frame, keys, ref.tail)
    return None


def picked_member(ref: FrameRef, name: str) -> FrameRef | None:
    """Return `fabric.plane`, or a tier of planes picked: `fabric.plane[0].spine`."""
    if ref.frame.kind.name != "fabric":
        return None
    if not ref.tail:
        return FrameRef(ref.frame, None, (PLANE,)) if name == PLANE else None
    tier = ref.frame.child_by_name.get(name)
    if tier is None or tier.kind.name != "tier" or ref.keys is None:
        return None
    return FrameRef(tier, None, (PLANE, *(str(key) for key in ref.keys)))


def link_between(call: CallSite) -> Value:
    """Return the links between two devices, for `fail`."""
    if not call.session.picks_devices:
        message = "`link(a, b)` names what fails: it stands in `fail` of a `test` only"
        call.session.sink.error("misplaced-item", message, call.span, "not a value here")
        return ERROR
    return ObjectValue({"link": call.values})
