"""Checks of a fibre channel between two modules: length on sale, reach, insertion loss."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.catalog.parts import Fact, FiberCable, FiberLimit, Transceiver
from optidsl.optics.channel import Channel
from optidsl.optics.check_level import level_checks
from optidsl.optics.classify import ClassView
from optidsl.optics.lengths import Order, sold_lengths
from optidsl.optics.tables import Check
from optidsl.optics.text import plural, quantity
from optidsl.optics.verdict import Ground, lacking, unknown, verdict
from optidsl.physics import channel_loss_mdb, window_loss_mdb


def channel_checks(it: Channel) -> Iterator[Check]:
    """Yield the checks that depend on the class's lengths. Lengths are those ordered, not those required."""
    yield length_list_check(it.view, it.fiber, it.order)
    if it.order is None:
        yield unknown("reach", f"the length of {it.view.link_class.name}")
        return
    yield _reach_check(it, it.order)
    yield _loss_check(it, it.order)
    yield from level_checks(it, it.order)


def length_list_check(view: ClassView, cable: FiberCable, order: Order | None) -> Check:
    """Check that a purchasable length covers the longest link."""
    fact = sold_lengths(cable)
    field = f"{cable.name}.lengths"
    if not view.has_lengths:
        return unknown("lengths-on-sale", f"the length of {view.link_class.name}")
    if fact is None or order is None:
        return unknown("lengths-on-sale", field)
    spare = order.longest_sold_mm - view.link_class.longest_mm
    need, sold = quantity(view.link_class.longest_mm, "mm"), quantity(order.longest_sold_mm, "mm")
    detail = f"{cable.name} is sold up to {sold}, the longest link needs {need}"
    return verdict("lengths-on-sale", order.is_covered, detail, (field, fact), margin=spare, unit="mm")


def limit_over(module: Transceiver, grade: str) -> FiberLimit | None:
    """Return what a module promises over a grade."""
    return next((limit for limit in module.limits if limit.grade == grade), None)


def reach_limits(it: Channel) -> list[tuple[str, Fact[int] | None]]:
    """Return every reach that binds the channel: both ends, and the fibre's own longest channel."""
    grade = it.fiber.grade.value
    limits: list[tuple[str, Fact[int] | None]] = []
    for module, far in ((it.a, it.z), (it.z, it.a)):
        limit = limit_over(module, grade)
        limits.append((f"{module.name}.over {grade}.reach", None if limit is None else limit.reach_mm))
        limits += [(f"{module.name}.faces {name}.reach", fact) for name, fact in module.faces if name == far.name]
    if it.fiber.max_total_mm is not None:
        limits.append((f"{it.fiber.name}.max_total", it.fiber.max_total_mm))
    return limits


def _reach_check(it: Channel, order: Order) -> Check:
    """Check the longest ordered length against the shortest reach of both ends."""
    limits = reach_limits(it)
    missing = lacking(*limits)
    if missing:
        known = [(field, fact) for field, fact in limits if not lacking((field, fact))]
        short = next(((f, x) for f, x in known if x is not None and x.value < order.longest_mm), None)
        if short is None:
            return unknown("reach", missing)
        limits = [short]
    field, shortest = min(((field, fact) for field, fact in limits if fact is not None), key=lambda each: each[1].value)
    spare = shortest.value - order.longest_mm
    where = field.removesuffix(".reach").replace(".over ", " over ").replace(".faces ", " towards ")
    what = f"{it.fiber.name} may span" if field.endswith("max_total") else f"{where} reaches"
    longest = "the longest cable is" if order.is_covered else "the longest link needs"
    detail = f"{what} {quantity(shortest.value, 'mm')}, {longest} {quantity(order.longest_mm, 'mm')}"
    return verdict("reach", spare >= 0, detail, (field, shortest), margin=spare, unit="mm")


def _stated_loss(it: Channel) -> tuple[int, list[Ground]] | None:
    """Return the least channel loss that both ends' promises allow, with its grounds; None when an end has none.

    An end promises a loss over the grade, or a channel: connections of a loss each, at its reach.
    """
    budgets: list[int] = []
    grounds: list[Ground] = []
    for module in (it.a, it.z):
        limit = limit_over(module, it.fiber.grade.value)
        if limit is None:
            return None
        field = f"{module.name}.over {limit.grade}"
        if limit.loss_max_mdb is not None and limit.loss_max_mdb.confidence != "unverified":
            budgets.append(limit.loss_max_mdb.value)
            grounds.append((f"{field}.loss", limit.loss_max_mdb))
            continue
        promised = _vendor_channel(it, module, limit)
        if promised is None:
            return None
        budgets.append(promised[0])
        grounds += promised[1]
    return min(budgets), grounds


def _vendor_channel(it: Channel, module: Transceiver, limit: FiberLimit) -> tuple[int, list[Ground]] | None:
    """Return the loss of the channel a vendor's reach figure assumes, when this plant is no worse in any part."""
    count, each, reach = module.channel_connections, module.channel_connection_loss_mdb, limit.reach_mm
    grounds: list[Ground] = [
        (f"{module.name}.channel_connections", count),
        (f"{module.name}.channel_connection_loss", each),
        (f"{module.name}.over {limit.grade}.reach", reach),
    ]
    if count is None or each is None or it.grade is None or it.connector is None or lacking(*grounds):
        return None
    if it.connections > count.value or it.connector.loss_max_mdb.value > each.value:
        return None
    return channel_loss_mdb(reach.value, it.grade.attenuation_mdb_per_km.value, count.value, each.value), grounds


def _level_loss(it: Channel) -> tuple[int, list[Ground]] | None:
    """Return the least loss window of both directions, when all four levels are known."""
    budgets: list[int] = []
    grounds: list[Ground] = []
    for near, far in ((it.a, it.z), (it.z, it.a)):
        pair: list[Ground] = [(f"{near.name}.tx_min", near.tx_min_mdbm), (f"{far.name}.rx_min", far.rx_min_mdbm)]
        if near.tx_min_mdbm is None or far.rx_min_mdbm is None or lacking(*pair):
            return None
        budgets.append(window_loss_mdb(near.tx_min_mdbm.value, far.rx_min_mdbm.value))
        grounds += pair
    return min(budgets), grounds


def loss_budget(it: Channel) -> tuple[int, list[Ground]] | None:
    """Return the highest insertion loss the channel may have, with its grounds; None when no number says."""
    return _stated_loss(it) or _level_loss(it)


def _loss_check(it: Channel, order: Order) -> Check:
    """Check the worst insertion loss of the longest cable against the budget."""
    missing = lacking(*it.plant)
    if missing:
        return unknown("loss", missing)
    budget = loss_budget(it)
    if budget is None:
        return unknown("loss", _loss_field(it))
    loss = it.loss_mdb(order.longest_mm)
    spare = budget[0] - loss
    relation = "within" if spare >= 0 else "exceeds"
    by = f" by {quantity(-spare, 'mdB')}" if spare < 0 else ""
    detail = (
        f"loss {quantity(loss, 'mdB')} {relation} the budget {quantity(budget[0], 'mdB')}{by} "
        f"({quantity(order.longest_mm, 'mm')} of {it.fiber.grade.value}, {plural(it.connections, 'connection')})"
    )
    return verdict("loss", spare >= 0, detail, *it.plant, *budget[1], margin=spare, unit="mdB")


def _loss_field(it: Channel) -> str:
    """Name the field whose absence keeps the loss check from concluding."""
    for module in (it.a, it.z):
        limit = limit_over(module, it.fiber.grade.value)
        if limit is None or limit.loss_max_mdb is None or limit.loss_max_mdb.confidence == "unverified":
            if limit is not None and _vendor_channel(it, module, limit) is not None:
                continue
            return f"{module.name}.over {it.fiber.grade.value}.loss"
    return f"{it.a.name}.tx_min"
