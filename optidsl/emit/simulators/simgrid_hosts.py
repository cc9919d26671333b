"""The hosts of a SimGrid platform: the cabled server ports of a subnet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optidsl.emit.ends import all_ports, port_rows, take
from optidsl.emit.subnets import Subnet
from optidsl.plan.model import Plan

_PS_PER_MM = 5


class SimHost(NamedTuple):
    """One cabled server port.

    Attributes:
        name: `<device>.<port>`.
        device: name of the server.
        port: name of the port.
        leaf: device row of the switch that it is cabled to.
        rate_mbps: of its link.
    """

    name: str
    device: str
    port: str
    leaf: int
    rate_mbps: int


def sim_hosts(plan: Plan, subnet: Subnet) -> list[SimHost]:
    """Return the hosts, those of one leaf together, in the order of its ports."""
    links = plan.links
    rows = subnet.links[np.isin(links.a_device[subnet.links], subnet.hosts)]
    rows = rows[np.lexsort((links.z_port[rows], links.z_device[rows]))]
    names = [ports.name[index] for ports, index in all_ports(plan)]
    devices = take(plan.devices.name, links.a_device[rows])
    ports = take(names, port_rows(plan, links.a_device[rows], links.a_port[rows]))
    rates = take([segment.rate_mbps for segment in plan.segments], links.segment[rows])
    columns = zip(
        [f"{device}.{port}" for device, port in zip(devices, ports, strict=True)],
        devices,
        ports,
        links.z_device[rows].tolist(),
        rates,
        strict=True,
    )
    return [SimHost._make(row) for row in columns]


def latency(plan: Plan, subnet: Subnet) -> str:
    """Return the propagation delay along the subnet's longest cable, as SimGrid writes it.

    Every link gets this one: SimGrid gives flows of shorter latency a larger share, as TCP does, and a few metres of
    cable more or less must not decide who gets what.
    """
    longest_mm = int(max(plan.links.required_mm[subnet.links].max(), 0))
    return f"{longest_mm * _PS_PER_MM}ps"


def bandwidth(rate_mbps: int) -> str:
    """Return a rate as SimGrid writes it."""
    return f"{rate_mbps}Mbps"
