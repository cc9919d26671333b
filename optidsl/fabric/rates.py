"""The rate of the links of every segment: decided, or the NIC's and the same upwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optidsl.catalog.parts import Lanes, Nic, SwitchModel
from optidsl.fabric.box import rates_of
from optidsl.fabric.demand import connect_below
from optidsl.fabric.refusal import Refusal, allows, gbps, words
from optidsl.sema.design import Connect, Design, Fabric


def link_rates(design: Design, fabric: Fabric, models: Sequence[SwitchModel]) -> tuple[int, ...] | Refusal:
    """Return the rate in Mbit/s of the links below each tier, leaf first.

    An open rate is the NIC's at the endpoints and that of the links below elsewhere; a bounded one that excludes
    it is the fastest that both ends offer.
    """
    first = endpoint_rate(design, fabric, models[0])
    if isinstance(first, Refusal):
        return first
    rates = [first]
    for level in range(1, len(models)):
        common = [rate for rate in rates_of(models[level - 1]) if rate in rates_of(models[level])]
        rate = segment_rate(fabric, connect_below(fabric, level), rates[-1], common)
        if isinstance(rate, Refusal):
            return rate
        rates.append(rate)
    return tuple(rates)


def endpoint_rate(design: Design, fabric: Fabric, leaf: SwitchModel) -> int | Refusal:
    """Return the rate in Mbit/s of the links of the endpoints to switches of one model."""
    connect = connect_below(fabric, 0)
    nics = _endpoint_nics(design, fabric)
    by_role = {role: nic.rate_mbps.value for role, nic in nics.items()}
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
    rate = segment_rate(fabric, connect, limit, [rate for rate in rates_of(leaf) if rate <= limit])
    if isinstance(rate, Refusal) or rate not in rates_of(leaf):
        return rate  # what the leaf does not offer is told of the leaf
    return _slower_refusal(connect, nics, rate) or rate


def nic_mode(nic: Nic, rate_mbps: int, lanes: int) -> Lanes | None:
    """Return how a port of a NIC runs at a rate on as many lanes as the switch gives it, None where it does not.

    Args:
        nic: the NIC.
        rate_mbps: the link's rate in Mbit/s.
        lanes: lanes of the switch port; where no mode has that many, the first of the rate answers.
    """
    if rate_mbps == nic.rate_mbps.value:
        return nic.lanes.value
    modes = [mode for mode in (nic.modes.value if nic.modes else ()) if mode.count * mode.rate_mbps == rate_mbps]
    return next((mode for mode in modes if mode.count == lanes), next(iter(modes), None))


def _endpoint_nics(design: Design, fabric: Fabric) -> dict[str, Nic]:
    """Return the NICs at a fabric's edge by `model.role`."""
    found: dict[str, Nic] = {}
    for endpoint in fabric.endpoints:
        model = design.nodes[endpoint.node].model
        nic = model.nic(endpoint.nic)
        if nic is not None:
            found[f"{model.name}.{endpoint.nic}"] = nic
    return found


def _slower_refusal(connect: Connect, nics: Mapping[str, Nic], rate_mbps: int) -> Refusal | None:
    """Refuse a rate below a NIC's own that none of its modes has."""
    role = next((role for role, nic in nics.items() if nic_mode(nic, rate_mbps, 0) is None), None)
    if role is None:
        return None
    nic = nics[role]
    modes = nic.modes.value if nic.modes else ()
    offered = sorted({nic.rate_mbps.value, *(mode.count * mode.rate_mbps for mode in modes)}, reverse=True)
    return Refusal(
        "rate-not-offered",
        f"a port of `{role}` cannot run at {gbps(rate_mbps)}; it offers {words([gbps(r) for r in offered], 'and')}",
        connect.rate_mbps.span or connect.origin.span,
        f"needs {gbps(rate_mbps)}",
        helps=(
            f"set the link's rate to {words([gbps(r) for r in offered])}, or state how else the port runs in the "
            f"`modes` of nic `{nic.name}`, as `[2x100Gbps]`",
        ),
    )


def segment_rate(fabric: Fabric, connect: Connect, default: int, offered: Sequence[int]) -> int | Refusal:
    """Return the rate of a segment in Mbit/s: decided; else the default, or the fastest offered that is allowed."""
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
