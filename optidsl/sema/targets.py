"""Blocks, single switches and names in an expression as what they mean in the plan."""

from __future__ import annotations

from optidsl.diag import Span
from optidsl.sema.frame import Frame
from optidsl.sema.metrics import fabric_name
from optidsl.sema.promised import Target
from optidsl.sema.values import FrameRef, ObjectValue, Value, show

_NAMED_BY_KIND = frozenset({"tier", "node", "rack", "row", "hall"})
ENDS = frozenset({"tier", "node", "device"})
"""Kinds of targets that a link or a path may end at."""


def target_of(value: Value, span: Span) -> Target | None:
    """Return what a value names; None for one that names nothing of the plan."""
    if isinstance(value, str):
        return Target("device", f'"{value}"', span, (str(value),))
    if isinstance(value, FrameRef):
        return _of_frame(value, span)
    pair = value.fields.get("link") if isinstance(value, ObjectValue) else None
    if not isinstance(pair, tuple):
        return None
    ends = [target_of(end, span) for end in pair]
    known = tuple(end for end in ends if end is not None and end.kind in ENDS)
    if len(known) != 2:
        return None
    return Target("link", f"link({known[0].text}, {known[1].text})", span, ends=known)


def _of_frame(ref: FrameRef, span: Span) -> Target | None:
    frame, kind = ref.frame, ref.frame.kind.name
    keys = None if ref.keys is None else tuple(str(key) for key in ref.keys)
    if kind == "fabric":
        if not ref.tail:
            return Target("fabric", frame.display, span, (fabric_name(frame),))
        planes = _planes(ref.keys)
        text = frame.display + ".plane" + ("" if keys is None else f"[{', '.join(keys)}]")
        return Target("plane", text, span, (fabric_name(frame),), planes=planes)
    if kind == "tier" and frame.parent is not None:
        planes = _planes(tuple(int(word) for word in ref.tail[1:] if word.isdigit())) if ref.tail else None
        shown = FrameRef(frame, ref.keys)
        return Target("tier", show(shown), span, (fabric_name(frame.parent), frame.name), keys, planes)
    if kind not in _NAMED_BY_KIND or ref.tail:
        return None
    return Target(kind, show(ref), span, _path(frame), keys)  # type: ignore[arg-type]


def _planes(keys: tuple[int | str, ...] | None) -> tuple[int, ...] | None:
    return None if keys is None else tuple(int(key) if str(key).isdigit() else -1 for key in keys)


def _path(frame: Frame) -> tuple[str, ...]:
    """Return what finds a block in the plan: site, hall, row and the rack's name before its key; a node's name."""
    if frame.kind.name == "node":
        return (frame.display,)
    around: list[Frame] = []
    here: Frame | None = frame
    while here is not None and here.kind.name != "design":
        around.insert(0, here)
        here = here.parent
    named = {each.kind.name: each.name for each in around}
    found = [named.get(kind, "") for kind in ("site", "hall", "row")]
    if frame.kind.name != "rack":
        return tuple(each for each in found if each)
    start = next(index for index, each in enumerate(around) if each.kind.name == "row")
    return (*found, "-".join(each.name for each in around[start:] if each.name))
