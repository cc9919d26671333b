"""What `fail` of a test means on the plan: the devices and links that it names."""

from __future__ import annotations

import numpy as np

from optidsl.plan.model import Plan
from optidsl.proofs.elements import port_name
from optidsl.proofs.network import Failure, Mask, joined, no_failure
from optidsl.sema.promised import Target


def failure_of(plan: Plan, targets: tuple[Target, ...]) -> tuple[Failure, list[tuple[Target, str]]]:
    """Return what fails together, and the targets that name nothing in the plan, each with what there is instead."""
    failures = [no_failure(plan)]
    missed: list[tuple[Target, str]] = []
    for target in targets:
        one = no_failure(plan)
        if target.kind == "link":
            one.links[:-1] |= _between(plan, target)
        elif target.kind == "device" and (link := _port(plan, target.path[0])) is not None:
            one.links[link] = True
        else:
            one.devices[devices_of(plan, target)] = True
        if one.devices.any() or one.links.any():
            failures.append(one)
        else:
            missed.append((target, _instead(plan, target)))
    return joined(failures), missed


def _between(plan: Plan, target: Target) -> Mask:
    a, z = (devices_of(plan, end) for end in target.ends)
    near, far = plan.links.a_device, plan.links.z_device
    return np.asarray((a[near] & z[far]) | (z[near] & a[far]))


def _port(plan: Plan, name: str) -> int | None:
    """Return the link at a port: `leaf-001:1/1`, or named by both of its ports."""
    first, _, second = name.partition(" -- ")
    device, separator, _ = first.partition(":")
    if not separator or device not in plan.devices.name:
        return None
    row, links = plan.devices.name.index(device), plan.links
    for ends, ports, others, far in (
        (links.a_device, links.a_port, links.z_device, links.z_port),
        (links.z_device, links.z_port, links.a_device, links.a_port),
    ):
        for link in np.flatnonzero(ends == row).tolist():
            if port_name(plan, row, int(ports[link])) == first:
                other = port_name(plan, int(others[link]), int(far[link]))
                return link if second in ("", other) else None
    return None


def devices_of(plan: Plan, target: Target) -> Mask:
    """Return the devices that a target names, shape `(n_devices,)`."""
    devices = plan.devices
    if target.kind == "device":
        return np.array([name == target.path[0] for name in devices.name], dtype=bool)
    if target.kind in ("rack", "row", "hall"):
        racks = np.array([*(_is_rack(plan, row, target) for row in range(len(plan.racks))), False], dtype=bool)
        return racks[devices.rack]  # devices without a rack read the last entry
    wanted = np.array([_is_group(plan, row, target) for row in range(len(plan.groups))], dtype=bool)[devices.group]
    if target.kind in ("tier", "node") and target.keys is not None:
        keys = set(target.keys)
        wanted &= np.array([key in keys for key in devices.key], dtype=bool)
    return wanted


def _is_group(plan: Plan, row: int, target: Target) -> bool:
    group = plan.groups[row]
    if target.kind == "node":
        return group.kind == "node" and group.name == target.path[0]
    if group.kind != "switch" or group.fabric != target.path[0]:
        return False
    if target.kind == "tier" and group.tier != target.path[1]:
        return False
    return target.planes is None or max(group.plane, 0) in target.planes


def _is_rack(plan: Plan, row: int, target: Target) -> bool:
    rack = plan.racks[row]
    place = (rack.site, rack.hall, rack.row)
    if target.kind != "rack":
        return place[: len(target.path)] == target.path
    if place != target.path[:3]:
        return False
    if target.keys is not None:
        return rack.name in {f"{target.path[3]}-{key}" for key in target.keys}
    return rack.name == target.path[3] or rack.name.rpartition("-")[0] == target.path[3]


def _instead(plan: Plan, target: Target) -> str:
    """Return what could have been named, for a message; "" where there is nothing to say."""
    if target.kind == "link":
        return "no link joins the two"
    if target.kind == "device":
        return "the plan has no device or port of that name"
    if target.kind == "tier":
        groups = [group for group in plan.groups if group.fabric == target.path[0] and group.tier == target.path[1]]
        if not groups:
            return "the tier is not used"
        first = groups[0].first
        keys = plan.devices.key[first : first + groups[0].count]
        return f"its switches are {keys[0]} to {keys[-1]}" if keys else "it has no switches"
    if target.kind == "plane":
        planes = next((fabric.planes for fabric in plan.fabrics if fabric.name == target.path[0]), 0)
        return f"its planes are 0 to {planes - 1}" if planes > 1 else "the fabric has one plane, 0"
    return "nothing of the design stands there"
