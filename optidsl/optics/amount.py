"""Amounts that depend on the choice: metrics as sums over the options chosen and the SKUs used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from math import lcm

from optidsl._record import field, record
from optidsl.diag import InternalError
from optidsl.fabric.metrics import metrics
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.figures import Figures
from optidsl.sema.design import Affine

Weights = tuple[tuple[int, ...], ...]
"""A weight per class and option."""


def unit_of(metric: str, currency: str = "USD") -> str:
    """Return the base unit of a metric: mW, mm, Mbps, ps, the design's currency, or "" for plain numbers."""
    if metric.startswith("cost."):
        return currency
    if metric.endswith("latency"):
        return "ps"
    if metric.startswith("power."):
        return "mW"
    if metric.endswith("bisection_mbps"):
        return "Mbps"
    return "mm" if metric == "cables.length" else ""


Gaps = tuple[tuple[tuple[str, ...], ...], ...]
"""Names of missing figures per class and option."""


@record(frozen=True, slots=True)
class Amount:
    """`(constant + weights of the chosen options + per SKU in use) / scale`, in base units.

    `lacks` names the fixed figures (of boxes) that no source gives; they count 0 in `constant`. `gaps` names those
    of each option (empty where a metric has none): they count 0 in `weights`.
    """

    constant: int
    weights: Weights
    per_optic_sku: int = 0
    per_cable_sku: int = 0
    scale: int = 1
    lacks: tuple[str, ...] = ()
    gaps: Gaps = ()
    per_fiber_type: int = 0

    @property
    def is_fixed(self) -> bool:
        """Tell whether the choice cannot change it."""
        return self.is_separable and all(len(set(row)) <= 1 for row in self.weights)

    @property
    def is_separable(self) -> bool:
        """Tell whether it is a sum over classes, each on its own."""
        return self.per_optic_sku == 0 and self.per_cable_sku == 0 and self.per_fiber_type == 0

    def value(self, picks: Sequence[int], n_optic_skus: int, n_cable_skus: int, n_fiber_types: int = 0) -> int:
        """Return the scaled amount of a choice: one option index per class, and the SKUs and fibre types it uses."""
        chosen = sum(row[pick] for row, pick in zip(self.weights, picks, strict=True))
        skus = self.per_optic_sku * n_optic_skus + self.per_cable_sku * n_cable_skus
        return self.constant + chosen + skus + self.per_fiber_type * n_fiber_types

    def missing(self, picks: Sequence[int]) -> tuple[str, ...]:
        """Return the figures that a choice needs and nobody gives."""
        of_options = (field for row, pick in zip(self.gaps, picks, strict=True) for field in row[pick])
        return tuple(dict.fromkeys((*self.lacks, *(of_options if self.gaps else ()))))

    @property
    def is_sure(self) -> bool:
        """Tell whether every figure is known, whatever is chosen."""
        return not self.lacks and not any(gap for row in self.gaps for gap in row)


@record(frozen=True, slots=True)
class Meter:
    """Turn metrics into amounts over these options."""

    fixed: dict[str, Fraction | None]
    figures: tuple[tuple[Figures, ...], ...]
    switches_mw: int
    nodes_mw: int
    switch_lacks: tuple[str, ...]
    node_lacks: tuple[str, ...]
    more: dict[str, tuple[Amount, ...]] = field(default_factory=dict)
    currency: str = "USD"

    def unit(self, expression: Affine) -> str:
        """Return the base unit of an expression's terms."""
        return unit_of(expression.terms[0][0].name, self.currency) if expression.terms else ""

    def weights(self, read: Callable[[Figures], int]) -> Weights:
        """Return one figure of every option."""
        return tuple(tuple(read(each) for each in row) for row in self.figures)

    def metric(self, name: str) -> Amount:
        """Return the amount of a metric."""
        nothing = self.weights(lambda each: 0)
        if name in self.fixed:
            value = self.fixed[name]
            if value is None:
                return Amount(0, nothing, lacks=(name,))
            return Amount(value.numerator, nothing, scale=value.denominator)
        power = self.weights(lambda each: each.power_mw)
        table: dict[str, Amount] = {
            "power.optics": Amount(0, power),
            "power.switches": Amount(self.switches_mw, nothing, lacks=self.switch_lacks),
            "power.nodes": Amount(self.nodes_mw, nothing, lacks=self.node_lacks),
            "power.network": Amount(self.switches_mw, power, lacks=self.switch_lacks),
            "power.it": Amount(self.switches_mw + self.nodes_mw, power, lacks=self.switch_lacks + self.node_lacks),
            "bom.optics.skus": Amount(0, nothing, per_optic_sku=1),
            "bom.cables.skus": Amount(0, nothing, per_cable_sku=1),
            "bom.fibers.types": Amount(0, nothing, per_fiber_type=1),
            "cables.count": Amount(0, self.weights(lambda each: each.n_cables)),
            "cables.length": Amount(0, self.weights(lambda each: each.cable_mm)),
            "optics.count": Amount(0, self.weights(lambda each: each.n_modules)),
        }
        if name in self.more:
            return self.more[name][0]
        if name not in table:
            raise InternalError(f"no such metric: {name}")
        return table[name]

    def worst_cases(self, expression: Affine) -> list[Amount]:
        """Return the amounts of which an expression is the largest: one for each path of a latency, else one."""
        names = [metric.name for metric, _ in expression.terms]
        cases = product(*(self.more.get(name) or (self.metric(name),) for name in names))
        return [self._combined(expression, case) for case in cases]

    def affine(self, expression: Affine) -> Amount:
        """Return the amount of an expression over metrics."""
        return self._combined(expression, [self.metric(metric.name) for metric, _ in expression.terms])

    def _combined(self, expression: Affine, of_terms: Sequence[Amount]) -> Amount:
        parts = [(amount, factor) for amount, (_, factor) in zip(of_terms, expression.terms, strict=True)]
        scale = lcm(expression.constant.denominator, *((factor / part.scale).denominator for part, factor in parts))
        factors = [int(factor / part.scale * scale) for part, factor in parts]
        amounts = [part for part, _ in parts]
        weights = tuple(
            tuple(
                sum(factor * part.weights[row][column] for factor, part in zip(factors, amounts, strict=True))
                for column in range(len(options))
            )
            for row, options in enumerate(self.figures)
        )
        pairs = list(zip(factors, amounts, strict=True))
        return Amount(
            int(expression.constant * scale) + sum(factor * part.constant for factor, part in pairs),
            weights,
            sum(factor * part.per_optic_sku for factor, part in pairs),
            sum(factor * part.per_cable_sku for factor, part in pairs),
            scale,
            tuple(dict.fromkeys(field for part in amounts for field in part.lacks)),
            _joined([part.gaps for part in amounts if part.gaps]),
            sum(factor * part.per_fiber_type for factor, part in pairs),
        )


def _joined(gaps: Sequence[Gaps]) -> Gaps:
    """Return the missing figures of several amounts per class and option."""
    if len(gaps) < 2:
        return gaps[0] if gaps else ()
    return tuple(
        tuple(tuple(dict.fromkeys(name for one in options for name in one)) for options in zip(*rows, strict=True))
        for rows in zip(*gaps, strict=True)
    )


def meter(
    placed: PlacedFabric,
    rows: tuple[tuple[Figures, ...], ...],
    more: dict[str, tuple[Amount, ...]] | None = None,
    currency: str = "USD",
) -> Meter:
    """Sum the fixed figures of the boxes; `more` are metrics that only designs which name them pay for."""
    watts = {"switch": 0, "node": 0}
    lacks: dict[str, dict[str, None]] = {"switch": {}, "node": {}}
    for group in placed.tables.groups:
        fact = group.model.power_max_mw
        if fact is None or fact.confidence == "unverified":
            lacks[group.kind][f"{group.model.name}.power_max"] = None
        else:
            watts[group.kind] += fact.value * group.count
    return Meter(
        metrics(placed.tables),
        rows,
        watts["switch"],
        watts["node"],
        tuple(lacks["switch"]),
        tuple(lacks["node"]),
        more or {},
        currency,
    )
