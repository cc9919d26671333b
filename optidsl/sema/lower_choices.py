"""What the author leaves open of a fabric as a whole: its kind, parameters of its kind, planes, places of switches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TypeVar

from optidsl.diag import Diagnostic, Sink
from optidsl.schema.entity import AttrValue, Entity
from optidsl.schema.families import FAMILIES, FamilyKind, family_kind
from optidsl.schema.types import EntityRef
from optidsl.sema.design import Endpoint, NodeGroup, Parameter
from optidsl.sema.lowering import span_of

T = TypeVar("T")

MOST_VARIANTS = 256
"""Kinds times parameters that one fabric may leave open."""

_OF_ONE_KIND = ("attribute-not-of-kind", "not-neighbours")
"""What is said of a statement that some kinds do not read; told where none of the allowed kinds reads it."""


def kinds_of(sink: Sink, entity: Entity) -> list[FamilyKind]:
    """Return the kinds that a fabric may be, in the order of the schema; one where the author decided."""
    attr = entity.get("kind")
    if attr is None or attr.value is not None:
        return [family_kind(entity.text("kind"))]
    if attr.options is None:
        sink.error(
            "missing-attribute",
            f"`kind` of `{entity.name}` may be anything: say among which kinds the compiler chooses",
            attr.span,
            "open",
            helps=("write `kind in [clos, fat_tree]`",),
        )
        return [family_kind("clos")]
    return [family for family in FAMILIES if family.kind in attr.options]


def of_every_kind(sink: Sink, families: Sequence[FamilyKind], lower: Callable[[FamilyKind, Sink], T]) -> list[T]:
    """Lower a fabric as each kind that it may be; report what is wrong with all of them, or with one by itself."""
    if len(families) == 1:
        return [lower(families[0], sink)]
    sinks = [Sink() for _ in families]
    lowered = [lower(family, own) for family, own in zip(families, sinks, strict=True)]
    heard = [{_mark(each) for each in own.sorted()} for own in sinks]
    told: set[tuple[str, int, int]] = set()
    for own in sinks:
        for diagnostic in own.sorted():
            mark = _mark(diagnostic)
            is_of_all = all(mark in others for others in heard)
            if diagnostic.name not in _OF_ONE_KIND or (is_of_all and mark not in told):
                sink.emit(diagnostic)
            told.add(mark)
    return lowered


def _mark(diagnostic: Diagnostic) -> tuple[str, int, int]:
    primary = diagnostic.primary
    return (diagnostic.name, -1, -1) if primary is None else (diagnostic.name, primary.span.start, primary.span.end)


def parameter_choices(
    sink: Sink, entity: Entity, families: FamilyKind, given: dict[str, Parameter]
) -> list[dict[str, Parameter]]:
    """Return the parameters with each value that the author leaves open, ascending; as given where nothing is."""
    open_ones = {
        name: (attr, _numbers(sink, entity, name, attr))
        for name in families.parameters
        if name not in ("oversubscription", "tiers") and (attr := entity.get(name)) is not None and _is_open(attr)
    }
    found: list[dict[str, Parameter]] = []
    for values in product(*(numbers for _, numbers in open_ones.values())):
        chosen = {
            name: Parameter(value, attr.span.to(attr.value_span))
            for (name, (attr, _)), value in zip(open_ones.items(), values, strict=True)
        }
        found.append({**given, **chosen})
    if len(found) <= MOST_VARIANTS:
        return found
    first = next(iter(open_ones))
    sink.error(
        "choice-too-wide",
        f"the parameters of `{entity.name}` leave {len(found):,} networks open, and {MOST_VARIANTS} at most "
        "are weighed",
        span_of(entity, first),
        helps=("decide one of them, or narrow its range",),
    )
    return found[:1]


def _is_open(attr: AttrValue) -> bool:
    """Tell whether a parameter is one of several; `auto` leaves it to follow from the endpoints, as if not written."""
    return attr.options is not None or attr.lower is not None or attr.upper is not None


def _numbers(sink: Sink, entity: Entity, name: str, attr: AttrValue) -> tuple[int, ...]:
    """Return the numbers that options or a closed range allow, ascending."""
    numbers = sorted({each for each in _listed(attr) if isinstance(each, int)})
    if numbers:
        return tuple(numbers[: MOST_VARIANTS + 1])
    sink.error(
        "choice-too-wide",
        f"`{name}` of `{entity.name}` has no end: say among which numbers the compiler chooses",
        attr.span,
        helps=(f"write `{name} in 2..8`, `{name} in [2, 4, 8]`, or leave it out",),
    )
    return (1,)


def _listed(attr: AttrValue, most: int | None = None) -> Iterator[object]:
    low, high = attr.lower, attr.upper
    if attr.options is not None:
        yield from (
            each
            for each in attr.options
            if isinstance(each, int)
            and (not isinstance(low, int) or each >= low)
            and (not isinstance(high, int) or each <= high)
        )
        return
    high = most if high is None else high
    if isinstance(high, int):
        first = low if isinstance(low, int) else 1
        yield from range(first, min(high, first + MOST_VARIANTS) + 1)


def open_planes(
    sink: Sink, entity: Entity, endpoints: Sequence[Endpoint], nodes: Sequence[NodeGroup]
) -> tuple[int, ...]:
    """Return the planes among which the compiler chooses, ascending; none where the author decided.

    Without an upper end there are at most as many as a server has ports in the fabric.
    """
    attr = entity.get("planes")
    if attr is None or attr.value is not None:
        return ()
    nics = [nodes[each.node].model.nic(each.nic) for each in endpoints]
    most = max((len(nic.ports) for nic in nics if nic is not None), default=1)
    numbers = sorted({each for each in _listed(attr, most) if isinstance(each, int)})
    if numbers:
        return tuple(numbers)
    sink.error(
        "choice-too-wide",
        f"no number of planes of `{entity.name}` is left: "
        f"a server has {most} port{'' if most == 1 else 's'} in the fabric",
        attr.span,
        helps=("write `planes in [1, 2]`",),
    )
    return (1,)


def open_places(sink: Sink, owner: Entity, place: Entity) -> tuple[EntityRef, ...]:
    """Return the racks among which the compiler chooses for a tier, by name; none where the author decided."""
    attr = place.get("at")
    if attr is None or attr.value is not None:
        return ()
    if owner.kind != "tier" or attr.options is None:
        what = "servers" if owner.kind == "node" else "these switches"
        sink.error(
            "choice-too-wide",
            f"where {what} of `{owner.name}` stand is decided with `at = [...]`",
            attr.span,
            "left open",
            helps=("name the racks with `=`; of a tier `at in [a, b]` leaves the choice",),
        )
        return ()
    refs = [each for each in attr.options if isinstance(each, EntityRef)]
    return tuple(sorted(refs, key=lambda ref: (ref.address, [str(key) for key in ref.keys or ()])))
