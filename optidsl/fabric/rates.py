"""The rate of the links of every segment: decided, or the NIC's and the same upwards."""

from __future__ import annotations

from collections.abc import Sequence

from optidsl.catalog.parts import SwitchModel
from optidsl.fabric.box import rates_of
from optidsl.fabric.demand import connect_below
from optidsl.fabric.refusal import Refusal, allows, gbps, words
from optidsl.sema.design import Connect, Design, Fabric


def link_rates(design: Design, fabric: Fabric, models: Sequence[SwitchModel]) -> tuple[int, ...] | Refusal:
    """Return the rate in Mbit/s of the links below each tier, leaf first.

    An open rate is the NIC's at the endpoints and that of the links below elsewhere; a bounded one that excludes
    it is the fastest that both ends offer.
    """
    first = _endpoint_rate(design, fabric, models[0])
    if isinstance(first, Refusal):
        return first
    rates = [first]
    for level in range(1, len(models)):
        common = [rate for rate in rates_of(models[level - 1]) if rate in rates_of(models[level])]
        rate = _rate(fabric, connect_below(fabric, level), rates[-1], common)
        if isinstance(rate, Refusal):
            return rate
        rates.append(rate)
    return tuple(rates)


def _endpoint_rate(design: Design, fabric: Fabric, leaf: SwitchModel) -> int | Refusal:
    connect = connect_below(fabric, 0)
    by_role = {}
    for endpoint in fabric.endpoints:
        model = design.nodes[endpoint.node].model
        nic = model.nic(endpoint.nic)
        if nic is not None:
            by_role[f"{model.name}.{endpoint.nic}"] = nic.rate_mbps.value
    slowest = min(by_role, key=lambda role: by_role[role])
    limit = by_role[slowest]
    slot = connect.rate_mbps
    if slot.value is not None and slot.value > limit:
        return Refusal(
            "rate-exceeds-nic",
            f"`{connect.a} -- {connect.z}` of `{fabric.name}` runs at {gbps(slot.value)}, and the ports of "
            f"`{slowest}` at most at {gbps(limit)}",
            slot.span or connect.origin.span,
            f"{gbps(slot.value)} asked for",
            helps=(f"set `rate = {limit / 1000:g}Gbps` or less",),
        )
    if slot.value is None and len(set(by_role.values())) > 1:
        listed = words((f"`{role}` {gbps(rate)}" for role, rate in by_role.items()), "and")
        return Refusal(
            "endpoint-rates-differ",
            f"the endpoints of `{fabric.name}` have ports of several rates: {listed}; its leaf links have one",
            connect.origin.span,
            helps=(f"set `rate = {limit / 1000:g}Gbps` on `connect endpoints -- {connect.z}`, or make two fabrics",),
        )
    return _rate(fabric, connect, limit, [rate for rate in rates_of(leaf) if rate <= limit])


def _rate(fabric: Fabric, connect: Connect, default: int, offered: Sequence[int]) -> int | Refusal:
    slot = connect.rate_mbps
    if slot.value is not None:
        return slot.value
    if allows(slot, default):
        return default
    fitting = [rate for rate in offered if allows(slot, rate)]
    if fitting:
        return fitting[0]
    choices = words(gbps(rate) for rate in offered) or "no rate in common"
    return Refusal(
        "rate-not-offered",
        f"no rate that `{connect.a} -- {connect.z}` of `{fabric.name}` allows is offered by both ends: they offer "
        f"{choices}",
        slot.span or connect.origin.span,
        helps=(f"allow {choices}",) if offered else ("name other models",),
    )
