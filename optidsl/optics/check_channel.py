"""Checks of a fibre channel between two modules: length on sale, reach, insertion loss."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl._record import record, replace
from optidsl.catalog.parts import Fact, FiberCable, FiberLimit
from optidsl.optics.budget import limit_over, loss_budget, loss_field
from optidsl.optics.channel import Channel
from optidsl.optics.check_level import level_checks
from optidsl.optics.check_signal import signal_checks
from optidsl.optics.classify import ClassView
from optidsl.optics.lengths import Order, sold_lengths
from optidsl.optics.tables import Check
from optidsl.optics.text import plural, quantity
from optidsl.optics.verdict import lacking, unknown, verdict
from optidsl.physics import reach_within_loss_mm


def channel_checks(it: Channel) -> Iterator[Check]:
    """Yield the checks that depend on the class's lengths. Lengths are those ordered, not those required."""
    yield length_list_check(it.view, it.fiber, it.order)
    if it.order is None:
        yield unknown("reach", f"the length of {it.view.link_class.name}")
        return
    yield reach_check(it, it.order)
    yield loss_check(it, it.order)
    yield from level_checks(it, it.order)
    yield from signal_checks(it, it.order)


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


@record(frozen=True, slots=True)
class Reach:
    """A length that binds a channel; `note` says what shortened it."""

    field: str
    fact: Fact[int] | None
    note: str = ""


def reach_limits(it: Channel) -> list[Reach]:
    """Return every reach that binds the channel: both ends, and the fibre's own longest channel."""
    grade = it.fiber.grade.value
    limits: list[Reach] = []
    for module, far in ((it.a, it.z), (it.z, it.a)):
        limit, field = limit_over(module, grade), f"{module.name}.over {grade}.reach"
        limits.append(Reach(field, None) if limit is None else _shortened(it, field, limit))
        limits += [Reach(f"{module.name}.faces {name}.reach", fact) for name, fact in module.faces if name == far.name]
    if it.fiber.max_total_mm is not None:
        limits.append(Reach(f"{it.fiber.name}.max_total", it.fiber.max_total_mm))
    return limits


def _shortened(it: Channel, field: str, limit: FiberLimit) -> Reach:
    """Return a module's reach, less what connections and splices beyond their share of the loss take from it.

    `L = (IL_max - joints) / a` where the joints exceed the share that the reach leaves them.
    """
    share, loss = limit.connections_mdb, limit.loss_max_mdb
    if share is None or loss is None or lacking((field, share), (field, loss), *it.plant):
        return Reach(field, limit.reach_mm)
    joints = it.joints_mdb()
    if joints <= share.value:
        return Reach(field, limit.reach_mm)
    length_mm = reach_within_loss_mm(loss.value, joints, it.attenuation_mdb_per_km())
    if length_mm >= limit.reach_mm.value:
        return Reach(field, limit.reach_mm)
    taken, allotted = quantity(joints, "mdB"), quantity(share.value, "mdB")
    stated = quantity(limit.reach_mm.value, "mm")
    note = f" and not {stated}, as connections and splices take {taken} of {allotted} allotted"
    return Reach(field, replace(limit.reach_mm, value=length_mm), note)


def reach_check(it: Channel, order: Order) -> Check:
    """Check the longest ordered length against the shortest reach of both ends."""
    limits = reach_limits(it)
    missing = lacking(*((limit.field, limit.fact) for limit in limits))
    if missing:
        known = [limit for limit in limits if not lacking((limit.field, limit.fact))]
        short = next((each for each in known if each.fact is not None and each.fact.value < order.longest_mm), None)
        if short is None:
            return unknown("reach", missing)
        limits = [short]
    stated = [(limit, limit.fact) for limit in limits if limit.fact is not None]
    binding, shortest = min(stated, key=lambda each: each[1].value)
    field = binding.field
    spare = shortest.value - order.longest_mm
    where = field.removesuffix(".reach").replace(".over ", " over ").replace(".faces ", " towards ")
    what = f"{it.fiber.name} may span" if field.endswith("max_total") else f"{where} reaches"
    longest = "the longest cable is" if order.is_covered else "the longest link needs"
    reached = f"{quantity(shortest.value, 'mm')}{binding.note}"
    beyond = f", {quantity(-spare, 'mm')} more" if spare < 0 else ""
    detail = f"{what} {reached}, {longest} {quantity(order.longest_mm, 'mm')}{beyond}"
    return verdict("reach", spare >= 0, detail, (field, shortest), margin=spare, unit="mm")


def loss_check(it: Channel, order: Order) -> Check:
    """Check the worst insertion loss of the longest cable against the budget."""
    missing = lacking(*it.plant)
    if missing:
        return unknown("loss", missing)
    budget = loss_budget(it)
    if budget is None:
        return unknown("loss", loss_field(it))
    loss = it.loss_mdb(order.longest_mm)
    spare = budget[0] - loss
    relation = "within" if spare >= 0 else "exceeds"
    by = f" by {quantity(-spare, 'mdB')}" if spare < 0 else ""
    of_fiber, of_joints = _terms(it, loss) if spare < 0 else ("", "")
    fibre = f"{quantity(order.longest_mm, 'mm')} of {it.fiber.grade.value}{of_fiber}"
    made_of = f"{fibre}, {plural(it.connections, 'connection')}{of_joints}"
    detail = (
        f"{_loss_words(it)} {quantity(loss, 'mdB')} {relation} the budget {quantity(budget[0], 'mdB')}{by} "
        f"({made_of}{_more(it)})"
    )
    return verdict("loss", spare >= 0, detail, *it.plant, *budget[1], margin=spare, unit="mdB")


def _terms(it: Channel, loss_mdb: int) -> tuple[str, str]:
    """Say what fibre and connections take of a loss; statistical terms do not add up and are not told."""
    if it.statistical is not None or it.connector is None:
        return "", ""
    of_fiber = loss_mdb - it.loss_mdb(0)
    of_joints = it.connections * it.connector.loss_max_mdb.value
    return f" take {quantity(of_fiber, 'mdB')}", f" {quantity(of_joints, 'mdB')}"


def _loss_words(it: Channel) -> str:
    if it.statistical is None:
        return "loss"
    return f"statistical loss (mean plus {float(it.statistical.k):g} sigma)"


def _more(it: Channel) -> str:
    """Name what else takes light on the way: splices and attenuators."""
    splices = it.view.segment.connect.splices
    words = [plural(splices, "splice")] if splices else []
    words += [f"attenuator {each.name} of {quantity(each.loss_mdb.value, 'mdB')}" for each in it.attenuators]
    return "".join(f", {word}" for word in dict.fromkeys(words))
