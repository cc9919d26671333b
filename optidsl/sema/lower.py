"""From entities to the typed records of the design."""

from __future__ import annotations

from optidsl.catalog.parts import Catalog
from optidsl.schema.entity import Entity
from optidsl.sema.design import Design, Objective, ParamValue, Requirement
from optidsl.sema.frame import Frame
from optidsl.sema.lower_fabric import lower_fabrics, lower_nodes
from optidsl.sema.lower_place import lower_sites
from optidsl.sema.lower_rules import lower_addressing, lower_asn, lower_naming, lower_policy
from optidsl.sema.lowering import Lowering
from optidsl.sema.names import settle
from optidsl.sema.session import Session
from optidsl.sema.values import show


def lower_design(
    session: Session,
    frame: Frame,
    entity: Entity,
    catalog: Catalog,
    requirements: tuple[Requirement, ...],
    objectives: tuple[Objective, ...],
) -> Design:
    """Return the design; what is wrong with it as a whole goes to the sink."""
    lowering = Lowering(session.sink, catalog)
    lowering.register(entity)
    nodes = lower_nodes(lowering, entity)
    emit = entity.value("emit")
    return Design(
        entity.name,
        entity.text("title"),
        entity.text("owner"),
        entity.origin.span,
        catalog,
        _params(session, frame),
        lower_sites(lowering, entity),
        nodes,
        lower_fabrics(lowering, entity, nodes),
        lower_policy(lowering, entity),
        lower_addressing(lowering, entity),
        lower_asn(lowering, entity),
        lower_naming(lowering, entity),
        requirements,
        objectives,
        tuple(str(name) for name in emit) if isinstance(emit, tuple) else None,
    )


def _params(session: Session, frame: Frame) -> tuple[ParamValue, ...]:
    return tuple(
        ParamValue(binding.name, show(settle(session, binding)), binding.span) for binding in frame.params.values()
    )
