"""What ties classes together: SKU limits, watts of racks and sites, requirements over the whole design."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from optidsl._columns import distinct
from optidsl._record import record, replace
from optidsl.diag import Span
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.amount import Amount, Meter
from optidsl.optics.classify import ClassView
from optidsl.optics.figures import Figures
from optidsl.optics.statement import Statement
from optidsl.optics.text import quantity
from optidsl.sema.design import Condition, Design, Requirement

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class Coupling:
    """`amount <= bound` (both scaled by `amount.scale`), because of a statement.

    `subject` is what the amount is of, in words ("rack gpu-3"). `sign` is -1 when a lower bound was turned round; with
    `offset` it turns amounts back into what the author compared.
    """

    statement: Statement
    amount: Amount
    bound: int
    unit: str
    subject: str
    sign: int = 1
    offset: Fraction = Fraction(0)

    def left(self, value: int) -> Fraction:
        """Return the author's left side for a scaled amount, in `unit`."""
        return self.sign * Fraction(value, self.amount.scale) + self.offset

    @property
    def right(self) -> Fraction:
        """The author's right side, in `unit`."""
        return self.left(self.bound)


@record(frozen=True, slots=True)
class Soft:
    """A requirement that may be broken at a price."""

    requirement: Requirement
    couplings: tuple[Coupling, ...]


def sku_couplings(design: Design, meter: Meter) -> Iterator[Coupling]:
    """Yield the limits on the number of different optics, cables and types of fibre."""
    policy = design.policy
    slots = (
        ("optic-skus", "optic SKUs", "bom.optics.skus", policy.optic_skus),
        ("cable-skus", "cable SKUs", "bom.cables.skus", policy.cable_skus),
        ("fiber-types", "fibre types", "bom.fibers.types", policy.fiber_types),
    )
    for topic, subject, metric, slot in slots:
        amount = meter.metric(metric)
        high = slot.value if slot.value is not None else slot.upper
        low = slot.value if slot.value is not None else slot.lower
        if high is not None:
            statement = Statement(f"policy {topic}", topic, slot.span, f"at most {high} {subject}")
            yield Coupling(statement, amount, high, "", subject)
        if low is not None:
            statement = Statement(f"policy {topic} least", topic, slot.span, f"at least {low} {subject}")
            yield _at_least(statement, amount, low, "", subject)


def _at_least(statement: Statement, amount: Amount, low: int, unit: str, subject: str) -> Coupling:
    return Coupling(statement, negated(amount), -low, unit, subject, -1)


def negated(amount: Amount) -> Amount:
    """Return the amount with its sign turned."""
    weights = tuple(tuple(-each for each in row) for row in amount.weights)
    return replace(
        amount,
        constant=-amount.constant,
        weights=weights,
        per_optic_sku=-amount.per_optic_sku,
        per_cable_sku=-amount.per_cable_sku,
        per_fiber_type=-amount.per_fiber_type,
    )


# ------------------------------------------------------------------ watts


@record(frozen=True, slots=True)
class PlaceLoad:
    """What draws power in one place: the boxes (known part), and cages per class and end, shape `(n_classes, 2)`."""

    boxes_mw: int
    cages: I64
    lacks: tuple[str, ...]


def rack_loads(placed: PlacedFabric, views: list[ClassView], stride: int) -> list[PlaceLoad]:
    """Return what draws power in each rack; the last entry is for devices without a rack."""
    n_racks = len(placed.racks.name)
    rack = np.where(placed.rack < 0, n_racks, placed.rack).astype(np.int64)
    boxes = np.zeros(n_racks + 1, dtype=np.int64)
    lacks: list[dict[str, None]] = [{} for _ in range(n_racks + 1)]
    for group in placed.tables.groups:
        where = rack[group.first : group.first + group.count]
        fact = group.model.power_max_mw
        if fact is None or fact.confidence == "unverified":
            for at in distinct(where).tolist():
                lacks[at][f"{group.model.name}.power_max"] = None
        else:
            boxes += fact.value * np.bincount(where, minlength=n_racks + 1)
    cages = np.zeros((n_racks + 1, len(views), 2), dtype=np.int64)
    for row, view in enumerate(views):
        for side, owned in enumerate((view.a_owned, view.z_owned)):
            cages[:, row, side] = np.bincount(rack[owned // stride], minlength=n_racks + 1)
    return [PlaceLoad(int(boxes[at]), cages[at], tuple(lacks[at])) for at in range(n_racks + 1)]


def load_amount(load: PlaceLoad, rows: tuple[tuple[Figures, ...], ...]) -> Amount:
    """Return the draw of a place in mW as an amount over the options."""
    weights = tuple(
        tuple(int(load.cages[row, 0]) * each.a_power_mw + int(load.cages[row, 1]) * each.z_power_mw for each in options)
        for row, options in enumerate(rows)
    )
    return Amount(load.boxes_mw, weights, lacks=load.lacks)


def rack_couplings(
    placed: PlacedFabric, loads: list[PlaceLoad], rows: tuple[tuple[Figures, ...], ...]
) -> Iterator[Coupling]:
    """Yield the power caps of racks; racks that draw alike under one statement appear once."""
    seen: set[tuple[int, int, Span | None, bytes]] = set()
    for at, name in enumerate(placed.racks.name):
        cap, group = int(placed.racks.power_cap_mw[at]), placed.racks.group[at]
        mark = (cap, loads[at].boxes_mw, group.power_mw.span, loads[at].cages.tobytes())
        if cap < 0 or mark in seen:
            continue
        seen.add(mark)
        limit = quantity(cap, "mW")
        span, words = group.power_mw.span, f"at most {limit} a rack"
        # A line in a loop is one statement, however many rows of racks it makes.
        where = str(group.address) if span is None else f"{span.file}:{span.start} {limit}"
        statement = Statement(f"rack-power {where}", "rack-power", span, words)
        yield Coupling(statement, load_amount(loads[at], rows), cap, "mW", f"rack {name}")


def site_couplings(
    design: Design, placed: PlacedFabric, loads: list[PlaceLoad], rows: tuple[tuple[Figures, ...], ...]
) -> Iterator[Coupling]:
    """Yield the power limits of sites: watts of the equipment times the highest PUE."""
    for site in design.sites:
        limit = site.power_mw.value if site.power_mw.value is not None else site.power_mw.upper
        if limit is None:
            continue
        name = site.address.parts[-1]
        inside = [loads[at] for at, of in enumerate(placed.racks.site) if of in (name, str(site.address))]
        if len(design.sites) == 1:
            inside.append(loads[-1])
        total = PlaceLoad(
            sum(load.boxes_mw for load in inside),
            np.sum([load.cages for load in inside], axis=0) if inside else np.zeros((len(rows), 2), dtype=np.int64),
            tuple(dict.fromkeys(field for load in inside for field in load.lacks)),
        )
        amount = load_amount(total, rows)
        pue = site.pue_high if site.pue_high is not None else Fraction(1)
        scaled = Amount(
            amount.constant * pue.numerator,
            tuple(tuple(each * pue.numerator for each in row) for row in amount.weights),
            scale=pue.denominator,
            lacks=amount.lacks,
        )
        words = f"at most {quantity(limit, 'mW')}" + (f" at a PUE of {float(pue):g}" if pue != 1 else "")
        statement = Statement(f"site-power {site.address}", "site-power", site.power_mw.span, words)
        yield Coupling(statement, scaled, limit * pue.denominator, "mW", f"site {name}")


# ------------------------------------------------------------------ requirements


def condition_couplings(requirement: Requirement, condition: Condition, meter: Meter) -> Iterator[Coupling]:
    """Yield `expression >= 0` (or `> 0`, or both ways for `==`) as upper bounds."""
    unit = meter.unit(condition.expression)
    statement = Statement(requirement_key(requirement), "requirement", requirement.span, f"required: {condition.text}")
    least = 1 if condition.relation == ">" else 0
    # `constant + terms >= 0` reads "terms >= -constant", or "-terms <= constant" when the terms are negative.
    constant, terms = condition.expression.constant, condition.expression.terms
    is_limit = bool(terms) and terms[0][1] < 0
    sign, offset = (1, constant) if is_limit else (-1, -constant)
    for amount in meter.worst_cases(condition.expression):
        yield Coupling(statement, negated(amount), -least, unit, condition.text, sign, offset)
        if condition.relation == "==":
            yield Coupling(statement, amount, 0, unit, condition.text, -sign, offset)


def requirement_key(requirement: Requirement) -> str:
    """Return the key of a requirement's statement."""
    return f"requirement {requirement.span.file}:{requirement.span.start}"
