"""The bill of material as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optidsl.emit.wording import csv_text, metres, watts
from optidsl.plan.model import Plan, PlanBomLine

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
    more = _more_columns(plan, has_money=has_money)
    rows = _rows(plan, has_money=has_money, has_stock=has_stock)
    cells = ((read(line) for _, read in more) for line in plan.bom)
    whole = ((*row, *own) for row, own in zip(rows, cells, strict=True))
    return csv_text((*columns, *(name for name, _ in more)), whole)


def _more_columns(plan: Plan, *, has_money: bool) -> list[tuple[str, Callable[[PlanBomLine], str]]]:
    """Return the columns that only designs with rules on spares or on vendors have."""
    found: list[tuple[str, Callable[[PlanBomLine], str]]] = []
    if plan.spares is not None:
        found.append(("spares", lambda line: "" if line.spares is None else str(line.spares)))
        if has_money:
            found.append(("spares_total", lambda line: line.spares_total))
    if plan.growth is not None:
        for column, word in (("by_phase", ""), ("spares_by_phase", " spares"), ("to_buy_by_phase", " to_buy")):
            if any(getattr(line, column) for line in plan.bom):
                found += [(f"phase {each.name}{word}", _of_phase(column, at)) for at, each in enumerate(plan.growth)]
    if plan.policy.multi_source is not None:
        found.append(("alternates", lambda line: " ".join(line.alternates)))
    return found


def _of_phase(column: str, at: int) -> Callable[[PlanBomLine], str]:
    def read(line: PlanBomLine) -> str:
        added: tuple[int, ...] = getattr(line, column)
        return str(added[at]) if added else ""

    return read


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
