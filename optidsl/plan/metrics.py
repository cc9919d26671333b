"""The quantities that a `require` may name, as the plan has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np

from optidsl._context import Context
from optidsl.plan.assemblies import far_ends, modules_on_legs, number_cables
from optidsl.plan.cage_counts import cables_by_length, modules_by_device
from optidsl.plan.model import (
    I32,
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
    sums = {part: int(counts.sum()) for part, counts in modules_by_device(groups, devices, links, classes).items()}
    modules = {part: count for part, count in sums.items() if "built_in" not in parts[part].facts}
    numbers = number_cables(parts, groups, devices, links, classes)
    cables = cables_by_length(links, classes, numbers)
    plugs = _plugs(parts, links, classes, numbers)
    on_legs = modules_on_legs(parts, groups, devices, links, classes)
    values: Values = {
        "optics.count": sum(modules.values()),
        "bom.optics.skus": len(modules),
        "bom.cables.skus": len(cables),
        "bom.fibers.types": len(_fiber_types(parts, classes)),
        "cables.count": sum(cables.values()),
        "cables.length": sum(length * count for (_, length), count in cables.items() if length > 0),
        "power.optics": _optics_mw(parts, modules, on_legs, plugs),
    }
    for kind, name in (("switch", "power.switches"), ("node", "power.nodes")):
        values[name] = _total(
            (watts_of(parts[group.model], "power_max_mw"), group.count) for group in groups if group.kind == kind
        )
    values["power.network"] = _total([(values["power.optics"], 1), (values["power.switches"], 1)])
    values["power.it"] = _total([(values["power.network"], 1), (values["power.nodes"], 1)])
    return values


def _fiber_types(parts: Mapping[str, PlanPart], classes: Sequence[PlanClass]) -> set[tuple[object, object]]:
    """Return grade and connector of every fibre assembly that is bought."""
    names = dict.fromkeys(each.fiber for each in classes if each.fiber and not each.line)
    facts = [parts[name].facts for name in names]
    return {(each["grade"].value, each["connector"].value) for each in facts}


def _plugs(
    parts: Mapping[str, PlanPart], links: PlanLinks, classes: Sequence[PlanClass], cables: I32
) -> dict[str, tuple[int, int]]:
    """Return the near and far plugs in use of every cable with plugs on, by part."""
    rows: dict[str, list[int]] = {}
    for row, link_class in enumerate(classes):
        if link_class.direct:
            rows.setdefault(link_class.direct, []).append(row)
    found: dict[str, tuple[int, int]] = {}
    for name, of in rows.items():
        mine = cables[np.isin(links.link_class, of)]
        n_cables = len(np.unique(mine))
        found[name] = n_cables, len(mine) if far_ends(parts[name]) > 1 else n_cables
    return found


def _optics_mw(
    parts: Mapping[str, PlanPart],
    modules: Mapping[str, int],
    on_legs: Mapping[str, int],
    plugs: Mapping[str, tuple[int, int]],
) -> int | Fraction | None:
    terms: list[tuple[int | Fraction | None, int]] = []
    for name, count in modules.items():
        most, split = watts_of(parts[name], "power_max_mw"), watts_of(parts[name], "power_split_mw")
        n_less = on_legs.get(name, 0) if split is not None else 0
        terms += [(most, count - n_less)] if count > n_less else []
        terms += [(split, n_less)] if n_less else []
    for name, (near, far) in plugs.items():
        terms += [(watts_of(parts[name], "power_a_mw"), near), (watts_of(parts[name], "power_z_mw"), far)]
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
    requirements: Sequence[Requirement], values: Values, context: Context, currency: str = "USD"
) -> tuple[PlanRequirement, ...]:
    """Judge every `require` and `prefer` on the plan's own figures."""
    return tuple(_requirement(requirement, values, context, currency) for requirement in requirements)


def _requirement(requirement: Requirement, values: Values, context: Context, currency: str) -> PlanRequirement:
    slacks = [(condition, _evaluate(condition.expression, values)) for condition in requirement.conditions]
    known = [slack if condition.relation != "==" else -abs(slack) for condition, slack in slacks if slack is not None]
    if requirement.text or any(slack is not None and not _holds(condition, slack) for condition, slack in slacks):
        verdict: Verdict = "fails"
    else:
        verdict = "holds" if len(known) == len(slacks) else "unknown"
    return PlanRequirement(
        name=requirement.name or "",
        text=requirement.text or " and ".join(dict.fromkeys(condition.text for condition in requirement.conditions)),
        verdict=verdict,
        slack=str(min(known)) if known else "",
        is_soft=requirement.weight is not None or requirement.is_warning,
        source_ref=context.sources.written(requirement.span),
        unit=_unit(requirement, currency),
    )


def _unit(requirement: Requirement, currency: str) -> str:
    """Return the base unit of what a requirement compares."""
    terms = (term for condition in requirement.conditions for term in condition.expression.terms)
    metric = next((metric.name for metric, _ in terms), "")
    if metric.startswith("cost."):
        return currency
    endings = (("latency", "ps"), ("bisection_mbps", "Mbps"), ("cables.length", "mm"))
    return "mW" if metric.startswith("power.") else next((unit for end, unit in endings if metric.endswith(end)), "")


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
