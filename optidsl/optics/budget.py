"""The highest insertion loss that two modules allow the channel between them."""

from __future__ import annotations

from optidsl.catalog.parts import FiberLimit, Transceiver
from optidsl.optics.channel import Channel
from optidsl.optics.verdict import Ground, lacking
from optidsl.physics import channel_loss_mdb, window_loss_mdb


def limit_over(module: Transceiver, grade: str) -> FiberLimit | None:
    """Return what a module promises over a grade."""
    return next((limit for limit in module.limits if limit.grade == grade), None)


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
    if it.connections > count.value or it.connector.loss_max_mdb.value > each.value or it.view.segment.connect.splices:
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


def loss_field(it: Channel) -> str:
    """Name the field whose absence keeps the loss check from concluding."""
    for module in (it.a, it.z):
        limit = limit_over(module, it.fiber.grade.value)
        if limit is None or limit.loss_max_mdb is None or limit.loss_max_mdb.confidence == "unverified":
            if limit is not None and _vendor_channel(it, module, limit) is not None:
                continue
            return f"{module.name}.over {it.fiber.grade.value}.loss"
    return f"{it.a.name}.tx_min"
