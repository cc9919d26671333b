"""From entities to the typed records of the design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optidsl.catalog.governance import Waiver
from optidsl.catalog.parts import Catalog
from optidsl.schema.entity import Entity
from optidsl.sema.canonical import nodes_in_order
from optidsl.sema.design import Design, NodeGroup, Objective, ParamValue, Requirement
from optidsl.sema.frame import Frame
from optidsl.sema.lower_fabric import lower_fabrics, lower_nodes
from optidsl.sema.lower_governance import governed
from optidsl.sema.lower_place import lower_sites
from optidsl.sema.lower_rules import lower_addressing, lower_asn, lower_naming, lower_policy
from optidsl.sema.lowering import Lowering, through
from optidsl.sema.names import settle
from optidsl.sema.session import Session
from optidsl.sema.values import show

if TYPE_CHECKING:
    from optidsl.sema.scale_up import ScaleUpDomain
    from optidsl.sema.transport import Line, Route


def lower_design(
    session: Session,
    frame: Frame,
    entity: Entity,
    catalog: Catalog,
    requirements: tuple[Requirement, ...],
    objectives: tuple[Objective, ...],
    waivers: tuple[Waiver, ...] = (),
) -> Design:
    """Return the design; what is wrong with it as a whole goes to the sink."""
    lowering = Lowering(session.sink, catalog)
    lowering.register(entity)
    nodes = nodes_in_order(lower_nodes(lowering, entity))
    emit = entity.value("emit")
    policy, spans = lower_policy(lowering, entity, waivers)
    routes, lines = _transport(lowering, entity)
    return Design(
        entity.name,
        entity.text("title"),
        entity.text("owner"),
        entity.origin.span,
        governed(catalog, policy, spans, session.context),
        _params(session, frame),
        lower_sites(lowering, entity),
        nodes,
        lower_fabrics(lowering, entity, nodes),
        policy,
        lower_addressing(lowering, entity),
        lower_asn(lowering, entity),
        lower_naming(lowering, entity),
        requirements,
        objectives,
        tuple(str(name) for name in emit) if isinstance(emit, tuple) else None,
        routes=routes,
        lines=lines,
        scale_up=_scale_up(lowering, entity, nodes),
    )


def _transport(lowering: Lowering, entity: Entity) -> tuple[tuple[Route, ...], tuple[Line, ...]]:
    if not any(True for kind in ("route", "line") for _ in through(entity, kind)):
        return (), ()
    from optidsl.sema.lower_transport import lower_transport

    return lower_transport(lowering, entity)


def _scale_up(lowering: Lowering, entity: Entity, nodes: tuple[NodeGroup, ...]) -> tuple[ScaleUpDomain, ...]:
    if all(node.model.scale_up is None for node in nodes) and not any(through(entity, "scale_up_domain")):
        return ()
    from optidsl.sema.lower_scale_up import lower_scale_up

    return lower_scale_up(lowering, entity, nodes)


def _params(session: Session, frame: Frame) -> tuple[ParamValue, ...]:
    return tuple(
        ParamValue(binding.name, show(settle(session, binding)), binding.span) for binding in frame.params.values()
    )
