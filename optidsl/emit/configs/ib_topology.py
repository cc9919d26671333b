"""The cabling of an InfiniBand subnet as `ibnetdiscover` prints it.

Source: ibnetdiscover(8), section TOPOLOGY FILE FORMAT (rdma-core, infiniband-diags/man/common/sec_topology-file.rst).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optidsl.emit.configs.guids import port_guid
from optidsl.emit.configs.ib_nodes import IbNode
from optidsl.emit.subnets import Subnet
from optidsl.plan.model import Plan

I64 = NDArray[np.int64]

_VENDOR_ID = "0x2c9"
"""NVIDIA (Mellanox) in the vendor field of an InfiniBand node: the last digits of its OUI."""

_GENERATIONS = {2_500: "SDR", 5_000: "DDR", 10_000: "QDR", 25_000: "EDR", 50_000: "HDR", 100_000: "NDR", 200_000: "XDR"}
"""Names of the rate of one lane, in Mbit/s as they are sold."""


def topology_text(plan: Plan, subnet: Subnet, nodes: list[IbNode], head: str) -> str:
    """Return the file: adapters first (where OpenSM attaches), then switches, each cable at both of its ends.

    Ports of a switch are numbered from 1 in the order of its port map; the port of an adapter is 1.
    """
    ends = _ends(plan, subnet, nodes)
    starts = np.searchsorted(ends.near, np.arange(len(nodes) + 1)).tolist()
    own = [_port_guid(node) for node in nodes]
    peers = [f'"{_node_id(node)}"[%d]{guid}\t\t# ' for node, guid in zip(nodes, own, strict=True)]
    speeds = [_speed(plan, link_class) for link_class in range(len(plan.classes))]
    columns = (ends.near_port, ends.far, ends.far_port, plan.links.link_class[ends.link])
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    records = []
    for index, node in enumerate(nodes):
        local = "" if node.is_switch else "lid 0 lmc 0 "
        lines = [_record_head(node)]
        for port, far, far_port, link_class in rows[starts[index] : starts[index + 1]]:
            peer = f'{peers[far] % far_port}{local}"{nodes[far].description}" lid 0{speeds[link_class]}'
            lines.append(f"[{port}]{own[index]}\t{peer}")
        records.append("\n".join(lines))
    return f"{head}\n" + "\n\n".join(records) + "\n"


class _Ends(NamedTuple):
    """Both ends of every link, sorted by near node and port; nodes are indices, shape `(2 * n_links,)`."""

    near: I64
    near_port: I64
    far: I64
    far_port: I64
    link: I64


def _ends(plan: Plan, subnet: Subnet, nodes: list[IbNode]) -> _Ends:
    links, rows = plan.links, subnet.links
    width = 1 + int(max(links.a_port[rows].max(), links.z_port[rows].max()))
    # Keys that sort as the nodes do: an adapter is a device and its port, a switch a device alone.
    adapters = np.array([node.device * width + node.port for node in nodes if not node.is_switch], dtype=np.int64)
    switch_row = np.full(len(plan.devices.name), -1, dtype=np.int64)
    for index, node in enumerate(nodes):
        if node.is_switch:
            switch_row[node.device] = index
    a_node, a_port = switch_row[links.a_device[rows]], links.a_port[rows] + 1
    is_host = a_node < 0
    keys = links.a_device[rows].astype(np.int64) * width + links.a_port[rows]
    a_node = np.where(is_host, np.searchsorted(adapters, keys), a_node)
    a_port = np.where(is_host, 1, a_port)
    z_node, z_port = switch_row[links.z_device[rows]], links.z_port[rows] + 1
    columns = ((a_node, z_node), (a_port, z_port), (z_node, a_node), (z_port, a_port), (rows, rows))
    near, near_port, far, far_port, link = (np.concatenate(pair).astype(np.int64) for pair in columns)
    order = np.lexsort((near_port, near))
    return _Ends(near[order], near_port[order], far[order], far_port[order], link[order])


def _node_id(node: IbNode) -> str:
    return f"{'S' if node.is_switch else 'H'}-{node.guid:016x}"


def _port_guid(node: IbNode) -> str:
    return "" if node.is_switch else f"({port_guid(node.guid, 1):x})"


def _record_head(node: IbNode) -> str:
    lines = [f"vendid={_VENDOR_ID}", f"devid={node.device_id}"] if node.device_id else []
    lines.append(f"sysimgguid={node.guid:#x}")
    if node.is_switch:
        lines.append(f"switchguid={node.guid:#x}({node.guid:x})")
        lines.append(f'Switch\t{node.n_ports} "{_node_id(node)}"\t\t# "{node.description}" base port 0 lid 0 lmc 0')
    else:
        lines.append(f"caguid={node.guid:#x}")
        lines.append(f'Ca\t{node.n_ports} "{_node_id(node)}"\t\t# "{node.description}"')
    return "\n".join(lines)


def _speed(plan: Plan, index: int) -> str:
    """Return width and generation of a class's links, ` 4xNDR`; "" when the lanes make no known generation."""
    link_class = plan.classes[index]
    rate_mbps = plan.segments[link_class.segment].rate_mbps
    rows = np.flatnonzero(plan.links.link_class == index)
    if not rows.size:
        return ""
    lanes = plan.groups[link_class.z_group].ports.lanes[int(plan.links.z_port[rows[0]])]
    generation = _GENERATIONS.get(rate_mbps // lanes) if lanes > 0 and rate_mbps % lanes == 0 else None
    return f" {lanes}x{generation}" if generation else ""
