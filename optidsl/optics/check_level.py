"""Checks of the light at the receiver on the shortest link: least length, overload, attenuators."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.parts import Transceiver
from optidsl.optics.channel import Channel
from optidsl.optics.lengths import Order
from optidsl.optics.tables import Check
from optidsl.optics.text import quantity
from optidsl.optics.verdict import Ground, lacking, unknown, verdict
from optidsl.physics import LEAST_LOSS_MDB, attenuator_window_mdb, receive_power_max_mdbm


def level_checks(it: Channel, order: Order) -> Iterator[Check]:
    """Yield the checks of the light that arrives over the shortest cable."""
    yield from _min_length_checks(it, order)
    yield _overload_check(it, order)


def _min_length_checks(it: Channel, order: Order) -> Iterator[Check]:
    """Check the shortest ordered length against what each module states."""
    for module in (it.a,) if it.a is it.z else (it.a, it.z):
        least = module.min_length_mm
        if least is None:
            continue
        spare = order.shortest_mm - least.value
        shortest = quantity(order.shortest_mm, "mm")
        detail = f"{module.name} needs at least {quantity(least.value, 'mm')}, the shortest cable is {shortest}"
        field = f"{module.name}.min_length"
        yield verdict("min-length", spare >= 0, detail, (field, least), margin=spare, unit="mm")


def _overload_check(it: Channel, order: Order) -> Check:
    """Check the highest receive power of the shortest cable against overload, in both directions."""
    missing = lacking(it.plant[0])
    if missing or it.grade is None:
        return unknown("overload", missing)
    worst: Check | None = None
    for near, far in ((it.a, it.z), (it.z, it.a)):
        check = _overload_towards(it, order, near, far)
        if check.verdict == "unknown" and check.missing.endswith(("tx_max", "rx_max")):
            return _overload_by_length(it, order, check)
        if worst is None or (check.margin is not None and worst.margin is not None and check.margin < worst.margin):
            worst = check
    return worst if worst is not None else unknown("overload", f"{it.a.name}.tx_max")


def _overload_by_length(it: Channel, order: Order, check: Check) -> Check:
    """Fall back on the shortest length that both vendors state."""
    grounds: list[Ground] = [(f"{module.name}.min_length", module.min_length_mm) for module in (it.a, it.z)]
    if lacking(*grounds):
        return check
    least = max(module.min_length_mm.value for module in (it.a, it.z) if module.min_length_mm is not None)
    shortest, spare = quantity(order.shortest_mm, "mm"), order.shortest_mm - least
    detail = f"the vendor states at least {quantity(least, 'mm')}, the shortest cable is {shortest}"
    return verdict("overload", spare >= 0, detail, *grounds, margin=spare, unit="mm")


def _overload_towards(it: Channel, order: Order, near: Transceiver, far: Transceiver) -> Check:
    """Check one direction at the least loss there can be; a failure names the attenuator that would cure it."""
    tx, rx = near.tx_max_mdbm, far.rx_max_mdbm
    grounds: list[Ground] = [(f"{near.name}.tx_max", tx), (f"{far.name}.rx_max", rx)]
    missing = lacking(*grounds)
    if missing or tx is None or rx is None:
        return unknown("overload", missing)
    power = receive_power_max_mdbm(tx.value, LEAST_LOSS_MDB)
    spare = rx.value - power
    detail = (
        f"{far.name} receives up to {quantity(power, 'mdBm')} from {near.name} over "
        f"{quantity(order.shortest_mm, 'mm')}, overload is {quantity(rx.value, 'mdBm')}"
    )
    if spare >= 0:
        return verdict("overload", True, detail, *grounds, margin=spare, unit="mdB")
    attenuator = _attenuator_mdb(it, order, near, far)
    if attenuator is None:
        return verdict("overload", False, f"{detail}; no attenuator cures it", *grounds, margin=spare, unit="mdB")
    cure = f"a fixed attenuator of {quantity(attenuator, 'mdB')} at {far.name} cures it"
    detail = f"{detail}; {cure}, which this edition does not plan"
    return verdict("overload", False, detail, *grounds, margin=spare, unit="mdB")


def _attenuator_mdb(it: Channel, order: Order, near: Transceiver, far: Transceiver) -> int | None:
    """Return the smallest attenuator, in whole dB, that cures an overload and leaves the budget whole."""
    if it.grade is None or near.tx_min_mdbm is None or near.tx_max_mdbm is None or far.rx_max_mdbm is None:
        return None
    if far.rx_min_mdbm is None or lacking(*it.plant):
        return None
    return attenuator_window_mdb(
        near.tx_min_mdbm.value,
        near.tx_max_mdbm.value,
        far.rx_min_mdbm.value,
        far.rx_max_mdbm.value,
        it.loss_mdb(order.longest_mm),
        LEAST_LOSS_MDB,
    ).pick_mdb()
