"""What the author says of the links of a fabric: one record for each pair of tiers or dimension that has links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from optidsl.diag import Sink
from optidsl.schema.entity import Entity
from optidsl.schema.families import FamilyKind, dimensions
from optidsl.schema.nearest import did_you_mean, quoted
from optidsl.schema.types import EntityRef
from optidsl.sema.design import Connect, Parameter
from optidsl.sema.lower_given import lower_given
from optidsl.sema.lower_links import names_switches
from optidsl.sema.lowering import integer, part_name, scaled, slot, span_of, text, whole_number
from optidsl.sema.slot import Slot

ENDPOINTS = "endpoints"

_Ends = tuple[str, str, str]
"""Lower tier (or `endpoints`), upper tier, and dimension: "" between tiers, and for all links inside a tier."""


def lower_connects(
    sink: Sink, fabric: Entity, family: FamilyKind, tiers: Sequence[str], parameters: Mapping[str, Parameter]
) -> tuple[Connect, ...]:
    """Return one connect for each segment of links, made up from defaults where the author wrote none."""
    lists = {name: each.value for name, each in parameters.items() if isinstance(each.value, tuple)}
    peers = dimensions(family, lists) if tiers else ()
    pairs = _pairs(family, tiers)
    segments = [*pairs, *((tiers[-1], tiers[-1], peer) for peer in peers)]
    order = [ENDPOINTS, *tiers]
    written: dict[_Ends, Entity] = {}
    for entity in fabric.of_kind("connect"):
        _check_splices(sink, entity)
        if names_switches(entity):
            continue
        ends = _ends_of(entity, order)
        is_all = bool(peers) and ends == (tiers[-1], tiers[-1], "")
        if ends is None or (ends not in segments and not is_all):
            _refuse(sink, fabric, entity, segments)
        elif ends in written:
            sink.error("duplicate-name", f"`connect {ends[0]} -- {ends[1]}` is declared twice", entity.label_span)
        else:
            written[ends] = entity
    return tuple(_said(sink, ends, written.get(ends) or written.get((*ends[:2], "")), fabric) for ends in segments)


def _pairs(family: FamilyKind, tiers: Sequence[str]) -> list[_Ends]:
    if family.served == "every":
        return [(ENDPOINTS, tier, "") for tier in tiers]
    return [(a, z, "") for a, z in pairwise([ENDPOINTS, *tiers])]


def _ends_of(entity: Entity, order: list[str]) -> _Ends | None:
    """Return the ends of a connect, lower tier first; None when only one of them, or another one, names a dimension."""
    (a, _, of_a), (z, _, of_z) = entity.text("a").partition("."), entity.text("z").partition(".")
    if of_a != of_z or a not in order or z not in order:
        return None
    low, high = sorted((a, z), key=order.index)
    return low, high, of_a


def _refuse(sink: Sink, fabric: Entity, entity: Entity, segments: Sequence[_Ends]) -> None:
    words = [f"{_end(a, dimension)} -- {_end(z, dimension)}" for a, z, dimension in segments]
    sink.error(
        "not-neighbours",
        f"{quoted((entity.text('a'), entity.text('z')), 'and')} are not neighbours in fabric `{fabric.name}`"
        f"{did_you_mean(entity.name.replace('--', ' -- '), words)}",
        entity.label_span,
        "no links run between these",
        helps=(f"neighbours: {', '.join(words)}",),
    )


def _end(tier: str, dimension: str) -> str:
    return f"{tier}.{dimension}" if dimension else tier


def _said(sink: Sink, ends: _Ends, entity: Entity | None, fabric: Entity) -> Connect:
    a, z, dimension = ends
    if entity is None:
        return Connect(a, z, Slot(), Slot(), Slot(), Slot(), Slot(), Slot(), 2, fabric.origin, dimension)
    return Connect(
        a,
        z,
        slot(entity.get("rate"), scaled("Mbps")),
        slot(entity.get("medium"), text),
        slot(entity.get("module"), part_name),
        slot(entity.get("cable"), part_name),
        slot(entity.get("length"), scaled("mm")),
        slot(entity.get("parallel"), integer),
        whole_number(entity, "connections"),
        entity.origin,
        dimension,
        whole_number(entity, "splices"),
        entity.scaled("splice_loss", "mdB"),
        _via(entity),
        span_of(entity, "via") if entity.get("via") else None,
        whole_number(entity, "uneven"),
        _words(entity, "scheme"),
        span_of(entity, "scheme") if entity.get("scheme") else None,
        lower_given(sink, entity, ("p2p",)),
    )


def _words(entity: Entity, name: str) -> tuple[str, ...]:
    value = entity.value(name)
    return tuple(str(each) for each in value) if isinstance(value, tuple) else ()


def _via(entity: Entity) -> str:
    value = entity.value("via")
    return ".".join(value.address[1:]) if isinstance(value, EntityRef) else ""


def _check_splices(sink: Sink, entity: Entity) -> None:
    """Report the loss of a splice that there is none of."""
    if entity.get("splice_loss") is not None and not whole_number(entity, "splices"):
        sink.error(
            "missing-attribute",
            f"`connect {entity.text('a')} -- {entity.text('z')}` has `splice_loss` and no `splices`",
            span_of(entity, "splice_loss"),
            "of how many splices?",
            helps=("add `splices = 2`, as many as the channel has",),
        )
