"""Physical cables of a plan: which links run in one, where its near end is, and which leg each link takes.

Most cables serve one link. A cable with its plugs on may serve all ports of a cage, towards one cage or several; a
splitter serves the ports of one bore. `PlanLinks.assembly` holds the number of each link's cable where a plan has
cables with several far ends; elsewhere it follows from cages alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.plan.model import I32, Plan, PlanClass, PlanDevices, PlanGroup, PlanLinks, PlanPart

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class Places:
    """Cage and bore of both ends of every link, shape `(n_links,)`; a cage's id is unique in the plan."""

    a_cage: I64
    z_cage: I64
    a_bore: I64
    z_bore: I64


def places(groups: Sequence[PlanGroup], devices: PlanDevices, links: PlanLinks) -> Places:
    """Look up cage and bore of both ends of every link."""
    span = 1 + max((max(group.ports.cage, default=0) for group in groups), default=0)
    cage, bore = (_column(groups, name) for name in ("cage", "bore"))
    found: list[I64] = []
    for device, port in ((links.a_device, links.a_port), (links.z_device, links.z_port)):
        group = devices.group[device]
        found += [device.astype(np.int64) * span + cage[group, port], bore[group, port]]
    return Places(found[0], found[2], found[1], found[3])


def _column(groups: Sequence[PlanGroup], name: str) -> I64:
    columns: list[tuple[int, ...]] = [getattr(group.ports, name) for group in groups]
    table = np.zeros((len(groups), max([1, *map(len, columns)])), dtype=np.int64)
    for row, column in enumerate(columns):
        table[row, : len(column)] = column
    return table


def far_ends(part: PlanPart) -> int:
    """Return the far ends of a cable."""
    return _count(part, "ends")


def ports_served(part: PlanPart) -> int:
    """Return the ports that one cable serves at its near end: the legs of a splitter, else those of its plug."""
    return max(_count(part, "ends"), _count(part, "bores") if part.kind == "direct_cable" else 1)


def _count(part: PlanPart, name: str) -> int:
    fact = part.facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, int) else 1


def number_cables(
    parts: Mapping[str, PlanPart],
    groups: Sequence[PlanGroup],
    devices: PlanDevices,
    links: PlanLinks,
    classes: Sequence[PlanClass],
) -> I32:
    """Return the number of each link's cable, from 0 in the order of the first link of each, shape `(n_links,)`."""
    n = len(links.segment)
    served = [ports_served(parts[each.direct or each.fiber]) for each in classes]
    if not any(count > 1 for count in served):
        return np.arange(n, dtype=np.int32)
    at = places(groups, devices, links)
    keys = np.full((n, 4), -1, dtype=np.int64)
    keys[:, 0] = np.arange(n)
    for row, link_class in enumerate(classes):
        mine = np.flatnonzero(links.link_class == row)
        if served[row] == 1:
            continue
        keys[mine, 0] = -1
        keys[mine, 1] = 0 if link_class.near == "" else 1
        if link_class.near == "":
            keys[mine, 2], keys[mine, 3] = at.a_cage[mine], at.z_cage[mine]
        else:
            cage, bore = (at.a_cage, at.a_bore) if link_class.near == "a" else (at.z_cage, at.z_bore)
            keys[mine, 2], keys[mine, 3] = cage[mine], bore[mine] // served[row]
    _, first, cable = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first, kind="stable"), kind="stable")
    numbers: I32 = order[cable.ravel()].astype(np.int32)
    return numbers


def cables_of_links(plan: Plan) -> I32:
    """Return the number of each link's cable, shape `(n_links,)`: what the plan records, else what follows."""
    if plan.links.assembly is not None:
        return plan.links.assembly
    return number_cables(plan.parts, plan.groups, plan.devices, plan.links, plan.classes)


def legs_of_links(plan: Plan) -> I64:
    """Return which leg of its cable each link takes, from 0, shape `(n_links,)`; -1 on cables with one far end."""
    leg = np.full(len(plan.links.segment), -1, dtype=np.int64)
    if not any(link_class.near for link_class in plan.classes):
        return leg
    at = places(plan.groups, plan.devices, plan.links)
    for row, link_class in enumerate(plan.classes):
        if link_class.near:
            mine = np.flatnonzero(plan.links.link_class == row)
            bore = at.a_bore if link_class.near == "a" else at.z_bore
            leg[mine] = bore[mine] % ports_served(plan.parts[link_class.direct or link_class.fiber])
    return leg


def runs_part_of_its_lanes(parts: Mapping[str, PlanPart], link_class: PlanClass, port_lanes: int) -> bool:
    """Tell whether the far module of a splitter's class runs only some of its lanes.

    Args:
        parts: the plan's parts.
        link_class: the class.
        port_lanes: lanes of the port that the far module serves.
    """
    if link_class.near == "" or not link_class.fiber:
        return False
    module = parts[link_class.z_module if link_class.near == "a" else link_class.a_module]
    lanes = module.facts["lanes"].value if "lanes" in module.facts else ()
    return isinstance(lanes, tuple) and bool(lanes) and port_lanes * _count(module, "bores") < int(lanes[0])


def modules_on_legs(
    parts: Mapping[str, PlanPart],
    groups: Sequence[PlanGroup],
    devices: PlanDevices,
    links: PlanLinks,
    classes: Sequence[PlanClass],
) -> dict[str, int]:
    """Return the number of modules by part that run only some of their lanes, at the legs of splitters."""
    found: dict[str, list[I64]] = {}
    if not any(each.near and each.fiber for each in classes):
        return {}
    at = places(groups, devices, links)
    for row, link_class in enumerate(classes):
        mine = np.flatnonzero(links.link_class == row)
        if not mine.size or link_class.near == "":
            continue
        is_a = link_class.near == "z"
        device, port = (links.a_device, links.a_port) if is_a else (links.z_device, links.z_port)
        lanes = groups[int(devices.group[device[mine[0]]])].ports.lanes[int(port[mine[0]])]
        if runs_part_of_its_lanes(parts, link_class, lanes):
            name = link_class.a_module if is_a else link_class.z_module
            found.setdefault(name, []).append((at.a_cage if is_a else at.z_cage)[mine])
    return {name: len(np.unique(np.concatenate(cages))) for name, cages in found.items()}
