"""Does every index of a plan point at something? What reads a plan may rely on it after this check."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optidsl.plan.feed_sets import feed_problems
from optidsl.plan.model import Plan
from optidsl.plan.optical_indices import optical_problems


def check_indices(plan: Plan) -> list[str]:
    """Return what points nowhere, one sentence each; empty for a sound plan."""
    problems = _groups(plan)
    if problems:
        return problems
    links, devices, n_devices = plan.links, plan.devices, len(plan.devices.group)
    problems += _range("devices.rack", devices.rack, -1, len(plan.racks))
    problems += _range("links.segment", links.segment, 0, len(plan.segments))
    problems += _range("links.link_class", links.link_class, 0, len(plan.classes))
    problems += _range("links.a_device", links.a_device, 0, n_devices)
    problems += _range("links.z_device", links.z_device, 0, n_devices)
    if links.assembly is not None:
        problems += _range("links.assembly", links.assembly, 0, len(links.segment))
    problems += _classes(plan) + _fabrics(plan)
    problems += _lines(plan)
    problems += optical_problems(plan)
    problems += feed_problems(plan)
    checked = np.array([check.link_class for check in plan.checks], dtype=np.int64)
    problems += _range("checks.link_class", checked, -1, len(plan.classes))
    bought = [line.part for line in plan.bom if line.category != "fee" and line.part not in plan.parts]
    problems += [f"bom names the part `{name}`, which is not in parts" for name in bought]
    return problems


def _classes(plan: Plan) -> list[str]:
    """Check that classes name segments, groups and parts that exist."""
    problems: list[str] = []
    for row, link_class in enumerate(plan.classes):
        problems += _range(f"classes.{row}.segment", np.array([link_class.segment]), 0, len(plan.segments))
        ends = np.array([link_class.a_group, link_class.z_group])
        problems += _range(f"classes.{row} end groups", ends, 0, len(plan.groups))
        if not (link_class.direct or (link_class.a_module and link_class.z_module and link_class.fiber)):
            problems.append(f"classes.{row} has neither a direct-attach cable nor two modules and a fibre")
        used = (
            *(link_class.a_module, link_class.z_module, link_class.fiber, link_class.direct),
            *(link_class.a_attenuator, link_class.z_attenuator),
        )
        strange = [name for name in used if name and name not in plan.parts]
        if link_class.line and all(line.name != link_class.line for line in plan.lines):
            problems.append(f"classes.{row} names the line `{link_class.line}`, which is not in lines")
        problems += [f"classes.{row} names the part `{name}`, which is not in parts" for name in strange]
    return problems


def _lines(plan: Plan) -> list[str]:
    """Check that lines name parts that exist, and signals classes."""
    used = [(line.mux, *(a.model for a in line.amplifiers), *(s.grade for s in line.spans)) for line in plan.lines]
    problems = [
        f"lines.{row} names the part `{name}`, which is not in parts"
        for row, names in enumerate(used)
        for name in names
        if name not in plan.parts
    ]
    problems += [
        f"lines.{row} states {line.channels} channels and {line.grid_mhz} MHz"
        for row, line in enumerate(plan.lines)
        if line.channels < 1 or line.grid_mhz < 1
    ]
    signals = np.array([signal.link_class for signal in plan.signals], dtype=np.int64)
    return problems + _range("signals.link_class", signals, 0, len(plan.classes))


def _fabrics(plan: Plan) -> list[str]:
    """Check that the columns of each shape have one length and that its limit is a ratio."""
    problems = []
    for fabric in plan.fabrics:
        if not len(fabric.tiers) == len(fabric.counts) == len(fabric.down) == len(fabric.up):
            problems.append(f"the tiers of fabric `{fabric.name}` have counts, down or up of another length")
        if fabric.oversubscription_limit[1] <= 0:
            problems.append(f"the oversubscription limit of fabric `{fabric.name}` is not a ratio")
    return problems


def _groups(plan: Plan) -> list[str]:
    """Check that groups follow one another, cover the devices, and have whole port columns."""
    problems = _range("devices.group", plan.devices.group, 0, len(plan.groups))
    next_row = 0
    for row, group in enumerate(plan.groups):
        if group.first != next_row or group.count < 0:
            problems.append(f"group `{group.name}` begins at device {group.first}, expected {next_row}")
        next_row += max(group.count, 0)
        if group.model not in plan.parts:
            problems.append(f"groups.{row} names the part `{group.model}`, which is not in parts")
        lengths = {len(column) for _, column in group.ports}
        if len(lengths) > 1:
            problems.append(f"the port columns of group `{group.name}` differ in length")
    if next_row != len(plan.devices.group):
        problems.append(f"groups hold {next_row} devices, the columns {len(plan.devices.group)}")
    elif not problems:
        expected = np.repeat(np.arange(len(plan.groups)), [group.count for group in plan.groups])
        if not np.array_equal(expected, plan.devices.group):
            problems.append("devices.group does not follow the order of groups")
    return problems


def _range(name: str, column: NDArray[np.int32] | NDArray[np.int64], low: int, end: int) -> list[str]:
    outside = np.flatnonzero((column < low) | (column >= end))
    if not outside.size:
        return []
    return [f"`{name}` row {int(outside[0])} is {int(column[outside[0]])}, outside {low}..{end - 1}"]
