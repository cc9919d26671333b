"""The bill of material with money and stock: unit price, extended price, what is there, what is left to buy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optidsl.catalog.purchase import Purchase
from optidsl.plan.amounts import money_text
from optidsl.plan.model import PlanBomLine, PlanDevices, PlanFabric, PlanGroup, PlanLinks, PlanSegment


def priced(bom: Sequence[PlanBomLine], purchase: Purchase, sites: Sequence[str]) -> tuple[PlanBomLine, ...]:
    """Return the lines with what the design's files say of buying; as they are where these say nothing.

    Args:
        bom: lines of things, without fees.
        purchase: prices and stock.
        sites: names of the design's sites; stock of other sites does not count.
    """
    if purchase.is_empty:
        return tuple(bom)
    there: dict[tuple[str, int], int] = {}
    for each in purchase.stock:
        if not each.site or each.site in sites:
            there[each.part, each.length_mm] = there.get((each.part, each.length_mm), 0) + each.quantity
    lines = tuple(_priced(line, purchase) for line in bom)
    return stocked(lines, there) if purchase.stock else lines


def stocked(bom: Sequence[PlanBomLine], there: dict[tuple[str, int], int]) -> tuple[PlanBomLine, ...]:
    """Return lines with what is there of each and what is left to buy; a line takes from what those before it left.

    Args:
        bom: lines of things, with their spares.
        there: how many are there by part and length in mm; what is taken is taken out.
    """
    lines: list[PlanBomLine] = []
    for line in bom:
        key = (line.part, line.length_mm)
        stock = there.get(key, 0)
        wanted = line.quantity + (line.spares or 0)
        to_buy = max(0, wanted - stock)
        there[key] = stock - (wanted - to_buy)
        lines.append(line.model_copy(update={"stock": stock, "to_buy": to_buy}))
    return tuple(lines)


def _priced(line: PlanBomLine, purchase: Purchase) -> PlanBomLine:
    """Return one line with its money."""
    changes: dict[str, object] = {}
    price = purchase.prices.get(line.part)
    one = None if price is None else price.of(line.length_mm)
    if price is not None and one is not None:
        changes = {
            "price": money_text(one),
            "price_total": money_text(one * line.quantity),
            "price_as_of": price.as_of,
            "price_from": price.source,
        }
        if line.spares:
            changes["spares_total"] = money_text(one * line.spares)
    return line.model_copy(update=changes)


def fee_lines(
    purchase: Purchase,
    fabrics: Sequence[PlanFabric],
    segments: Sequence[PlanSegment],
    groups: Sequence[PlanGroup],
    devices: PlanDevices,
    links: PlanLinks,
) -> tuple[PlanBomLine, ...]:
    """Return one line per protocol with a fee: as many as switch ports with a link, of both ends between switches."""
    lines = []
    is_switch = np.array([group.kind == "switch" for group in groups], dtype=bool)
    for protocol, fee in sorted(purchase.fees.items()):
        own = {fabric.name for fabric in fabrics if fabric.protocol == protocol}
        rows = np.isin(links.segment, [at for at, segment in enumerate(segments) if segment.fabric in own])
        ends = (links.a_device[rows], links.z_device[rows])
        quantity = sum(int(np.count_nonzero(is_switch[devices.group[device]])) for device in ends)
        if quantity:
            lines.append(
                PlanBomLine(
                    category="fee",
                    part=protocol,
                    part_number="",
                    vendor="",
                    length_mm=0,
                    quantity=quantity,
                    power_max_mw=0,
                    price=money_text(fee.per_port),
                    price_total=money_text(fee.per_port * quantity),
                    price_as_of=fee.as_of,
                    price_from=fee.source,
                )
            )
    return tuple(lines)
