"""Spare parts: the count against an independent formula, the rules, and what the plan and its files say."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest

from optidsl.physics.poisson import least_covering
from optidsl.plan.io import dump, load
from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.support.compiled import compile_files, files_of, plan_of, said

DAY = "as_of = 2026-11-01"


def gamma_count(mean: float, confidence: float) -> int:
    """Return the least count by the regularised upper incomplete gamma function, as a continued fraction (Lentz)."""
    count = 0
    while upper_gamma(count + 1, mean) < confidence:
        count += 1
    return count


def upper_gamma(a: float, x: float) -> float:
    """Return Q(a, x): by the series of P below a + 1, by the continued fraction above it."""
    scale = math.exp(-x + a * math.log(x) - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        at = a
        while abs(term) > 1e-17 * abs(total):
            at += 1
            term *= x / at
            total += term
        return 1 - total * scale
    b, c = x + 1 - a, 1e300
    d = 1 / b
    h = d
    for i in range(1, 10_000):
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return scale * h


@pytest.mark.parametrize(
    ("number", "afr", "days", "counts"),
    [(2048, Fraction(2, 100), 30, (7, 8, 10)), (16384, Fraction(1, 100), 45, (28, 31, 35))],
)
def test_counts_of_two_fleets(number: int, afr: Fraction, days: int, counts: tuple[int, int, int]) -> None:
    mean = number * afr * days / 365
    shares = (Fraction(95, 100), Fraction(99, 100), Fraction(999, 1000))
    assert tuple(least_covering(mean, share) for share in shares) == counts


@pytest.mark.parametrize("mean", ["1/100", "1/10", "1/2", "1", "17/10", "5", "123/10", "40", "200"])
@pytest.mark.parametrize("share", ["1/2", "9/10", "95/100", "99/100", "9999/10000"])
def test_counts_agree_with_the_incomplete_gamma_function(mean: str, share: str) -> None:
    assert least_covering(Fraction(mean), Fraction(share)) == gamma_count(float(Fraction(mean)), float(Fraction(share)))


def test_nothing_fails_where_nothing_is_expected() -> None:
    assert least_covering(Fraction(0), Fraction(999_999, 1_000_000)) == 0
    assert least_covering(Fraction(7), Fraction(0)) == 0


def test_a_share_beside_a_step_of_the_distribution_is_told_apart() -> None:
    """exp(-1) = 0.36787944117144233…: two shares that differ from it in the thirtieth decimal."""
    step = Fraction(367_879_441_171_442_321_595_523_770_161, 10**30)
    assert least_covering(Fraction(1), step - Fraction(1, 10**29)) == 0
    assert least_covering(Fraction(1), step + Fraction(1, 10**29)) == 1


# ------------------------------------------------------------------ the plan


def rules(spares: str, more: str = "") -> dict[str, str]:
    return files_of(f"policy {{ {spares} }}\n{more}")


def kept(plan: Plan) -> dict[str, int]:
    return {line.part: line.spares for line in plan.bom if line.spares is not None}


def test_ratio_and_at_least_need_no_failure_rate() -> None:
    assert kept(plan_of(rules("spares { of = [transceiver, cable], ratio = 3%, at_least = 2 }")))["jumper"] == 2
    many = kept(plan_of(rules("spares { of = [cable], ratio = 60% }")))
    assert many == {"jumper": 3}


def test_transceivers_alone_are_kept_where_nothing_is_said() -> None:
    assert kept(plan_of(rules("spares { at_least = 2 }"))) == {"dr": 2}


def test_confidence_counts_failures_in_the_lead_time() -> None:
    program = rules("spares { confidence = 99% }", f"failures dr {{ afr = 50%, lead_time = 365d, {DAY} }}")
    plan = plan_of(program)
    assert kept(plan) == {"dr": least_covering(Fraction(8, 2), Fraction(99, 100))}
    assert plan.spares is not None
    store = plan.spares.stores[0]
    assert (store.in_service, store.afr, store.lead_days) == (8, (1, 2), (365, 1))
    assert [each.verdict for each in plan.checks if each.name == "spares"] == ["holds"]
    assert dump(load(dump(plan))) == dump(plan)


def test_the_most_of_all_rules_is_kept_and_the_part_s_lead_time_goes_first() -> None:
    slow = f"failures dr {{ afr = 50%, lead_time = 365d, {DAY} }}"
    assert kept(plan_of(rules("spares { confidence = 99%, lead_time = 1d, at_least = 3 }", slow))) == {"dr": 9}
    assert kept(plan_of(rules("spares { confidence = 99%, lead_time = 1d, at_least = 99 }", slow))) == {"dr": 99}


def test_an_unknown_rate_stops_and_may_be_let_pass() -> None:
    found, context = compile_files(rules("spares { confidence = 99%, lead_time = 30d }"))
    assert found is None
    message = "cannot conclude how many spares are enough: nobody states the afr of dr"
    assert f"error[cannot-conclude]: {message}" in said(context)
    found, context = compile_files(rules("spares { confidence = 99%, at_least = 2 }\nunknown { spares = warn }"))
    assert found is not None
    assert f"warning[cannot-conclude]: {message}, lead_time of dr" in said(context)
    assert kept(found.plan) == {"dr": 2}
    assert [each.missing for each in found.plan.checks if each.name == "spares"] == ["afr of dr", "lead_time of dr"]


def test_spares_are_priced_and_taken_from_stock() -> None:
    more = f"price dr {{ each = $100, {DAY} }}\nstock dr {{ quantity = 5, {DAY} }}"
    found, _ = compile_files(rules("spares { at_least = 2 }", more))
    assert found is not None
    line = next(each for each in found.plan.bom if each.part == "dr")
    assert (line.quantity, line.spares, line.stock, line.to_buy) == (8, 2, 5, 5)
    assert (line.price_total, line.spares_total) == ("800.00", "200.00")
    table = next(text for path, text in found.files.items() if path.endswith("bom.csv")).splitlines()
    assert table[0].endswith(",spares,spares_total")
    assert next(row for row in table if ",dr," in row).endswith(",2,200.00")


def test_without_rules_nothing_changes() -> None:
    plan = plan_of(files_of())
    assert plan.spares is None
    assert '"spares"' not in dump(plan)


# ------------------------------------------------------------------ planted faults


@pytest.mark.parametrize("change", [-1, 1, 40])
def test_the_second_opinion_finds_too_few_and_too_many(change: int) -> None:
    more = f"failures dr {{ afr = 50%, lead_time = 365d, {DAY} }}"
    plan = plan_of(rules("spares { confidence = 99% }", more))
    assert plan.spares is not None
    assert verify(plan) == []
    store = plan.spares.stores[0]
    wrong = plan.spares.model_copy(update={"stores": (store.model_copy(update={"spares": store.spares + change}),)})
    bom = tuple(
        line if line.spares is None else line.model_copy(update={"spares": line.spares + change}) for line in plan.bom
    )
    found = verify(replace(plan, spares=wrong, bom=bom))
    assert [each.name for each in found] == ["spares-mismatch"]
    assert "spares-mismatch" in {each.name for each in verify(replace(plan, spares=None))}


def test_the_second_opinion_counts_what_is_in_service() -> None:
    plan = plan_of(rules("spares { of = [transceiver, cable, switch], at_least = 2 }"))
    assert plan.spares is not None
    for at, store in enumerate(plan.spares.stores):
        stores = list(plan.spares.stores)
        stores[at] = store.model_copy(update={"in_service": store.in_service + 1})
        found = verify(replace(plan, spares=plan.spares.model_copy(update={"stores": tuple(stores)})))
        assert {each.name for each in found} == {"spares-mismatch"}


# ------------------------------------------------------------------ what spares cost

PRICES = f"price dr {{ each = $100, {DAY} }}\nprice jumper {{ each = $10, {DAY} }}"
KEEP = "spares { of = [transceiver, cable], at_least = 2 }"


def judged(require: str, spares: str = KEEP, prices: str = PRICES) -> list[str]:
    """Return what a compile says of a goal about spares."""
    _, context = compile_files(rules(spares, f"{prices}\n{require}"))
    return [each for each in said(context) if "cost.spares" in each or "spares" in each]


def test_what_spares_cost_may_be_bounded_after_the_choice() -> None:
    plan = plan_of(rules(KEEP, f"{PRICES}\nrequire cost.spares <= $220"))
    assert sum(float(line.spares_total) for line in plan.bom if line.spares) == 220
    assert [(each.text, each.verdict) for each in plan.requirements] == [("cost.spares <= $220", "holds")]
    assert verify(plan) == []
    (told,) = judged("require cost.spares <= $219")
    assert told.startswith("error[requirement-failed]: ")
    assert "`cost.spares <= $219` is 220USD" in told or "220" in told


@pytest.mark.parametrize(
    ("spares", "prices", "why"),
    [
        (KEEP, PRICES.partition("\n")[0], "price of jumper"),
        ("growth_reserve = 0%", PRICES, "the policy has no rule on spares"),
        ("spares { confidence = 99% }\nunknown { spares = warn }", PRICES, "afr of dr"),
    ],
)
def test_what_spares_cost_is_unknown_where_a_number_lacks(spares: str, prices: str, why: str) -> None:
    _, context = compile_files(rules(spares, f"{prices}\nrequire cost.spares <= $1000"))
    told = [each for each in context.sink.sorted() if each.name == "cannot-conclude" and "cost.spares" in each.message]
    assert len(told) == 1
    assert why in told[0].message + " ".join(told[0].notes)


def test_what_spares_cost_is_no_objective() -> None:
    assert judged("minimize cost.spares + cost.optics") == [
        "error[not-in-edition]: `minimize cost.spares + cost.optics`: spares are counted after the choice, and what "
        "they cost cannot be an objective"
    ]
