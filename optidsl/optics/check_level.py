"""Checks of the light at the receiver on the shortest link: least length, overload, attenuators."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.optics.attenuate import cure
from optidsl.optics.channel import Channel, Way
from optidsl.optics.lengths import Order
from optidsl.optics.tables import Check
from optidsl.optics.text import quantity
from optidsl.optics.verdict import Ground, lacking, unknown, verdict
from optidsl.physics import LEAST_LOSS_MDB, receive_power_max_mdbm


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
    worst: Check | None = None
    for way in it.ways():
        check = _overload_towards(it, order, way)
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


def _overload_towards(it: Channel, order: Order, way: Way) -> Check:
    """Check one direction at the least loss there can be; a failure says which attenuator would cure it."""
    near, far = way.near, way.far
    tx, rx = near.tx_max_mdbm, far.rx_max_mdbm
    grounds: list[Ground] = [(f"{near.name}.tx_max", tx), (f"{far.name}.rx_max", rx)]
    missing = lacking(*grounds)
    if missing or tx is None or rx is None:
        return unknown("overload", missing)
    power = receive_power_max_mdbm(tx.value, LEAST_LOSS_MDB + sum(each.least_mdb for each in way.attenuators))
    spare = rx.value - power
    through = "".join(f" through {each.name}" for each in way.attenuators)
    detail = (
        f"{far.name} receives up to {quantity(power, 'mdBm')} from {near.name} over "
        f"{quantity(order.shortest_mm, 'mm')}{through}, overload is {quantity(rx.value, 'mdBm')}"
    )
    grounds += [(f"{each.name}.loss", each.loss_mdb) for each in way.attenuators]
    if spare < 0:
        detail = f"{detail}, {quantity(-spare, 'mdB')} less; {cure(it, order, way)}"
    return verdict("overload", spare >= 0, detail, *grounds, margin=spare, unit="mdB")
