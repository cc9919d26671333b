"""The quantities that a `require` may name, as the plan has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from optidsl._context import Context
from optidsl.plan.cage_counts import cables_by_length, modules_by_device
from optidsl.plan.model import (
    PlanClass,
    PlanDevices,
    PlanGroup,
    PlanLinks,
    PlanPart,
    PlanRequirement,
)
from optidsl.sema.design import Affine, Condition, Requirement

Values = dict[str, int | Fraction | None]
"""Metrics by name, in base units; None where a part's figure is not known."""


def watts_of(part: PlanPart, *names: str) -> int | None:
    """Return the sum of facts of a part in mW, None when one of them is missing or unverified."""
    total = 0
    for name in names:
        fact = part.facts.get(name)
        if fact is None or fact.confidence == "unverified" or not isinstance(fact.value, int):
            return None
        total += fact.value
    return total


def metric_values(
    parts: Mapping[str, PlanPart],
    groups: Sequence[PlanGroup],
    classes: Sequence[PlanClass],
    devices: PlanDevices,
    links: PlanLinks,
) -> Values:
    """Return the metrics of `sema.design.Metric` that depend on the choice of parts."""
    modules = {part: int(counts.sum()) for part, counts in modules_by_device(groups, devices, links, classes).items()}
    cables = cables_by_length(parts, links, classes)
    values: Values = {
        "optics.count": sum(modules.values()),
        "bom.optics.skus": len(modules),
        "bom.cables.skus": len(cables),
        "cables.count": sum(cables.values()),
        "cables.length": sum(length * count for (_, length), count in cables.items() if length > 0),
        "power.optics": _optics_mw(parts, modules, cables),
    }
    for kind, name in (("switch", "power.switches"), ("node", "power.nodes")):
        values[name] = _total(
            (watts_of(parts[group.model], "power_max_mw"), group.count) for group in groups if group.kind == kind
        )
    values["power.network"] = _total([(values["power.optics"], 1), (values["power.switches"], 1)])
    values["power.it"] = _total([(values["power.network"], 1), (values["power.nodes"], 1)])
    return values


def _optics_mw(
    parts: Mapping[str, PlanPart], modules: Mapping[str, int], cables: Mapping[tuple[str, int], int]
) -> int | Fraction | None:
    terms = [(watts_of(parts[name], "power_max_mw"), count) for name, count in modules.items()]
    terms += [
        (watts_of(parts[name], "power_a_mw", "power_z_mw"), count)
        for (name, _), count in cables.items()
        if parts[name].kind == "direct_cable"
    ]
    return _total(terms)


def _total(terms: Iterable[tuple[int | Fraction | None, int]]) -> int | Fraction | None:
    total: int | Fraction = 0
    for value, count in terms:
        if value is None:
            return None
        total += value * count
    return total


# ------------------------------------------------------------------ requirements

Verdict = Literal["holds", "fails", "unknown"]


def plan_requirements(
    requirements: Sequence[Requirement], values: Values, context: Context
) -> tuple[PlanRequirement, ...]:
    """Judge every `require` and `prefer` on the plan's own figures."""
    return tuple(_requirement(requirement, values, context) for requirement in requirements)


def _requirement(requirement: Requirement, values: Values, context: Context) -> PlanRequirement:
    slacks = [(condition, _evaluate(condition.expression, values)) for condition in requirement.conditions]
    known = [slack if condition.relation != "==" else -abs(slack) for condition, slack in slacks if slack is not None]
    if any(slack is not None and not _holds(condition, slack) for condition, slack in slacks):
        verdict: Verdict = "fails"
    else:
        verdict = "holds" if len(known) == len(slacks) else "unknown"
    return PlanRequirement(
        name=requirement.name or "",
        text=" and ".join(dict.fromkeys(condition.text for condition in requirement.conditions)),
        verdict=verdict,
        slack=str(min(known)) if known else "",
        is_soft=requirement.weight is not None or requirement.is_warning,
        source_ref=context.sources.where(requirement.span),
    )


def _holds(condition: Condition, slack: Fraction) -> bool:
    if condition.relation == "==":
        return slack == 0
    return slack > 0 if condition.relation == ">" else slack >= 0


def _evaluate(expression: Affine, values: Values) -> Fraction | None:
    total = expression.constant
    for metric, coefficient in expression.terms:
        value = values.get(metric.name)
        if value is None:
            return None
        total += coefficient * value
    return total
