"""What the lock says of shapes: kind, tiers, planes, models and racks in service hold where they are still possible."""

from __future__ import annotations

import re
from collections.abc import Mapping

from optidsl._context import Context
from optidsl._record import replace
from optidsl.diag import Sink
from optidsl.fabric.openness import is_open
from optidsl.fabric.refusal import allows
from optidsl.joint.in_service import is_upgraded, with_sizes
from optidsl.layout.racks import rack_table
from optidsl.schema.families import family_kind
from optidsl.sema.design import Design, Fabric, Tier
from optidsl.sema.design_place import Address, Place
from optidsl.sema.slot import Slot

_ENTRY = re.compile(r"(kind|tiers|planes|model) ([^,]+)")


def held(design: Design, context: Context, *, with_ports: bool = True) -> Design:
    """Return the design with what is in service decided wherever the author leaves it open; itself where nothing is.

    Numbers of switches follow from the endpoints and are not held. Nor is what `--upgrade` names.

    Args:
        design: what is asked for.
        context: what is in service.
        with_ports: whether the ports of switches hold too.
    """
    pins = context.pins
    if not pins.shapes:
        return design
    racks = _racks(design, context) if pins.places else {}
    fabrics = tuple(_held(fabric, context, racks) if is_open(fabric) else fabric for fabric in design.fabrics)
    if with_ports:
        fabrics = tuple(with_sizes(design, fabric, context) for fabric in fabrics)
    return design if fabrics == design.fabrics else replace(design, fabrics=fabrics)


def _held(fabric: Fabric, context: Context, racks: Mapping[str, frozenset[Address]]) -> Fabric:
    said = _entries(context.pins.shapes.get(fabric.name, ""))
    if said and not is_upgraded(context, fabric.name):
        same = [each for each in (fabric, *fabric.variants) if each.kind == said.get("kind")]
        if same:
            fabric = replace(same[0], variants=tuple(same[1:]))
        fabric = _with_numbers(fabric, said)
        fabric = replace(fabric, variants=tuple(_with_numbers(each, said) for each in fabric.variants))
    tiers = tuple(_held_tier(fabric, tier, context, racks) for tier in fabric.tiers)
    return replace(fabric, tiers=tiers, variants=tuple(_with_models(each, tiers) for each in fabric.variants))


def _with_numbers(fabric: Fabric, said: Mapping[str, str]) -> Fabric:
    planes, tiers = int(said.get("planes", 0)), int(said.get("tiers", 0))
    if planes in fabric.plane_choices:
        fabric = replace(fabric, planes=planes, plane_choices=())
    slot = fabric.tier_count
    is_free = family_kind(fabric.kind).is_tree and slot.value is None and allows(slot, tiers)
    return replace(fabric, tier_count=Slot(value=tiers, span=slot.span)) if is_free else fabric


def _held_tier(fabric: Fabric, tier: Tier, context: Context, racks: Mapping[str, frozenset[Address]]) -> Tier:
    name = f"{fabric.name}.{tier.name}"
    if is_upgraded(context, name):
        return tier
    model = _entries(context.pins.shapes.get(name, "")).get("model", "")
    options = tier.model.options
    if model and options is not None:
        found = next((each for each in options if each.name == model), None)
        if found is not None:
            tier = replace(tier, model=Slot(value=found, span=tier.model.span))
    place = tier.place
    if place is None or not place.others or name not in racks:
        return tier
    return replace(tier, place=_same_place(place, racks[name]))


def _with_models(fabric: Fabric, tiers: tuple[Tier, ...]) -> Fabric:
    return replace(fabric, tiers=tiers[: len(fabric.tiers)])


def _same_place(place: Place, stood: frozenset[Address]) -> Place:
    """Return the choice of racks in which the switches of a tier stand already."""
    choices = (replace(place, others=()), *place.others)
    return next((each for each in choices if stood <= set(each.racks)), place)


def _racks(design: Design, context: Context) -> dict[str, frozenset[Address]]:
    """Return the groups of racks in which the switches of each tier stand, by `fabric.tier`."""
    table = rack_table(design, Sink())
    if table is None:
        return {}
    groups = {name: group.address for name, group in zip(table.name, table.group, strict=True)}
    found: dict[str, set[Address]] = {}
    for identity, (rack, _) in context.pins.places.items():
        if rack in groups:
            found.setdefault(identity.partition("[")[0], set()).add(groups[rack])
    return {name: frozenset(each) for name, each in found.items()}


def _entries(text: str) -> dict[str, str]:
    """Return what a record of the lock says: `kind clos, tiers 2, planes 1`, or `model sn5600`."""
    return {word: value.strip() for word, value in _ENTRY.findall(text)}
