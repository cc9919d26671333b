"""The dimension algebra, levels and gains, money, temperatures, and the logarithmic conversions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from optidsl.units import Quantity, UnitError, Value, compare, db, dbm, lin, mw, powersum
from optidsl.units import parse_quantity as q


def fails(operation: Callable[[], object]) -> UnitError:
    with pytest.raises(UnitError) as caught:
        operation()
    return caught.value


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (q("3dBm") - q("0.5dB"), q("2.5dBm")),
        (q("3dB") + q("-1dBm"), q("2dBm")),
        (q("3dBm") - q("1dBm"), q("2dB")),
        (q("1dB") + q("0.5dB"), q("1.5dB")),
        (q("0.3dB") * 6, q("1.8dB")),
        (6 * q("0.3dB"), q("1.8dB")),
        (q("3dB") / 2, q("1.5dB")),
        (q("0.35dB/km") * q("10km"), q("3.5dB")),
        (q("1.2PB") / q("90GBps"), Quantity(Fraction(40000, 3), q("1s").dim)),
        (q("90GBps") * q("10s"), q("900GB")),
        (q("5pJ/bit") * q("800Gbps"), q("4W")),
        (q("1kW") * q("1h"), q("1kWh")),
        (q("$0.12/kWh") * q("100kWh"), q("12USD")),
        (q("3kW") + q("6.5kW") * 8, q("55kW")),
        (-q("3dBm"), q("-3dBm")),
        (-q("5degC"), q("-5degC")),
        (abs(q("-3m")), q("3m")),
        (q("27degC") - q("18degC"), q("9K")),
        (q("20degC") + q("5K"), q("25degC")),
    ],
)
def test_sum_product_quotient(result: Value, expected: Quantity) -> None:
    assert result == expected


def test_result_without_dimension_is_a_plain_fraction() -> None:
    assert q("12.8Tbps") / q("800Gbps") == Fraction(16)
    assert isinstance(q("12.8Tbps") / q("800Gbps"), Fraction)
    assert q("6dB") / q("0.3dB") == 20
    assert q("50%") * q("50%") == Fraction(1, 4)
    assert 1 / q("50%") == 2
    assert q("10port") / q("5port") == 2


@pytest.mark.parametrize(
    ("operation", "name", "message"),
    [
        (lambda: q("800Gbps") + q("2km"), "unit-mismatch", "cannot add Rate and Length"),
        (lambda: q("800Gbps") - q("2km"), "unit-mismatch", "cannot subtract Length from Rate"),
        (lambda: q("2km") + 3, "unit-mismatch", "cannot add Length and a plain number"),
        (lambda: 3 - q("2km"), "unit-mismatch", "cannot subtract Length from a plain number"),
        (lambda: q("0.35dB/km") + q("2dB"), "unit-mismatch", "cannot add Attenuation and Gain"),
        (lambda: q("14.5W") + q("3dBm"), "unit-mismatch", "cannot add Power and Level"),
        (lambda: q("1dB") - q("3dBm"), "unit-mismatch", "cannot subtract Level from Gain"),
        (lambda: q("-2.9dBm") + q("1dBm"), "level-sum", "cannot add two absolute levels (dBm + dBm)"),
        (lambda: 2 * q("-3dBm"), "level-product", "a level in dBm cannot be multiplied"),
        (lambda: q("-3dBm") / 2, "level-product", "a level in dBm cannot be divided"),
        (lambda: q("1dB") * q("1dB"), "gain-product", "a gain in dB cannot be multiplied by a gain"),
        (lambda: 1 / q("3dB"), "gain-product", "a plain number cannot be divided by Gain"),
        (lambda: q("10km") <= q("5us"), "compare-mismatch", "cannot compare Length with Time"),
        (lambda: q("10km") > 5, "compare-mismatch", "cannot compare Length with a plain number"),
        (lambda: q("$5M") + q("€1M"), "currency-mismatch", "cannot add amounts in USD and EUR"),
        (lambda: q("$5M") < q("€1M"), "currency-mismatch", "cannot compare amounts in USD and EUR"),
        (lambda: q("20degC") + q("5degC"), "unit-mismatch", "cannot add two temperatures in degC"),
        (lambda: 2 * q("20degC"), "unit-mismatch", "a temperature in degC cannot be multiplied or divided"),
        (lambda: q("3m") / q("0s"), "division-by-zero", "division by zero"),
        (lambda: 10 * q("3port") + q("3gpu"), "unit-mismatch", "cannot add Count and Count"),
    ],
)
def test_operation_without_meaning_is_refused(operation: Callable[[], object], name: str, message: str) -> None:
    error = fails(operation)
    assert (error.name, error.message) == (name, message)


def test_level_sum_points_to_powersum() -> None:
    help_ = fails(lambda: q("0dBm") + q("0dBm")).help
    assert help_ is not None and "powersum(a, b)" in help_


def test_equality_never_raises_and_ignores_the_spelling() -> None:
    assert q("1km") == q("1000m")
    assert hash(q("1km")) == hash(q("1000m"))
    assert q("1km") != q("1000s")
    assert q("50%") == Fraction(1, 2)
    assert q("3dB") != q("3dBm")


def test_compare() -> None:
    assert [compare(q("1km"), q(t)) for t in ("999m", "1000m", "2km")] == [1, 0, -1]
    assert q("1m") < q("2m") <= q("2m") and q("3m") > q("2m") >= q("2m")


def test_conversions_agree_with_hand_worked_values() -> None:
    assert mw(q("0dBm")) == q("1mW")
    assert mw(q("10dBm")) == q("10mW")
    assert mw(q("-30dBm")) == q("1uW")
    assert dbm(q("100mW")) == q("20dBm")
    assert dbm(q("1W")) == q("30dBm")
    assert lin(q("-10dB")) == Fraction(1, 10)
    assert db(1000) == q("30dB")
    assert abs(dbm(q("2mW")).value - Fraction("3.010299956639812")) < Fraction(1, 10**15)
    assert abs(lin(q("3dB")) - Fraction("1.995262314968880")) < Fraction(1, 10**15)


def test_powersum_adds_powers() -> None:
    assert abs(powersum([q("0dBm"), q("0dBm")]).value - Fraction("3.010299956639812")) < Fraction(1, 10**15)
    assert powersum([q("7dBm")]).to_int("mdBm") == 7000


@pytest.mark.parametrize(
    ("operation", "name", "message"),
    [
        (lambda: mw(q("3dB")), "unit-mismatch", "`mW` takes a Level, found 3 dB (Gain)"),
        (lambda: dbm(q("0mW")), "not-positive", "`dBm` takes a positive value, found 0"),
        (lambda: db(q("3dB")), "unit-mismatch", "`db` takes a number, found 3 dB (Gain)"),
        (lambda: lin(q("1e9dB")), "number-too-large", "10 to the power of 100000000 is out of range"),
    ],
)
def test_conversion_refuses(operation: Callable[[], object], name: str, message: str) -> None:
    error = fails(operation)
    assert (error.name, error.message) == (name, message)
