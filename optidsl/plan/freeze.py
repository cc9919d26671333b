"""Freeze the decisions of every stage into one plan."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from optidsl._context import Context
from optidsl._record import replace
from optidsl.diag import InternalError
from optidsl.fabric.metrics import metrics
from optidsl.fabric.spare import spare_ports
from optidsl.fabric.tables import FabricTables
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.measures import named_metrics
from optidsl.optics.statement import osnr_margin_mdb
from optidsl.optics.tables import Choice
from optidsl.plan.amounts import cost_values
from optidsl.plan.assemblies import number_cables
from optidsl.plan.bom import bill_of_material, line_things
from optidsl.plan.circuits import circuit_checks
from optidsl.plan.class_records import plan_checks, plan_classes, plan_parts
from optidsl.plan.feature_checks import feature_checks
from optidsl.plan.feeds import plan_feeds
from optidsl.plan.latency import Network, with_latencies
from optidsl.plan.line_model import PlanLine, PlanSignal
from optidsl.plan.metrics import Values, metric_values, plan_requirements
from optidsl.plan.model import (
    SCHEMA_VERSION,
    Plan,
    PlanAddressing,
    PlanBomLine,
    PlanDevices,
    PlanFabric,
    PlanHeader,
    PlanLinks,
    PlanPart,
    PlanPolicy,
    PlanRequirement,
    PlanStatistical,
)
from optidsl.plan.names import device_names
from optidsl.plan.numbering import Numbers, number_fabrics
from optidsl.plan.prices import fee_lines, priced
from optidsl.plan.records import SourceText, plan_fabrics, plan_groups, plan_racks, plan_segments, plan_sources
from optidsl.plan.scale_up import plan_scale_up
from optidsl.plan.slices import plan_patches, plan_slices
from optidsl.plan.waivers import plan_waivers
from optidsl.sema.design import Addressing, Design, Policy, Statistical

_OPTIONAL = {
    "dispersion": "stop",
    "features": "warn",
    "firmware": "warn",
    "linear": "stop",
    "osnr": "stop",
    "second_source": "stop",
    "spares": "stop",
}
"""Entries of `policy { unknown { … } }` that the plan holds only where the author changed them."""


def freeze(
    design: Design, placed: PlacedFabric, choice: Choice, sources: Iterable[SourceText], context: Context
) -> Plan | None:
    """Return the plan, or None when a pool of numbers is too small.

    Args:
        design: the elaborated design.
        placed: devices in racks, links with their routes.
        choice: parts and ordered lengths per class of links.
        sources: the design's source files.
        context: source map for references, numbers and names in service, sink for diagnostics.
    """
    tables = placed.tables
    columns = _columns(design, placed, choice, context)
    if columns is None:
        return None
    devices, links = columns
    groups = plan_groups(tables, context)
    classes = plan_classes(choice, tables, design.catalog, design.policy.statistical)
    parts = plan_parts(choice, tables, design.catalog)
    parts, lines, signals = _with_lines(design, placed, choice, parts, context)
    if any(each.near for each in classes):
        links = replace(links, assembly=number_cables(parts, groups, devices, links, classes))
    segments = plan_segments(tables.segments, context)
    network = Network(parts, groups, segments, classes, links)
    fabrics, bom, requirements = _figures(design, tables, network, devices, lines, context)
    circuits = circuit_checks(tables, parts, classes, design.policy, context)
    if circuits is None:
        return None
    racks = plan_racks(placed.racks, context)
    feeds = plan_feeds(design, parts, racks, groups, classes, devices, links, context)
    if feeds is None:
        return None
    plan = Plan(
        header=_header(design, choice, sources),
        parts=parts,
        racks=racks,
        groups=groups,
        segments=segments,
        fabrics=fabrics,
        classes=classes,
        policy=_policy(design.policy),
        addressing=_addressing(design.addressing),
        checks=(*plan_checks(choice), *circuits, *feature_checks(design, tables), *feeds.checks),
        requirements=requirements,
        bom=bom,
        devices=devices,
        links=links,
        waivers=plan_waivers(design, choice, requirements, context),
        lines=lines,
        scale_up=plan_scale_up(design.scale_up, context),
        slices=plan_slices(tables, context),
        patches=plan_patches(tables),
        feeds=feeds.feeds,
        signals=signals,
    )
    if not _are_labels_good(design, plan, context):
        return None
    return plan if not _has_buying_rules(design) else _with_buying_rules(design, plan, network, context)


def _has_buying_rules(design: Design) -> bool:
    return design.spares is not None or design.policy.multi_source.value is not None


def _with_buying_rules(design: Design, plan: Plan, network: Network, context: Context) -> Plan | None:
    from optidsl.plan.buying import with_buying_rules

    return with_buying_rules(design, plan, network, context)


def _columns(
    design: Design, placed: PlacedFabric, choice: Choice, context: Context
) -> tuple[PlanDevices, PlanLinks] | None:
    """Return the devices with their names and numbers and the links, None when a pool of numbers is too small."""
    names = device_names(placed.tables, _naming(design), context)
    numbers = number_fabrics(design, placed.tables, context)
    return (
        None
        if names is None or numbers is None
        else (_devices(placed, names, numbers), _links(placed, choice, numbers))
    )


def _naming(design: Design) -> dict[str, str]:
    return {"switch": design.naming.switch, "node": design.naming.node}


def _with_lines(
    design: Design, placed: PlacedFabric, choice: Choice, parts: dict[str, PlanPart], context: Context
) -> tuple[dict[str, PlanPart], tuple[PlanLine, ...], tuple[PlanSignal, ...]]:
    """Return the parts with those of the design's lines, the lines, and the signals that run over them."""
    if not design.lines:
        return parts, (), ()
    from optidsl.plan.line_records import line_parts, plan_lines, plan_signals, with_lines

    more = line_parts(design.lines, choice, design.catalog)
    return with_lines(parts, more), plan_lines(design, placed, context), plan_signals(choice)


def _are_labels_good(design: Design, plan: Plan, context: Context) -> bool:
    if not design.naming.labels:
        return True
    from optidsl.plan.cable_labels import are_labels_good

    return are_labels_good(plan, design.naming.labels_span, context)


def _header(design: Design, choice: Choice, sources: Iterable[SourceText]) -> PlanHeader:
    return PlanHeader(
        schema_version=SCHEMA_VERSION,
        design=design.name,
        title=design.title,
        owner=design.owner,
        params={param.name: param.value for param in design.params},
        sources=plan_sources(sources),
        emit=design.emit,
        proof=choice.proof,
        shapes=choice.shapes,
        objective=choice.objective,
        naming=_naming(design),
        currency="" if design.purchase.is_empty else design.purchase.currency,
        cable_labels=design.naming.labels,
    )


def _figures(
    design: Design,
    tables: FabricTables,
    network: Network,
    devices: PlanDevices,
    lines: tuple[PlanLine, ...],
    context: Context,
) -> tuple[tuple[PlanFabric, ...], tuple[PlanBomLine, ...], tuple[PlanRequirement, ...]]:
    """Return the fabrics with their latencies, what is bought with its prices, stock and fees, and the promises."""
    parts, groups, classes, links = network.parts, network.groups, network.classes, network.links
    fabrics = plan_fabrics(tables.shapes, context)
    things = (*bill_of_material(parts, groups, classes, devices, links), *line_things(parts, lines))
    sites = [site.address.parts[-1] for site in design.sites]
    fees = fee_lines(design.purchase, fabrics, network.segments, groups, devices, links)
    bom = (*priced(things, design.purchase, sites), *fees)
    values: Values = {**metrics(tables), **metric_values(parts, groups, classes, devices, links), **cost_values(bom)}
    if any(name.endswith(".spare_ports") for name in named_metrics(design)):
        values |= spare_ports(tables)
    fabrics = with_latencies(design, fabrics, network, values)
    return fabrics, bom, plan_requirements(design.requirements, values, context, design.purchase.currency)


def _addressing(addressing: Addressing) -> PlanAddressing:
    return PlanAddressing(
        loopback=addressing.loopback,
        p2p=addressing.p2p,
        mode=addressing.mode,
        mtu=addressing.mtu,
        even=addressing.even,
        reuse_days=addressing.reuse_days,
    )


def _policy(policy: Policy) -> PlanPolicy:
    optic, cable, margin = policy.optic_skus, policy.cable_skus, policy.margin_mdb
    return PlanPolicy(
        optic_skus_max=optic.value if optic.is_decided else optic.upper,
        cable_skus_max=cable.value if cable.is_decided else cable.upper,
        margin_mdb=(margin.value if margin.is_decided else margin.lower) or 0,
        unknown={name: word for name, word in sorted(policy.unknown.items()) if _OPTIONAL.get(name) != word},
        statistical=_statistical(policy.statistical),
        firmware=dict(sorted(policy.firmware.items())),
        unlisted=policy.unlisted,
        approved_only=bool(policy.approved_only.value),
        osnr_margin_mdb=osnr_margin_mdb(policy),
        multi_source=policy.multi_source.value,
        fiber_types_max=policy.fiber_types.value if policy.fiber_types.is_decided else policy.fiber_types.upper,
    )


def _statistical(own: Statistical | None) -> PlanStatistical | None:
    if own is None:
        return None
    return PlanStatistical(
        connector_mean_mdb=own.connector_mean_mdb,
        connector_sigma_mdb=own.connector_sigma_mdb,
        attenuation_mean_mdb_per_km=own.attenuation_mean_mdb_per_km,
        attenuation_sigma_mdb_per_km=own.attenuation_sigma_mdb_per_km,
        splice_mean_mdb=own.splice_mean_mdb,
        splice_sigma_mdb=own.splice_sigma_mdb,
        k=(own.k.numerator, own.k.denominator),
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
