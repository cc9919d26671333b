"""Checks of a channel in OMA, where both ends state the numbers: what the receiver needs, and what it bears.

A part without OMA numbers is judged by average power and insertion loss alone; their absence is no doubt of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.optics.attenuate import cure
from optidsl.optics.channel import Channel, Way
from optidsl.optics.lengths import Order
from optidsl.optics.tables import Check
from optidsl.optics.text import quantity
from optidsl.optics.verdict import Ground, lacking, unknown, verdict
from optidsl.physics import LEAST_LOSS_MDB, clean_margin_mdb, receive_power_max_mdbm, stressed_margin_mdb


def signal_checks(it: Channel, order: Order) -> Iterator[Check]:
    """Yield the checks of both directions in OMA, as far as numbers go."""
    ways = it.ways()
    for way in ways[:1] if it.a is it.z and ways[0].attenuators == ways[1].attenuators else ways:
        if not lacking(*it.plant):
            yield from _sensitivity(it, way, it.way_loss_mdb(way, order.longest_mm))
        yield from _overload(it, order, way)


def _sensitivity(it: Channel, way: Way, loss_mdb: int) -> Iterator[Check]:
    """Check the worst signal and the weakest one against what the far receiver needs of each."""
    near, far = way.near, way.far
    sent, stressed, tested = near.tx_oma_tdecq_min_mdbm, far.rx_stressed_oma_mdbm, far.tdecq_max_mdb
    grounds: list[Ground] = [
        (f"{near.name}.tx_oma_tdecq_min", sent),
        (f"{far.name}.rx_stressed_oma", stressed),
        (f"{far.name}.tdecq_max", tested),
    ]
    if sent is not None and stressed is not None and tested is not None and not lacking(*grounds):
        worst = near.tdecq_max_mdb
        if worst is not None and worst.confidence != "unverified" and worst.value > tested.value:
            field = f"{far.name}.rx_stressed_oma of a signal of TDECQ {quantity(worst.value, 'mdB')}"
            yield unknown("oma", field)
        else:
            spare = stressed_margin_mdb(sent.value, stressed.value, tested.value, loss_mdb)
            detail = (
                f"{near.name} sends OMA - TDECQ {quantity(sent.value, 'mdBm')}, less {quantity(loss_mdb, 'mdB')} of "
                f"channel; {far.name} needs {quantity(stressed.value - tested.value, 'mdBm')}"
            )
            yield verdict("oma", spare >= 0, detail, *grounds, *it.plant, margin=spare, unit="mdB")
    weakest, clean = near.tx_oma_min_mdbm, far.rx_sens_oma_mdbm
    pair: list[Ground] = [(f"{near.name}.tx_oma_min", weakest), (f"{far.name}.rx_sens_oma", clean)]
    if weakest is not None and clean is not None and not lacking(*pair):
        spare = clean_margin_mdb(weakest.value, clean.value, loss_mdb)
        detail = (
            f"{near.name} sends OMA {quantity(weakest.value, 'mdBm')}, less {quantity(loss_mdb, 'mdB')} of channel; "
            f"{far.name} needs {quantity(clean.value, 'mdBm')}"
        )
        yield verdict("oma", spare >= 0, detail, *pair, *it.plant, margin=spare, unit="mdB")


def _overload(it: Channel, order: Order, way: Way) -> Iterator[Check]:
    """Check the strongest signal over a channel that loses nothing against what the far receiver bears."""
    near, far = way.near, way.far
    sent, most = near.tx_oma_max_mdbm, far.rx_oma_max_mdbm
    grounds: list[Ground] = [(f"{near.name}.tx_oma_max", sent), (f"{far.name}.rx_oma_max", most)]
    if sent is None or most is None or lacking(*grounds):
        return
    least = LEAST_LOSS_MDB + sum(each.least_mdb for each in way.attenuators)
    power = receive_power_max_mdbm(sent.value, least)
    spare = most.value - power
    received, bears = quantity(power, "mdBm"), quantity(most.value, "mdBm")
    detail = f"{far.name} receives OMA up to {received} from {near.name}, it bears OMA {bears}"
    if spare < 0:
        detail = f"{detail}; {cure(it, order, way)}"
    grounds += [(f"{each.name}.loss", each.loss_mdb) for each in way.attenuators]
    yield verdict("oma-overload", spare >= 0, detail, *grounds, margin=spare, unit="mdB")
