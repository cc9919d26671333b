"""Patches of optical circuit switches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optidsl.emit.wording import csv_text, path_part
from optidsl.plan.model import Plan
from optidsl.plan.slice_model import PlanPatch

COLUMNS = (
    "switch",
    "port_plus",
    "port_minus",
    "axis",
    "slice",
    "cube_plus",
    "cube_plus_port",
    "cube_minus",
    "cube_minus_port",
)


class CircuitsEmitter:
    """What every optical circuit switch is patched to.

    Reads: slices, patches, devices, groups with their ports, links.
    Makes: `circuits/<fabric>.csv`, a row for each circuit (columns: see `COLUMNS`): the two ports of the switch, and
    what is at them. Another slice changes this file and no cable.
    """

    name = "circuits"
    title = "patches of optical circuit switches"

    def applies(self, plan: Plan) -> bool:
        """Tell whether there is a patch."""
        return bool(plan.patches)

    def emit(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield a table for each fabric."""
        for fabric in dict.fromkeys(patch.fabric for patch in plan.patches):
            rows = (row for patch in plan.patches if patch.fabric == fabric for row in _rows(plan, patch))
            yield f"circuits/{path_part(fabric)}.csv", csv_text(COLUMNS, rows)


def _rows(plan: Plan, patch: PlanPatch) -> Iterator[tuple[str, ...]]:
    group, names, links = plan.groups[patch.group], plan.devices.name, plan.links
    groups = plan.devices.group.tolist()
    device_of, slice_of = _cubes(plan, patch.fabric)
    for switch in range(group.first + patch.first, group.first + patch.first + patch.count):
        rows = np.flatnonzero(links.z_device == switch)
        at = dict(zip(links.z_port[rows].tolist(), rows.tolist(), strict=True))
        for plus, minus in zip(patch.plus, patch.minus, strict=True):
            ends: list[str] = []
            for port in (plus, minus):
                device = int(links.a_device[at[port]])
                ends += [names[device], plan.groups[groups[device]].ports.name[int(links.a_port[at[port]])]]
            name = slice_of[device_of[int(links.a_device[at[plus]])]]
            yield (names[switch], group.ports.name[plus], group.ports.name[minus], patch.axis, name, *ends)


def _cubes(plan: Plan, fabric: str) -> tuple[dict[int, int], dict[int, str]]:
    """Return the number of every cube by its device row, and the slice of every cube."""
    is_mine = np.array([segment.fabric == fabric for segment in plan.segments], dtype=bool)
    devices = plan.links.a_device[is_mine[plan.links.segment]].tolist()
    numbers = {device: number for number, device in enumerate(dict.fromkeys(devices))}
    return numbers, {cube: each.name for each in plan.slices if each.fabric == fabric for cube in each.cubes}
