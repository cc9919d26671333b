"""What a choice of parts comes to, and by how much two choices differ: the price of a way out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from optidsl._context import Context
from optidsl._record import record, replace
from optidsl.diag import Fix
from optidsl.layout.tables import PlacedFabric
from optidsl.optics.figures import Figures, figures
from optidsl.optics.lacking import inconclusive
from optidsl.optics.text import listing, plural, quantity
from optidsl.optics.whole import Solution, Whole
from optidsl.sema.design import Design

SHOWN = 3
"""Ways out that are told of one conflict."""

FAR = 3
"""First number of the rank of a change that nobody should make before any other: told last, whatever it saves."""


@record(frozen=True, slots=True)
class Bill:
    """Figures of a choice. `cost` is of the network in `currency`, None unless every part has a price.

    `unknown_watts` counts the classes whose parts have no sourced power; `lacks` are the figures without which nobody
    knows whether the requirements hold.
    """

    watts_mw: int
    unknown_watts: int
    optic_skus: int
    cable_skus: int
    cable_mm: int
    cost: Fraction | None
    currency: str
    switches: int
    lacks: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Priced:
    """A change that works, and what the design then comes to; of equals, the least `rank` is told first."""

    fix: Fix
    bill: Bill
    rank: tuple[int, int, str] = (0, 0, "")


def bill_of(whole: Whole, found: Solution) -> Bill:
    """Add up a choice of parts."""
    chosen = [row[pick] for row, pick in zip(found.model.figures, found.picks, strict=True)]
    bill = _added(whole.placed, chosen, _cost(whole, found), whole.design.purchase.currency)
    return replace(bill, lacks=inconclusive(whole.design, found.model, found.picks))


def _cost(whole: Whole, found: Solution) -> Fraction | None:
    """Return the cost of the network, None where a part has no price."""
    if not whole.design.purchase.prices:
        return None
    from optidsl.optics.costs import cost_amounts

    rows = [[row[pick]] for row, pick in zip(found.model.options, found.picks, strict=True)]
    figures = [[row[pick]] for row, pick in zip(found.model.figures, found.picks, strict=True)]
    views = [each.view for each in found.model.classes]
    amount = cost_amounts(whole.design, whole.placed, views, rows, figures)["cost.network"][0]
    first = (0,) * len(rows)
    return None if amount.missing(first) else Fraction(amount.value(first, 0, 0), amount.scale)


def bill_of_design(design: Design, context: Context) -> Bill | None:
    """Return what a changed design comes to, None where a stage refuses it; nothing is told.

    Args:
        design: the design.
        context: with a sink of its own.
    """
    from optidsl.fabric import synthesize
    from optidsl.layout import place
    from optidsl.optics.candidates import Option, Tried
    from optidsl.optics.choose import choose
    from optidsl.optics.classify import views

    tables = synthesize(design, context)
    placed = None if tables is None else place(design, tables, context)
    choice = None if placed is None else choose(design, placed, context, recheck=False, tried=Tried())
    if placed is None or choice is None or context.sink.has_errors:
        return None
    seated = placed if choice.tables is None else replace(placed, tables=choice.tables)
    chosen = [
        figures(view, Option(each.candidate, ()))
        for view, each in zip(views(design, seated), choice.classes, strict=True)
    ]
    return _added(placed, chosen, None, design.purchase.currency)


def _added(placed: PlacedFabric, chosen: Sequence[Figures], cost: Fraction | None, currency: str) -> Bill:
    return Bill(
        watts_mw=sum(each.power_mw for each in chosen),
        unknown_watts=sum(bool(each.lacks) for each in chosen),
        optic_skus=len({name for each in chosen for name in each.modules}),
        cable_skus=len({sku for each in chosen for sku in each.cable_skus}),
        cable_mm=sum(each.cable_mm for each in chosen),
        cost=cost,
        currency=currency,
        switches=sum(group.count for group in placed.tables.groups if group.kind == "switch"),
    )


def cheapest(found: Sequence[Priced], *, is_sized: bool = False) -> list[Fix]:
    """Return the changes to tell of, with prices: the cheapest first, then those that touch the fewest places.

    Args:
        found: changes that work.
        is_sized: numbers of switches are told.
    """
    is_costed = all(each.bill.cost is not None for each in found)

    def order(each: Priced) -> tuple[object, ...]:
        bill, edits = each.bill, each.fix.edits
        cost = bill.cost if is_costed and bill.cost is not None else Fraction(0)
        amounts = (cost, bill.switches, bill.watts_mw, bill.optic_skus, bill.cable_skus, bill.cable_mm)
        return (each.rank[0] == FAR, amounts, not edits, len(edits), each.rank)

    sure = [each for each in found if not each.bill.lacks]
    shown = sorted(sure or found, key=order)[:SHOWN]
    if not shown:
        return []
    first = shown[0].bill
    head = f"{'cheapest: ' if len(shown) > 1 else ''}{_total(first, is_sized)}"
    words = [head, *(_more(each.bill, first) for each in shown[1:])]
    words = [f"{price}{_unsure(each.bill)}" for each, price in zip(shown, words, strict=True)]
    return [replace(each.fix, price=price) for each, price in zip(shown, words, strict=True)]


def _unsure(bill: Bill) -> str:
    """Say that a requirement cannot be concluded with what a change leads to."""
    return f"; a requirement then lacks {listing(list(bill.lacks), 'and')}" if bill.lacks else ""


def _total(bill: Bill, is_sized: bool) -> str:
    words = [] if bill.cost is None else [quantity(bill.cost, bill.currency)]
    words += [plural(bill.switches, "switch")] if is_sized else []
    least = "at least " if bill.unknown_watts else ""
    words.append(f"{least}{quantity(bill.watts_mw, 'mW')} of optics")
    words.append(_skus(bill.optic_skus))
    words.append(f"{quantity(bill.cable_mm, 'mm')} of cable")
    return ", ".join(words)


def _skus(count: int) -> str:
    return f"{count} optic SKU{'' if abs(count) == 1 else 's'}"


def _more(bill: Bill, first: Bill) -> str:
    """Return the differences of a bill to the cheapest one, without those that are nothing."""
    words: list[str] = []
    if bill.cost is not None and first.cost is not None:
        words += _signed(bill.cost - first.cost, bill.currency)
    if bill.switches != first.switches:
        more = bill.switches - first.switches
        words.append(f"{'+' if more > 0 else ''}{more} switch{'' if abs(more) == 1 else 'es'}")
    words += _signed(bill.watts_mw - first.watts_mw, "mW")
    if bill.optic_skus != first.optic_skus:
        words.append(f"{'+' if bill.optic_skus > first.optic_skus else ''}{_skus(bill.optic_skus - first.optic_skus)}")
    words += [f"{each} of cable" for each in _signed(bill.cable_mm - first.cable_mm, "mm")]
    if not words:
        return "as cheap"
    guess = ", some watts unknown" if bill.unknown_watts != first.unknown_watts else ""
    return f"{', '.join(words)}{guess}"


def _signed(difference: Fraction | int, unit: str) -> list[str]:
    if not difference:
        return []
    return [f"{'+' if difference > 0 else ''}{quantity(difference, unit)}"]
