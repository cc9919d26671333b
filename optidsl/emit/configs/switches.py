"""The structured configuration of every Ethernet switch, from which each configuration language is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optidsl._protocols import is_ethernet
from optidsl._record import record
from optidsl.emit.ends import all_ports, port_rows, take
from optidsl.emit.wording import ipv4
from optidsl.plan.model import Plan, PlanGroup

I64 = NDArray[np.int64]


class PortConfig(NamedTuple):
    """A cabled port of a switch. A tuple, because there are as many as cable ends.

    Attributes:
        port_index: its place in the port columns of the switch's group.
        name: of the interface.
        peer: name of the device at the other end.
        peer_port: name of the port there.
        is_uplink: whether the peer is a switch, so that a BGP session runs over it.
        address: its IPv4 address in a /31, "" without one.
        peer_address: that of the peer, "" without one.
        peer_asn: the peer's AS number, 0 of a server.
        length_mm: ordered length of the cable, -1 when unknown.
    """

    port_index: int
    name: str
    peer: str
    peer_port: str
    is_uplink: bool
    address: str
    peer_address: str
    peer_asn: int
    length_mm: int


@record(frozen=True, slots=True)
class SwitchConfig:
    """What a switch is told.

    Attributes:
        name: of the device.
        group: what it has in common with its like: ports, platform, level.
        asn: its AS number.
        loopback: its IPv4 address.
        mtu: of every port, in bytes.
        ports: its cabled ports, by `port_index`.
    """

    name: str
    group: PlanGroup
    asn: int
    loopback: str
    mtu: int
    ports: tuple[PortConfig, ...]


def ethernet_groups(plan: Plan) -> list[PlanGroup]:
    """Return the groups of Ethernet switches."""
    return [group for group in plan.groups if group.kind == "switch" and is_ethernet(group.protocol)]


def has_sonic(group: PlanGroup) -> bool:
    """Tell whether the switches of a group can run SONiC: the catalogue knows a platform and an HWSKU."""
    return bool(group.platform and group.hwsku)


def sonic_has_interfaces(plan: Plan, group: PlanGroup) -> bool:
    """Tell whether the interfaces of a group's switches are SONiC's: the design asks for its files, or for all."""
    asked = plan.header.emit
    return has_sonic(group) and (asked is None or "sonic" in asked)


def switch_configs(plan: Plan, groups: list[PlanGroup]) -> Iterator[SwitchConfig]:
    """Yield the configuration of every switch of the groups, in the order of the plan."""
    wanted = np.zeros(len(plan.devices.name), dtype=np.bool_)
    for group in groups:
        wanted[group.first : group.first + group.count] = True
    rows, ports = _cabled_ports(plan, wanted)
    starts = np.searchsorted(rows, np.arange(len(wanted) + 1)).tolist()
    asns, loopbacks = plan.devices.asn.tolist(), plan.devices.loopback.tolist()
    for group in groups:
        for row in range(group.first, group.first + group.count):
            yield SwitchConfig(
                name=plan.devices.name[row],
                group=group,
                asn=asns[row],
                loopback=ipv4(loopbacks[row]),
                mtu=plan.addressing.mtu,
                ports=tuple(ports[starts[row] : starts[row + 1]]),
            )


def _cabled_ports(plan: Plan, wanted: NDArray[np.bool_]) -> tuple[I64, list[PortConfig]]:
    """Return the device rows of the cabled ports of the wanted devices, ascending, and the ports."""
    links = plan.links
    n = len(links.segment)
    near = np.concatenate([links.a_device, links.z_device])
    near_port = np.concatenate([links.a_port, links.z_port])
    far = np.concatenate([links.z_device, links.a_device])
    far_port = np.concatenate([links.z_port, links.a_port])
    is_z = np.arange(2 * n) >= n
    order = np.lexsort((near_port, near))
    order = order[wanted[near[order]]]
    link = order % max(n, 1)
    names = [ports.name[index] for ports, index in all_ports(plan)]
    is_switch = np.array([group.kind == "switch" for group in plan.groups], dtype=np.bool_)
    has_odd = is_z[order] ^ (plan.addressing.even == "upper")
    own, peer = _addresses(links.p2p[link], has_odd)
    columns = (
        near_port[order].tolist(),
        take(names, port_rows(plan, near[order], near_port[order])),
        take(plan.devices.name, far[order]),
        take(names, port_rows(plan, far[order], far_port[order])),
        is_switch[plan.devices.group[far[order]]].tolist(),
        own,
        peer,
        plan.devices.asn[far[order]].tolist(),
        links.ordered_mm[link].tolist(),
    )
    return near[order].astype(np.int64), [PortConfig._make(row) for row in zip(*columns, strict=True)]


def _addresses(even: I64, has_odd: NDArray[np.bool_]) -> tuple[list[str], list[str]]:
    """Return own and peer addresses of ends that have the even or the odd one of their link."""
    if not (even >= 0).any():
        return [""] * len(even), [""] * len(even)
    return _dotted(even, even + has_odd), _dotted(even, even + ~has_odd)


def _dotted(even: I64, address: I64) -> list[str]:
    return [ipv4(one) if one >= 0 else "" for one in np.where(even < 0, -1, address).tolist()]
