"""Literals of quantities: value, type, printing, conversion to scaled integers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optidsl.units import Quantity, UnitError, format_quantity, parse_literal, parse_quantity, units


@pytest.mark.parametrize(
    ("text", "value", "type_name"),
    [
        ("800Gbps", Fraction(800 * 10**9), "Rate"),
        ("800Gb/s", Fraction(800 * 10**9), "Rate"),
        ("100GBps", Fraction(800 * 10**9), "Rate"),
        ("2km", Fraction(2000), "Length"),
        ("3.5m", Fraction(7, 2), "Length"),
        ("30min", Fraction(1800), "Time"),
        ("1yr", Fraction(31557600), "Time"),
        ("1B", Fraction(8), "Data"),
        ("1b", Fraction(1), "Data"),
        ("1KiB", Fraction(8192), "Data"),
        ("2EB", Fraction(16 * 10**18), "Data"),
        ("0.35dB/km", Fraction(35, 100000), "Attenuation"),
        ("-2.9dBm", Fraction(-29, 10), "Level"),
        ("1.5dB", Fraction(3, 2), "Gain"),
        ("48U", Fraction(48), "RackUnits"),
        ("16ps/nm/km", Fraction(16, 10**6), "Dispersion"),
        ("0.06ps/rtkm", Fraction(6, 10**14), "Time/rtkm"),
        ("14.5W", Fraction(29, 2), "Power"),
        ("5pJ/bit", Fraction(5, 10**12), "Energy/Data"),
        ("75GHz", Fraction(75 * 10**9), "Frequency"),
        ("53.125Gbaud", Fraction(53125 * 10**6), "Frequency"),
        ("1.4/yr", Fraction(14, 10) / 31557600, "Frequency"),
        ("22_000req/s", Fraction(22000), "req/Time"),
        ("32step", Fraction(32), "Count"),
        ("$1.2M", Fraction(1_200_000), "Money"),
        ("€3.4M", Fraction(3_400_000), "Money"),
        ("1200USD", Fraction(1200), "Money"),
        ("$0.12/kWh", Fraction(12, 100) / 3_600_000, "Money/Energy"),
        ("99W/port", Fraction(99), "Power/port"),
        ("1500kg", Fraction(1500), "Mass"),
        ("70degC", Fraction(34315, 100), "Temperature"),
        ("-5degC", Fraction(26815, 100), "Temperature"),
        ("300K", Fraction(300), "Temperature"),
        ("99.9%", Fraction(999, 1000), "Num"),
        ("1e-12", Fraction(1, 10**12), "Num"),
        ("1e3m", Fraction(1000), "Length"),
    ],
)
def test_literal_has_exact_value_and_type(text: str, value: Fraction, type_name: str) -> None:
    quantity = parse_quantity(text)
    assert quantity.value == value
    assert quantity.type_name.replace("·", "") == type_name


@pytest.mark.parametrize(
    ("text", "help_", "replacement"),
    [
        ("400Gpbs", "write `400Gbps`", "400Gbps"),
        ("800G", "write `800Gbps` or `800GBps` (`b` is a bit, `B` a byte)", None),
        ("800g", "write `800Gbps` or `800GBps` (`b` is a bit, `B` a byte)", None),
        ("800gbps", "write `800Gbps`", "800Gbps"),
        ("10KB", "write `10kB` or `10KiB` (`b` is a bit, `B` a byte)", None),
        ("1hr", "write `1h`", "1h"),
        ("1sec", "write `1s`", "1s"),
        ("5KM", "write `5km`", "5km"),
        ("3db", "write `3dB`", "3dB"),
        ("-3DBm", "write `-3dBm`", "-3dBm"),
        ("0.4dB/Km", "write `0.4dB/km`", "0.4dB/km"),
        ("10m/n", "`n` is not a unit; to divide by `n`, write `10m / n` with spaces", "10m / n"),
        ("10m/rails", "`rails` is not a unit; to divide by `rails`, write `10m / rails` with spaces", "10m / rails"),
        ("200kUSD", "write `200000USD`", "200000USD"),
        ("2.5MEUR", "write `2500000EUR`", "2500000EUR"),
        ("3xyzzyq", "the units of the language are listed by `optidsl explain unknown-unit`", None),
    ],
)
def test_rejected_spelling_says_what_to_write(text: str, help_: str, replacement: str | None) -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity(text)
    assert caught.value.name == "unknown-unit"
    assert f"in `{text}`" in caught.value.message
    assert (caught.value.help, caught.value.replacement) == (help_, replacement)


@pytest.mark.parametrize("text", ["10m/dB", "5dBm/km", "1dB/dB", "2dB^2"])
def test_logarithmic_unit_only_comes_first(text: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity(text)
    assert caught.value.name == "log-denominator"


def test_text_that_is_no_number_is_refused() -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity("Gbps")
    assert (caught.value.name, caught.value.message) == ("bad-number", "`Gbps` is not a number with a unit")


def test_exponent_is_bounded() -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity("1e999999999m")
    assert caught.value.message == "`1e999999999m` is out of range: the exponent is at most 99"


def test_plain_literal_is_a_fraction() -> None:
    assert parse_literal("99.99%") == Fraction(9999, 10000)
    assert isinstance(parse_literal("8"), Fraction)
    assert isinstance(parse_literal("8m"), Quantity)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("3.5m", "mm", 3500),
        ("2.5dB", "mdB", 2500),
        ("-2.9dBm", "mdBm", -2900),
        ("0.35dB/km", "mdB/km", 350),
        ("14.5W", "mW", 14500),
        ("800Gbps", "Mbps", 800_000),
        ("48U", "U", 48),
        ("0.5mm", "mm", 0),
        ("1.5mm", "mm", 2),
        ("2.5mm", "mm", 2),
        ("5ns", "ps", 5000),
        ("1kB", "bit", 8000),
        ("25degC", "degC", 25),
    ],
)
def test_to_int_rounds_once_half_to_even(text: str, unit: str, expected: int) -> None:
    assert parse_quantity(text).to_int(unit) == expected


def test_to_int_of_another_dimension_is_refused() -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity("3m").to_int("mW")
    assert caught.value.message == "3m is a Length, and `mW` measures Power"


@pytest.mark.parametrize("unit", ["mdB", "mdBm", "mdB/km"])
def test_scaled_units_of_the_plan_are_not_in_the_language(unit: str) -> None:
    with pytest.raises(UnitError):
        parse_quantity(f"3{unit}")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("431m", None, "431 m"),
        ("4.21dB", None, "4.21 dB"),
        ("3500mm", "m", "3.5 m"),
        ("1km", "m", "1000 m"),
        ("12.5%", None, "12.5%"),
        ("-2.9dBm", None, "-2.9 dBm"),
        ("$1.2M", None, "1200000 USD"),
    ],
)
def test_format_for_messages(text: str, unit: str | None, expected: str) -> None:
    assert format_quantity(parse_quantity(text), unit) == expected


def test_format_rounds_to_significant_digits() -> None:
    third = parse_quantity("1m") / 3
    assert format_quantity(third) == "0.333333 m"
    assert format_quantity(third, "mm", digits=3) == "333 mm"


def test_str_is_a_literal_of_the_language() -> None:
    for text in ("3.5m", "0.35dB/km", "-2.9dBm", "800Gbps", "16ps/nm/km", "-5degC"):
        assert str(parse_quantity(text)) == text
        assert parse_quantity(str(parse_quantity(text))) == parse_quantity(text)


def test_computed_quantity_prints_in_a_fitting_unit() -> None:
    assert str(parse_quantity("5pJ/bit") * parse_quantity("800Gbps")) == "4W"
    assert str(parse_quantity("0.35dB/km") * parse_quantity("10km")) == "3.5dB"


def test_units_are_unambiguous() -> None:
    table = units()
    assert table["m"].dim != table["min"].dim
    assert table["mW"].scale == Fraction(1, 1000)
    assert table["MW"].scale == 10**6
    assert table["b"].scale * 8 == table["B"].scale
    assert "G" not in table and "KB" not in table


@pytest.mark.parametrize(
    ("text", "wanted", "help_", "replacement"),
    [
        ("3.0ft", "Length", "write `0.9144m`", "0.9144m"),
        ("24in", None, "write `0.6096m`", "0.6096m"),
        ("-10ft", "Length", "write `-3.048m`", "-3.048m"),
        ("1_000miles", "Length", "write `1609344m`", "1609344m"),
        ("2lb", "Mass", "write `0.90718474kg`", "0.90718474kg"),
        ("3kms", "Length", "write `3km`", "3km"),
        ("10gb", "Rate", "the units of the language are listed by `optidsl explain unknown-unit`", None),
        ("10gbps", "Rate", "write `10Gbps`", "10Gbps"),
    ],
)
def test_suggestion_is_of_the_type_that_is_expected(
    text: str, wanted: str | None, help_: str, replacement: str | None
) -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity(text, wanted)
    assert (caught.value.name, caught.value.help, caught.value.replacement) == ("unknown-unit", help_, replacement)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1" * 6000 + "m", "a number of 6,000 characters is too long: at most 100"),
        ("$" + "1" * 6000, "an amount of 6,000 characters is too long: at most 100"),
        ("1e" + "9" * 6000, "an exponent is out of range"),
    ],
)
def test_length_of_a_number_is_bounded(text: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity(text)
    assert (caught.value.name, caught.value.message) == ("bad-number", message)


@given(
    st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4), st.sampled_from(("mm", "m", "cm", "km"))
)
def test_to_int_is_the_rounded_exact_value(number: Fraction, unit: str) -> None:
    length = Quantity(number / 2, units()["m"].dim, "lin", "m")
    assert length.to_int(unit) == round(length.to(unit))


def test_to_int_of_a_scale_with_an_offset() -> None:
    assert parse_quantity("25.5degC").to_int("degC") == 26
    assert parse_quantity("24.5degC").to_int("degC") == 24
