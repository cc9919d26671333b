"""Costs: the optimum against every combination, what is not priced, prices that grow old."""

from __future__ import annotations

import datetime
import random
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from optidsl._context import Context
from optidsl.catalog.purchase import Fee, Price, Purchase, Stock
from optidsl.optics import Choice, choose
from optidsl.optics import search as search_module
from optidsl.sema.design import Affine, Condition, Design, Metric, Objective, Requirement
from tests.support import designs
from tests.support.designs import SPAN, fact
from tests.support.links import placed_with
from tests.support.parts import dr4, fiber, pair, sr4, tables_of

DAY = "2026-11-01"
BOTH = Objective(
    Affine(Fraction(0), ((Metric("cost.cables"), Fraction(1)), (Metric("cost.optics"), Fraction(1)))),
    "minimize cost.optics + cost.cables",
    SPAN,
)


@pytest.fixture(params=["enumerated", "solved"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with enumeration and with the solver."""
    if request.param == "solved":
        monkeypatch.setattr(search_module, "ENUMERABLE", 0)
    return str(request.param)


def price(name: str, each: int | str | Fraction | None = None, per_metre: str | None = None, as_of: str = DAY) -> Price:
    money = None if each is None else Fraction(each)
    return Price(name, money, None if per_metre is None else Fraction(per_metre), as_of, "", SPAN)


def priced(design: Design, *prices: Price, fees: tuple[Fee, ...] = (), **changes: Any) -> Design:
    purchase = Purchase("USD", {each.part: each for each in prices}, {each.protocol: each for each in fees}, **changes)
    return replace(design, purchase=purchase)


def minimise(*names: str) -> tuple[Objective, ...]:
    return tuple(
        Objective(Affine(Fraction(0), ((Metric(name), Fraction(1)),)), f"minimize {name}", SPAN) for name in names
    )


def at_most(metric: str, value: int, **changes: Any) -> Requirement:
    condition = Condition(Affine(Fraction(value), ((Metric(metric), Fraction(-1)),)), ">=", f"{metric} <= {value}")
    return replace(Requirement(None, (condition,), None, None, False, SPAN), **changes)


def run(
    design: Design, required_mm: list[int] | int = 20_000, today: str | None = None
) -> tuple[Choice | None, Context]:
    context = designs.context()
    context.options.today = None if today is None else datetime.date.fromisoformat(today)
    placed = placed_with(tables_of(design, context), required_mm)
    return choose(design, placed, context, recheck=True), context


def names(design: Design, required_mm: list[int] | int = 20_000) -> list[str]:
    choice, context = run(design, required_mm)
    assert choice is not None, designs.messages(context)
    return [each.candidate.name for each in choice.classes]


def errors(context: Context) -> list[str]:
    return [each.message for each in context.sink.sorted() if each.severity == "error"]


# ------------------------------------------------------------------ the optimum


def test_the_cheaper_module_wins_although_it_draws_more(engine: str) -> None:
    design = pair([dr4(), sr4()])
    prices = [price("dr4", 500), price("sr4", 900), price("sm", 10), price("mm", 10)]
    design = replace(priced(design, *prices), objectives=minimise("cost.optics"))
    assert names(design) == ["dr4 + sm + dr4", "dr4 + sm + dr4"]


def test_fibre_by_the_metre_turns_the_choice(engine: str) -> None:
    parts = [price("dr4", 500), price("sr4", 510), price("mm", 0, "0.01")]
    design = replace(pair([dr4(), sr4()]), objectives=(BOTH,))
    assert names(priced(design, *parts, price("sm", 10))) == ["dr4 + sm + dr4"] * 2
    assert names(priced(design, *parts, price("sm", 10, "3"))) == ["sr4 + mm + sr4"] * 2


@pytest.mark.parametrize("seed", range(12))
def test_the_optimum_is_that_of_every_combination(seed: int, engine: str) -> None:
    """Four servers, two leaves, one spine: links x (two modules + a cable at its ordered length), added up by hand."""
    dice = random.Random(seed)
    modules = [dr4("m1"), dr4("m2"), sr4("m3"), sr4("m4")]
    cables = [fiber("f1", "os2", [10, 30]), fiber("f2", "os2", [30]), fiber("g1", "om4", [20, 40])]
    bought = [*(part.name for part in modules), *(part.name for part in cables)]
    each = {name: Fraction(dice.randint(1, 999), 4) for name in bought}
    metre = {part.name: Fraction(dice.randint(0, 99), 10) for part in cables}
    prices = [price(name, money) for name, money in each.items() if name not in metre]
    prices += [Price(name, each[name], metre[name], DAY, "", SPAN) for name in metre]
    design = pair(modules, cables=cables)
    design = replace(priced(design, *prices), objectives=(BOTH,))
    choice, context = run(design, [8_000, 25_000])
    assert choice is not None, designs.messages(context)
    total, best = Fraction(0), Fraction(0)
    for chosen, need in zip(choice.classes, (8_000, 25_000), strict=True):
        costs = {}
        for a, fibre, z in product(modules, cables, modules):
            if a.pmd != z.pmd or a.medium.value != fibre.medium.value or a.medium.value != z.medium.value:
                continue
            sold = fact(()) if fibre.lengths_mm is None else fibre.lengths_mm
            length = min(mm for mm in sold.value if mm >= need)
            name = f"{a.name} + {fibre.name} + {z.name}"
            costs[name] = each[a.name] + each[z.name] + each[fibre.name] + metre[fibre.name] * length / 1000
        n_links = len(chosen.link_class.links)
        total += n_links * costs[chosen.candidate.name]
        best += n_links * min(costs.values())
    assert total == best


def test_a_requirement_on_cost_leaves_only_what_keeps_it(engine: str) -> None:
    design = priced(pair([dr4(), sr4()]), price("dr4", 500), price("sr4", 900), price("sm", 1), price("mm", 1))
    free, _ = run(design)
    assert free is not None
    n_modules = sum(2 * int(each.link_class.links.size) for each in free.classes)
    assert names(design)[0] == "sr4 + mm + sr4"
    tight = replace(design, requirements=(at_most("cost.optics", 500 * n_modules),))
    assert names(tight) == ["dr4 + sm + dr4"] * 2
    choice, context = run(replace(design, requirements=(at_most("cost.optics", 499 * n_modules),)))
    assert choice is None
    assert [each.name for each in context.sink.sorted() if each.severity == "error"] == ["requirement-failed"]


# ------------------------------------------------------------------ not priced


def test_an_objective_names_the_parts_without_a_price(engine: str) -> None:
    design = replace(pair([sr4()]), objectives=minimise("cost.optics"))
    choice, context = run(design)
    assert choice is None
    assert errors(context) == ["cannot conclude on `minimize cost.optics`: no price of sr4"]


def test_an_objective_works_over_the_parts_that_are_priced(engine: str) -> None:
    design = priced(pair([dr4(), sr4(), sr4("cheap")]), price("dr4", 900), price("sr4", 950))
    assert names(replace(design, objectives=minimise("cost.optics"))) == ["dr4 + sm + dr4"] * 2


def test_a_requirement_prefers_parts_with_a_price(engine: str) -> None:
    design = priced(pair([dr4(), sr4()]), price("dr4", 500))
    wanted = replace(design, requirements=(at_most("cost.optics", 1_000_000),))
    assert names(wanted) == ["dr4 + sm + dr4"] * 2


def test_a_requirement_without_prices_cannot_be_decided() -> None:
    design = replace(pair([sr4()]), requirements=(at_most("cost.network", 10_000),))
    choice, context = run(design)
    assert choice is None
    found = next(each for each in context.sink.sorted() if each.severity == "error")
    assert found.name == "cannot-conclude"
    assert "no price of" in found.message
    assert "sr4" in found.message
    assert "mm" in found.message


def test_a_warning_without_prices_stays_a_warning() -> None:
    design = replace(pair([sr4()]), requirements=(at_most("cost.optics", 10_000, is_warning=True),))
    choice, context = run(design)
    assert choice is not None
    assert ("warning", "cannot-conclude") in [(each.severity, each.name) for each in context.sink.sorted()]


def test_modules_that_are_part_of_their_box_cost_nothing() -> None:
    design = replace(pair([sr4(built_in=fact(True))]), objectives=minimise("cost.optics"))
    choice, context = run(priced(design, price("mm", 1)))
    assert choice is not None, designs.messages(context)


def test_without_prices_or_questions_nothing_changes() -> None:
    design = pair([dr4(), sr4()])
    plain, _ = run(design)
    told, context = run(priced(design, price("dr4", 1), price("sr4", 100)))
    assert plain is not None
    assert told is not None
    assert [each.candidate.name for each in plain.classes] == [each.candidate.name for each in told.classes]
    assert not [each for each in context.sink.sorted() if "price" in each.message]


# ------------------------------------------------------------------ old


def old(today: str | None, *prices: Price, **changes: Any) -> list[str]:
    _, context = run(priced(pair([sr4()]), *prices, **changes), today=today)
    return [each.message for each in context.sink.sorted() if each.name == "price-old"]


def test_prices_grow_old_after_90_days_and_only_when_the_day_is_told() -> None:
    of_november = price("sr4", 1)
    assert old(None, of_november) == []
    assert old("2027-01-30", of_november) == []
    assert old("2027-01-31", of_november) == [
        "`price sr4` is of 2026-11-01, 91 days before 2027-01-31: more than 90 days"
    ]
    assert old("2027-01-31", of_november, price("mm", 1, as_of="2026-10-01")) == [
        "`price mm` is of 2026-10-01, 122 days before 2027-01-31, and 1 more: more than 90 days"
    ]


def test_prices_of_parts_that_are_not_bought_do_not_grow_old() -> None:
    assert old("2030-01-01", price("dr4", 1)) == []


def test_fees_stock_and_rates_grow_old_too() -> None:
    fee = Fee("ethernet", Fraction(1), DAY, "", SPAN)
    assert old("2030-01-01", fees=(fee,))
    assert old("2030-01-01", fees=(replace(fee, protocol="infiniband"),)) == []
    assert old("2030-01-01", stock=(Stock("sr4", 1, 0, "", DAY, SPAN),))
    assert old("2030-01-01", price("sr4", 1, as_of="2029-12-31"), fx_as_of=DAY, fx_span=SPAN) == [
        "`fx` is of 2026-11-01, 1157 days before 2030-01-01: more than 90 days"
    ]
