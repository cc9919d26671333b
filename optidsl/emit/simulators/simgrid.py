"""SimGrid platforms, one for each subnet."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.emit.simulators.simgrid_cluster import cluster_xml, fat_tree
from optidsl.emit.simulators.simgrid_hosts import SimHost, sim_hosts
from optidsl.emit.simulators.simgrid_zones import zones_xml
from optidsl.emit.subnets import Subnet, is_relayed, subnets
from optidsl.emit.wording import csv_text, origin_line
from optidsl.plan.model import Plan

_DOCTYPE = '<?xml version="1.0"?>\n<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">\n'


class SimgridEmitter:
    """A SimGrid 3.32 platform of each subnet: what its links can carry, shared fairly.

    Reads: groups and their ports, devices, links with their lengths and rates.
    Makes, in `simulators/simgrid/<fabric>/` (`<fabric>-p<plane>` where there are planes): `platform.xml`, and
    `hosts.csv`, which says which server port each SimGrid host is.

    A host is one cabled server port: its link is what the simulation shares. SimGrid routes a pair of hosts over one
    path, so that equal-cost paths need a model. A regular tree of two tiers (every leaf the same, one cable to every
    spine, one rate) is SimGrid's own FAT_TREE, which spreads pairs over the spines by destination. Any other fabric
    is a tree of zones in which the parallel links of a switch upwards are one link of their summed bandwidth: what
    adaptive routing or packet spraying reaches.

    Every link has the latency of the longest cable at 5 ns/m; that of switches and NICs is not in a plan and not in
    the platform. The speed of hosts, 1 Gflop/s, is a word SimGrid wants and nothing here knows. A fabric whose servers
    forward for each other (a bcube) has no platform: its hosts belong to several zones.

    Source: ITU-T G.114 Annex A, table A.1: 5 µs/km of optical fibre. Assumes: the same for copper.
    """

    name = "simgrid"
    title = "SimGrid platforms"

    def applies(self, plan: Plan) -> bool:
        """Tell whether a subnet has hosts."""
        return any(subnet.hosts.size and not is_relayed(subnet) for subnet in subnets(plan))

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield two files for each subnet."""
        for subnet in subnets(plan):
            hosts = sim_hosts(plan, subnet)
            if not hosts or is_relayed(subnet):
                continue
            yield from _files(plan, subnet, hosts)


def _files(plan: Plan, subnet: Subnet, hosts: list[SimHost]) -> Iterator[tuple[str, str]]:
    folder = f"simulators/simgrid/{subnet.name}"
    shape = fat_tree(plan, subnet, hosts)
    if shape is None:
        ids, body = [host.name for host in hosts], zones_xml(plan, subnet, hosts)
    else:
        ids, body = [f"{subnet.name}-{index}" for index in range(len(hosts))], cluster_xml(subnet, shape)
    comment = origin_line(plan).replace("--", "- -")
    yield f"{folder}/platform.xml", f'{_DOCTYPE}<!-- {comment} -->\n<platform version="4.1">\n{body}</platform>\n'
    rows = ((word, host.device, host.port) for word, host in zip(ids, hosts, strict=True))
    yield f"{folder}/hosts.csv", csv_text(("host", "device", "port"), rows)
