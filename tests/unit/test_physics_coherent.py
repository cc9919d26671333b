"""Noise, penalties and noise figures of coherent links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optidsl.physics.coherent import (
    Comb,
    Glass,
    amplifier_noise,
    noise_figure_mdb,
    noise_of,
    nonlinear_noise,
    penalty_mdb,
    pmd_fs,
    ratio_mdb,
    total_level_mdbm,
    two_stages,
)

GLASS = Glass(80_000_000, 220, 16_700, 83_000)
COMB = Comb(63, 75_000, 60_000_000)


def test_one_amplifier_is_58_plus_level_less_noise_figure() -> None:
    assert ratio_mdb([amplifier_noise(-20_000, 6_000)]) == 32_000


def test_equal_noises_cost_three_decibels() -> None:
    assert ratio_mdb([noise_of(30_000)] * 2) == 26_990


@pytest.mark.parametrize(
    ("value", "cost"),
    [(0, 0), (1_000, 0), (1_500, 0), (2_250, 650), (3_000, 1_300), (3_250, 1_550), (3_500, 1_800), (3_501, None)],
)
def test_penalty_is_linear_between_points_and_infinite_beyond(value: int, cost: int | None) -> None:
    assert penalty_mdb([(1_500, 0), (3_000, 1_300), (3_500, 1_800)], value) == cost


def test_penalty_rounds_up_and_needs_a_table() -> None:
    assert penalty_mdb([(20_000, 500)], 1) == 1
    assert penalty_mdb([], 0) is None
    assert penalty_mdb([(-1_000, 0), (4_000, 0), (12_000, 500)], -1_001) is None


def test_pmd_adds_in_squares() -> None:
    assert pmd_fs([(40, 100_000_000)]) == 400
    assert pmd_fs([(40, 50_000_000), (40, 50_000_000)]) == 400
    assert pmd_fs([]) == 0


def test_all_channels_together() -> None:
    assert total_level_mdbm(0, 1) == 0
    assert total_level_mdbm(1_000, 10) == 11_000
    assert total_level_mdbm(0, 64) == 18_062


def test_two_stages_have_their_figures_at_both_ends_of_the_gain() -> None:
    stages = two_stages(15_000, 26_000, 6_000, 10_000)
    assert stages is not None
    assert noise_figure_mdb(stages, 15_000, 26_000, 26_000) == 6_000
    assert noise_figure_mdb(stages, 15_000, 26_000, 15_000) == 10_000


def test_a_pad_adds_its_loss_below_the_lowest_gain() -> None:
    stages = two_stages(15_000, 26_000, 6_000, 10_000)
    assert stages is not None
    assert noise_figure_mdb(stages, 15_000, 26_000, 9_500) == 15_500  # as GNPy's booster


def test_figures_that_no_two_stages_have() -> None:
    assert two_stages(15_000, 26_000, 6_000, 6_000) is None
    assert two_stages(15_000, 26_000, 2_000, 10_000) is None


@given(st.integers(-10_000, 10_000))
def test_nonlinear_noise_grows_with_the_square_of_the_power(level: int) -> None:
    once, twice = nonlinear_noise(GLASS, level, COMB), nonlinear_noise(GLASS, level + 1_000, COMB)
    assert twice / once == pytest.approx(10**0.2, rel=1e-9)


@given(st.integers(1, 96))
def test_more_channels_are_never_quieter(channels: int) -> None:
    fewer = nonlinear_noise(GLASS, 0, Comb(channels, 75_000, 60_000_000))
    assert nonlinear_noise(GLASS, 0, Comb(channels + 1, 75_000, 60_000_000)) >= fewer
