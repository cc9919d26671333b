"""The bill of material as a table."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.emit.wording import csv_text, metres, watts
from optidsl.plan.model import Plan

COLUMNS = ("category", "part", "part_number", "vendor", "length_m", "quantity", "power_max_w", "power_max_total_w")
"""`length_m` is empty for parts without a length. Powers are empty where nobody states one; of cables they are 0."""

MONEY_COLUMNS = ("price", "price_total", "currency", "price_as_of", "price_from")
"""There where the design's files state prices; empty of a part that none is stated of."""

STOCK_COLUMNS = ("stock", "to_buy")
"""There where the design's files state stock."""


def bom_csv(plan: Plan) -> str:
    """Return the table: one line per part, cables per length, then the fees of protocols."""
    has_stock = any(line.stock is not None for line in plan.bom)
    has_money = any(line.price for line in plan.bom)
    columns = (*COLUMNS, *(MONEY_COLUMNS if has_money else ()), *(STOCK_COLUMNS if has_stock else ()))
    return csv_text(columns, _rows(plan, has_money=has_money, has_stock=has_stock))


def _rows(plan: Plan, *, has_money: bool, has_stock: bool) -> Iterator[tuple[str, ...]]:
    for line in plan.bom:
        one = line.power_max_mw
        currency = plan.header.currency if line.price else ""
        money = (line.price, line.price_total, currency, line.price_as_of, line.price_from)
        stock = ("" if line.stock is None else str(line.stock), "" if line.to_buy is None else str(line.to_buy))
        yield (
            line.category,
            line.part,
            line.part_number,
            line.vendor,
            metres(line.length_mm) if line.length_mm else "",
            str(line.quantity),
            "" if one is None else watts(one),
            "" if one is None else watts(one * line.quantity),
            *(money if has_money else ()),
            *(stock if has_stock else ()),
        )
