"""The figures of a plan: sizes, capacities, parts, watts and margins, as a record and as a short text."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

import numpy as np

from optidsl.plan.amounts import cost_values, money_text
from optidsl.plan.figures import (
    STATISTICS_VERSION,
    CableFigures,
    ClassMargin,
    Cost,
    FabricFigures,
    ScaleUpFigures,
    SegmentFigures,
    SliceFigures,
    Statistics,
    TierFigures,
    Totals,
    Watts,
)
from optidsl.plan.model import Plan, PlanFabric
from optidsl.plan.scale_up_model import PlanScaleUp
from optidsl.plan.scale_up_words import domain_tbytes, gpu_tbytes, open_ends
from optidsl.plan.slice_model import PlanSlice
from optidsl.plan.slice_words import circuits_of, torus_bisection_mbps
from optidsl.plan.summary import equal_cost_paths, summary_text
from optidsl.schema.families import family_kind


def statistics(plan: Plan) -> Statistics:
    """Return the figures of a plan."""
    return Statistics(
        schema_version=STATISTICS_VERSION,
        design=plan.header.design,
        proof=plan.header.proof,
        fabrics=tuple(_fabric(plan, fabric) for fabric in plan.fabrics),
        scale_up=tuple(_scale_up(own) for own in plan.scale_up),
        totals=_totals(plan),
    )


def _fabric(plan: Plan, fabric: PlanFabric) -> FabricFigures:
    models = {(group.fabric, group.tier): group.model for group in plan.groups if group.kind == "switch"}
    per_segment = np.bincount(plan.links.segment, minlength=len(plan.segments)).tolist()
    ports = {each.name: each.ports for each in fabric.dimensions}
    ratios = [down / up for down, up in fabric.oversubscription if up]
    return FabricFigures(
        name=fabric.name,
        kind=fabric.kind,
        protocol=fabric.protocol,
        endpoints=fabric.endpoints,
        tiers=tuple(
            TierFigures(
                name=tier,
                switches=fabric.counts[row],
                model=models.get((fabric.name, tier), ""),
                down=fabric.down[row],
                up=fabric.up[row],
            )
            for row, tier in enumerate(fabric.tiers)
        ),
        segments=tuple(
            SegmentFigures(
                a=segment.a,
                z=segment.z,
                links=count,
                rate_mbps=segment.rate_mbps,
                dimension=segment.dimension,
                ports=ports.get(segment.dimension, 0),
            )
            for segment, count in zip(plan.segments, per_segment, strict=True)
            if segment.fabric == fabric.name
        ),
        oversubscription=None if fabric.bisection_mbps is None else round(prod(ratios), 6),
        bisection_tbps=None if fabric.bisection_mbps is None else fabric.bisection_mbps / 1_000_000,
        hops=fabric.hops,
        groups=fabric.pods if fabric.dimensions and fabric.pods > 1 else 0,
        parameters=fabric.parameters,
        slices=tuple(_slice(plan, each) for each in plan.slices if each.fabric == fabric.name),
        disjoint_paths=fabric.disjoint_paths,
        equal_cost_paths=equal_cost_paths(fabric) if _is_tree(fabric.kind) else None,
    )


def _is_tree(kind: str) -> bool:
    family = family_kind(kind)
    return family.is_tree and family.served == "first"


def _slice(plan: Plan, own: PlanSlice) -> SliceFigures:
    return SliceFigures(
        name=own.name,
        chips=prod(own.dims),
        dims=own.dims,
        cubes=len(own.cubes),
        circuits=circuits_of(plan, own),
        bisection_tbps=torus_bisection_mbps(plan, own) / 1_000_000,
    )


def _scale_up(own: PlanScaleUp) -> ScaleUpFigures:
    return ScaleUpFigures(
        name=own.name,
        domains=own.domains,
        servers=own.per_domain,
        gpus=own.gpus,
        links=own.links,
        switches=own.switches,
        links_per_switch=own.links // own.switches if own.switches else 0,
        open_ends=open_ends(own),
        gpu_tbytes=gpu_tbytes(own),
        domain_tbytes=domain_tbytes(own),
    )


def _totals(plan: Plan) -> Totals:
    cables = [line for line in plan.bom if line.category == "cable"]
    verdicts = [check.verdict for check in plan.checks]
    return Totals(
        nodes=sum(group.count for group in plan.groups if group.kind == "node"),
        gpu_nodes=sum(group.count for group in plan.groups if group.gpus),
        gpus=sum(group.count * group.gpus for group in plan.groups),
        switches=sum(group.count for group in plan.groups if group.kind == "switch"),
        cables=sum(line.quantity for line in cables),
        cable_m=sum(line.length_mm * line.quantity for line in cables) / 1000,
        optics={line.part: line.quantity for line in plan.bom if line.category == "transceiver"},
        cables_by_sku=tuple(
            CableFigures(part=line.part, length_mm=line.length_mm, quantity=line.quantity) for line in cables
        ),
        watts=_watts(plan),
        cost=_cost(plan),
        margins=_margins(plan),
        checks={verdict: verdicts.count(verdict) for verdict in ("holds", "fails", "unknown")},
    )


def _watts(plan: Plan) -> Watts:
    modules = _sum_w(
        (line.power_max_mw, line.quantity) for line in plan.bom if line.category in ("transceiver", "cable")
    )
    unknown = [line.part for line in plan.bom if line.power_max_mw is None]
    return Watts(
        modules=modules,
        switches=_sum_w((line.power_max_mw, line.quantity) for line in plan.bom if line.category == "switch"),
        nodes=_sum_w((line.power_max_mw, line.quantity) for line in plan.bom if line.category == "server"),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def _cost(plan: Plan) -> Cost | None:
    """Return what the bill of material comes to; None where the design's files state no price."""
    if not any(line.price for line in plan.bom):
        return None
    values = {name: None if value is None else money_text(value) for name, value in cost_values(plan.bom).items()}
    return Cost(
        currency=plan.header.currency,
        optics=values["cost.optics"],
        cables=values["cost.cables"],
        switches=values["cost.switches"],
        nodes=values["cost.nodes"],
        lines=values["cost.lines"],
        fees=values["cost.fees"],
        network=values["cost.network"],
        unpriced=tuple(dict.fromkeys(line.part for line in plan.bom if not line.price)),
    )


def _sum_w(terms: Iterable[tuple[int | None, int]]) -> float | None:
    total = 0
    for power_mw, quantity in terms:
        if power_mw is None:
            return None
        total += power_mw * quantity
    return total / 1000


def _margins(plan: Plan) -> tuple[ClassMargin, ...]:
    """Return the least margin per class and check, classes in order."""
    worst: dict[tuple[int, str], ClassMargin] = {}
    for check in plan.checks:
        if check.margin is None or check.link_class < 0:
            continue
        key = (check.link_class, check.name)
        if key not in worst or check.margin < worst[key].margin:
            name = plan.classes[check.link_class].name
            worst[key] = ClassMargin(link_class=name, check=check.name, margin=check.margin, unit=check.unit)
    return tuple(worst[key] for key in sorted(worst))


def summary(plan: Plan) -> str:
    """Return the figures of a plan as a short readable text, at most 40 lines."""
    return summary_text(plan, statistics(plan))
