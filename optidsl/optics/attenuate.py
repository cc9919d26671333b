"""Which attenuators make a link that is too bright one that works, and what they would have to be."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl._record import replace
from optidsl.catalog.parts import Attenuator, Catalog, Fact
from optidsl.optics.budget import loss_budget
from optidsl.optics.channel import Channel, Way, is_array
from optidsl.optics.lengths import Order
from optidsl.optics.statement import admits
from optidsl.optics.text import quantity
from optidsl.optics.verdict import lacking
from optidsl.physics import LEAST_LOSS_MDB, Window, window_loss_mdb
from optidsl.sema.design import Policy


def attenuated(catalog: Catalog, policy: Policy, it: Channel) -> Channel:
    """Return a channel with the weakest attenuators on sale that it needs; itself when it needs or finds none."""
    if not catalog.attenuators or it.order is None or it.fiber.ends != 1:
        return it
    excess = [excess_mdb(way) for way in it.ways()]
    if not any(excess):
        return it
    if is_array(it.fiber.connector.value):
        at_z = excess[0] >= excess[1]
        excess = [max(excess) if at_z else 0, 0 if at_z else max(excess)]
    on_sale = _on_sale(catalog, policy, it)
    at_z_end, at_a_end = (_pick(on_sale, each) for each in excess)
    if any(each and found is None for each, found in zip(excess, (at_z_end, at_a_end), strict=True)):
        return it
    fitted = replace(it, a_attenuator=at_a_end, z_attenuator=at_z_end)
    return fitted if all(_has_room(it, it.order, way) for way in fitted.ways()) else it


def excess_mdb(way: Way) -> int:
    """Return by how much one direction is too bright over a channel that loses nothing, 0 when it is not."""
    near, far = way.near, way.far
    pairs = ((near.tx_max_mdbm, far.rx_max_mdbm), (near.tx_oma_max_mdbm, far.rx_oma_max_mdbm))
    return max(0, *(_above(sent, most) - LEAST_LOSS_MDB for sent, most in pairs))


def _above(sent: Fact[int] | None, most: Fact[int] | None) -> int:
    if sent is None or most is None or lacking(("", sent), ("", most)):
        return 0
    return sent.value - most.value


def _on_sale(catalog: Catalog, policy: Policy, it: Channel) -> list[Attenuator]:
    """Return the attenuators that fit the fibre and the policy, weakest first."""
    fits = [
        each
        for each in catalog.attenuators.values()
        if each.connector.value == it.fiber.connector.value
        and each.medium.value == it.fiber.medium.value
        and each.loss_mdb.confidence != "unverified"
        and admits(policy.vendors, each.vendor)
    ]
    return sorted(fits, key=lambda each: (each.most_mdb, each.name))


def _pick(on_sale: Sequence[Attenuator], excess: int) -> Attenuator | None:
    """Return the weakest attenuator that takes at least the excess away, None when nothing is needed or helps."""
    return next((each for each in on_sale if each.least_mdb >= excess), None) if excess else None


def _has_room(it: Channel, order: Order, way: Way) -> bool:
    room = _room_mdb(it, order, way)
    return not way.attenuators or (room is not None and sum(each.most_mdb for each in way.attenuators) <= room)


def _room_mdb(it: Channel, order: Order, way: Way) -> int | None:
    """Return the loss that one direction of the longest channel still bears, None when no number says."""
    budget = loss_budget(it)
    if budget is None or lacking(*it.plant):
        return None
    sent, needed = way.near.tx_min_mdbm, way.far.rx_min_mdbm
    most = budget[0]
    if sent is not None and needed is not None and not lacking(("", sent), ("", needed)):
        most = min(most, window_loss_mdb(sent.value, needed.value))
    return most - it.loss_mdb(order.longest_mm)


def window(it: Channel, order: Order, way: Way) -> tuple[Window | None, int]:
    """Return the attenuations that would cure one direction (None when no number says), and the least of them."""
    low = excess_mdb(way)
    room = _room_mdb(it, order, way)
    return (None if room is None else Window(low, room)), low


def cure(it: Channel, order: Order, way: Way) -> str:
    """Say which attenuator would cure an overload that nothing on sale cures."""
    found, low = window(it, order, way)
    least = quantity(low, "mdB")
    if found is None:
        return f"an attenuator of at least {least} at {way.far.name} would cure it"
    if found.is_empty:
        left = quantity(max(found.high_mdb, 0), "mdB")
        return f"no attenuator cures it: it would have to take {least} and the budget leaves {left}"
    wanted = f"{it.fiber.connector.value}, {it.fiber.medium.value}"
    between = f"{least} to {quantity(found.high_mdb, 'mdB')}"
    return f"a fixed attenuator of {between} at {way.far.name} cures it, and none in the catalogue does ({wanted})"
