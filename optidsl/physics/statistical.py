"""Insertion loss as a statistical sum, from the builder's own means and spreads."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, isqrt

from optidsl._record import record
from optidsl.physics.channel import MM_PER_KM


@record(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation of a loss in 0.001 dB (of fibre, in 0.001 dB/km)."""

    mean: int
    sigma: int = 0


def statistical_loss_mdb(
    length_mm: int, attenuation: Spread, joints: tuple[tuple[int, Spread], ...], k: Fraction
) -> int:
    """Return `mean(IL) + k * sigma(IL)`, rounded up once.

    `mean = a * L + sum(n_i * m_i)`, `sigma^2 = (s_a * L)^2 + sum(n_i * s_i^2)`.

    Args:
        length_mm: fibre length in mm.
        attenuation: of the fibre in 0.001 dB/km; the whole length is one draw.
        joints: how many there are of a kind (connections, splices), and the loss of each in 0.001 dB.
        k: how many standard deviations count as the worst (3).

    Returns:
        Insertion loss in 0.001 dB.

    Source: IEEE 802.3 channel insertion loss; sum of independent random variables.
    Assumes: joints are independent of one another and of the fibre; the means and spreads are the builder's own.
    """
    km = Fraction(length_mm, MM_PER_KM)
    mean = km * attenuation.mean + sum(count * each.mean for count, each in joints)
    variance = (km * attenuation.sigma) ** 2 + sum(count * each.sigma**2 for count, each in joints)
    return _sum_up(mean, k * k * variance)


def _sum_up(mean: Fraction, square: Fraction) -> int:
    """Return `mean + sqrt(square)`, rounded up exactly."""
    least = ceil(mean) + isqrt(int(square))
    return next(whole for whole in range(least - 1, least + 3) if whole >= mean and (whole - mean) ** 2 >= square)
