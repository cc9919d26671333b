"""Costs as amounts over the options: what modules, cables, boxes and the fees of protocols come to, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from optidsl._columns import distinct
from optidsl._record import record
from optidsl.catalog.purchase import Purchase
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.amount import Amount
from optidsl.optics.assemblies import first_links, view_of_legs
from optidsl.optics.candidates import Option
from optidsl.optics.classify import ClassView
from optidsl.optics.figures import Figures, is_built_in
from optidsl.optics.lengths import ordered_mm
from optidsl.sema.design import Design

Names = tuple[str, ...]


@record(frozen=True, slots=True)
class _Cost:
    """What one option (or all boxes of a kind) cost, without the parts of `unpriced`."""

    money: Fraction
    unpriced: Names


def cost_amounts(
    design: Design,
    placed: PlacedFabric,
    views: Sequence[ClassView],
    options: Sequence[Sequence[Option]],
    rows: Sequence[Sequence[Figures]],
) -> dict[str, tuple[Amount, ...]]:
    """Return every `cost.…` metric in the design's currency. A part without a price counts nothing and is named."""
    purchase = design.purchase
    optics = [[_modules(purchase, view, option) for option in row] for view, row in zip(views, options, strict=True)]
    cables = [
        [_cables(purchase, view, option, each) for option, each in zip(row, figures, strict=True)]
        for view, row, figures in zip(views, options, rows, strict=True)
    ]
    boxes = {kind: _boxes(purchase, placed, kind) for kind in ("switch", "node")}
    fees, lines = fee_total(purchase, placed), _lines(design)
    nothing = [[_Cost(Fraction(0), ())] * len(row) for row in options]
    both = [[_sum(a, b) for a, b in zip(one, two, strict=True)] for one, two in zip(optics, cables, strict=True)]
    fixed = _sum(_sum(boxes["switch"], _Cost(fees, ())), lines)
    made = {
        "cost.optics": _amount(_Cost(Fraction(0), ()), optics),
        "cost.cables": _amount(_Cost(Fraction(0), ()), cables),
        "cost.switches": _amount(boxes["switch"], nothing),
        "cost.nodes": _amount(boxes["node"], nothing),
        "cost.lines": _amount(lines, nothing),
        "cost.fees": _amount(_Cost(fees, ()), nothing),
        "cost.network": _amount(fixed, both),
    }
    return {name: (amount,) for name, amount in made.items()}


def _sum(a: _Cost, b: _Cost) -> _Cost:
    return _Cost(a.money + b.money, tuple(dict.fromkeys((*a.unpriced, *b.unpriced))))


def _amount(fixed: _Cost, rows: Sequence[Sequence[_Cost]]) -> Amount:
    scale = lcm(fixed.money.denominator, *(cost.money.denominator for row in rows for cost in row))
    return Amount(
        int(fixed.money * scale),
        tuple(tuple(int(cost.money * scale) for cost in row) for row in rows),
        scale=scale,
        lacks=tuple(f"price of {name}" for name in fixed.unpriced),
        gaps=tuple(tuple(tuple(f"price of {name}" for name in cost.unpriced) for cost in row) for row in rows),
    )


def _modules(purchase: Purchase, view: ClassView, option: Option) -> _Cost:
    """Price the modules and attenuators of a class; modules that are part of their box are not bought."""
    money, unpriced = Fraction(0), []
    ends = ((option.candidate.a_module, len(view.a_owned)), (option.candidate.z_module, len(view.z_owned)))
    counted = [(each.name, count) for each, count in ends if each is not None and not is_built_in(each)]
    counted += [(each.name, len(view.link_class.links)) for each in option.candidate.attenuators]
    for name, count in counted:
        if not count:
            continue
        price = purchase.prices.get(name)
        one = None if price is None else price.of(0)
        if one is None:
            unpriced.append(name)
        else:
            money += one * count
    return _Cost(money, tuple(dict.fromkeys(unpriced)))


def _cables(purchase: Purchase, view: ClassView, option: Option, figure: Figures) -> _Cost:
    """Price the cables of a class, each at the length that is ordered for its link."""
    cable = option.candidate.direct or option.candidate.fiber
    if cable is None or not figure.n_cables:
        return _Cost(Fraction(0), ())
    price = purchase.prices.get(cable.name)
    if price is None:
        return _Cost(Fraction(0), (cable.name,))
    ordered = ordered_mm(view_of_legs(view, option.candidate).required_mm, cable)
    if option.candidate.hub:
        ordered = ordered[first_links(view, option.candidate)]
    money = Fraction(0)
    for length in distinct(ordered).tolist():
        one = price.of(int(length))
        if one is None:
            return _Cost(Fraction(0), (cable.name,))
        money += one * int(np.count_nonzero(ordered == length))
    return _Cost(money * Fraction(figure.n_cables, len(ordered)), ())


def _lines(design: Design) -> _Cost:
    """Price the amplifiers of both directions and the multiplexers of both ends."""
    money, unpriced = Fraction(0), []
    for line in design.lines:
        for name in (line.mux.name, *(each.model.name for each in line.amplifiers)):
            price = design.purchase.prices.get(name)
            one = None if price is None else price.of(0)
            money += 0 if one is None else 2 * one
            unpriced += [name] if one is None else []
    return _Cost(money, tuple(dict.fromkeys(unpriced)))


def _boxes(purchase: Purchase, placed: PlacedFabric, kind: str) -> _Cost:
    money, unpriced = Fraction(0), []
    for group in placed.tables.groups:
        if group.kind != kind or not group.count:
            continue
        price = purchase.prices.get(group.model.name)
        one = None if price is None else price.of(0)
        if one is None:
            unpriced.append(group.model.name)
        else:
            money += one * group.count
    return _Cost(money, tuple(dict.fromkeys(unpriced)))


def fee_total(purchase: Purchase, placed: PlacedFabric) -> Fraction:
    """Return the fees of all protocols: each switch port with a link counts, of both ends between switches."""
    if not purchase.fees:
        return Fraction(0)
    links, devices, groups = placed.tables.links, placed.tables.devices, placed.tables.groups
    is_switch = np.array([group.kind == "switch" for group in groups], dtype=bool)
    total = Fraction(0)
    for shape in placed.tables.shapes:
        fee = purchase.fees.get(shape.fabric.protocol)
        if fee is None:
            continue
        own = [at for at, segment in enumerate(placed.tables.segments) if segment.fabric == shape.fabric.name]
        rows = np.isin(links.segment, own)
        ends = sum(
            int(np.count_nonzero(is_switch[devices.group[device[rows]]])) for device in (links.a_device, links.z_device)
        )
        total += fee.per_port * ends
    return total
