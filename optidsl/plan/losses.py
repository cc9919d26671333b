"""Insertion loss from a plan's own figures: formulas of their own, for the verifier and for whoever reads a plan."""

from __future__ import annotations

from fractions import Fraction

from optidsl.plan.model import Plan, PlanClass, PlanStatistical
from optidsl.plan.wavelengths import foreign_nm

KM_MM = 1_000_000

Joints = tuple[tuple[int, int], tuple[int, int]]
"""How many connections and the worst loss of one in 0.001 dB; splices likewise."""


def plant_mdb(length_mm: int, attenuation: int, joints: Joints, own: PlanStatistical | None = None) -> int:
    """Return what fibre, connections and splices lose.

    Args:
        length_mm: fibre length in mm.
        attenuation: worst loss of the fibre in 0.001 dB/km.
        joints: connections and splices.
        own: the author's means and spreads; every term at its worst when None.

    Returns:
        `a * L`, rounded up, plus `n * c` and `s * p`; or `mean + k * sigma`, rounded up. In 0.001 dB.

    Source: IEEE 802.3 channel insertion loss.
    Assumes: the worst of all terms at once, or joints and fibre that are independent of one another.
    """
    if own is not None:
        mean, square = spread_of(length_mm, attenuation, joints, own)
        return _ceiling(mean, square)
    return (length_mm * attenuation + KM_MM - 1) // KM_MM + sum(count * each for count, each in joints)


def class_plant_mdb(plan: Plan, link_class: PlanClass, length_mm: int) -> int | None:
    """Return what the plant of a class's link loses without attenuators, None when the plan lacks a figure."""
    grade, fiber = plan.parts.get(link_class.grade), plan.parts.get(link_class.fiber)
    connector = None if fiber is None else plan.parts.get(str(fiber.facts["connector"].value))
    if grade is None or connector is None or foreign_nm(plan, link_class):
        return None
    attenuation, each = grade.facts["attenuation_mdb_per_km"].value, connector.facts["loss_max_mdb"].value
    segment = plan.segments[link_class.segment]
    if not isinstance(attenuation, int) or not isinstance(each, int):
        return None
    joints = ((segment.connections, each), (segment.splices, segment.splice_loss_mdb or 0))
    return plant_mdb(length_mm, attenuation, joints, plan.policy.statistical)


def spread_of(length_mm: int, attenuation: int, joints: Joints, own: PlanStatistical) -> tuple[Fraction, Fraction]:
    """Return the mean of a plant's loss in 0.001 dB, and the square of `k` standard deviations of it.

    Args:
        length_mm: fibre length in mm.
        attenuation: worst loss of the fibre in 0.001 dB/km, where the author gives no mean.
        joints: connections and splices.
        own: the author's means and spreads.

    Source: sum of independent random variables.
    Assumes: as `plant_mdb`; what the author leaves out is at its worst for certain.
    """
    km, k = Fraction(length_mm, KM_MM), Fraction(*own.k)
    a_mean, a_sigma = _measured(own.attenuation_mean_mdb_per_km, own.attenuation_sigma_mdb_per_km, attenuation)
    (connections, _), (splices, splice) = joints
    p_mean, p_sigma = _measured(own.splice_mean_mdb, own.splice_sigma_mdb, splice)
    mean = km * a_mean + connections * own.connector_mean_mdb + splices * p_mean
    variance = (km * a_sigma) ** 2 + connections * own.connector_sigma_mdb**2 + splices * p_sigma**2
    return mean, k * k * variance


def holds_both_ways(connector: str) -> bool:
    """Tell whether a connector holds the fibres of both directions, so that an attenuator on it weakens both."""
    return connector.split("-")[0] in ("mpo", "mtp", "mmc")


def _measured(mean: int | None, sigma: int | None, worst: int) -> tuple[int, int]:
    return (worst, 0) if mean is None or sigma is None else (mean, sigma)


def _ceiling(mean: Fraction, square: Fraction) -> int:
    """Return the least whole number that is no less than `mean` plus the root of `square`."""
    low, high = int(mean), int(mean) + int(square) + 2
    while low < high:
        middle = (low + high) // 2
        if middle >= mean and (middle - mean) ** 2 >= square:
            high = middle
        else:
            low = middle + 1
    return low
