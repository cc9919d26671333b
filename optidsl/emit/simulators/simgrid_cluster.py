"""A regular fabric of two tiers as SimGrid's FAT_TREE cluster."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optidsl.emit.simulators.simgrid_hosts import SimHost, bandwidth, latency
from optidsl.emit.subnets import Subnet
from optidsl.plan.model import Plan


class FatTree(NamedTuple):
    """Sizes of a regular tree of two tiers with one cable between every leaf and every spine."""

    n_leaves: int
    per_leaf: int
    n_spines: int
    rate_mbps: int
    latency: str


def fat_tree(plan: Plan, subnet: Subnet, hosts: list[SimHost]) -> FatTree | None:
    """Return the sizes of a subnet that is exactly such a tree with one rate everywhere, None of any other.

    Parallel cables would do too, but SimGrid's routing gives a pair of hosts one of them and half of what they carry.
    """
    if [group.level for group in subnet.switches] != [1, 2]:
        return None
    leaves, spines = subnet.switches
    n_pairs = leaves.count * spines.count
    links = plan.links
    uplinks = subnet.links[~np.isin(links.a_device[subnet.links], subnet.hosts)]
    pairs = np.unique(np.stack([links.a_device[uplinks], links.z_device[uplinks]]), axis=1)
    if len(uplinks) != n_pairs or pairs.shape[1] != n_pairs:
        return None
    _, hosts_by_leaf = np.unique([host.leaf for host in hosts], return_counts=True)
    rates = {host.rate_mbps for host in hosts} | {
        plan.segments[index].rate_mbps for index in np.unique(links.segment[uplinks]).tolist()
    }
    if len(hosts_by_leaf) != leaves.count or np.unique(hosts_by_leaf).size != 1 or len(rates) != 1:
        return None
    return FatTree(leaves.count, int(hosts_by_leaf[0]), spines.count, rates.pop(), latency(plan, subnet))


def cluster_xml(subnet: Subnet, tree: FatTree) -> str:
    """Return the cluster; hosts count leaf by leaf."""
    last = tree.n_leaves * tree.per_leaf - 1
    parameters = f"2;{tree.per_leaf},{tree.n_leaves};1,{tree.n_spines};1,1"
    return (
        f'  <cluster id="{subnet.name}" prefix="{subnet.name}-" radical="0-{last}" suffix="" speed="1Gf"\n'
        f'           bw="{bandwidth(tree.rate_mbps)}" lat="{tree.latency}" sharing_policy="SPLITDUPLEX"\n'
        f'           topology="FAT_TREE" topo_parameters="{parameters}"/>\n'
    )
