"""Requirements that contradict each other whatever the fabric is: `spine.count >= 9` and `spine.count <= 5`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from optidsl._record import record
from optidsl.sema.design import Condition, Requirement

MOST_ROWS = 200
"""Inequalities up to which elimination goes on; beyond, no contradiction is claimed."""


@record(frozen=True, slots=True)
class _Row:
    """`constant + sum(weight * metric) >= 0`, or `> 0`."""

    constant: Fraction
    weights: dict[str, Fraction]
    is_strict: bool


def is_derived(requirement: Requirement) -> bool:
    """Tell whether a requirement is about the sizes of fabrics alone, which no choice of parts changes."""
    metrics = [metric for each in requirement.conditions for metric, _ in each.expression.terms]
    return bool(metrics) and all(
        metric.name.startswith("fabric.") and not metric.name.endswith("latency") for metric in metrics
    )


def contradiction(failing: Requirement, others: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """Return a smallest set of requirements, `failing` among them, that no values of the metrics can meet.

    Args:
        failing: a requirement that does not hold.
        others: what else is required, in source order.

    Returns:
        The set in source order, or nothing when the others leave room for `failing`.
    """
    kept = list(others)
    if not _is_impossible([failing, *kept]) or _is_impossible(kept):
        return ()
    for each in list(kept):
        rest = [other for other in kept if other is not each]
        if _is_impossible([failing, *rest]):
            kept = rest
    return tuple(sorted((failing, *kept), key=lambda each: each.span)) if kept else ()


def _is_impossible(requirements: Sequence[Requirement]) -> bool:
    """Tell whether no rational values of the metrics meet the requirements (Fourier-Motzkin elimination)."""
    rows = [row for each in requirements for condition in each.conditions for row in _rows(condition)]
    for name in sorted({name for row in rows for name in row.weights}):
        low = [row for row in rows if row.weights.get(name, 0) > 0]
        high = [row for row in rows if row.weights.get(name, 0) < 0]
        rows = [row for row in rows if not row.weights.get(name, 0)]
        if len(rows) + len(low) * len(high) > MOST_ROWS:
            return False
        rows += [_without(name, one, other) for one in low for other in high]
    return any(row.constant < 0 or (row.is_strict and row.constant == 0) for row in rows)


def _rows(condition: Condition) -> list[_Row]:
    weights: dict[str, Fraction] = {}
    for metric, factor in condition.expression.terms:
        weights[metric.name] = weights.get(metric.name, Fraction(0)) + factor
    row = _Row(condition.expression.constant, weights, condition.relation == ">")
    if condition.relation != "==":
        return [row]
    return [row, _Row(-row.constant, {name: -weight for name, weight in weights.items()}, False)]


def _without(name: str, low: _Row, high: _Row) -> _Row:
    """Add two rows so that a metric cancels."""
    up, down = -high.weights[name], low.weights[name]
    names = sorted({*low.weights, *high.weights} - {name})
    weights = {
        each: up * low.weights.get(each, Fraction(0)) + down * high.weights.get(each, Fraction(0)) for each in names
    }
    return _Row(up * low.constant + down * high.constant, weights, low.is_strict or high.is_strict)
