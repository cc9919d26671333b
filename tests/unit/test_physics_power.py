"""Watts per cage: the published limits of real boxes."""

from __future__ import annotations

import numpy as np

from optidsl.physics import cage_limit_mw, tightest_cage

SN5400 = [(1, 64, 1, 12_000), (1, 61, 4, 21_000)]


def test_sn5400_carries_17_w_in_16_of_64_cages() -> None:
    limits = cage_limit_mw(np.arange(1, 65), SN5400)
    assert int((limits >= 17_000).sum()) == 16
    assert limits[0] == 21_000  # cage 1
    assert limits[1] == 12_000  # cage 2
    assert limits[32] == 21_000  # cage 33


def test_sn5600_carries_17_w_everywhere() -> None:
    limits = cage_limit_mw(np.arange(1, 65), [(1, 64, 1, 18_000)])
    assert int((limits >= 17_000).sum()) == 64


def test_the_later_range_holds() -> None:
    assert cage_limit_mw(np.array([1]), [(1, 4, 1, 21_000), (1, 1, 1, 12_000)]).tolist() == [12_000]


def test_a_cage_without_a_range_has_no_limit() -> None:
    limits = cage_limit_mw(np.array([1, 2, 65]), [(1, 64, 2, 18_000)])
    assert limits.tolist() == [18_000, -1, -1]
    assert tightest_cage(limits) == 0
    assert tightest_cage(limits[1:]) is None


def test_the_tightest_cage_is_the_first_of_equals() -> None:
    assert tightest_cage(np.array([21_000, 12_000, 12_000])) == 1
