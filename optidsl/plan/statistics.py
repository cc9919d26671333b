"""The figures of a plan: sizes, capacities, parts, watts and margins, as a record and as a short text."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

import numpy as np

from optidsl.plan.figures import (
    STATISTICS_VERSION,
    CableFigures,
    ClassMargin,
    FabricFigures,
    SegmentFigures,
    Statistics,
    TierFigures,
    Totals,
    Watts,
)
from optidsl.plan.model import Plan, PlanFabric
from optidsl.plan.summary import summary_text


def statistics(plan: Plan) -> Statistics:
    """Return the figures of a plan."""
    return Statistics(
        schema_version=STATISTICS_VERSION,
        design=plan.header.design,
        proof=plan.header.proof,
        fabrics=tuple(_fabric(plan, fabric) for fabric in plan.fabrics),
        totals=_totals(plan),
    )


def _fabric(plan: Plan, fabric: PlanFabric) -> FabricFigures:
    models = {(group.fabric, group.tier): group.model for group in plan.groups if group.kind == "switch"}
    per_segment = np.bincount(plan.links.segment, minlength=len(plan.segments)).tolist()
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
            SegmentFigures(a=segment.a, z=segment.z, links=count, rate_mbps=segment.rate_mbps)
            for segment, count in zip(plan.segments, per_segment, strict=True)
            if segment.fabric == fabric.name
        ),
        oversubscription=round(prod(ratios), 6),
        bisection_tbps=fabric.bisection_mbps / 1_000_000,
        hops=fabric.hops,
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
