"""What a part of a plan takes to buy: things, spares by the same rules, fees, and the stock that is used first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from optidsl.catalog.spares import Reliability, Spares
from optidsl.diag import Span
from optidsl.plan.amounts import money_text
from optidsl.plan.bom import bill_of_material
from optidsl.plan.latency import Network
from optidsl.plan.model import Plan, PlanBomLine
from optidsl.plan.prices import stocked
from optidsl.plan.spare_model import PlanSpares, Share
from optidsl.plan.spares import stores_of, with_spares


def part_bom(whole: Plan, part: Plan) -> tuple[tuple[PlanBomLine, ...], PlanSpares | None]:
    """Return the bill of material of a part and its spares, at the prices, the rules and the stock of the whole.

    Args:
        whole: the plan of the last phase.
        part: what stands, without a bill of material of its own.
    """
    things = bill_of_material(part.parts, part.groups, part.classes, part.devices, part.links)
    known = {_key(line): line for line in whole.bom}
    n_phases = len(part.growth or ())
    lines = tuple(_priced(line, known.get(_key(line)), n_phases) for line in things)
    spares = None if whole.spares is None else _spares(whole.spares, part, lines)
    if spares is not None:
        lines = tuple(map(_with_total, with_spares(lines, spares.stores, spares.of)))
    there = _stock(whole.bom)
    lines = lines if there is None else stocked(lines, there)
    return (*lines, *_fees(whole, part, n_phases)), spares


def bom_by_phase(plan: Plan, parts: Sequence[Plan]) -> tuple[PlanBomLine, ...]:
    """Return the bill of material with what each phase adds to those before it, stock serving the earliest first.

    Args:
        plan: the plan of the last phase.
        parts: what stands in each phase, the last one being the plan.
    """
    states = [_as_of(plan.bom, part) for part in parts]
    lines: list[PlanBomLine] = []
    for row, line in enumerate(plan.bom):
        then = [state[row] for state in states]
        changes = {"by_phase": _added([each.quantity for each in then])}
        if line.spares is not None:
            changes["spares_by_phase"] = _added([each.spares or 0 for each in then])
        if line.to_buy is not None:
            changes["to_buy_by_phase"] = _added([each.to_buy or 0 for each in then])
        lines.append(line.model_copy(update=changes))
    return tuple(lines)


def _added(totals: list[int]) -> tuple[int, ...]:
    return tuple(total - before for before, total in zip([0, *totals], totals, strict=False))


def _as_of(bom: Sequence[PlanBomLine], part: Plan) -> list[PlanBomLine]:
    """Return the lines of the whole with the counts of a part; spares stand where the whole has them."""
    counts = {_key(line): line.quantity for line in part.bom}
    spares: dict[tuple[str, int], int] = {}
    for line in part.bom:
        spares[line.part, line.length_mm] = spares.get((line.part, line.length_mm), 0) + (line.spares or 0)
    lines = []
    for line in bom:
        kept = spares.pop((line.part, line.length_mm), 0) if line.spares is not None else None
        lines.append(line.model_copy(update={"quantity": counts.get(_key(line), 0), "spares": kept}))
    there = _stock(bom)
    if there is None:
        return lines
    bought = iter(stocked([line for line in lines if line.stock is not None], there))
    return [line if line.stock is None else next(bought) for line in lines]


def _stock(bom: Sequence[PlanBomLine]) -> dict[tuple[str, int], int] | None:
    """Return how many are there before anything is built, by part and length; None where nobody says."""
    if all(line.stock is None for line in bom):
        return None
    there: dict[tuple[str, int], int] = {}
    for line in bom:
        there.setdefault((line.part, line.length_mm), line.stock or 0)
    return there


def _key(line: PlanBomLine) -> tuple[str, str, int, int | None]:
    return line.category, line.part, line.length_mm, line.power_max_mw


def _priced(line: PlanBomLine, priced: PlanBomLine | None, n_phases: int) -> PlanBomLine:
    if priced is None:
        return line
    changes: dict[str, object] = {
        name: getattr(priced, name)[:n_phases] for name in ("by_phase", "spares_by_phase", "to_buy_by_phase")
    }
    changes["alternates"] = priced.alternates
    if priced.price:
        total = money_text(Fraction(priced.price) * line.quantity)
        changes |= {"price": priced.price, "price_total": total}
        changes |= {"price_as_of": priced.price_as_of, "price_from": priced.price_from}
    return line.model_copy(update=changes)


def _with_total(line: PlanBomLine) -> PlanBomLine:
    total = money_text(Fraction(line.price) * line.spares) if line.price and line.spares else ""
    return line.model_copy(update={"spares_total": total})


def _spares(own: PlanSpares, part: Plan, lines: Sequence[PlanBomLine]) -> PlanSpares:
    """Return the spares of a part, by the rules of the whole and what is known of each part."""
    nowhere = Span(0, 0, 0)
    known = {
        each.part: Reliability(each.part, _fraction(each.afr), _fraction(each.lead_days), "", "", nowhere)
        for each in own.stores
    }
    rules = Spares(
        own.of, _fraction(own.ratio), own.at_least, _fraction(own.confidence), None, own.is_per_site, nowhere, known
    )
    network = Network(part.parts, part.groups, part.segments, part.classes, part.links)
    return own.model_copy(update={"stores": tuple(stores_of(rules, network, part.devices, part.racks, lines))})


def _fraction(share: Share | None) -> Fraction | None:
    return None if share is None else Fraction(*share)


def _fees(whole: Plan, part: Plan, n_phases: int) -> list[PlanBomLine]:
    is_switch = np.array([group.kind == "switch" for group in part.groups], dtype=bool)
    found: list[PlanBomLine] = []
    for line in whole.bom:
        if line.category != "fee":
            continue
        own = {fabric.name for fabric in part.fabrics if fabric.protocol == line.part}
        rows = np.isin(part.links.segment, [at for at, each in enumerate(part.segments) if each.fabric in own])
        ends = (part.links.a_device[rows], part.links.z_device[rows])
        quantity = sum(int(np.count_nonzero(is_switch[part.devices.group[device]])) for device in ends)
        if quantity:
            found.append(_priced(line.model_copy(update={"quantity": quantity}), line, n_phases))
    return found
