"""Nodes, fabrics, tiers, and what connects them."""

from __future__ import annotations

from optidsl._record import replace
from optidsl.catalog.parts import ServerModel
from optidsl.diag import InternalError, Sink, Span
from optidsl.schema.entity import Entity
from optidsl.schema.families import FamilyKind
from optidsl.schema.types import EntityRef
from optidsl.sema.design import Endpoint, Fabric, NodeGroup, Tier
from optidsl.sema.lower_choices import kinds_of, of_every_kind, parameter_choices
from optidsl.sema.lower_connect import lower_connects
from optidsl.sema.lower_family import check_tiers, lower_parameters
from optidsl.sema.lower_links import lower_links
from optidsl.sema.lower_place import lower_place
from optidsl.sema.lower_slices import lower_slices
from optidsl.sema.lower_tier import lower_tier
from optidsl.sema.lower_tree import check_tree, planes_of
from optidsl.sema.lowering import (
    Lowering,
    address_of,
    integer,
    name_of,
    part_name,
    ratio,
    slot,
    span_of,
    through,
)
from optidsl.sema.slot import Slot


def lower_nodes(lowering: Lowering, design: Entity) -> tuple[NodeGroup, ...]:
    """Return the families of nodes."""
    return tuple(_node(lowering, entity) for entity in through(design, "node"))


def _node(lowering: Lowering, entity: Entity) -> NodeGroup:
    return NodeGroup(
        address_of(entity),
        name_of(entity),
        entity.keys,
        _server(lowering, entity),
        lower_place(lowering, entity),
        entity.origin,
    )


def _server(lowering: Lowering, entity: Entity) -> ServerModel:
    model = slot(entity.get("model"), part_name).value
    found = lowering.catalog.servers.get(model or "")
    if found is None:
        raise InternalError(f"server model {model} passed the checks and is not in the catalogue")
    return found


def lower_fabrics(lowering: Lowering, design: Entity, nodes: tuple[NodeGroup, ...]) -> tuple[Fabric, ...]:
    """Return the fabrics, leaf tier first."""
    by_address = {node.address.parts: index for index, node in enumerate(nodes)}
    return tuple(_fabric(lowering, entity, by_address, nodes) for entity in through(design, "fabric"))


def _fabric(
    lowering: Lowering, entity: Entity, by_address: dict[tuple[str, ...], int], nodes: tuple[NodeGroup, ...]
) -> Fabric:
    families = kinds_of(lowering.sink, entity)
    tiers = tuple(lower_tier(lowering, tier) for tier in through(entity, "tier"))
    endpoints = _endpoints(lowering, entity, by_address, nodes)

    def lower(family: FamilyKind, sink: Sink) -> list[Fabric]:
        own = tiers if family.is_tree or len(families) == 1 else tiers[: family.tiers[1]]
        fabric = _of_kind(replace(lowering, sink=sink), entity, family, own, (endpoints, nodes))
        choices = parameter_choices(sink, entity, family, fabric.parameters)
        return [fabric if each == fabric.parameters else replace(fabric, parameters=each) for each in choices]

    first, *others = (fabric for each in of_every_kind(lowering.sink, families, lower) for fabric in each)
    return replace(first, variants=tuple(others)) if others else first


def _of_kind(
    lowering: Lowering,
    entity: Entity,
    family: FamilyKind,
    tiers: tuple[Tier, ...],
    served: tuple[tuple[Endpoint, ...], tuple[NodeGroup, ...]],
) -> Fabric:
    """Return a fabric as one of the kinds that it may be."""
    check_tiers(lowering.sink, entity, family, len(tiers))
    parameters = lower_parameters(lowering.sink, entity, family)
    check_tree(lowering.sink, entity, family)
    planes = planes_of(lowering.sink, entity, family, *served)
    count = slot(entity.get("tiers"), integer)
    if count.is_open or not family.is_tree:
        count = Slot(value=len(tiers))
    return Fabric(
        name_of(entity),
        address_of(entity),
        family.kind,
        entity.text("protocol"),
        served[0],
        slot(entity.get("oversubscription"), ratio),
        planes[0],
        count,
        tiers,
        lower_connects(lowering.sink, entity, family, [tier.name for tier in tiers], parameters),
        entity.origin,
        parameters,
        _features(entity),
        lower_slices(lowering, entity, family.kind),
        entity.text("planes_by") or "rail",
        links=lower_links(lowering.sink, entity, family),
        plane_choices=planes if len(planes) > 1 else (),
        stated=_stated(entity),
    )


def _stated(entity: Entity) -> dict[str, Span]:
    """Return where the author says what a fabric is."""
    attrs = {name: entity.get(name) for name in ("kind", "protocol", "endpoints", "planes")}
    return {name: attr.span for name, attr in attrs.items() if attr is not None and not attr.is_default}


def _features(entity: Entity) -> tuple[str, ...]:
    value = entity.value("features")
    return tuple(str(each) for each in value) if isinstance(value, tuple) else ()


def _endpoints(
    lowering: Lowering, entity: Entity, by_address: dict[tuple[str, ...], int], nodes: tuple[NodeGroup, ...]
) -> tuple[Endpoint, ...]:
    span = span_of(entity, "endpoints")
    refs = entity.value("endpoints")
    found: list[Endpoint] = []
    for ref in refs if isinstance(refs, tuple) else ():
        if not isinstance(ref, EntityRef):
            continue
        index, role = by_address[ref.address], ref.tail[-1]
        if len(ref.tail) != 2:
            roles = [nic.name for nic in nodes[index].model.nics]
            written = ".".join((nodes[index].name, *ref.tail))
            lowering.sink.error(
                "wrong-type",
                f"`{written}` names no ports: write `{nodes[index].name}.nic.{roles[0] if roles else 'NAME'}`",
                span,
                helps=(f"NICs of {nodes[index].model.name}: {', '.join(roles)}",),
            )
        elif ref.keys is not None:
            lowering.sink.error(
                "not-in-edition",
                f"endpoints take a whole family: picking keys of `{nodes[index].name}` is not part of this edition",
                span,
                "declare these nodes in a family of their own",
            )
        elif any(each.meets(Endpoint(index, role, span, ref.rails)) for each in found):
            lowering.sink.error(
                "duplicate-name", f"`{nodes[index].name}.nic.{role}` is among the endpoints twice", span
            )
        elif _has_rails(lowering, nodes[index], role, ref, span):
            found.append(Endpoint(index, role, span, ref.rails))
    return tuple(found)


def _has_rails(lowering: Lowering, node: NodeGroup, role: str, ref: EntityRef, span: Span) -> bool:
    """Tell whether a NIC has ports on every rail picked, after reporting one that it has not."""
    nic = node.model.nic(role)
    known = sorted({port.rail for port in (nic.ports if nic is not None else ()) if port.rail is not None})
    odd = next((rail for rail in ref.rails or () if rail not in known), None)
    if odd is None:
        return True
    lowering.sink.error(
        "unknown-key",
        f"no port of `{node.name}.nic.{role}` is on rail {odd}",
        span,
        "no such rail",
        helps=(f"its rails: {', '.join(str(rail) for rail in known) or 'none'}",),
    )
    return False
