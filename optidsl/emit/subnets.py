"""Subnets: the parts of the fabrics within which everything can reach everything; a plane is one of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._protocols import carrier_of
from optidsl._record import record
from optidsl.emit.wording import path_part
from optidsl.plan.model import Plan, PlanFabric, PlanGroup

Rows = NDArray[np.intp]


@record(frozen=True, slots=True)
class Subnet:
    """A fabric, or one plane of a fabric that has several.

    Attributes:
        name: unique and fit for a path: the fabric's name, with `-p<plane>` after it where there are planes.
        fabric: the fabric.
        links: rows of its links, ascending.
        switches: groups of its switches, leaf first.
        hosts: device rows of the nodes that it connects, ascending.
    """

    name: str
    fabric: PlanFabric
    links: Rows
    switches: tuple[PlanGroup, ...]
    hosts: Rows

    @property
    def top(self) -> int:
        """The level of its highest switches."""
        return max(group.level for group in self.switches)


def subnets(plan: Plan, protocol: str = "") -> tuple[Subnet, ...]:
    """Return the subnets of all fabrics, or of those over one carrier, in the order of the plan; none is empty."""
    found = []
    for fabric in plan.fabrics:
        if protocol and carrier_of(fabric.protocol) != protocol:
            continue
        switches = [group for group in plan.groups if group.kind == "switch" and group.fabric == fabric.name]
        for plane in sorted({group.plane for group in switches}):
            own = tuple(sorted((g for g in switches if g.plane == plane), key=lambda group: group.level))
            subnet = _subnet(plan, fabric, own, plane if fabric.planes > 1 else -1)
            if subnet.links.size:
                found.append(subnet)
    return tuple(found)


def is_relayed(subnet: Subnet) -> bool:
    """Tell whether what stands at the edge joins the switches of a subnet: servers that forward, or chips of cubes."""
    if subnet.fabric.kind == "ocs_torus":
        return True
    return subnet.top > 1 and not any(subnet.fabric.up) and not subnet.fabric.dimensions


def _subnet(plan: Plan, fabric: PlanFabric, switches: tuple[PlanGroup, ...], plane: int) -> Subnet:
    member = np.zeros(len(plan.devices.name), dtype=np.bool_)
    for group in switches:
        member[group.first : group.first + group.count] = True
    links = np.flatnonzero(member[plan.links.z_device])
    ends = np.unique(plan.links.a_device[links])
    name = path_part(fabric.name)
    hosts = ends[~member[ends]].astype(np.intp)
    return Subnet(name if plane < 0 else f"{name}-p{plane}", fabric, links, switches, hosts)
