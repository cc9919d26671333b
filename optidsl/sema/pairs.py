"""Figures between two devices of a fabric, `distance(fabric, a, b)`: they travel as a metric that names both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl._record import replace
from optidsl.diag import Span
from optidsl.sema.calls import CallSite
from optidsl.sema.metrics import fabric_metric
from optidsl.sema.values import ERROR, FrameRef, Poison, Solved, Value

if TYPE_CHECKING:
    from optidsl.sema.promised import Target, TargetKind

PAIR_FIGURES: dict[str, str] = {
    "distance": "Links on the shortest path between two devices, those of a node's ports counted.",
    "link_load": "Share of its rate that the link from a switch to its neighbour carries under uniform traffic.",
}
"""Functions of a fabric and two devices that only the finished network answers, and what they are."""

_NOWHERE = Span(0, 0, 0)


def of_pair(call: CallSite) -> Value:
    """Return a quantity of two devices in a fabric that only the finished network has."""
    fabric = call.values[0]
    if not isinstance(fabric, FrameRef) or fabric.frame.kind.name != "fabric" or fabric.tail:
        return call.reject(0, "a fabric")
    ends: list[Target] = []
    for position in (1, 2):
        end = _end(call, position)
        if isinstance(end, Poison):
            return ERROR
        ends.append(end)
    return _named(fabric_metric(fabric.frame, call.name), ends)


def _end(call: CallSite, position: int) -> Target | Poison:
    from optidsl.sema.targets import ENDS, target_of

    kinds = ENDS - {"node"} if call.name == "link_load" else ENDS
    wanted = "a switch" if "node" not in kinds else "a node or a switch"
    target = target_of(call.values[position], call.spans[position])
    if target is None or target.kind not in kinds:
        return call.reject(position, f"{wanted}, as `compute.leaf[1]`")
    return target


def _named(plain: Solved, ends: list[Target]) -> Solved:
    """Return the metric with its ends in brackets."""
    import json

    shown = [(end.kind, end.text, end.path, end.keys, end.planes) for end in ends]
    words = json.dumps(shown, separators=(",", ":"))
    return Solved(plain.constant, {f"{name}({words})": factor for name, factor in plain.terms.items()})


def function_of(name: str) -> str:
    """Return the function that a metric, or its last word, comes from: `distance` of `distance([…])`."""
    return name.partition("(")[0].rpartition(".")[2]


def ends_of(name: str) -> tuple[Target, Target]:
    """Return the two ends that a metric of a pair names."""
    import json

    from optidsl.sema.promised import Target

    first, second = (
        replace(
            Target(_kind(kind), text, _NOWHERE, tuple(path)),
            keys=None if keys is None else tuple(keys),
            planes=None if planes is None else tuple(planes),
        )
        for kind, text, path, keys, planes in json.loads(name.partition("(")[2][:-1])
    )
    return first, second


def _kind(word: str) -> TargetKind:
    return "tier" if word == "tier" else "node" if word == "node" else "device"
