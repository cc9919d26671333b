"""Cables with several far ends: the letter of each leg, the near end, and the legs that nothing uses yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.plan.assemblies import cables_of_links, legs_of_links, ports_served
from optidsl.plan.model import Plan

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@record(frozen=True, slots=True)
class Assembly:
    """One cable with several far ends.

    Attributes:
        near: the end, `a` or `z`, of its near end.
        device: the device of the near end.
        ports: the near port of each leg, as an index of the device's ports; -1 where the box has none there.
        links: the link of each leg; -1 on a spare one.
    """

    near: str
    device: int
    ports: tuple[int, ...]
    links: tuple[int, ...]

    @property
    def first(self) -> int:
        """The link of the first leg in use."""
        return next(link for link in self.links if link >= 0)


def assemblies_of(plan: Plan) -> list[Assembly]:
    """Return the cables of a plan that have several far ends, in the order of their first links."""
    legs = legs_of_links(plan)
    rows = np.flatnonzero(legs >= 0)
    if not rows.size:
        return []
    numbers = cables_of_links(plan)[rows]
    members: dict[int, list[int]] = {}
    for number, link in zip(numbers.tolist(), rows.tolist(), strict=True):
        members.setdefault(number, []).append(link)
    return [_assembly(plan, legs, links) for links in members.values()]


def _assembly(plan: Plan, legs: NDArray[np.int64], members: list[int]) -> Assembly:
    link_class = plan.classes[int(plan.links.link_class[members[0]])]
    device, port = (
        (plan.links.a_device, plan.links.a_port) if link_class.near == "a" else (plan.links.z_device, plan.links.z_port)
    )
    n_legs = ports_served(plan.parts[link_class.direct or link_class.fiber])
    used = {int(legs[link]): link for link in members}
    box, start = int(device[members[0]]), int(port[members[0]])
    columns = plan.groups[int(plan.devices.group[box])].ports
    at = {(cage, bore): index for index, (cage, bore) in enumerate(zip(columns.cage, columns.bore, strict=True))}
    cage, base = columns.cage[start], columns.bore[start] - int(legs[members[0]])
    ports = tuple(at.get((cage, base + leg), -1) for leg in range(n_legs))
    return Assembly(link_class.near, box, ports, tuple(used.get(leg, -1) for leg in range(n_legs)))


def near_port_names(plan: Plan, assembly: Assembly) -> list[str]:
    """Return the names of the near ports of all legs, spare ones among them, as far as the box has them."""
    names = plan.groups[int(plan.devices.group[assembly.device])].ports.name
    return [names[port] for port in assembly.ports if port >= 0]


def assembly_id(plan: Plan, assembly: Assembly) -> str:
    """Return `device:port+port` of the near end: a leg that is put into service renames no cable."""
    return f"{plan.devices.name[assembly.device]}:{'+'.join(near_port_names(plan, assembly))}"
