"""What the policy asks of buying beyond the network itself: spare parts, and parts of other vendors that would do."""

from __future__ import annotations

from optidsl._context import Context
from optidsl._record import replace
from optidsl.plan.alternates import with_alternates
from optidsl.plan.latency import Network
from optidsl.plan.model import Plan
from optidsl.plan.prices import priced
from optidsl.plan.spares import keep_spares
from optidsl.sema.design import Design


def with_buying_rules(design: Design, plan: Plan, network: Network, context: Context) -> Plan | None:
    """Return the plan with alternates and spares in its bill of material.

    Args:
        design: policy, prices and stock.
        plan: the plan without them.
        network: what the plan consists of.
        context: source map and sink.

    Returns:
        The plan, or None when the sink holds an error.
    """
    if design.policy.multi_source.value is not None:
        plan = replace(plan, bom=with_alternates(plan.bom, plan.classes))
    if design.spares is None:
        return plan
    things = [line for line in plan.bom if line.category != "fee"]
    fees = [line for line in plan.bom if line.category == "fee"]
    kept = keep_spares(design.spares, design.policy, network, plan.devices, plan.racks, things, context)
    if kept is None:
        return None
    sites = [site.address.parts[-1] for site in design.sites]
    bom = (*priced(kept.bom, design.purchase, sites), *fees)
    return replace(plan, bom=bom, spares=kept.spares, checks=(*plan.checks, *kept.checks))
