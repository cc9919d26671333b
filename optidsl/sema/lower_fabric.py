"""Nodes, fabrics, tiers, and what connects them."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, cast

from optidsl.catalog.parts import ServerModel, SwitchModel
from optidsl.diag import InternalError
from optidsl.schema.entity import Entity, Scalar
from optidsl.schema.nearest import did_you_mean
from optidsl.schema.types import EntityRef
from optidsl.sema.design import Connect, Endpoint, Fabric, NodeGroup, Tier
from optidsl.sema.lower_place import lower_place
from optidsl.sema.lowering import (
    Lowering,
    address_of,
    integer,
    name_of,
    part_name,
    ratio,
    scaled,
    slot,
    span_of,
    text,
    through,
    whole_number,
)
from optidsl.sema.slot import Slot

ENDPOINTS = "endpoints"


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
    tiers = tuple(_tier(lowering, tier) for tier in through(entity, "tier"))
    if not tiers:
        lowering.sink.error(
            "missing-block", f"fabric `{entity.name}` has no `tier`", entity.label_span, "add `tier leaf { model = … }`"
        )
    count = slot(entity.get("tiers"), integer)
    if count.is_open:
        count = Slot(value=len(tiers))
    return Fabric(
        name_of(entity),
        address_of(entity),
        cast('Literal["clos", "fat_tree", "rail_optimized"]', entity.text("kind")),
        cast('Literal["infiniband", "ethernet"]', entity.text("protocol")),
        _endpoints(lowering, entity, by_address, nodes),
        slot(entity.get("oversubscription"), ratio),
        whole_number(entity, "planes"),
        count,
        tiers,
        _connects(lowering, entity, [tier.name for tier in tiers]),
        entity.origin,
    )


def _tier(lowering: Lowering, entity: Entity) -> Tier:
    def model(value: Scalar) -> SwitchModel:
        found = lowering.catalog.switches.get(part_name(value))
        if found is None:
            raise InternalError(f"switch model {part_name(value)} passed the checks and is not in the catalogue")
        return found

    return Tier(
        entity.name,
        address_of(entity),
        slot(entity.get("model"), model),
        slot(entity.get("count"), integer),
        slot(entity.get("down"), integer),
        slot(entity.get("up"), integer),
        lower_place(lowering, entity),
        entity.origin,
    )


def _endpoints(
    lowering: Lowering, entity: Entity, by_address: dict[tuple[str, ...], int], nodes: tuple[NodeGroup, ...]
) -> tuple[Endpoint, ...]:
    span = span_of(entity, "endpoints")
    refs = entity.value("endpoints")
    found: dict[tuple[int, str], Endpoint] = {}
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
        elif (index, role) in found:
            lowering.sink.error(
                "duplicate-name", f"`{nodes[index].name}.nic.{role}` is among the endpoints twice", span
            )
        else:
            found[index, role] = Endpoint(index, role, span)
    return tuple(found.values())


def _connects(lowering: Lowering, fabric: Entity, tiers: list[str]) -> tuple[Connect, ...]:
    """Return one connect for each pair of neighbours, made up from defaults where the author wrote none."""
    order = [ENDPOINTS, *tiers]
    written: dict[tuple[str, str], Entity] = {}
    for entity in fabric.of_kind("connect"):
        ends = sorted((entity.text("a"), entity.text("z")), key=order.index)
        pair = (ends[0], ends[1])
        if order.index(pair[1]) != order.index(pair[0]) + 1:
            _refuse_distant(lowering, fabric, entity, order)
        elif pair in written:
            lowering.sink.error(
                "duplicate-name", f"`connect {pair[0]} -- {pair[1]}` is declared twice", entity.label_span
            )
        else:
            written[pair] = entity
    return tuple(
        _connect(a, z, written[a, z]) if (a, z) in written else _unsaid(a, z, fabric) for a, z in pairwise(order)
    )


def _refuse_distant(lowering: Lowering, fabric: Entity, entity: Entity, order: list[str]) -> None:
    pairs = [f"{a} -- {z}" for a, z in pairwise(order)]
    lowering.sink.error(
        "not-neighbours",
        f"`{entity.text('a')}` and `{entity.text('z')}` are not neighbours in fabric `{fabric.name}`"
        f"{did_you_mean(entity.name.replace('--', ' -- '), pairs)}",
        entity.label_span,
        "no links run between these",
        helps=(f"neighbours: {', '.join(pairs)}",),
    )


def _connect(a: str, z: str, entity: Entity) -> Connect:
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
    )


def _unsaid(a: str, z: str, fabric: Entity) -> Connect:
    return Connect(a, z, Slot(), Slot(), Slot(), Slot(), Slot(), Slot(), 2, fabric.origin)
