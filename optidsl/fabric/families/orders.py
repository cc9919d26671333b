"""Sizes of networks over a finite field: the orders that exist, the one that the endpoints need."""

from __future__ import annotations

from collections.abc import Callable

from optidsl._record import record
from optidsl.fabric.families.network import NetworkAsk
from optidsl.fabric.refusal import Refusal


@record(frozen=True, slots=True)
class Orders:
    """The orders of a family: the first, which numbers are some, and the switches and their degree by order."""

    first: int
    is_order: Callable[[int], bool]
    switches: Callable[[int], int]
    degree: Callable[[int], int]
    wanted: str


def order_of(ask: NetworkAsk, orders: Orders) -> tuple[int, int] | Refusal:
    """Return the order that the author decided, else the least with room for the endpoints, and the endpoint ports.

    A switch has as many endpoint ports as `tier.down` says. Left out with the order, they are half of its links to
    other switches, rounded up: the balance of Besta and Hoefler (SC 2014), section II.

    Args:
        ask: the author's words.
        orders: of the family.
    """
    order, down = ask.number("order"), ask.tier.down.value
    if order is None and ask.tier.count.value is not None:
        counted = _by_count(ask, orders, ask.tier.count.value)
        if isinstance(counted, Refusal):
            return counted
        order = counted
    if order is not None:
        if not orders.is_order(order):
            return _refusal(ask, orders, order)
        return order, down or -(-ask.ports // orders.switches(order))
    order = _around(orders, lambda each: _room(orders, each, down) >= ask.ports)[-1]
    return order, down or -(-ask.ports // orders.switches(order))


def _room(orders: Orders, order: int, down: int | None) -> int:
    return orders.switches(order) * (down or -(-orders.degree(order) // 2))


def _around(orders: Orders, reached: Callable[[int], bool]) -> list[int]:
    """Return the last order that is below something, if there is one, and the first that is not.

    Once a number has reached it every larger one has: the first that has is found by doubling and halving.
    """
    low, high = orders.first, orders.first
    while not reached(high):
        low, high = high + 1, 2 * high
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle + 1, high)
    below = next((each for each in range(high - 1, orders.first - 1, -1) if orders.is_order(each)), None)
    above = high
    while not orders.is_order(above):
        above += 1
    return [above] if below is None else [below, above]


def _by_count(ask: NetworkAsk, orders: Orders, count: int) -> int | Refusal:
    """Return the order of a network of that many switches."""
    planes = ask.fabric.planes
    near = _around(orders, lambda order: orders.switches(order) * planes >= count)
    if orders.switches(near[-1]) * planes == count:
        return near[-1]
    counts = [orders.switches(order) * planes for order in near]
    works = " or ".join(f"{each} (order {order})" for each, order in zip(counts, near, strict=True))
    return Refusal(
        "count-not-possible",
        f"no {ask.fabric.kind} has the {count} switches that tier `{ask.tier.name}` of `{ask.fabric.name}` asks for",
        ask.tier.count.span or ask.tier.origin.span,
        helps=(f"{works} would work",),
    )


def _refusal(ask: NetworkAsk, orders: Orders, order: int) -> Refusal:
    works = _around(orders, lambda each: each >= order)
    return ask.refuse(
        "order-not-possible",
        f"there is no {ask.fabric.kind} of order {order} for `{ask.fabric.name}`: the order is {orders.wanted}",
        "order",
        (f"set {' or '.join(f'`order = {each}`' for each in works)}",),
    )
