"""Whether a module's OMA numbers agree with one another and with the losses it promises to bear."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.parts import Fact, Transceiver

_Level = Fact[int] | None


def signal_faults(part: Transceiver) -> Iterator[str]:
    """Yield what a careful reader would object to, one clause each.

    A row of a standard closes in itself: over its own channel its weakest and its poorest signal still reach its own
    receiver. A signal's OMA is no less than its OMA less TDECQ, and a receiver needs no less of a stressed signal.

    Args:
        part: the module.

    Source: IEEE 802.3 Clauses 124 and 151, transmit and receive characteristics.
    Assumes: both ends of the channel are of this row.
    """
    clean, stressed, tested = part.rx_sens_oma_mdbm, part.rx_stressed_oma_mdbm, part.tdecq_max_mdb
    weak, poor = part.tx_oma_min_mdbm, part.tx_oma_tdecq_min_mdbm
    yield from _ordered("tx_oma_tdecq_min", poor, "tx_oma_min", weak)
    yield from _ordered("rx_sens_oma", clean, "rx_stressed_oma", stressed)
    best = None if stressed is None or tested is None else stressed.value - tested.value
    if best is not None and clean is not None and best > clean.value:
        yield f"rx_stressed_oma less tdecq_max is {_dbm(best)}, above rx_sens_oma, {_dbm(clean.value)}"
    for limit in part.limits:
        loss = limit.loss_max_mdb
        if loss is None:
            continue
        if weak is not None and clean is not None and weak.value - loss.value < clean.value:
            left = _dbm(weak.value - loss.value)
            yield f"tx_oma_min less loss over {limit.grade} is {left}, below rx_sens_oma, {_dbm(clean.value)}"
        if poor is not None and best is not None and poor.value - loss.value < best:
            what = f"tx_oma_tdecq_min less loss over {limit.grade} is {_dbm(poor.value - loss.value)}"
            yield f"{what}, below rx_stressed_oma less tdecq_max, {_dbm(best)}"


def _ordered(low: str, lower: _Level, high: str, higher: _Level) -> Iterator[str]:
    if lower is not None and higher is not None and lower.value > higher.value:
        yield f"{low} is {_dbm(lower.value)}, above {high}, {_dbm(higher.value)}"


def _dbm(level_mdbm: int) -> str:
    return f"{level_mdbm / 1000:g} dBm"
