"""Amounts of money of a bill of material: exact sums, and as text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from optidsl.plan.model import PlanBomLine

_BY_CATEGORY = {
    "transceiver": "cost.optics",
    "attenuator": "cost.optics",
    "amplifier": "cost.lines",
    "mux": "cost.lines",
    "cable": "cost.cables",
    "switch": "cost.switches",
    "server": "cost.nodes",
    "fee": "cost.fees",
}
_NETWORK = ("cost.optics", "cost.cables", "cost.switches", "cost.lines", "cost.fees")


def cost_values(bom: Sequence[PlanBomLine]) -> dict[str, Fraction | None]:
    """Return the metrics `cost.…` of a bill of material; None where a line has no price."""
    totals: dict[str, Fraction | None] = dict.fromkeys(_BY_CATEGORY.values(), Fraction(0))
    for line in bom:
        name = _BY_CATEGORY[line.category]
        known = totals[name]
        totals[name] = None if known is None or not line.price_total else known + Fraction(line.price_total)
    parts = [totals[name] for name in _NETWORK]
    known_parts = [part for part in parts if part is not None]
    totals["cost.network"] = sum(known_parts, Fraction(0)) if len(known_parts) == len(parts) else None
    return totals


def spares_cost(bom: Sequence[PlanBomLine]) -> Fraction | None:
    """Return what the spares of a bill of material cost; None where one has no price."""
    kept = [line for line in bom if line.spares]
    if any(not line.spares_total for line in kept):
        return None
    return sum((Fraction(line.spares_total) for line in kept), Fraction(0))


def money_text(value: Fraction) -> str:
    """Return an amount as an exact decimal with at least two places: products and sums of decimals always have one."""
    places = 2
    while value * 10**places % 1:
        places += 1
        if places > 40:
            return str(value)
    digits = f"{abs(value) * 10**places // 1:0{places + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
