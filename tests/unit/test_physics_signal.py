"""OMA margins and the statistical sum, against worked examples of the standard's rows and brute force."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, sqrt

import pytest

from optidsl.physics import (
    Spread,
    channel_loss_mdb,
    clean_margin_mdb,
    is_consistent_row,
    reach_within_loss_mm,
    statistical_loss_mdb,
    stressed_margin_mdb,
)

KM = 1_000_000


def test_400gbase_dr4_leaves_0_1_db_of_its_poorest_and_0_6_db_of_its_weakest_signal() -> None:
    # -2.2 - 3.0 against -1.9 - 3.4 = -5.3 dBm; -0.8 - 3.0 against -4.4 dBm.
    assert stressed_margin_mdb(-2_200, -1_900, 3_400, 3_000) == 100
    assert clean_margin_mdb(-800, -4_400, 3_000) == 600


def test_400gbase_fr4_leaves_0_3_db_of_both_signals() -> None:
    # -1.7 - 4.0 against -2.6 - 3.4 = -6.0 dBm; -0.3 - 4.0 against -4.6 dBm; -3.3 - 4.0 = -7.3 dBm.
    assert stressed_margin_mdb(-1_700, -2_600, 3_400, 4_000) == 300
    assert clean_margin_mdb(-300, -4_600, 4_000) == 300
    assert is_consistent_row(-3_300, 4_000, -7_300)


def test_a_decibel_of_channel_costs_a_decibel_of_margin() -> None:
    assert stressed_margin_mdb(-2_200, -1_900, 3_400, 3_101) == -1
    assert clean_margin_mdb(-800, -4_400, 3_601) == -1


@pytest.mark.parametrize(("per_km", "km"), [(500, 8), (1_000, 4)])
def test_400gbase_lr8_with_2_3_db_of_joints(per_km: int, km: int) -> None:
    assert reach_within_loss_mm(6_300, 2_300, per_km) == km * KM


def test_splices_and_attenuators_are_part_of_the_channel() -> None:
    assert channel_loss_mdb(2_000, 400, 2, 250, 2_200) == 1 + 500 + 2_200


# ------------------------------------------------------------------ statistical


def test_one_connection_at_no_spread_is_its_mean() -> None:
    assert statistical_loss_mdb(0, Spread(400), ((1, Spread(200)),), Fraction(3)) == 200


def test_independent_connections_add_in_squares() -> None:
    # 4 x 0.2 dB, and 3 x sqrt(4) x 0.1 dB.
    assert statistical_loss_mdb(0, Spread(400), ((4, Spread(200, 100)),), Fraction(3)) == 800 + 600


def test_fibre_of_one_drum_adds_in_full() -> None:
    # 2 km at 0.35 dB/km, spread 0.02 dB/km: one draw for the whole length.
    assert statistical_loss_mdb(2 * KM, Spread(350, 20), (), Fraction(3)) == 700 + 120


def test_the_sum_is_rounded_up_once() -> None:
    assert statistical_loss_mdb(2_000, Spread(400), (), Fraction(3)) == 1  # 0.0008 dB
    for count in range(1, 40):
        exact = count * 170 + 3 * sqrt(count) * 33
        assert statistical_loss_mdb(0, Spread(0), ((count, Spread(170, 33)),), Fraction(3)) == ceil(exact - 1e-9)
