"""Growth: the phases of a plan, what stands in each, and whether each keeps what the design requires of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from optidsl._context import Context
from optidsl._record import replace
from optidsl.plan.amounts import cost_values, money_text
from optidsl.plan.growth_model import PlanPhase, PlanPhaseRequirement
from optidsl.plan.metrics import Values, metric_values, plan_requirements
from optidsl.plan.model import Plan, PlanFabric
from optidsl.plan.part_bom import bom_by_phase
from optidsl.plan.part_plan import standing_part
from optidsl.plan.standing import nodes_of, phase_of_devices
from optidsl.sema.design import Design, Requirement


def with_growth(plan: Plan, design: Design, earlier: Sequence[Design], context: Context) -> Plan | None:
    """Return the plan with the phase of every device and the figures of every phase.

    Args:
        plan: the plan of the last phase.
        design: the design with the params of the last phase.
        earlier: the designs with the params of the phases before it, in order.
        context: source map and sink.

    Returns:
        The plan, or None when the sink holds an error.
    """
    designs = [*earlier, design]
    if _is_out_of_scope(plan, design, context):
        return None
    phases = [nodes_of(phase, each) for phase, each in zip(design.growth, designs, strict=True)]
    column = phase_of_devices(phases, plan.groups, plan.devices, plan.links)
    bare = tuple(_phase(each.name, each.ready, each.params) for each in design.growth)
    plan = replace(plan, devices=replace(plan.devices, phase=column), growth=bare)
    parts = [*(standing_part(plan, at) for at in range(len(earlier))), plan]
    records = [_judged(plan, parts[at], at, each, context) for at, each in enumerate(designs)]
    if context.sink.has_errors:
        return None
    return replace(plan, growth=tuple(records), bom=bom_by_phase(plan, parts))


def _phase(name: str, ready: str, params: dict[str, str]) -> PlanPhase:
    return PlanPhase(
        name=name,
        ready=ready,
        params=params,
        nodes=0,
        switches=0,
        cables=0,
        modules=0,
        ports_free=0,
        power_mw=None,
        cost="",
    )


def _is_out_of_scope(plan: Plan, design: Design, context: Context) -> bool:
    """Refuse growth of networks of which a part need not hang together, and of light that needs the whole."""
    first = design.growth[0]
    reasons = [f"fabric `{each.name}` ({each.kind})" for each in plan.fabrics if not _is_tree(plan, each)]
    reasons += [f"line `{each.name}`" for each in plan.lines]
    for reason in reasons[:1]:
        message = f"growth of {reason} is not part of this edition of the language: only trees of switches grow"
        context.sink.error("not-in-edition", message, first.span, "refused, because a part of it may not hang together")
    return bool(reasons)


def _is_tree(plan: Plan, fabric: PlanFabric) -> bool:
    is_flat = any(each.fabric == fabric.name and each.a == each.z for each in plan.segments)
    return not (fabric.dimensions or is_flat or plan.slices or plan.patches or fabric.kind in ("custom", "bcube"))


def _judged(plan: Plan, part: Plan, at: int, design: Design, context: Context) -> PlanPhase:
    """Return a phase with its figures and the verdicts on what the design with its params requires."""
    values = phase_values(part)
    hard = [each for each in design.requirements if each.weight is None and not each.is_warning]
    if part is plan:
        judged = tuple(each for each in plan.requirements if not each.is_soft)
    else:
        judged = plan_requirements(hard, values, context, design.purchase.currency)
        for requirement, verdict in zip(hard, judged, strict=True):
            if verdict.verdict != "holds" and requirement.waiver is None:
                _tell(plan, at, requirement, verdict.verdict, context)
    own, kinds = (plan.growth or ())[at], {"switch": 0, "node": 0}
    for group in part.groups:
        kinds[group.kind] += group.count
    power, cost = values["power.network"], values["cost.network"]
    return own.model_copy(
        update={
            "nodes": kinds["node"],
            "switches": kinds["switch"],
            "cables": _whole(values["cables.count"]),
            "modules": _whole(values["optics.count"]),
            "ports_free": _ports_free(part),
            "power_mw": None if power is None else _whole(power),
            "cost": money_text(Fraction(cost)) if cost is not None and any(line.price for line in part.bom) else "",
            "requirements": tuple(
                PlanPhaseRequirement(
                    text=each.text, verdict=each.verdict, slack=each.slack, unit=each.unit, source_ref=each.source_ref
                )
                for each in judged
            ),
        }
    )


def _whole(value: int | Fraction | None) -> int:
    return int(value or 0)


def phase_values(part: Plan) -> Values:
    """Return the metrics of what stands; a metric that is not here is not known of a part."""
    values: Values = {
        **metric_values(part.parts, part.groups, part.classes, part.devices, part.links),
        **cost_values(part.bom),
    }
    for fabric in part.fabrics:
        name = f"fabric.{fabric.name}"
        values |= {f"{name}.tier.{tier}.count": n for tier, n in zip(fabric.tiers, fabric.counts, strict=True)}
        values[f"{name}.bisection_mbps"] = fabric.bisection_mbps
        total = Fraction(1)
        for down, up in fabric.oversubscription:
            total *= Fraction(down, up)
        values[f"{name}.oversubscription"] = None if fabric.bisection_mbps is None else total
        values[f"{name}.hops"] = fabric.hops
        own = [at for at, each in enumerate(part.segments) if each.fabric == fabric.name]
        values[f"{name}.links"] = int(np.isin(part.links.segment, own).sum())
    return values


def _tell(plan: Plan, at: int, requirement: Requirement, verdict: str, context: Context) -> None:
    phase = (plan.growth or ())[at]
    name = f"`{requirement.name}`" if requirement.name else "a requirement"
    text = requirement.text or " and ".join(dict.fromkeys(each.text for each in requirement.conditions))
    if verdict == "fails":
        message = f"{name} does not hold in phase `{phase.name}`: {text}"
        helps = ("let the phase have more, or ask of it what it can give: a requirement may name the design's params",)
        context.sink.error("growth-phase-fails", message, requirement.span, "not met then", helps=helps)
        return
    message = (
        f"cannot conclude whether {name} holds in phase `{phase.name}`: {text} is not known of a part of a network"
    )
    context.sink.warning("cannot-conclude", message, requirement.span, "not judged then")


def _ports_free(part: Plan) -> int:
    """Return the switch ports with a use that no link has."""
    total = sum(
        group.count * sum(role != "unused" for role in group.ports.role)
        for group in part.groups
        if group.kind == "switch"
    )
    is_switch = np.array([group.kind == "switch" for group in part.groups], dtype=bool)[part.devices.group]
    used = sum(int(np.count_nonzero(is_switch[device])) for device in (part.links.a_device, part.links.z_device))
    return total - used
