"""Sites, halls, rows, racks, and where devices stand."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, cast

from optidsl._record import replace
from optidsl.schema.entity import Entity, Value
from optidsl.schema.types import EntityRef
from optidsl.sema.design_place import Address, Hall, Key, Pathway, Place, RackGroup, Row, Site, Tray
from optidsl.sema.feeds import Feed
from optidsl.sema.lower_choices import open_places
from optidsl.sema.lower_feeds import lower_feeds, place_feeds, rack_feeds
from optidsl.sema.lowering import Lowering, address_of, length_mm, scaled, slot, span_of, through
from optidsl.units import Quantity, Uncertain


def lower_sites(lowering: Lowering, design: Entity) -> tuple[Site, ...]:
    """Return the sites of the design."""
    return tuple(_site(lowering, entity) for entity in through(design, "site"))


def _site(lowering: Lowering, entity: Entity) -> Site:
    low, high = _limits(entity, "pue")
    feeds = lower_feeds(lowering, entity)
    return Site(
        address_of(entity),
        entity.text("title"),
        slot(entity.get("power"), scaled("mW")),
        low,
        high,
        tuple(_hall(lowering, hall, feeds, entity.name) for hall in through(entity, "hall")),
        tuple(_pathway(path) for path in through(entity, "pathway")),
        entity.origin,
        feeds,
    )


def _limits(entity: Entity, name: str) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and the greatest value that nature may choose for a plain number."""
    value = entity.value(name)
    if isinstance(value, Uncertain):
        low, high = value.bounds()
        return _plain(low), _plain(high)
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return Fraction(value), Fraction(value)
    return None, None


def _plain(value: Quantity | Fraction) -> Fraction:
    return value.value if isinstance(value, Quantity) else value


def _hall(lowering: Lowering, entity: Entity, feeds: tuple[Feed, ...], site: str) -> Hall:
    return Hall(
        address_of(entity),
        length_mm(entity, "row_pitch"),
        length_mm(entity, "rack_pitch"),
        _tray(lowering, entity),
        tuple(_row(lowering, row, feeds, site) for row in through(entity, "row")),
        entity.origin,
    )


def _tray(lowering: Lowering, hall: Entity) -> Tray:
    tray = next(through(hall, "tray"), None)
    if tray is None:
        lowering.sink.error(
            "missing-block",
            f"hall `{hall.name}` has no `tray`: without one no route has a length",
            hall.label_span,
            "add `tray { drop = … }`",
        )
        return Tray(0, 0, Fraction(0), None)
    slack = tray.value("slack")
    share = Fraction(slack) if isinstance(slack, int | Fraction) else Fraction(0)
    return Tray(length_mm(tray, "drop"), length_mm(tray, "dress"), share, tray.origin)


def _row(lowering: Lowering, entity: Entity, feeds: tuple[Feed, ...], site: str) -> Row:
    racks = tuple(_racks(lowering, rack, feeds, site) for rack in through(entity, "rack"))
    return Row(address_of(entity), racks, entity.origin)


def _racks(lowering: Lowering, entity: Entity, feeds: tuple[Feed, ...], site: str) -> RackGroup:
    units = entity.scaled("units", "U") or 0
    power = slot(entity.get("power"), scaled("mW"))
    stated = rack_feeds(lowering, entity, feeds, site)
    return RackGroup(address_of(entity), entity.keys or (), units, power, entity.origin, stated)


def _pathway(entity: Entity) -> Pathway:
    ends = [value.address for value in (entity.value("from"), entity.value("to")) if isinstance(value, EntityRef)]
    return Pathway(Address(ends[0]), Address(ends[1]), length_mm(entity, "length"), entity.origin)


def lower_place(lowering: Lowering, owner: Entity) -> Place | None:
    """Return where the devices of a node or a tier stand; None when nothing says so."""
    entity = next(owner.of_kind("place"), None)
    if entity is None:
        return None
    choices = open_places(lowering.sink, owner, entity)
    if not choices:
        return _place(lowering, owner, entity, entity.value("at"))
    first, *others = (_place(lowering, owner, entity, (choice,)) for choice in choices)
    return replace(first, others=tuple(others))


def _place(lowering: Lowering, owner: Entity, entity: Entity, at: Value | None) -> Place:
    racks, keys = _racks_at(lowering, entity, at)
    return Place(
        racks,
        keys,
        entity.integer("per_rack"),
        cast('Literal["fill", "rack", "row"]', entity.text("spread")),
        cast('Literal["bottom_up", "top_down"]', entity.text("fill")),
        entity.scaled("start", "U"),
        entity.origin,
        _units(lowering, entity),
        place_feeds(lowering, entity, owner, tuple(rack.parts for rack in racks)),
    )


def _units(lowering: Lowering, place: Entity) -> tuple[int, ...]:
    """Return the rack units of the devices in a rack; report what else would say where they stand."""
    value = place.value("units")
    found = tuple(each.to_int("U") for each in value if isinstance(each, Quantity)) if isinstance(value, tuple) else ()
    given = [
        name for name in ("per_rack", "start", "fill") if (at := place.get(name)) is not None and not at.is_default
    ]
    if found and given:
        lowering.sink.error(
            "units-stated",
            f"`place.units` says at which rack units devices stand, and so does `{given[0]}`",
            span_of(place, given[0]),
            "said by `units`",
            helps=(f"leave `{given[0]}` out",),
        )
    return found


def _racks_at(
    lowering: Lowering, place: Entity, refs: Value | None
) -> tuple[tuple[Address, ...], tuple[Key, ...] | None]:
    """Return the rack families that `at` names, and the keys when it picks some of one family."""
    families: dict[tuple[str, ...], None] = {}
    picked: list[Key] = []
    indexed = False
    for ref in refs if isinstance(refs, tuple) else ():
        if not isinstance(ref, EntityRef):
            continue
        if ref.keys is not None:
            indexed = True
            picked.extend(ref.keys)
        target = lowering.by_address.get(ref.address)
        found = [target] if target is not None and target.kind == "rack" else _inside(target)
        families.update(dict.fromkeys(rack.address for rack in found))
    if not families and refs is not None:
        lowering.sink.error("empty-place", "`place.at` names no rack", span_of(place, "at"), "no racks here")
    if indexed and len(families) > 1:
        lowering.sink.error(
            "not-in-edition",
            "`place.at` picks keys of one family together with another: not part of this edition",
            span_of(place, "at"),
            "name whole families, or keys of one",
        )
    return tuple(Address(family) for family in families), tuple(dict.fromkeys(picked)) if indexed else None


def _inside(entity: Entity | None) -> list[Entity]:
    if entity is None:
        return []
    if entity.kind == "hall":
        return [rack for row in through(entity, "row") for rack in through(row, "rack")]
    return list(through(entity, "rack"))
