"""The cabling plan of Ethernet fabrics as a DOT graph, which tools compare with what switches hear from their peers.

Source: NVIDIA UFM Cable Validation Tool v1.6.0, "Dot File": "specifically supported for Ethernet fabric".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from optidsl._protocols import is_ethernet
from optidsl.emit.ends import all_ports, port_rows, take
from optidsl.emit.subnets import is_relayed, subnets
from optidsl.emit.wording import path_part
from optidsl.plan.model import Plan, PlanFabric, PlanGroup

ROLES = {1: "leaf", 2: "spine", 3: "super_spine"}
"""The role of a switch by its level: the words that the tool knows."""

_CUMULUS_PORT = re.compile(r"swp[0-9]+(s[0-9]+)?")


class DotEmitter:
    """The cabling plan in the DOT form of NVIDIA's UFM Cable Validation Tool.

    Reads: fabrics, groups with their ports, devices, links.
    Makes: `cabling/<fabric>.dot` for each Ethernet fabric of at most three tiers: a node for every switch, an edge for
    every link from port to port, the switch first, in the order of switches and of their ports. A cable that serves
    several ports is several edges, as switches hear them. `os` is `cumulus` where ports are named `swp1s0`, `sonic`
    where the model states a platform of SONiC, and left out elsewhere. No comment heads the file: the form shows none.
    Is written only where `emit` or `--emit` names it.
    """

    name = "dot"
    title = "cabling plans of Ethernet fabrics of at most three tiers as DOT graphs"

    def applies(self, plan: Plan) -> bool:
        """Tell whether the tool takes a fabric of the plan."""
        return any(True for _ in _fabrics(plan))

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield a graph for each fabric that the tool takes."""
        for fabric, groups in _fabrics(plan):
            yield f"cabling/{path_part(fabric.name)}.dot", _graph(plan, fabric, groups)


def _fabrics(plan: Plan) -> Iterator[tuple[PlanFabric, list[PlanGroup]]]:
    """Yield the fabrics whose switches all have a role that the tool knows, with the groups of their switches."""
    relayed = {subnet.fabric.name for subnet in subnets(plan, "ethernet") if is_relayed(subnet)}
    for fabric in plan.fabrics:
        groups = [group for group in plan.groups if group.kind == "switch" and group.fabric == fabric.name]
        has_roles = bool(groups) and all(group.level in ROLES for group in groups)
        if is_ethernet(fabric.protocol) and has_roles and fabric.name not in relayed:
            yield fabric, groups


def _graph(plan: Plan, fabric: PlanFabric, groups: list[PlanGroup]) -> str:
    lines = ["graph network {\n"]
    for group in sorted(groups, key=lambda each: (each.level, each.first)):
        told = f'role="{ROLES[group.level]}"{_os(group)} ]\n'
        names = map(_quoted, plan.devices.name[group.first : group.first + group.count])
        lines += [f"  {name} [ label={name} {told}" for name in names]
    lines += _edges(plan, fabric)
    return "".join(lines) + "}\n"


def _os(group: PlanGroup) -> str:
    if group.ports.name and all(_CUMULUS_PORT.fullmatch(name) for name in group.ports.name):
        return ' os="cumulus"'
    return ' os="sonic"' if group.platform else ""


def _edges(plan: Plan, fabric: PlanFabric) -> list[str]:
    links = plan.links
    rows = np.flatnonzero(np.array([segment.fabric == fabric.name for segment in plan.segments])[links.segment])
    ends = np.stack((links.a_device[rows], links.a_port[rows], links.z_device[rows], links.z_port[rows]))
    is_node = np.array([group.kind == "node" for group in plan.groups])[plan.devices.group[ends[0]]]
    near, near_port, far, far_port = np.where(is_node, ends[[2, 3, 0, 1]], ends)
    order = np.lexsort((near_port, near))
    names = [_quoted(name) for name in plan.devices.name]
    ports = [_quoted(columns.name[index]) for columns, index in all_ports(plan)]
    columns = (
        take(names, near[order]),
        take(ports, port_rows(plan, near[order], near_port[order])),
        take(names, far[order]),
        take(ports, port_rows(plan, far[order], far_port[order])),
    )
    return [f"  {a}:{a_port} -- {z}:{z_port}\n" for a, a_port, z, z_port in zip(*columns, strict=True)]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
