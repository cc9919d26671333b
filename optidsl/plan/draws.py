"""What every device of a plan draws at most, with the modules in its cages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optidsl._record import record
from optidsl.plan.assemblies import runs_part_of_its_lanes
from optidsl.plan.cage_counts import cages_of
from optidsl.plan.metrics import watts_of
from optidsl.plan.model import PlanClass, PlanDevices, PlanGroup, PlanLinks, PlanPart
from optidsl.plan.verify.view import nic_of, text, words

I64 = NDArray[np.int64]


@record(frozen=True, slots=True)
class Draws:
    """`power_mw` has shape `(n_devices,)`; `lacks` names figures that no source gives, with the devices they are of."""

    power_mw: I64
    lacks: tuple[tuple[str, I64], ...]


def device_draws(
    parts: Mapping[str, PlanPart],
    groups: Sequence[PlanGroup],
    classes: Sequence[PlanClass],
    devices: PlanDevices,
    links: PlanLinks,
) -> Draws:
    """Sum the highest draw of every box and of what fills its cages; an unknown figure counts 0 and is named.

    Source: the catalogue's `power_max` of each part. Assumes: everything draws its maximum at once.
    """
    total = np.zeros(len(devices.group), dtype=np.int64)
    lacks: list[tuple[str, I64]] = []
    for group in groups:
        rows = np.arange(group.first, group.first + group.count, dtype=np.int64)
        power = watts_of(parts[group.model], "power_max_mw")
        if power is None:
            lacks.append((f"{group.model}.power_max", rows))
        total[rows] += power or 0
    span = 1 + max((max(group.ports.cage, default=0) for group in groups), default=0)
    seen, draw = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for row, link_class in enumerate(classes):
        mine = np.flatnonzero(links.link_class == row)
        if not mine.size:
            continue
        columns = ((links.a_device, links.a_port), (links.z_device, links.z_port))
        ends = [(groups[int(devices.group[device[mine[0]]])], int(port[mine[0]])) for device, port in columns]
        for side, (device, port) in enumerate(columns):
            power, field = _plug(parts, link_class, side, ends)
            if power is None:
                lacks.append((field, np.unique(device[mine]).astype(np.int64)))
            seen.append(device[mine].astype(np.int64) * span + cages_of(groups, devices, device[mine], port[mine]))
            draw.append(np.full(mine.size, power or 0, dtype=np.int64))
    cages, first = np.unique(np.concatenate(seen), return_index=True)
    np.add.at(total, cages // span, np.concatenate(draw)[first])
    return Draws(total, tuple(lacks))


_End = tuple[PlanGroup, int]
"""The group of the devices at one end of a class, and one of the ports there."""


def _plug(
    parts: Mapping[str, PlanPart], link_class: PlanClass, side: int, ends: Sequence[_End]
) -> tuple[int | None, str]:
    """Return the highest draw in mW of what a class has in a cage of one side (0: a), and the figure that says it."""
    if link_class.direct:
        cable = parts[link_class.direct]
        name = "az"[side ^ _is_turned(parts, link_class, cable, ends)]
        return watts_of(cable, f"power_{name}_mw"), f"{cable.name}.power_{name}"
    module = parts[(link_class.a_module, link_class.z_module)[side]]
    if "built_in" in module.facts:
        return 0, ""
    split = watts_of(module, "power_split_mw")
    group, port = ends[side]
    is_leg = link_class.near not in ("", "az"[side])
    if is_leg and split is not None and runs_part_of_its_lanes(parts, link_class, group.ports.lanes[port]):
        return split, f"{module.name}.power_split"
    return watts_of(module, "power_max_mw"), f"{module.name}.power_max"


def _is_turned(parts: Mapping[str, PlanPart], link_class: PlanClass, cable: PlanPart, ends: Sequence[_End]) -> bool:
    """Tell whether a cable with its plugs on lies the other way round: its z plug at the class's a end."""
    if link_class.near:
        return link_class.near == "z"
    takes = [_accepts(parts[group.model], group.ports.name[port]) for group, port in ends]
    forms = text(cable, "form_factor_a"), text(cable, "form_factor_z")
    fits = forms[0] in takes[0] and forms[1] in takes[1]
    return not fits and forms[1] in takes[0] and forms[0] in takes[1]


def _accepts(box: PlanPart, port: str) -> tuple[str, ...]:
    """Return the form factors that the cage of a port takes."""
    return words(box, "accepts" if box.kind == "switch" else f"nic.{nic_of(box, port)}.accepts")
