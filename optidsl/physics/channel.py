"""Insertion loss of a fibre channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Amount = TypeVar("Amount", int, "NDArray[np.int64]")
"""An integer, or an int64 array of them; the answer has the shape of the argument."""

MM_PER_KM = 1_000_000


def fiber_attenuation_mdb(length_mm: Amount, attenuation_mdb_per_km: int) -> Amount:
    """Return the attenuation of a length of fibre, rounded up once.

    `a * L`, with `a` the highest attenuation of the cabled fibre.

    Args:
        length_mm: fibre length in mm, any shape.
        attenuation_mdb_per_km: attenuation coefficient in 0.001 dB/km.

    Returns:
        Attenuation in 0.001 dB, of the shape of `length_mm`.

    Source: IEEE 802.3 channel insertion loss; attenuation as NVIDIA states it (cabling requirements, nv-cabreq).
    Assumes: the coefficient is the maximum at the PMD's wavelength; bends and ageing are within it.
    """
    return -(-length_mm * attenuation_mdb_per_km // MM_PER_KM)


def channel_loss_mdb(
    length_mm: Amount, attenuation_mdb_per_km: int, connections: int, loss_mdb: int, other_mdb: int = 0
) -> Amount:
    """Return the worst insertion loss of a channel: `a * L + n * c + other`.

    Args:
        length_mm: fibre length in mm, any shape.
        attenuation_mdb_per_km: attenuation coefficient in 0.001 dB/km.
        connections: mated connections in the channel, both ends included.
        loss_mdb: worst loss of one mated pair in 0.001 dB.
        other_mdb: worst loss of splices and attenuators in 0.001 dB.

    Returns:
        Insertion loss in 0.001 dB, of the shape of `length_mm`.

    Source: IEEE 802.3 channel insertion loss.
    Assumes: worst case of every term at once (the contract answer); an attenuator's loss is that of plugging it in.
    """
    return fiber_attenuation_mdb(length_mm, attenuation_mdb_per_km) + connections * loss_mdb + other_mdb


LEAST_LOSS_MDB = 0
"""The least insertion loss a channel may have: connectors lose nothing at best, and standards and vendors give the
most that fibre attenuates, never the least. Source: IEEE 802.3, receiver overload."""


def connector_allowance_mdb(loss_max_mdb: int, length_mm: Amount, attenuation_mdb_per_km: int) -> Amount:
    """Return the loss left for connections and splices at a length: `IL_max - a * L`.

    Args:
        loss_max_mdb: highest channel insertion loss of the PMD in 0.001 dB.
        length_mm: fibre length in mm, any shape.
        attenuation_mdb_per_km: attenuation coefficient in 0.001 dB/km.

    Returns:
        Allowance in 0.001 dB, negative when the fibre alone exceeds the channel.

    Source: IEEE 802.3 as restated by TIA FOTC (DR8 keeps 2.75 of 3.0 dB, FR1 3.0 of 4.0, LR8 2.0 of 6.3).
    Assumes: as `fiber_attenuation_mdb`.
    """
    return loss_max_mdb - fiber_attenuation_mdb(length_mm, attenuation_mdb_per_km)


def reach_within_loss_mm(loss_max_mdb: int, other_losses_mdb: int, attenuation_mdb_per_km: int) -> int:
    """Return the longest fibre whose loss fits beside the other losses: `(IL_max - losses) / a`, rounded down.

    Args:
        loss_max_mdb: highest channel insertion loss of the PMD in 0.001 dB.
        other_losses_mdb: connections and splices in 0.001 dB.
        attenuation_mdb_per_km: attenuation coefficient in 0.001 dB/km, above 0.

    Returns:
        Length in mm, 0 when the other losses alone take the channel.

    Source: IEEE 802.3 as restated by TIA FOTC: 400GBASE-LR8: 8 km at 0.5 dB/km, 4 km at 1.0 dB/km (OS1a).
    Assumes: loss is what limits; a stated reach is a separate, equally binding limit.
    """
    return max(0, loss_max_mdb - other_losses_mdb) * MM_PER_KM // attenuation_mdb_per_km
