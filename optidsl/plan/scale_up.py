"""Scale-up networks as records of the plan."""

from __future__ import annotations

from collections.abc import Iterable

from optidsl._context import Context
from optidsl.plan.scale_up_model import PlanScaleUp
from optidsl.sema.scale_up import ScaleUpDomain


def plan_scale_up(domains: Iterable[ScaleUpDomain], context: Context) -> tuple[PlanScaleUp, ...]:
    """Return one record for each declaration of servers with scale-up domains; nodes are the first groups."""
    return tuple(
        PlanScaleUp(
            name=each.name,
            group=each.node,
            per_domain=each.per_domain,
            domains=each.domains,
            kind=each.kind,
            dims=each.dims,
            gpus=each.gpus,
            links_per_gpu=each.links_per_gpu,
            rate_mbps=each.rate_mbps,
            links=each.links,
            switches=each.switches,
            switch_ports=each.switch_ports,
            within=each.within,
            source_ref=context.sources.written(each.origin.span),
        )
        for each in domains
    )
