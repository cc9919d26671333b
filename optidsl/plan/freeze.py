"""Freeze the decisions of every stage into one plan."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from optidsl._context import Context
from optidsl.diag import InternalError
from optidsl.fabric.metrics import metrics
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.tables import Choice
from optidsl.plan.bom import bill_of_material
from optidsl.plan.class_records import plan_checks, plan_classes, plan_parts
from optidsl.plan.metrics import Values, metric_values, plan_requirements
from optidsl.plan.model import SCHEMA_VERSION, Plan, PlanAddressing, PlanDevices, PlanHeader, PlanLinks, PlanPolicy
from optidsl.plan.names import device_names
from optidsl.plan.numbering import Numbers, number_fabrics
from optidsl.plan.pins import Pins
from optidsl.plan.records import SourceText, plan_fabrics, plan_groups, plan_racks, plan_segments, plan_sources
from optidsl.sema.design import Design, Policy


def freeze(
    design: Design,
    placed: PlacedFabric,
    choice: Choice,
    pins: Pins,
    sources: Iterable[SourceText],
    context: Context,
) -> Plan | None:
    """Return the plan, or None when a pool of numbers is too small.

    Args:
        design: the elaborated design.
        placed: devices in racks, links with their routes.
        choice: parts and ordered lengths per class of links.
        pins: numbers and names in service.
        sources: the design's source files.
        context: source map for references, sink for diagnostics.
    """
    tables = placed.tables
    naming = {"switch": design.naming.switch, "node": design.naming.node}
    names = device_names(tables, naming, pins)
    numbers = number_fabrics(design, tables, names, pins, context)
    if numbers is None:
        return None
    devices = _devices(placed, names, numbers)
    links = _links(placed, choice, numbers)
    groups = plan_groups(tables, context)
    classes = plan_classes(choice, tables, design.catalog)
    parts = plan_parts(choice, tables, design.catalog)
    values: Values = {**metrics(tables), **metric_values(parts, groups, classes, devices, links)}
    addressing = design.addressing
    return Plan(
        header=_header(design, choice, naming, sources),
        parts=parts,
        racks=plan_racks(placed.racks, context),
        groups=groups,
        segments=plan_segments(tables.segments, context),
        fabrics=plan_fabrics(tables.shapes, context),
        classes=classes,
        policy=_policy(design.policy),
        addressing=PlanAddressing(
            loopback=addressing.loopback, p2p=addressing.p2p, mode=addressing.mode, mtu=addressing.mtu
        ),
        checks=plan_checks(choice),
        requirements=plan_requirements(design.requirements, values, context),
        bom=bill_of_material(parts, groups, classes, devices, links),
        devices=devices,
        links=links,
    )


def _header(design: Design, choice: Choice, naming: dict[str, str], sources: Iterable[SourceText]) -> PlanHeader:
    return PlanHeader(
        schema_version=SCHEMA_VERSION,
        design=design.name,
        title=design.title,
        owner=design.owner,
        params={param.name: param.value for param in design.params},
        sources=plan_sources(sources),
        emit=design.emit,
        proof=choice.proof,
        objective=choice.objective,
        naming=naming,
    )


def _policy(policy: Policy) -> PlanPolicy:
    optic, cable, margin = policy.optic_skus, policy.cable_skus, policy.margin_mdb
    return PlanPolicy(
        optic_skus_max=optic.value if optic.is_decided else optic.upper,
        cable_skus_max=cable.value if cable.is_decided else cable.upper,
        margin_mdb=(margin.value if margin.is_decided else margin.lower) or 0,
        unknown=dict(sorted(policy.unknown.items())),
    )


def _devices(placed: PlacedFabric, names: tuple[str, ...], numbers: Numbers) -> PlanDevices:
    table = placed.tables.devices
    return PlanDevices(
        group=table.group,
        ordinal=table.ordinal,
        pod=table.pod,
        rail=table.rail,
        key=table.key,
        name=names,
        rack=placed.rack,
        unit=placed.unit,
        height=placed.height,
        asn=numbers.asn,
        loopback=numbers.loopback,
    )


def _links(placed: PlacedFabric, choice: Choice, numbers: Numbers) -> PlanLinks:
    table, lengths = placed.tables.links, placed.lengths
    link_class = np.full(len(table.segment), -1, dtype=np.int32)
    ordered = np.full(len(table.segment), -1, dtype=np.int64)
    for row, chosen in enumerate(choice.classes):
        link_class[chosen.link_class.links] = row
        ordered[chosen.link_class.links] = chosen.ordered_mm
    if (link_class < 0).any():
        raise InternalError(f"{int((link_class < 0).sum())} links belong to no class")
    return PlanLinks(
        segment=table.segment,
        link_class=link_class,
        a_device=table.a_device,
        a_port=table.a_port,
        z_device=table.z_device,
        z_port=table.z_port,
        rail=table.rail,
        dress_mm=lengths.dress_mm,
        vertical_mm=lengths.vertical_mm,
        horizontal_mm=lengths.horizontal_mm,
        slack_mm=lengths.slack_mm,
        required_mm=lengths.required_mm,
        ordered_mm=ordered,
        p2p=numbers.p2p,
    )
