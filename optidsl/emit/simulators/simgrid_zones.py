"""Any fabric as a tree of SimGrid zones, with names of the plan.

A leaf is a zone of its hosts. Above it, switches that spread traffic over each other are one router: the spines of a
pod (or of a group of a dragonfly+), and all switches of the top tier. What leads from one up to the next is one link
of the summed bandwidth. In a direct network every switch is such a leaf, and pairs of hosts take a shortest path over
the links between them.
Routing takes constant time within a leaf and follows the tree above: 8,192 hosts load in a second or two.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

import numpy as np

from optidsl.emit.simulators.simgrid_hosts import SimHost, bandwidth, latency
from optidsl.emit.subnets import Subnet
from optidsl.plan.model import Plan


class _Trunk(NamedTuple):
    """All links from one zone up to another."""

    below: str
    above: str
    rate_mbps: int


def zones_xml(plan: Plan, subnet: Subnet, hosts: list[SimHost]) -> str:
    """Return the zone of the whole subnet."""
    zones = _zone_names(plan, subnet)
    trunks = _trunks(plan, subnet, zones)
    delay = latency(plan, subnet)
    leaves = subnet.switches[0]
    own = {zones[row] for row in range(leaves.first, leaves.first + leaves.count)}
    above = sorted({trunk.above for trunk in trunks} - own)
    by_leaf = {leaf: list(group) for leaf, group in groupby(hosts, key=lambda host: host.leaf)}
    lines = [f'  <zone id={quoteattr(subnet.name)} routing="Dijkstra">']
    for row in range(leaves.first, leaves.first + leaves.count):
        lines += _leaf(zones[row], by_leaf.get(row, []), delay)
    lines += [f'    <zone id={quoteattr(name)} routing="None"><router id={_router(name)}/></zone>' for name in above]
    lines += [f"    {_link(_up(trunk), trunk.rate_mbps, delay)}" for trunk in trunks]
    lines += [line for trunk in trunks for line in _routes(trunk)]
    return "\n".join([*lines, "  </zone>\n"])


def _zone_names(plan: Plan, subnet: Subnet) -> dict[int, str]:
    """Return the zone of every switch by its device row."""
    pods = plan.devices.pod.tolist()
    names = {}
    joined = {each.tier for each in subnet.fabric.dimensions}
    for group in subnet.switches:
        for row in range(group.first, group.first + group.count):
            if group.level == 1:
                names[row] = plan.devices.name[row]
            elif (group.level == subnet.top and group.tier not in joined) or pods[row] < 0:
                names[row] = f"{subnet.name}.{group.tier}"
            else:
                names[row] = f"{subnet.name}.{group.tier}.{pods[row] + 1}"
    return names


def _trunks(plan: Plan, subnet: Subnet, zones: dict[int, str]) -> list[_Trunk]:
    """Return the trunks between zones, by the zone below."""
    links = plan.links
    rows = subnet.links[~np.isin(links.a_device[subnet.links], subnet.hosts)]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(zones.values()))}
    names = list(numbers)
    zone_of = np.full(len(plan.devices.name), -1, dtype=np.int64)
    zone_of[list(zones)] = [numbers[name] for name in zones.values()]
    keys = zone_of[links.a_device[rows]] * len(names) + zone_of[links.z_device[rows]]
    found, trunk_of = np.unique(keys, return_inverse=True)
    rates = np.array([segment.rate_mbps for segment in plan.segments], dtype=np.int64)[links.segment[rows]]
    total = np.zeros(len(found), dtype=np.int64)
    np.add.at(total, trunk_of, rates)
    pairs = zip(found.tolist(), total.tolist(), strict=True)
    return [_Trunk(names[key // len(names)], names[key % len(names)], rate) for key, rate in pairs]


def _leaf(name: str, hosts: list[SimHost], delay: str) -> list[str]:
    ids = [quoteattr(host.name) for host in hosts]
    ways = [(quoteattr(f"{host.name}_UP"), quoteattr(f"{host.name}_DOWN")) for host in hosts]
    lines = [f'    <zone id={quoteattr(name)} routing="Cluster">']
    lines += [f'      <host id={one} speed="1Gf"/>' for one in ids]
    lines += [f"      {_link(host.name, host.rate_mbps, delay)}" for host in hosts]
    lines += [f"      <host_link id={one} up={up} down={down}/>" for one, (up, down) in zip(ids, ways, strict=True)]
    return [*lines, f"      <router id={_router(name)}/>", "    </zone>"]


def _link(name: str, rate_mbps: int, delay: str) -> str:
    capacity = f'bandwidth="{bandwidth(rate_mbps)}" latency="{delay}"'
    return f'<link id={quoteattr(name)} {capacity} sharing_policy="SPLITDUPLEX"/>'


def _router(zone: str) -> str:
    return quoteattr(f"{zone}.router")


def _up(trunk: _Trunk) -> str:
    return f"{trunk.below}--{trunk.above}"


def _routes(trunk: _Trunk) -> list[str]:
    lines = []
    for src, dst, way in ((trunk.below, trunk.above, "UP"), (trunk.above, trunk.below, "DOWN")):
        ends = f"src={quoteattr(src)} dst={quoteattr(dst)} gw_src={_router(src)} gw_dst={_router(dst)}"
        hop = f'<link_ctn id={quoteattr(_up(trunk))} direction="{way}"/>'
        lines.append(f'    <zoneRoute {ends} symmetrical="NO">{hop}</zoneRoute>')
    return lines
