"""Figures of the whole design, without a failure: what the plan states, and what is measured on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from optidsl.plan.amounts import cost_values, spares_cost
from optidsl.plan.metrics import metric_values
from optidsl.plan.model import Plan, PlanFabric
from optidsl.proofs.figures import Figure, Figures, is_measure
from optidsl.proofs.network import network_of
from optidsl.sema.metrics import SPARES

STATED = frozenset({"bisection_mbps", "hops", "links"})
"""Measures that the plan of the whole design states itself."""


class Whole:
    """The figures of a plan by the name of the metric, each found when it is first asked for."""

    def __init__(self, plan: Plan) -> None:
        """Prepare; nothing is measured yet."""
        self.plan = plan
        self._fabrics = {fabric.name: fabric for fabric in plan.fabrics}
        self._figures: dict[str, Figures] = {}
        self._stated: Mapping[str, int | Fraction | None] | None = None

    def figures(self, fabric: str) -> Figures:
        """Return the figures of the whole network of a fabric."""
        if fabric not in self._figures:
            self._figures[fabric] = Figures(network_of(self.plan, self._fabrics[fabric]))
        return self._figures[fabric]

    def get(self, name: str) -> Figure:
        """Return a figure by the name of its metric."""
        fabric, last = split(name)
        if fabric in self._fabrics and is_measure(last) and last not in STATED:
            return self.figures(fabric).get(last)
        if fabric in self._fabrics:
            if last.endswith("latency"):
                return self._latency(self._fabrics[fabric], last)
            return _known(self._of_fabric(self._fabrics[fabric], last))
        tiered, _, tier = fabric.rpartition(".tier.")
        if last == "count" and tiered in self._fabrics:
            shape = self._fabrics[tiered]
            return _known(dict(zip(shape.tiers, shape.counts, strict=True)).get(tier, 0))
        if name == SPARES:
            return self._spares()
        value = self._of_design(name)
        return _known(value, [] if value is not None else self._lacking(name))

    def _spares(self) -> Figure:
        """Return what the spares cost; not known without a rule on them, a number that the rule needs, or a price."""
        plan = self.plan
        if plan.spares is None:
            return Figure(None, "the policy has no rule on spares")
        lacking = [check.missing for check in plan.checks if check.name == "spares" and check.verdict == "unknown"]
        lacking += [f"price of {line.part}" for line in plan.bom if line.spares and not line.spares_total]
        return _known(None if lacking else spares_cost(plan.bom), lacking)

    def _lacking(self, name: str) -> list[str]:
        """Return what the bill of material does not say that a sum of the design needs."""
        if name.startswith("cost."):
            return [f"price of {line.part}" for line in self.plan.bom if cost_values((line,))[name] is None]
        return [f"{line.part}.power_max" for line in self.plan.bom if line.power_max_mw is None]

    def _of_fabric(self, fabric: PlanFabric, last: str) -> int | Fraction | None:
        if last == "bisection_mbps":
            return fabric.bisection_mbps
        if last == "hops":
            return fabric.hops
        if last == "links":
            return int(self.figures(fabric.name).get("links").value or 0)
        return None if fabric.bisection_mbps is None else _product(fabric.oversubscription)

    def _latency(self, fabric: PlanFabric, last: str) -> Figure:
        from optidsl.plan.latency import CABLE, Network, path_terms, total_ps

        plan = self.plan
        terms = path_terms(fabric, Network(plan.parts, plan.groups, plan.segments, plan.classes, plan.links))
        counted = [term for term in terms if last == "latency" or term.kind == CABLE]
        missing = [term.missing for term in counted if term.ps is None]
        return _known(total_ps(counted), missing)

    def _of_design(self, name: str) -> int | Fraction | None:
        plan = self.plan
        if self._stated is None:
            figures = metric_values(plan.parts, plan.groups, plan.classes, plan.devices, plan.links)
            self._stated = {**figures, **cost_values(plan.bom)}
        return self._stated.get(name)


def split(name: str) -> tuple[str, str]:
    """Return the fabric and the last word of a metric's name; the fabric is "" for one of the design."""
    plain, bracket, ends = name.partition("(")
    head, _, last = plain.rpartition(".")
    last += bracket + ends
    return (head.removeprefix("fabric."), last) if head.startswith("fabric.") else ("", last)


def _known(value: int | Fraction | None, missing: Sequence[str] = ()) -> Figure:
    if value is not None:
        return Figure(Fraction(value))
    names = list(dict.fromkeys(missing))
    return Figure(
        None, f"no usable number for {', '.join(names)}" if names else "a figure that it rests on is not known"
    )


def _product(ratios: tuple[tuple[int, int], ...]) -> Fraction:
    total = Fraction(1)
    for down, up in ratios:
        total *= Fraction(down, up)
    return total
