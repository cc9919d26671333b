"""Signal strength per lane as optical modulation amplitude (OMA), which average power says little of for PAM4."""

from __future__ import annotations


def stressed_margin_mdb(
    tx_oma_tdecq_min_mdbm: int, rx_stressed_oma_mdbm: int, tdecq_max_mdb: int, loss_mdb: int
) -> int:
    """Return what is left at the worst signal: `(OMA - TDECQ)_min - IL - (OMA_stressed - SECQ)`.

    A transmitter may be poor (high TDECQ) if it is strong in step: its `OMA - TDECQ` has a least value. A receiver is
    tested with a signal of `SECQ = TDECQ_max` and then needs `OMA_stressed`; of a better signal it needs less, dB for
    dB. Both sides subtracted by the signal's TDECQ, one inequality holds for every signal that the row allows.

    Args:
        tx_oma_tdecq_min_mdbm: least outer OMA less TDECQ that the transmitter sends, in 0.001 dBm.
        rx_stressed_oma_mdbm: stressed sensitivity of the far receiver in OMA, in 0.001 dBm.
        tdecq_max_mdb: TDECQ (SECQ) of the signal that sensitivity was tested with, in 0.001 dB.
        loss_mdb: worst insertion loss of the channel in 0.001 dB.

    Returns:
        Margin in 0.001 dB, negative when the receiver gets too little (DR4: -2.2 - 3.0 - (-1.9 - 3.4) = 0.1 dB).

    Source: IEEE 802.3 Clauses 124 and 151: launch power in OMA_outer minus TDECQ (min), stressed receiver sensitivity.
    Assumes: per lane. TDECQ of the transmitter is no more than that of the receiver's test. TDECQ is measured over the
        worst dispersion of the PMD's reach: inside the reach no further dispersion penalty is due.
    """
    return tx_oma_tdecq_min_mdbm - loss_mdb - (rx_stressed_oma_mdbm - tdecq_max_mdb)


def clean_margin_mdb(tx_oma_min_mdbm: int, rx_sens_oma_mdbm: int, loss_mdb: int) -> int:
    """Return what is left at the weakest signal, which then is a clean one: `OMA_min - IL - OMA_sens`.

    Args:
        tx_oma_min_mdbm: least outer OMA that the transmitter sends, in 0.001 dBm.
        rx_sens_oma_mdbm: sensitivity of the far receiver in OMA at its best signal, in 0.001 dBm.
        loss_mdb: worst insertion loss of the channel in 0.001 dB.

    Returns:
        Margin in 0.001 dB, negative when the receiver gets too little (DR4: -0.8 - 3.0 + 4.4 = 0.6 dB).

    Source: IEEE 802.3 Clauses 124 and 151: launch power in OMA_outer (min), receiver sensitivity in OMA_outer.
    Assumes: per lane; the least OMA is only allowed to a transmitter of low TDECQ, where sensitivity is at its floor.
    """
    return tx_oma_min_mdbm - loss_mdb - rx_sens_oma_mdbm
