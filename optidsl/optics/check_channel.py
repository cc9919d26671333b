"""Checks of a fibre channel between two modules: length on sale, reach, insertion loss, overload, shortest length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from optidsl.catalog.parts import Catalog, Connector, Fact, FiberCable, FiberGrade, FiberLimit, Transceiver
from optidsl.optics.classify import ClassView
from optidsl.optics.lengths import Order, order_for, sold_lengths
from optidsl.optics.tables import Check
from optidsl.optics.text import plural, quantity
from optidsl.optics.verdict import Ground, lacking, unknown, verdict
from optidsl.physics import (
    attenuator_window_mdb,
    best_case_loss_mdb,
    channel_loss_mdb,
    receive_power_max_mdbm,
    window_loss_mdb,
)


@dataclass(frozen=True, slots=True)
class Channel:
    """Two modules, the fibre between them, and the plant it runs through."""

    view: ClassView
    a: Transceiver
    z: Transceiver
    fiber: FiberCable
    grade: FiberGrade | None
    connector: Connector | None
    order: Order | None

    @property
    def plant(self) -> tuple[Ground, Ground]:
        """The facts that insertion loss rests on."""
        grade, connector = self.grade, self.connector
        return (
            (f"{self.fiber.grade.value}.attenuation", None if grade is None else grade.attenuation_mdb_per_km),
            (f"{self.fiber.connector.value}.loss", None if connector is None else connector.loss_max_mdb),
        )

    @property
    def connections(self) -> int:
        """Mated connections of the channel, both ends included."""
        return self.view.segment.connect.connections

    def loss_mdb(self, length_mm: int) -> int:
        """Return the worst insertion loss at a length; the plant's facts must be usable."""
        if self.grade is None or self.connector is None:
            return 0
        attenuation = self.grade.attenuation_mdb_per_km.value
        return channel_loss_mdb(length_mm, attenuation, self.connections, self.connector.loss_max_mdb.value)


def channel(catalog: Catalog, view: ClassView, a: Transceiver, z: Transceiver, fiber: FiberCable) -> Channel:
    """Look up what a channel's checks need."""
    grade = catalog.fiber_grades.get(fiber.grade.value)
    connector = catalog.connectors.get(fiber.connector.value)
    return Channel(view, a, z, fiber, grade, connector, order_for(view, fiber))


def channel_checks(it: Channel, *, attenuators: bool) -> Iterator[Check]:
    """Yield the checks that depend on the class's lengths. Lengths are those ordered, not those required."""
    yield length_list_check(it.view, it.fiber, it.order)
    if it.order is None:
        yield unknown("reach", f"the length of {it.view.link_class.name}")
        return
    yield _reach_check(it, it.order)
    yield _loss_check(it, it.order)
    yield from _min_length_checks(it, it.order)
    yield _overload_check(it, it.order, attenuators=attenuators)


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


def reach_facts(module: Transceiver, far: Transceiver, grade: str) -> list[Ground]:
    """Return the reach facts that bind one end: over the grade, and towards that far end where the vendor says."""
    limit = limit_over(module, grade)
    grounds: list[Ground] = [(f"{module.name}.over {grade}.reach", None if limit is None else limit.reach_mm)]
    grounds += [(f"{module.name}.faces {name}.reach", fact) for name, fact in module.faces if name == far.name]
    return grounds


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
    field, shortest = min(
        ((field, fact) for field, fact in limits if fact is not None), key=lambda each: each[1].value
    )
    spare = shortest.value - order.longest_mm
    where = field.removesuffix(".reach").replace(".over ", " over ").replace(".faces ", " towards ")
    what = f"{it.fiber.name} may span" if field.endswith("max_total") else f"{where} reaches"
    detail = f"{what} {quantity(shortest.value, 'mm')}, the longest cable is {quantity(order.longest_mm, 'mm')}"
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


def _min_length_checks(it: Channel, order: Order) -> Iterator[Check]:
    """Check the shortest ordered length against what each module states."""
    for module in dict.fromkeys((it.a, it.z)):
        least = module.min_length_mm
        if least is None:
            continue
        spare = order.shortest_mm - least.value
        shortest = quantity(order.shortest_mm, "mm")
        detail = f"{module.name} needs at least {quantity(least.value, 'mm')}, the shortest cable is {shortest}"
        field = f"{module.name}.min_length"
        yield verdict("min-length", spare >= 0, detail, (field, least), margin=spare, unit="mm")


def _overload_check(it: Channel, order: Order, *, attenuators: bool) -> Check:
    """Check the highest receive power of the shortest cable against overload, in both directions."""
    missing = lacking(it.plant[0])
    if missing or it.grade is None:
        return unknown("overload", missing)
    worst: Check | None = None
    for near, far in ((it.a, it.z), (it.z, it.a)):
        check = _overload_towards(it, order, near, far, attenuators=attenuators)
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


def _overload_towards(it: Channel, order: Order, near: Transceiver, far: Transceiver, *, attenuators: bool) -> Check:
    """Check one direction; an attenuator cures it where the policy allows one and the budget leaves room."""
    tx, rx = near.tx_max_mdbm, far.rx_max_mdbm
    grounds: list[Ground] = [(f"{near.name}.tx_max", tx), (f"{far.name}.rx_max", rx)]
    missing = lacking(*grounds)
    if missing or tx is None or rx is None or it.grade is None:
        return unknown("overload", missing)
    best = best_case_loss_mdb(order.shortest_mm, it.grade.attenuation_mdb_per_km.value)
    power = receive_power_max_mdbm(tx.value, best)
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
    if attenuators:
        return verdict("attenuator", True, f"{detail}; {cure}", *grounds, margin=spare, unit="mdB")
    detail = f"{detail}; {cure}, which `attenuators = true` in the policy would allow"
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
        best_case_loss_mdb(order.shortest_mm, it.grade.attenuation_mdb_per_km.value),
    ).pick_mdb()
