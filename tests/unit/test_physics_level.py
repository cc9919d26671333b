"""Receive power, overload and attenuators against published rows."""

from __future__ import annotations

import pytest

from optidsl.physics import (
    Window,
    attenuator_window_mdb,
    is_consistent_row,
    receive_power_max_mdbm,
    receive_power_min_mdbm,
    window_loss_mdb,
)


@pytest.mark.parametrize(
    ("tx_min", "loss", "rx_min"),
    [(-2_900, 3_000, -5_900), (-3_300, 4_000, -7_300)],  # 400GBASE-DR4; 400GBASE-FR4
)
def test_rows_of_the_standard_are_consistent(tx_min: int, loss: int, rx_min: int) -> None:
    assert receive_power_min_mdbm(tx_min, loss) == rx_min
    assert window_loss_mdb(tx_min, rx_min) == loss
    assert is_consistent_row(tx_min, loss, rx_min)
    assert not is_consistent_row(tx_min, loss, rx_min + 1)


@pytest.mark.parametrize("level", [4_000, 3_500])  # DR4 4.0 into 4.0, FR4 3.5 into 3.5
def test_equal_parts_back_to_back_do_not_overload(level: int) -> None:
    assert receive_power_max_mdbm(level, 0) <= level


def test_lr4_10_into_fr4_over_2_m_needs_2_db() -> None:
    # LR4-10 sends up to 5.1 dBm, FR4 bears 3.5 dBm: 1.6 dB too much, the next attenuator on sale is 2 dB.
    window = attenuator_window_mdb(-2_700, 5_100, -7_300, 3_500, loss_mdb=501, best_case_mdb=0)
    assert window.low_mdb == 1_600
    assert window.high_mdb == 4_099
    assert window.pick_mdb() == 2_000


def test_no_attenuator_when_the_budget_is_spent() -> None:
    window = attenuator_window_mdb(-2_700, 5_100, -7_300, 3_500, loss_mdb=3_200, best_case_mdb=0)
    assert window == Window(1_600, 1_400)
    assert window.is_empty
    assert window.pick_mdb() is None


def test_no_whole_decibel_in_a_narrow_window() -> None:
    assert Window(1_100, 1_900).pick_mdb() is None
    assert Window(1_100, 1_900).pick_mdb(step_mdb=500) == 1_500


def test_nothing_to_attenuate() -> None:
    assert attenuator_window_mdb(-2_900, 4_000, -5_900, 4_000, 1_600, 200).pick_mdb() == 0
