"""Optical power per lane at the receiver: least, most, overload, and the attenuator that would cure it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from optidsl._record import record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Amount = TypeVar("Amount", int, "NDArray[np.int64]")


@record(frozen=True, slots=True)
class Window:
    """Attenuations in 0.001 dB that cure an overload without starving the receiver; none when `low > high`."""

    low_mdb: int
    high_mdb: int

    @property
    def is_empty(self) -> bool:
        """Tell whether no attenuator does both."""
        return self.low_mdb > self.high_mdb

    def pick_mdb(self, step_mdb: int = 1000) -> int | None:
        """Return the smallest attenuator on sale (multiples of `step_mdb`) in the window, or None."""
        value = -(-self.low_mdb // step_mdb) * step_mdb
        return None if self.is_empty or value > self.high_mdb else value


def receive_power_min_mdbm(tx_min_mdbm: int, loss_mdb: Amount) -> Amount:
    """Return the least average power per lane at the receiver: `P_tx,min - IL`.

    Args:
        tx_min_mdbm: least average launch power of a lane in 0.001 dBm.
        loss_mdb: worst insertion loss in 0.001 dB, any shape.

    Returns:
        Power in 0.001 dBm, of the shape of `loss_mdb`.

    Source: IEEE 802.3 Clauses 124 and 151, receive characteristics.
    Assumes: per lane, never the total of a wavelength-multiplexed module.
    """
    return tx_min_mdbm - loss_mdb


def receive_power_max_mdbm(tx_max_mdbm: int, best_case_mdb: Amount) -> Amount:
    """Return the highest average power per lane at the receiver: `P_tx,max - IL_min`.

    Args:
        tx_max_mdbm: highest average launch power of a lane in 0.001 dBm.
        best_case_mdb: least insertion loss in 0.001 dB, any shape.

    Returns:
        Power in 0.001 dBm, of the shape of `best_case_mdb`.

    Source: IEEE 802.3 Clauses 124 and 151 (overload).
    Assumes: per lane; connectors at their best, 0 dB.
    """
    return tx_max_mdbm - best_case_mdb


def window_loss_mdb(tx_min_mdbm: int, rx_min_mdbm: int) -> int:
    """Return the highest insertion loss that the levels allow: `P_tx,min - P_rx,min`.

    Args:
        tx_min_mdbm: least average launch power of a lane in 0.001 dBm.
        rx_min_mdbm: least average power a receiver's lane needs in 0.001 dBm.

    Returns:
        Loss in 0.001 dB.

    Source: IEEE 802.3 Clauses 124 and 151 (DR4: -2.9 - 3.0 = -5.9 dBm; FR4: -3.3 - 4.0 = -7.3 dBm).
    Assumes: the row is well formed, so that the level window is the channel's insertion loss.
    """
    return tx_min_mdbm - rx_min_mdbm


def is_consistent_row(tx_min_mdbm: int, loss_max_mdb: int, rx_min_mdbm: int) -> bool:
    """Tell whether a part's numbers obey `P_rx,min = P_tx,min - IL_max`.

    Args:
        tx_min_mdbm: least average launch power in 0.001 dBm.
        loss_max_mdb: highest channel insertion loss in 0.001 dB.
        rx_min_mdbm: least average receive power in 0.001 dBm.

    Returns:
        True when the three agree exactly.

    Source: IEEE 802.3 Clauses 124 and 151, receive characteristics.
    Assumes: average powers per lane of an IM/DD PMD.
    """
    return rx_min_mdbm == tx_min_mdbm - loss_max_mdb


def attenuator_window_mdb(
    tx_min_mdbm: int, tx_max_mdbm: int, rx_min_mdbm: int, rx_max_mdbm: int, loss_mdb: int, best_case_mdb: int
) -> Window:
    """Return the attenuations `A` with `P_tx,max - IL_min - A <= P_rx,max` and `P_tx,min - IL - A >= P_rx,min`.

    Args:
        tx_min_mdbm: least average launch power of a lane in 0.001 dBm.
        tx_max_mdbm: highest average launch power of a lane in 0.001 dBm.
        rx_min_mdbm: least average receive power of a lane in 0.001 dBm.
        rx_max_mdbm: overload of a lane in 0.001 dBm.
        loss_mdb: worst insertion loss of the longest channel in 0.001 dB.
        best_case_mdb: least insertion loss of the shortest channel in 0.001 dB.

    Returns:
        The window; its low end is 0 when nothing overloads.

    Source: IEEE 802.3 Clause 151 receive limits (LR4-10 at 5.1 dBm into FR4 at 3.5 dBm over 2 m: about 2 dB).
    Assumes: one attenuator value serves every channel of the class.
    """
    low = max(0, tx_max_mdbm - best_case_mdb - rx_max_mdbm)
    return Window(low, tx_min_mdbm - loss_mdb - rx_min_mdbm)
