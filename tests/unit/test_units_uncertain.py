"""What nature chooses: exact worst and best cases over every corner."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from optidsl.units import Uncertain, UnitError
from optidsl.units import parse_quantity as q


def tol(nominal: str, deviation: str, key: str) -> Uncertain:
    return Uncertain.tolerance(q(nominal), q(deviation), key)


def test_bounds_of_a_tolerance_and_of_a_range() -> None:
    assert tol("5W", "1W", "v").bounds() == (q("4W"), q("6W"))
    assert Uncertain.between(q("10m"), q("50m"), "r").bounds() == (q("10m"), q("50m"))
    assert Uncertain.between(q("10m"), q("50m"), "r").nominal == q("30m")
    assert Uncertain.between(1, 3, "n").bounds() == (Fraction(1), Fraction(3))


def test_relative_tolerance_is_a_share_of_the_nominal_value() -> None:
    assert Uncertain.tolerance(q("200W"), q("5%"), "p", relative=True).bounds() == (q("190W"), q("210W"))


def test_tolerance_of_a_level_is_a_gain() -> None:
    assert tol("-3dBm", "0.5dB", "tx").bounds() == (q("-3.5dBm"), q("-2.5dBm"))


def test_the_same_symbol_cancels_exactly() -> None:
    v = tol("5W", "1W", "v")
    assert (v - v).bounds() == (q("0W"), q("0W"))
    assert (2 * v - v).bounds() == (q("4W"), q("6W"))


def test_two_literals_are_independent() -> None:
    a, b = tol("5W", "1W", "a"), tol("5W", "1W", "b")
    assert (a - b).bounds() == (q("-2W"), q("2W"))


def test_products_of_different_symbols_take_the_worst_corner() -> None:
    loss = tol("0.2dB/km", "0.02dB/km", "loss") * Uncertain.between(q("8km"), q("10km"), "length")
    assert loss.bounds() == (q("1.44dB"), q("2.2dB"))
    assert loss.type_name == "Gain"
    signed = Uncertain.between(-1, 2, "a") * Uncertain.between(-3, 5, "b")
    assert signed.bounds() == (Fraction(-6), Fraction(10))


def test_bounds_equal_brute_force_over_corners() -> None:
    a, b, c = (Uncertain.between(low, low + 3, low) for low in (-1, -2, 4))
    form = a * b - 2 * c + a - 7
    values = [x * y - 2 * z + x - 7 for x, y, z in product((-1, 2), (-2, 1), (4, 7))]
    assert form.bounds() == (Fraction(min(values)), Fraction(max(values)))
    assert sorted(form.corners(), key=lambda v: v) == sorted(Fraction(v) for v in values)


def test_many_independent_terms_need_no_enumeration() -> None:
    total = Uncertain.exact(q("0dB"))
    for key in range(200):
        total = total + tol("0.3dB", "0.1dB", str(key))
    assert total.bounds() == (q("40dB"), q("80dB"))


def test_exact_arithmetic_with_quantities_and_numbers() -> None:
    v = tol("5W", "1W", "v")
    assert (v + q("1W")).bounds() == (q("5W"), q("7W"))
    assert (q("10W") - v).bounds() == (q("4W"), q("6W"))
    assert (v / 2).bounds() == (q("2W"), q("3W"))
    assert (-v).bounds() == (q("-6W"), q("-4W"))
    assert (v / q("2W")).bounds() == (Fraction(2), Fraction(3))


def test_received_level() -> None:
    tx = Uncertain.between(q("-2dBm"), q("3dBm"), "tx")
    received = tx - tol("4dB", "0.5dB", "loss")
    assert received.bounds() == (q("-6.5dBm"), q("-0.5dBm"))
    assert (received - q("-8dBm")).type_name == "Gain"


def error_of(operation: object) -> UnitError:
    with pytest.raises(UnitError) as caught:
        assert callable(operation)
        operation()
    return caught.value


def test_refusals_have_names() -> None:
    v = tol("5W", "1W", "v")
    assert error_of(lambda: v * v).name == "non-monotone"
    assert error_of(lambda: q("5W") / v).name == "uncertain-divisor"
    assert error_of(lambda: v + q("3m")).message == "cannot add Power and Length"
    assert error_of(lambda: Uncertain.between(q("10m"), q("5us"), 1)).message == (
        "the ends of the range 10m..5us differ: Length and Time"
    )
    reversed_ = error_of(lambda: Uncertain.between(q("9m"), q("3m"), 1))
    assert (reversed_.name, reversed_.replacement) == ("reversed-range", "3m..9m")
    assert error_of(lambda: tol("5W", "1m", "v")).name == "unit-mismatch"
    assert error_of(lambda: tol("5dBm", "1dBm", "v")).name == "unit-mismatch"


def test_too_many_symbols_in_one_product() -> None:
    def product_of(count: int) -> Uncertain:
        form = Uncertain.exact(1)
        for key in range(count):
            form = form * Uncertain.between(1, 2, key)
        return form

    assert product_of(8).bounds() == (Fraction(1), Fraction(256))
    assert error_of(lambda: product_of(9)).name == "too-many-tolerances"


def test_too_many_symbols_that_meet_in_products() -> None:
    shared = Uncertain.between(1, 2, "shared")
    form = sum((shared * Uncertain.between(1, 2, key) for key in range(12)), Uncertain.exact(0))
    assert error_of(form.bounds).name == "too-many-tolerances"


def test_zero_tolerance_is_exact() -> None:
    assert tol("5W", "0W", "v").is_exact
    assert not tol("5W", "1W", "v").is_exact
