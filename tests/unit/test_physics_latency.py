"""Delays of links against published and hand-worked numbers."""

from __future__ import annotations

import pytest

from optidsl.physics.latency import (
    FIBER_MULTIMODE,
    FIBER_SINGLEMODE,
    TWINAX,
    kp4_block_ps,
    propagation_of,
    propagation_ps,
)


def test_100_km_of_fibre_take_0_49_ms_one_way() -> None:
    assert propagation_ps(100_000_000, FIBER_SINGLEMODE) == 490_000_000


def test_group_indices_agree_with_the_constants() -> None:
    light_mm_per_ps = 299_792_458_000 / 10**12
    assert float(FIBER_SINGLEMODE.ps) == pytest.approx(1.468 / light_mm_per_ps, rel=0.001)
    assert float(FIBER_MULTIMODE.ps) == pytest.approx(1.483 / light_mm_per_ps, rel=0.001)


def test_two_metres_of_twinax_take_9_ns() -> None:
    assert propagation_ps(2_000, TWINAX) == 9_000


def test_a_part_of_a_picosecond_counts_whole() -> None:
    assert propagation_ps(1, FIBER_SINGLEMODE) == 5
    assert propagation_ps(0, FIBER_SINGLEMODE) == 0


@pytest.mark.parametrize(("rate_gbps", "block_ns"), [(100, 102.4), (200, 51.2), (400, 25.6), (800, 25.6), (1600, 12.8)])
def test_blocks_of_rs_544_fill_in_the_published_time(rate_gbps: int, block_ns: float) -> None:
    assert kp4_block_ps(rate_gbps * 1000) == round(block_ns * 1000)


@pytest.mark.parametrize(
    ("medium", "constant"),
    [
        ("singlemode", FIBER_SINGLEMODE),
        ("multimode", FIBER_MULTIMODE),
        ("aoc", FIBER_MULTIMODE),
        ("dac", TWINAX),
        ("acc", TWINAX),
        ("aec", TWINAX),
    ],
)
def test_every_medium_has_its_delay(medium: str, constant: object) -> None:
    assert propagation_of(medium) is constant


def test_a_longer_cable_is_never_faster() -> None:
    delays = [propagation_ps(length, FIBER_SINGLEMODE) for length in range(0, 5_000, 7)]
    assert delays == sorted(delays)
