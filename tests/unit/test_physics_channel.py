"""Insertion loss against published and hand-worked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optidsl.physics import (
    channel_loss_mdb,
    connector_allowance_mdb,
    fiber_attenuation_mdb,
    reach_within_loss_mm,
)

KM = 1_000_000
M = 1_000


def test_attenuation_of_a_kilometre_is_the_coefficient() -> None:
    assert fiber_attenuation_mdb(KM, 400) == 400


def test_attenuation_rounds_up_once() -> None:
    # 0.4 dB/km over 2 m is 0.0008 dB.
    assert fiber_attenuation_mdb(2 * M, 400) == 1
    assert fiber_attenuation_mdb(0, 400) == 0


def test_500_m_of_os2_with_four_low_loss_mpo() -> None:
    # 0.2 dB + 4 x 0.35 dB = 1.6 dB, two patch panels as NVIDIA states them.
    assert channel_loss_mdb(500 * M, 400, 4, 350) == 1_600


def test_columns_give_the_same_as_scalars() -> None:
    lengths = np.array([0, 1, 2_000, 500_000, 2_000_001], dtype=np.int64)
    expected = [channel_loss_mdb(int(length), 400, 2, 350) for length in lengths]
    assert channel_loss_mdb(lengths, 400, 2, 350).tolist() == expected
    assert fiber_attenuation_mdb(lengths, 3_000).dtype == np.int64


@pytest.mark.parametrize(
    ("loss_max", "length_km", "per_km", "allowance"),
    [
        # DR8: 2.75 dB of 3.0 dB at 500 m of indoor/outdoor fibre (0.5 dB/km).
        (3_000, 0.5, 500, 2_750),
        # FR1: 3.0 dB of 4.0 dB at 2 km of 0.5 dB/km.
        (4_000, 2, 500, 3_000),
        # LR8: 2.0 dB of 6.3 dB leaves 4.3 dB for 10 km at 0.43 dB/km.
        (6_300, 10, 430, 2_000),
    ],
)
def test_connector_allowance_of_published_rows(loss_max: int, length_km: float, per_km: int, allowance: int) -> None:
    assert connector_allowance_mdb(loss_max, int(length_km * KM), per_km) == allowance


@pytest.mark.parametrize(("per_km", "km"), [(500, 8), (1_000, 4)])
def test_lr8_reach_shrinks_with_worse_fibre(per_km: int, km: int) -> None:
    # 400GBASE-LR8, 6.3 dB with 2.0 dB of connections: 8.6 km and 4.3 km, tabulated as 8 km and 4 km.
    reach = reach_within_loss_mm(6_300, 2_000, per_km)
    assert reach // KM == km


def test_dr8_on_os1a_keeps_half_its_reach() -> None:
    # 0.25 dB of fibre is 500 m at 0.5 dB/km and 250 m at 1.0 dB/km (OS1a).
    assert reach_within_loss_mm(3_000, 2_750, 500) == 500 * M
    assert reach_within_loss_mm(3_000, 2_750, 1_000) == 250 * M


def test_no_reach_is_left_when_connections_take_the_channel() -> None:
    assert reach_within_loss_mm(1_800, 2_000, 3_000) == 0


@given(st.integers(0, 10**8), st.integers(0, 10**6), st.integers(0, 5_000), st.integers(0, 8), st.integers(0, 1_000))
def test_a_longer_cable_never_loses_less(length: int, more: int, per_km: int, connections: int, each: int) -> None:
    short = channel_loss_mdb(length, per_km, connections, each)
    assert channel_loss_mdb(length + more, per_km, connections, each) >= short


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.integers(1, 5_000))
def test_the_reach_within_a_loss_is_the_longest_that_fits(loss_max: int, other: int, per_km: int) -> None:
    reach = reach_within_loss_mm(loss_max, other, per_km)
    if other <= loss_max:
        assert fiber_attenuation_mdb(reach, per_km) + other <= loss_max
        assert fiber_attenuation_mdb(reach + 1, per_km) + other > loss_max
    else:
        assert reach == 0
