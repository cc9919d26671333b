"""InfiniBand nodes of a subnet: its switches, and a channel adapter for every cabled server port."""

from __future__ import annotations

import numpy as np

from optidsl._record import record
from optidsl.emit.configs.guids import node_guids
from optidsl.emit.subnets import Subnet
from optidsl.plan.model import Plan, PlanGroup


@record(frozen=True, slots=True)
class IbNode:
    """A switch or a channel adapter.

    Attributes:
        device: row of the device.
        port: index of the server port that is this adapter; -1 of a switch.
        guid: of the node.
        description: node description: a switch's name, `<server> <RDMA device>` of an adapter.
        level: 0 of an adapter, 1 of a leaf, and so on.
        n_ports: ports of the node.
        device_id: as `ibnetdiscover` prints it, "" when the catalogue has none.
    """

    device: int
    port: int
    guid: int
    description: str
    level: int
    n_ports: int
    device_id: str

    @property
    def is_switch(self) -> bool:
        """Tell whether it is a switch."""
        return self.port < 0


def ib_nodes(plan: Plan, subnet: Subnet) -> list[IbNode]:
    """Return the adapters, then the switches, each in the order of the plan's devices and ports."""
    links = plan.links
    is_host = np.isin(links.a_device[subnet.links], subnet.hosts)
    rows = subnet.links[is_host]
    rows = rows[np.lexsort((links.a_port[rows], links.a_device[rows]))]
    ends = list(zip(links.a_device[rows].tolist(), links.a_port[rows].tolist(), strict=True))
    switches = [(row, group) for group in subnet.switches for row in range(group.first, group.first + group.count)]
    groups = plan.devices.group.tolist()
    names = [adapter_name(plan, plan.groups[groups[device]], device, port) for device, port in ends]
    guids = node_guids([*names, *(plan.devices.name[row] for row, _ in switches)])
    adapters = [
        IbNode(device, port, guids[name], name, 0, 1, plan.groups[groups[device]].device_id)
        for (device, port), name in zip(ends, names, strict=True)
    ]
    return adapters + [_switch(plan, row, group, guids) for row, group in switches]


def _switch(plan: Plan, row: int, group: PlanGroup, guids: dict[str, int]) -> IbNode:
    name = plan.devices.name[row]
    return IbNode(row, -1, guids[name], name, group.level, len(group.ports.name), group.device_id)


def adapter_name(plan: Plan, group: PlanGroup, device: int, port: int) -> str:
    """Return the node description of a server port: `gpu-001 mlx5_0`, or `gpu-001 HCA-1` without an RDMA name."""
    return f"{plan.devices.name[device]} {group.ports.device[port] or f'HCA-{port + 1}'}"
